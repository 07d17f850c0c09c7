// biome-ignore-all lint/a11y/useFocusableInteractive: one tab stop for the whole grid
// biome-ignore-all lint/a11y/useSemanticElements: cells that hold buttons and stretch to the window are no table
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DueDay, type DuePiece, PIECES_PER_DAY } from '../../../domain/contracts/planning.ts';
import { addDays, weekday } from '../../../domain/deadlines/dates.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useNamed } from '../../data/directory.ts';
import { StateGlyph } from '../../ui/StateMark.tsx';
import { DueDialog } from './DueDialog.tsx';
import { weekdayKey } from './DueExplained.tsx';
import { addMonths, monthOf, sameDayIn, shownDays, weekStart } from './months.ts';

interface MonthProps {
  readonly month: string;
  /** Undefined until the first answer. */
  readonly days: readonly DueDay[] | undefined;
  readonly today: string | undefined;
  readonly day: string;
  readonly onDay: (day: string) => void;
  readonly onShowDay: (day: string) => void;
  readonly onOpen: (articleId: string) => void;
}

/**
 * Six weeks as a grid with one tab stop: arrows go by day and week, Page Up and Page Down by month, Home and End to the ends of the
 * week, Enter opens the day as a list.
 */
export function MonthGrid({ month, days, today, day, onDay, onShowDay, onOpen }: MonthProps) {
  const { t } = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const [explained, setExplained] = useState<DuePiece>();
  const { from } = shownDays(month);
  const fits = usePiecesThatFit(grid);
  // Who came by keys goes on by keys; what was being used otherwise keeps the focus.
  useEffect(() => {
    if (document.activeElement === document.body) moved.current = true;
  }, []);
  // At once, whether the month has its articles yet or not: the next key must not get lost.
  useEffect(() => {
    if (!moved.current) return;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`);
    if (!cell) return;
    moved.current = false;
    cell.focus();
  }, [day]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const moves: Readonly<Record<string, string>> = {
      ArrowLeft: addDays(day, -1),
      ArrowRight: addDays(day, 1),
      ArrowUp: addDays(day, -7),
      ArrowDown: addDays(day, 7),
      Home: weekStart(day),
      End: addDays(weekStart(day), 6),
      PageUp: sameDayIn(day, addMonths(month, -1)),
      PageDown: sameDayIn(day, addMonths(month, 1)),
    };
    const to = moves[event.key];
    if (to !== undefined) {
      moved.current = true;
      onDay(to);
    } else if (event.key === 'Enter') onShowDay(day);
    else return;
    event.preventDefault();
  };

  const weeks = Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, at) => addDays(from, week * 7 + at)),
  );
  const byDate = new Map((days ?? []).map((one) => [one.date, one]));
  return (
    <div
      ref={grid}
      className="calendar"
      role="grid"
      aria-label={t('deadlines.calendar')}
      aria-busy={days === undefined}
      onKeyDown={onKeyDown}
      data-pane-start
      onFocus={(event) => {
        if (event.target === grid.current) grid.current.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
      }}
      tabIndex={-1}
    >
      <div role="row" className="week dows">
        {weeks[0]?.map((date) => (
          <div key={date} role="columnheader" className="dow">
            {t(`weekday.${weekdayKey(date)}`)}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} role="row" className="week">
          {week.map((date) => (
            <DayCell
              key={date}
              date={date}
              data={byDate.get(date)}
              isToday={date === today}
              isOther={monthOf(date) !== month}
              isChosen={date === day}
              fits={fits}
              onChoose={() => onDay(date)}
              onShow={() => onShowDay(date)}
              onExplain={setExplained}
            />
          ))}
        </div>
      ))}
      {explained && (
        <DueDialog
          articleId={explained.id}
          title={explained.title}
          onClose={() => setExplained(undefined)}
          onOpen={() => onOpen(explained.id)}
        />
      )}
    </div>
  );
}

function DayCell({
  date,
  data,
  isToday,
  isOther,
  isChosen,
  fits,
  onChoose,
  onShow,
  onExplain,
}: {
  readonly date: string;
  readonly data: DueDay | undefined;
  readonly isToday: boolean;
  readonly isOther: boolean;
  readonly isChosen: boolean;
  /** So many pieces have room in a day; of the others there is the number. */
  readonly fits: number;
  readonly onChoose: () => void;
  readonly onShow: () => void;
  readonly onExplain: (piece: DuePiece) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const kind = useDayKind();
  const isOff = data ? !data.working : weekday(date) === 0 || weekday(date) === 6;
  const pieces = data?.pieces.slice(0, fits) ?? [];
  const more = fits === 0 ? 0 : (data?.total ?? 0) - pieces.length;
  const said = kind(data);
  const [, month = '', number = ''] = date.split('-');
  const label = [
    `${t(`weekday.${weekdayKey(date)}`)} ${format.day(date)}`,
    isToday ? t('deadlines.today') : '',
    said?.text ?? (isOff ? t('deadlines.legend.off') : ''),
    data ? t('desk.total', { count: data.total }) : '',
    data && data.late > 0 ? t('deadlines.lateOnDay', { count: data.late }) : '',
  ]
    .filter(Boolean)
    .join(', ');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
    <div
      role="gridcell"
      className={`day ${isOff ? 'day-off' : ''} ${isOther ? 'day-other' : ''} ${isToday ? 'today' : ''}`}
      aria-label={label}
      aria-selected={isChosen}
      aria-current={isToday ? 'date' : undefined}
      tabIndex={isChosen ? 0 : -1}
      data-day={date}
      onClick={onChoose}
      onDoubleClick={onShow}
    >
      <div className="day-top">
        <span className="date">
          {number === '01' || (isOther && weekday(date) === 1) ? format.shortDay(date) : Number(number)}
        </span>
        {isToday && <span>{t('deadlines.today')}</span>}
        {said && (
          <span className={`kind ${said.tone}`} title={said.text}>
            {said.text}
          </span>
        )}
        {data && data.total > 0 && (
          <button
            type="button"
            tabIndex={-1}
            className={`day-count num ${data.late > 0 ? 'is-late' : ''}`}
            aria-label={t('deadlines.showDay', { day: format.day(date) })}
            data-month={month}
            onClick={(event) => {
              event.stopPropagation();
              onShow();
            }}
          >
            {format.number(data.total)}
          </button>
        )}
      </div>
      {pieces.map((piece) => (
        <button
          key={piece.id}
          type="button"
          tabIndex={-1}
          className={`event state-${piece.state} ${piece.risk === 'late' ? 'event-late' : ''} ${piece.risk === 'at-risk' ? 'event-at-risk' : ''}`}
          title={piece.title}
          onClick={(event) => {
            event.stopPropagation();
            onExplain(piece);
          }}
        >
          <StateGlyph state={piece.state} className="event-glyph" />
          <span className="sr">{t(`state.${piece.state}`)} </span>
          <span className="clip" lang={piece.channel}>
            {piece.risk === 'late' || piece.risk === 'at-risk'
              ? t(`deadlines.event.${piece.risk}`, { title: piece.title || t('article.untitled') })
              : piece.title || t('article.untitled')}
          </span>
        </button>
      ))}
      {more > 0 && (
        <button
          type="button"
          tabIndex={-1}
          className="link more num"
          onClick={(event) => {
            event.stopPropagation();
            onShow();
          }}
        >
          {t('deadlines.more', { count: more })}
        </button>
      )}
    </div>
  );
}

/** Of a day, CSS pixels: the line with its number and the edges, one piece, the line of those that have no room. */
const DAY_TOP = 30;
const PIECE = 26;
const MORE = 18;
const WEEKDAYS = 28;
/** Narrower, a day has no room for words. */
const NARROWEST = 110;

/** How many pieces a day has room for, with the line of the others below them. */
function usePiecesThatFit(grid: RefObject<HTMLElement | null>): number {
  const [fits, setFits] = useState(PIECES_PER_DAY);
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      if (height === 0) return;
      const room = Math.floor(((height - WEEKDAYS) / 6 - DAY_TOP - MORE) / PIECE);
      setFits(width / 7 < NARROWEST ? 0 : Math.max(0, Math.min(PIECES_PER_DAY, room)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [grid]);
  return fits;
}

/** What is special about a day, short. */
function useDayKind(): (day: DueDay | undefined) => { readonly text: string; readonly tone: string } | null {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  return (day) => {
    if (!day || day.kind === 'workday' || day.kind === 'weekend') return null;
    const name = named(day.name) || t(`deadlines.kind.${day.kind}`);
    const tone = day.kind === 'holiday' ? 'kind-holiday' : 'kind-swap';
    if (day.compensates === null) return { text: name, tone };
    return { text: t('deadlines.day.compensates', { name, day: format.shortDay(day.compensates) }), tone };
  };
}
