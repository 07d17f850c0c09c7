import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SectionRow } from '../../../domain/contracts/planning.ts';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useToast } from '../../app/toasts.tsx';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useClient, useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { ChevronDown, CircleCheck, ListChecks } from '../../ui/icons.ts';
import { Menu } from '../../ui/Menu.tsx';
import { EmptyState } from '../../ui/Notice.tsx';
import { SectionsTable } from './SectionsTable.tsx';

const STATUSES = ['late', 'empty', 'review', 'ok'] as const satisfies readonly SectionRow['status'][];
type Only = 'all' | SectionRow['status'];
const ALL_UNITS = 'all';
const NEVER = 0;
const REMINDERS = [30, 60, 90, 180, 365, NEVER];
/** Of the product; no regulation has a number for "regularly". */
const USUAL_REMINDER_DAYS = 90;

/** Mục tin: when each section that somebody must keep up was last updated, and whether anything of it is late. */
export function SectionsScreen({ person }: { readonly person: PersonInfo }) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  const [unit, setUnit] = useState(ALL_UNITS);
  const [only, setOnly] = useState<Only>('all');
  const { value: preferences } = useQuery('preferences.get', {});
  const reminderDays = preferences?.sectionReminderDays ?? USUAL_REMINDER_DAYS;
  const unitId = unit === ALL_UNITS ? null : unit;
  const { value } = useQuery('planning.sections', { unitId, reminderDays });
  const rows = value?.rows ?? [];
  const shown = rows.filter((row) => only === 'all' || row.status === only);
  const ownUnit = units.get(value?.unitId ?? person.unitId);
  const unitEntries = [
    { id: ALL_UNITS, label: t('sections.allUnits') },
    ...[...units.values()].map((one) => ({ id: one.id, label: named(one.name) })),
  ];
  return (
    <main className="screen" data-pane="main" aria-label={t('rail.sections')}>
      <header className="header">
        <h1>
          {t('rail.sections')}{' '}
          {value && <small className="num">{t('sections.total', { count: rows.length })}</small>}
        </h1>
        <span className="grow" />
        <ReminderMenu days={reminderDays} />
        {value && !value.isOwnUnitOnly && (
          <Menu
            label={t('desk.filter.unit')}
            selected={unit}
            entries={unitEntries}
            onAction={setUnit}
            trigger={
              <AriaButton className={`filter ${unitId === null ? '' : 'is-on'}`}>
                <span>{t('desk.filter.name', { name: t('desk.filter.unit') })}</span>{' '}
                <b className="clip">{unitEntries.find((entry) => entry.id === unit)?.label ?? ''}</b>
                <ChevronDown className="icon icon-s" aria-hidden />
              </AriaButton>
            }
          />
        )}
      </header>
      <div className="filters">
        {/* biome-ignore lint/a11y/useSemanticElements: a set of toggles, not a form section */}
        <span className="segmented num" role="group" aria-label={t('sections.show')}>
          <button type="button" aria-pressed={only === 'all'} onClick={() => setOnly('all')}>
            {t('sections.list.all', { count: rows.length })}
          </button>
          {STATUSES.map((status) => (
            <button key={status} type="button" aria-pressed={only === status} onClick={() => setOnly(status)}>
              {t(`sections.list.${status}`, { count: rows.filter((row) => row.status === status).length })}
            </button>
          ))}
        </span>
      </div>
      <div className="scroll">
        <p className="small muted sections-note">
          {value?.isOwnUnitOnly
            ? t('sections.ownUnit', { unit: named(ownUnit?.name) })
            : t('sections.whatIsHere')}
        </p>
        {value && shown.length === 0 ? (
          <EmptyState
            icon={rows.length === 0 ? ListChecks : CircleCheck}
            title={only === 'all' ? t('sections.none') : t(`sections.noneWith.${only}`)}
            actions={
              only === 'all' ? undefined : (
                <Button onPress={() => setOnly('all')}>{t('sections.showAll')}</Button>
              )
            }
          />
        ) : (
          <SectionsTable rows={shown} unitId={value?.unitId ?? null} isReading={value === undefined} />
        )}
      </div>
    </main>
  );
}

function ReminderMenu({ days }: { readonly days: number }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const sentence = useRefusal();
  const nameOf = (one: number) =>
    one === NEVER ? t('sections.reminder.never') : t('sections.reminder.days', { count: one });
  const set = async (id: string) => {
    const result = await client.ask('preferences.set', { sectionReminderDays: Number(id) });
    if (!result.ok) toast({ text: sentence(result.error), tone: 'danger' });
  };
  return (
    <Menu
      label={t('sections.reminder.label')}
      selected={String(days)}
      entries={REMINDERS.map((one) => ({ id: String(one), label: nameOf(one) }))}
      onAction={(id) => void set(id)}
      trigger={
        <AriaButton className="filter">
          <span>{t('desk.filter.name', { name: t('sections.reminder.label') })}</span> <b>{nameOf(days)}</b>
          <ChevronDown className="icon icon-s" aria-hidden />
        </AriaButton>
      }
    />
  );
}
