// biome-ignore-all lint/a11y/useSemanticElements: a drawn part of a long list can't be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: one tab stop for the whole grid
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow, Found, ListRow } from '../../../domain/contracts/desk.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { DueMark } from '../../ui/DueMark.tsx';
import { CloudOff } from '../../ui/icons.ts';
import { Marked } from '../../ui/Marked.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { SyncMark } from '../../ui/SyncMark.tsx';
import { fieldLabelOf } from '../decisions/index.ts';
import { useNextActor } from './nextActor.ts';

/** The category and unit of an article, one line. */
export function useSecondLine(): (row: Pick<DeskRow, 'categoryId' | 'unitId'>) => string {
  const named = useNamed();
  const { categories, units } = useDirectory();
  return (row) =>
    [named(categories.get(row.categoryId)?.name), named(units.get(row.unitId)?.name)]
      .filter(Boolean)
      .join(' · ');
}

/** Where in an article a passage stands: the name of its field or file, or which part of it. */
function usePlace(): (passage: NonNullable<Found['passage']>, categoryId: string) => string {
  const { t } = useTranslation();
  const named = useNamed();
  const { profile } = useDirectory();
  return ({ place, name }, categoryId) => {
    if (place === 'attachments') return name ?? t('desk.found.attachment');
    const fieldId = place === 'fields' ? name : place;
    return fieldId === null ? t('desk.found.field') : fieldLabelOf(fieldId, categoryId, profile, named, t);
  };
}

/** A cell that explains itself when pressed; by keys the grid does it. */
function Ask({
  label,
  onAsk,
  children,
}: {
  readonly label: string;
  readonly onAsk: () => void;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the grid has the keys for it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for it
    <div
      className="ask"
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onAsk();
      }}
    >
      {children}
    </div>
  );
}

/** What rows do; the same functions for all rows of a list. */
export interface RowActs {
  readonly press: (index: number, row: ListRow | undefined) => void;
  readonly open: (index: number, row: ListRow | undefined) => void;
  /** Why it stands where it stands, or why it is due when it is due. */
  readonly ask: (index: number, row: ListRow, what: 'standing' | 'due') => void;
}

/** Who else works on it offline, in front of the second line; a word to the others, no bar. */
function OfflineMark({ row }: { readonly row: Pick<DeskRow, 'reservations'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  const { people } = useDirectory();
  const [one, ...more] = row.reservations ?? [];
  if (!one) return null;
  const name = named(people.get(one.personId)?.name) || t('reservation.somebody');
  return (
    <span className="offline-mark" data-reservation="other">
      <CloudOff className="icon icon-s" aria-hidden />
      {more.length > 0
        ? t('reservation.rowMany', { name, count: more.length })
        : t('reservation.row', { name, day: format.shortDay(one.day) })}
      {' · '}
    </span>
  );
}

/** One article in the list: state, title, deadline, who acts next, where it is saved. */
export const ArticleRow = memo(function ArticleRow({
  id,
  index,
  row,
  isActive,
  awaitsEnglish = false,
  onPress,
  onOpen,
  onAsk,
}: {
  readonly id: string;
  readonly index: number;
  readonly row: ListRow | undefined;
  readonly isActive: boolean;
  /** In the translator's list an article without English waits for the translator. */
  readonly awaitsEnglish?: boolean;
  readonly onPress: RowActs['press'];
  readonly onOpen: RowActs['open'];
  readonly onAsk: RowActs['ask'];
}) {
  const { t } = useTranslation();
  const secondLine = useSecondLine();
  const nextActor = useNextActor();
  const placeOf = usePlace();
  if (!row) {
    return (
      <div id={id} className="grid-row row row-empty" role="row" aria-rowindex={index + 2}>
        <div role="gridcell" aria-colspan={5}>
          <span className="sr">{t('desk.loading')}</span>
        </div>
      </div>
    );
  }
  const language = row.channel === 'en' ? 'en' : 'vi';
  const passage = row.found?.passage ?? null;
  const toTranslate = awaitsEnglish && row.channel === 'vi' && row.counterpartId === null;
  const next = toTranslate
    ? {
        ...nextActor(row),
        shortWho: t('next.you'),
        what: t('translation.toTranslate'),
        isMe: true,
        isNobody: false,
      }
    : nextActor(row);
  return (
    // The grid has the focus and the keys; its rows are reached through aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
    <div
      id={id}
      className="grid-row row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isActive}
      onClick={() => onPress(index, row)}
      onDoubleClick={() => onOpen(index, row)}
      data-article={row.id}
    >
      <div role="gridcell">
        <StateMark state={row.projectedState} channel={row.channel} />
      </div>
      <div role="gridcell">
        <div className="row-title clip" lang={language} title={row.title}>
          {row.title ? (
            <Marked text={row.title} ranges={row.found?.titleRanges ?? []} />
          ) : (
            t('article.untitled')
          )}
        </div>
        {passage ? (
          <div className="row-second clip">
            {t('desk.found.in', { place: placeOf(passage, row.categoryId) })}{' '}
            <span lang={language}>
              <Marked text={passage.text} ranges={passage.ranges} />
            </span>
          </div>
        ) : (
          <div className="row-second clip">
            <OfflineMark row={row} />
            {secondLine(row)}
          </div>
        )}
      </div>
      <div role="gridcell">
        <Ask label={t('deadlines.explain')} onAsk={() => onAsk(index, row, 'due')}>
          <DueMark row={row} />
        </Ask>
      </div>
      <div role="gridcell">
        <Ask label={t('standing.title')} onAsk={() => onAsk(index, row, 'standing')}>
          <div className={`clip ${next.isMe ? 'you' : next.isNobody ? 'muted' : ''}`}>{next.shortWho}</div>
          <div className="row-second clip num">{next.what}</div>
        </Ask>
      </div>
      <div role="gridcell">
        <SyncMark row={row} />
      </div>
    </div>
  );
});
