import { Fragment, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SectionRow } from '../../../domain/contracts/planning.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { ChevronDown, ChevronRight, CircleCheck, Clock, Minus, OctagonX } from '../../ui/icons.ts';

type Line = Pick<SectionRow, 'published' | 'lastPublishedAt' | 'open' | 'late' | 'status'>;

const ICONS = { late: OctagonX, empty: Minus, review: Clock, ok: CircleCheck } as const;
const URGENCY = { late: 0, empty: 1, review: 2, ok: 3 } as const;
const DAY_MS = 86_400_000;

/** The sections, what deserves a look first; each opens to its units. Up and Down go from one to the next. */
export function SectionsTable({
  rows,
  unitId,
  isReading,
}: {
  readonly rows: readonly SectionRow[];
  /** Shown for one unit alone. */
  readonly unitId: string | null;
  readonly isReading: boolean;
}) {
  const { t } = useTranslation();
  const body = useRef<HTMLTableElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const ordered = [...rows].sort((a, b) => URGENCY[a.status] - URGENCY[b.status]);
  const focusable = ordered.some((row) => row.categoryId === current) ? current : ordered[0]?.categoryId;
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const buttons = [...(body.current?.querySelectorAll<HTMLElement>('[data-section]') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
  };
  return (
    <table ref={body} className="sections" aria-busy={isReading} onKeyDown={onKeyDown} data-pane-start>
      <thead>
        <tr>
          <th scope="col">{t('sections.column.section')}</th>
          <th scope="col">{t('sections.column.status')}</th>
          <th scope="col">{t('sections.column.last')}</th>
          <th scope="col" className="num">
            {t('sections.column.published')}
          </th>
          <th scope="col" className="num">
            {t('sections.column.open')}
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((row) => (
          <Fragment key={row.categoryId}>
            <Section
              row={row}
              unitId={unitId}
              isOpen={open.has(row.categoryId)}
              isTabStop={row.categoryId === focusable}
              onToggle={() => toggle(row.categoryId)}
              onFocus={() => setCurrent(row.categoryId)}
            />
            {open.has(row.categoryId) && <Details row={row} unitId={unitId} />}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Section({
  row,
  unitId,
  isOpen,
  isTabStop,
  onToggle,
  onFocus,
}: {
  readonly row: SectionRow;
  readonly unitId: string | null;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  readonly onToggle: () => void;
  readonly onFocus: () => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const citation = useCitation();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const without = row.units.filter((unit) => unit.published === 0).length;
  return (
    <tr className={`section-${row.status}`}>
      <th scope="row">
        <button
          type="button"
          className="section-name"
          aria-expanded={isOpen}
          tabIndex={isTabStop ? 0 : -1}
          onClick={onToggle}
          onFocus={onFocus}
          data-section={row.categoryId}
        >
          <Chevron className="icon icon-s" aria-hidden />
          <span>
            <span className="row-title">{named(row.name)}</span>
            <span className="row-second">
              {row.workingDays === null || (row.mode !== 'within' && row.mode !== 'before')
                ? t(`sections.mode.${row.mode}`)
                : t(`sections.duty.${row.mode}`, {
                    count: row.workingDays,
                  })}
              {' · '}
              <span className="ref">{citation(row)}</span>
              {unitId === null && row.units.length > 1 && without > 0 && (
                <> · {t('sections.unitsWithout', { count: without, all: row.units.length })}</>
              )}
            </span>
          </span>
        </button>
      </th>
      <Cells line={row} />
    </tr>
  );
}

function Cells({ line }: { readonly line: Line }) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = ICONS[line.status];
  const daysAgo =
    line.lastPublishedAt === null
      ? null
      : Math.max(0, Math.floor((Date.now() - line.lastPublishedAt) / DAY_MS));
  return (
    <>
      <td>
        <span className={`section-status status-${line.status}`}>
          <Icon className="icon icon-s" aria-hidden />
          {line.status === 'late'
            ? t('sections.status.late', { count: line.late })
            : t(`sections.status.${line.status}`)}
        </span>
      </td>
      <td className="num">
        {line.lastPublishedAt === null || daysAgo === null ? (
          <span className="muted">{t('sections.never')}</span>
        ) : (
          <>
            {format.dayOf(line.lastPublishedAt)}
            <span className="row-second">
              {daysAgo === 0 ? t('sections.today') : t('sections.daysAgo', { count: daysAgo })}
            </span>
          </>
        )}
      </td>
      <td className="num">{format.number(line.published)}</td>
      <td className="num">{format.number(line.open)}</td>
    </>
  );
}

/** The units that are bound to a section, and the way to its articles. */
function Details({ row, unitId }: { readonly row: SectionRow; readonly unitId: string | null }) {
  const { t } = useTranslation();
  const named = useNamed();
  const { go } = useRouter();
  const { units } = useDirectory();
  const show = (ofUnit: string | null) =>
    go({
      screen: 'desk',
      view: 'all',
      categoryId: row.categoryId,
      ...(ofUnit === null ? {} : { unitId: ofUnit }),
    });
  const lines = [...row.units].sort((a, b) => URGENCY[a.status] - URGENCY[b.status]);
  return (
    <>
      {lines.map((line) => (
        <tr key={line.unitId} className="section-unit">
          <th scope="row">
            <button type="button" className="link" onClick={() => show(line.unitId)}>
              {named(units.get(line.unitId)?.name) || line.unitId}
            </button>
          </th>
          <Cells line={line} />
        </tr>
      ))}
      <tr className="section-unit">
        <td colSpan={5}>
          {lines.length === 0 && unitId === null && <span className="muted">{t('sections.noUnit')} </span>}
          <button type="button" className="link" onClick={() => show(unitId)}>
            {t('sections.articles', { section: named(row.name) })}
          </button>
        </td>
      </tr>
    </>
  );
}
