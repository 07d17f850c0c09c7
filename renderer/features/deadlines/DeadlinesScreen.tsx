import { useCallback, useEffect, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import type { Whose } from '../../../domain/contracts/planning.ts';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ArrowLeftRight, ChevronDown, ChevronLeft, ChevronRight, CircleCheck } from '../../ui/icons.ts';
import { Menu } from '../../ui/Menu.tsx';
import { EmptyState } from '../../ui/Notice.tsx';
import { ArticleGrid } from '../desk/ArticleGrid.tsx';
import type { ListFilter, ListSummary } from '../desk/useArticleList.ts';
import { weekdayKey } from './DueExplained.tsx';
import { MonthGrid } from './MonthGrid.tsx';
import { addMonths, monthOf, sameDayIn, shownDays } from './months.ts';

/** What is shown: the month, one of the lists, or a day of the month as a list. */
type Shown = 'month' | 'late' | 'at-risk' | 'soon' | { readonly day: string };
const LISTS = ['late', 'at-risk', 'soon'] as const;

const todayInVietnam = (): string => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);

/** Where somebody was in the calendar, so that coming back from an article finds it again. Gone with the window. */
let remembered: {
  readonly personId: string;
  readonly shown: Shown;
  readonly day: string;
  readonly whose: string;
} | null = null;

/** Lịch hạn: what is late, at risk and due soon, of everybody, of a unit, or of the person at this desk. */
export function DeadlinesScreen({ person }: { readonly person: PersonInfo }) {
  const { t } = useTranslation();
  const { go } = useRouter();
  const before = remembered?.personId === person.id ? remembered : null;
  const [shown, setShownOnly] = useState<Shown>(before?.shown ?? 'month');
  const [day, setDay] = useState(before?.day ?? todayInVietnam());
  const [chosen, setChosen] = useState(before?.whose ?? 'all');
  remembered = { personId: person.id, shown, day, whose: chosen };
  const whose: Whose =
    chosen === 'all' || chosen === 'mine' ? { who: chosen } : { who: 'unit', unitId: chosen };
  const month = monthOf(day);
  const { value } = useQuery('planning.days', { ...shownDays(month), whose });
  const isMonth = shown === 'month';
  const setShown = (next: Shown) => setShownOnly(next);
  const counts = { late: value?.late, 'at-risk': value?.atRisk, soon: value?.soon };
  return (
    <main className="screen" data-pane="main" aria-label={t('rail.deadlines')}>
      <header className="header">
        {isMonth ? <MonthTitle month={month} /> : <h1>{t('rail.deadlines')}</h1>}
        <span className="btn-row" hidden={!isMonth}>
          <IconButton
            label={t('deadlines.previousMonth')}
            onPress={() => setDay(sameDayIn(day, addMonths(month, -1)))}
          >
            <ChevronLeft className="icon" aria-hidden />
          </IconButton>
          <Button size="s" onPress={() => setDay(value?.today ?? todayInVietnam())}>
            {t('deadlines.today')}
          </Button>
          <IconButton
            label={t('deadlines.nextMonth')}
            onPress={() => setDay(sameDayIn(day, addMonths(month, 1)))}
          >
            <ChevronRight className="icon" aria-hidden />
          </IconButton>
        </span>
        <span className="grow" />
        {isMonth && <Legend />}
        <WhoseMenu person={person} value={chosen} onValue={setChosen} />
      </header>
      <div className="filters">
        {/* biome-ignore lint/a11y/useSemanticElements: a set of toggles, not a form section */}
        <span className="segmented num" role="group" aria-label={t('deadlines.show')}>
          <button type="button" aria-pressed={isMonth} onClick={() => setShown('month')}>
            {t('deadlines.list.month')}
          </button>
          {LISTS.map((one) => (
            <button key={one} type="button" aria-pressed={shown === one} onClick={() => setShown(one)}>
              {t(`deadlines.list.${one}`, { count: counts[one] ?? 0 })}
            </button>
          ))}
          {typeof shown === 'object' && <DayToggle day={shown.day} />}
        </span>
        {value !== undefined && value.without > 0 && (
          <span className="small muted num deadlines-without">
            {t('deadlines.without', { count: value.without })}
          </span>
        )}
      </div>
      {isMonth ? (
        <MonthGrid
          month={month}
          days={value?.days}
          today={value?.today}
          day={day}
          onDay={setDay}
          onShowDay={(one) => {
            setDay(one);
            setShown({ day: one });
          }}
          onOpen={(articleId) => go({ screen: 'article', articleId, from: 'deadlines' })}
        />
      ) : (
        <DueList shown={shown} whose={whose} today={value?.today ?? todayInVietnam()} />
      )}
    </main>
  );
}

