// biome-ignore-all lint/a11y/useSemanticElements: a drawn part of a long list can't be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: one tab stop for the whole grid
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow, Preferences } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useQuery } from '../../data/engine.tsx';
import { DueDialog } from '../deadlines/DueDialog.tsx';
import { StandingDialog } from '../standing/index.ts';
import { ArticleRow, type RowActs } from './ArticleRow.tsx';
import { type ListShape, offsetOf, scrollToShow, totalHeight, visibleRows } from './listWindow.ts';
import { useRowSpeech } from './rowSpeech.ts';
import { type ListFilter, type ListSummary, useArticleList, useRestedRange } from './useArticleList.ts';

const HEAD_HEIGHT = 32;
/** The sticky row of column names covers this much of the viewport. */
const COLUMNS_HEIGHT = 28;
/** Scrolling draws anew after so many rows; less than are drawn beyond the edge. */
const STEP_ROWS = 4;
const ROW_HEIGHT: Readonly<Record<Preferences['density'], number>> = { comfortable: 56, compact: 40 };

interface GridProps {
  readonly label: string;
  readonly filter: ListFilter;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly onOpen: (row: DeskRow) => void;
  /** With a preview beside the list a press selects; otherwise it opens. */
  readonly pressSelects: boolean;
  readonly onActive: (row: DeskRow | undefined) => void;
  readonly onList: (list: ListSummary) => void;
}

/** The list as a grid with one tab stop. Draws only what is in sight, so that ten thousand rows scroll like ten. */
export function ArticleGrid(props: GridProps) {
  const { t } = useTranslation();
  const id = useId();
  const { value: preferences } = useQuery('preferences.get', {});
  const rowHeight = ROW_HEIGHT[preferences?.density ?? 'comfortable'];
  const speech = useRowSpeech();
  const scroller = props.gridRef;
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  const scrolledTo = (element: HTMLElement) => {
    // In steps of a few rows, which the rows drawn beyond the edge cover: not every frame of a scroll draws anew.
    const step = rowHeight * STEP_ROWS;
    const top = Math.floor(element.scrollTop / step) * step;
    const height = element.clientHeight - COLUMNS_HEIGHT;
    setScroll((known) => (known.top === top && known.height === height ? known : { top, height }));
  };
  const [active, setActive] = useState(0);
  const [asked, setAsked] = useState<{ readonly what: 'standing' | 'due'; readonly row: DeskRow }>();
  const [range, setRange] = useState({ from: 0, to: 40 });
  const asking = useRestedRange(range.from, range.to);
  const list = useArticleList(props.filter, asking.from, asking.to);
  const total = list.total ?? 0;
  const shape: ListShape = { total, rowHeight, headHeight: HEAD_HEIGHT, heads: [...list.heads.keys()] };
  const visible = visibleRows(shape, scroll.top, scroll.height + rowHeight * STEP_ROWS);
  if (visible.from !== range.from || visible.to !== range.to) setRange(visible);
  const activeIndex = Math.min(active, Math.max(0, total - 1));
  const activeRow = list.rowAt(activeIndex);

  const filterKey = JSON.stringify(props.filter);
  const [shownFilter, setShownFilter] = useState(filterKey);
  if (shownFilter !== filterKey) {
    setShownFilter(filterKey);
    setActive(0);
  }
  // Asking the element would have the browser lay out the whole list for it.
  const scrollTop = useRef(0);
  useEffect(() => {
    if (filterKey && scrollTop.current !== 0) scroller.current?.scrollTo({ top: 0 });
  }, [filterKey, scroller]);

  const { onActive, onList } = props;
  useEffect(() => onActive(activeRow), [activeRow, onActive]);
  const { isWaiting, refusal } = list;
  useEffect(
    () => onList({ total: list.total, isWaiting, refusal }),
    [list.total, isWaiting, refusal, onList],
  );

  // What rows call stays the same for as long as the list stands, so that a row draws only when it itself changes.
  const latest = useRef({ props, scrolledTo });
  useLayoutEffect(() => {
    latest.current = { props, scrolledTo };
  });
  const [acts] = useState<RowActs>(() => ({
    press: (index, row) => {
      setActive(index);
      if (row && !latest.current.props.pressSelects) latest.current.props.onOpen(row);
    },
    open: (_index, row) => row && latest.current.props.onOpen(row),
    ask: (index, row, what) => {
      setActive(index);
      setAsked({ what, row });
    },
  }));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => latest.current.scrolledTo(element);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  const askAbout = (what: 'standing' | 'due') => () => {
    if (!activeRow) return false;
    setAsked({ what, row: activeRow });
    return true;
  };
  useKey('standing', askAbout('standing'));
  useKey('explainDue', askAbout('due'));

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    const element = scroller.current;
    const to = element
      ? scrollToShow(shape, next, element.scrollTop, element.clientHeight - COLUMNS_HEIGHT)
      : null;
    if (to !== null) element?.scrollTo({ top: to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor(scroll.height / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) moveTo(to);
    else if (event.key === 'Enter' && activeRow) props.onOpen(activeRow);
    else return;
    event.preventDefault();
  };

  const rows = [];
  for (let index = visible.from; index < visible.to; index += 1) {
    const row = list.rowAt(index);
    const head = list.heads.get(index);
    if (head)
      rows.push(
        <div key={`head-${head.group}`} className="group" role="row">
          <span role="gridcell" aria-colspan={5}>
            {t(`desk.group.${head.group}`)} {head.count !== null && <span className="num">{head.count}</span>}
          </span>
        </div>,
      );
    rows.push(
      <ArticleRow
        key={row?.id ?? `empty-${index}`}
        id={`${id}-row-${index}`}
        index={index}
        row={row}
        isActive={index === activeIndex}
        speech={speech}
        awaitsEnglish={props.filter.view === 'translation'}
        onPress={acts.press}
        onOpen={acts.open}
        onAsk={acts.ask}
      />,
    );
  }
  const top = offsetOf(shape, visible.from);
  return (
    <>
      <div
        ref={scroller}
        className="grid scroll"
        role="grid"
        aria-label={props.label}
        aria-rowcount={total + 1}
        aria-colcount={5}
        aria-busy={list.isWaiting}
        aria-activedescendant={activeRow ? `${id}-row-${activeIndex}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          scrollTop.current = event.currentTarget.scrollTop;
          scrolledTo(event.currentTarget);
        }}
        data-pane-start
      >
        <div className="grid-row grid-head" role="row" aria-rowindex={1}>
          <span role="columnheader">{t('desk.column.state')}</span>
          <span role="columnheader">{t('desk.column.article')}</span>
          <span role="columnheader">{t('desk.column.due')}</span>
          <span role="columnheader">{t('desk.column.next')}</span>
          <span role="columnheader">{t('desk.column.saved')}</span>
        </div>
        <div className="grid-space" role="rowgroup" style={{ height: totalHeight(shape) }}>
          <div role="presentation" style={{ transform: `translateY(${top}px)` }}>
            {rows}
          </div>
        </div>
      </div>
      {asked?.what === 'standing' && (
        <StandingDialog
          row={asked.row}
          onClose={() => setAsked(undefined)}
          onOpen={() => props.onOpen(asked.row)}
        />
      )}
      {asked?.what === 'due' && (
        <DueDialog
          articleId={asked.row.id}
          title={asked.row.title}
          onClose={() => setAsked(undefined)}
          onOpen={() => props.onOpen(asked.row)}
        />
      )}
    </>
  );
}