function MonthTitle({ month }: { readonly month: string }) {
  const { t } = useTranslation();
  const [year = '', number = ''] = month.split('-');
  return (
    <h1 className="num" aria-live="polite">
      {t('deadlines.monthOfYear', { month: t(`deadlines.monthName.${Number(number) as 1}`), year })}
    </h1>
  );
}

function DayToggle({ day }: { readonly day: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <button type="button" aria-pressed>
      {t('deadlines.list.day', {
        weekday: t(`weekdayShort.${weekdayKey(day)}`),
        day: format.day(day),
      })}
    </button>
  );
}

function Legend() {
  const { t } = useTranslation();
  return (
    <span className="legend">
      <span>
        <span className="swatch" aria-hidden />
        {t('deadlines.legend.working')}
      </span>
      <span>
        <span className="swatch day-off" aria-hidden />
        {t('deadlines.legend.off')}
      </span>
      <span className="kind-swap">
        <ArrowLeftRight className="icon icon-s" aria-hidden />
        {t('deadlines.legend.exchange')}
      </span>
      <span className="kind-holiday">{t('deadlines.legend.holiday')}</span>
    </span>
  );
}

function WhoseMenu({
  person,
  value,
  onValue,
}: {
  readonly person: PersonInfo;
  readonly value: string;
  readonly onValue: (value: string) => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  const own = units.get(person.unitId);
  const others = [...units.values()].filter((unit) => unit.id !== person.unitId);
  const entries = [
    { id: 'all', label: t('deadlines.whose.all') },
    { id: 'mine', label: t('deadlines.whose.mine') },
    ...(own ? [{ id: own.id, label: t('deadlines.whose.own', { unit: named(own.name) }) }] : []),
    ...others.map((unit) => ({ id: unit.id, label: named(unit.name) })),
  ];
  const name = entries.find((entry) => entry.id === value)?.label ?? '';
  return (
    <Menu
      label={t('deadlines.whose.label')}
      selected={value}
      entries={entries}
      onAction={onValue}
      trigger={
        <AriaButton className={`filter ${value === 'all' ? '' : 'is-on'}`}>
          <span>{t('desk.filter.name', { name: t('deadlines.whose.label') })}</span>{' '}
          <b className="clip">{name}</b>
          <ChevronDown className="icon icon-s" aria-hidden />
        </AriaButton>
      }
    />
  );
}

/** A list by deadline; the same rows, keys and explanations as on the desk. */
function DueList({
  shown,
  whose,
  today,
}: {
  readonly shown: Exclude<Shown, 'month'>;
  readonly whose: Whose;
  readonly today: string;
}) {
  const { t } = useTranslation();
  const { go } = useRouter();
  const grid = useRef<HTMLDivElement>(null);
  const [list, setList] = useState<ListSummary>();
  // Who came by keys goes on by keys; what was being used otherwise keeps the focus.
  useEffect(() => {
    if (document.activeElement === document.body) grid.current?.focus({ preventScroll: true });
  }, []);
  const open = useCallback(
    (row: DeskRow) => go({ screen: 'article', articleId: row.id, from: 'deadlines' }),
    [go],
  );
  const ignore = useCallback(() => undefined, []);
  const filter: ListFilter = {
    view: typeof shown === 'object' ? 'all' : shown,
    sort: 'due',
    ...(typeof shown === 'object' ? { dates: { of: 'due', from: shown.day, to: shown.day } } : {}),
    ...(shown === 'soon' ? { dates: { of: 'due', from: today } } : {}),
    ...(whose.who === 'unit' ? { unitId: whose.unitId } : {}),
    ...(whose.who === 'mine' ? { onlyMine: true } : {}),
  };
  const total = list?.total;
  const name = typeof shown === 'object' ? 'day' : shown;
  return (
    <>
      <div className="pane grow list-place" hidden={total === 0}>
        <ArticleGrid
          label={t(`deadlines.listName.${name}`)}
          gridRef={grid}
          filter={filter}
          pressSelects={false}
          onOpen={open}
          onActive={ignore}
          onList={setList}
        />
      </div>
      {total === 0 && (
        <EmptyState icon={CircleCheck} title={t(`deadlines.empty.${name}`)}>
          {t('deadlines.emptyText')}
        </EmptyState>
      )}
    </>
  );
}
