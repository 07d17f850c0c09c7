import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useDueWords } from '../../ui/DueChip.tsx';
import { Flag } from '../../ui/icons.ts';
import { SyncSign } from '../../ui/SyncSign.tsx';
import { offsetOf, scrollToShow, totalHeight, visibleRows } from '../desk/listWindow.ts';
import type { ArticleList } from '../desk/useArticleList.ts';

/** Of one article in the queue, CSS pixels; the style sheet has the same. */
const ITEM_HEIGHT = 112;

/** Scrolling draws anew after two rows; more are drawn beyond the edge. */
const STEP = 2 * ITEM_HEIGHT;

interface Scroll {
  readonly top: number;
  readonly height: number;
}
function scrolledTo(element: HTMLElement, known: Scroll): Scroll {
  const top = Math.floor(element.scrollTop / STEP) * STEP;
  const height = element.clientHeight;
  return known.top === top && known.height === height ? known : { top, height };
}

/**
 * The articles that wait for a decision, the most urgent first, however many there are. One tab stop: arrows go from one to the next, Enter
 * shows it.
 */
export function Queue({
  list,
  currentId,
  currentIndex,
  onShow,
  onVisible,
}: {
  readonly list: ArticleList;
  readonly currentId: string | undefined;
  /** Kept in sight; -1 when it is not in the queue or not known yet. */
  readonly currentIndex: number;
  readonly onShow: (articleId: string) => void;
  readonly onVisible: (from: number, to: number) => void;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const focusOn = useRef<number | null>(null);
  const [scroll, setScroll] = useState<Scroll>({ top: 0, height: 600 });
  const [focused, setFocused] = useState<number>();
  const total = list.total ?? 0;
  const shape = { total, rowHeight: ITEM_HEIGHT, headHeight: 0, heads: [] };
  const visible = visibleRows(shape, scroll.top, scroll.height + STEP, 4);
  useEffect(() => onVisible(visible.from, visible.to), [onVisible, visible.from, visible.to]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setScroll((known) => scrolledTo(element, known));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const bringIntoSight = (index: number) => {
    const element = scroller.current;
    const to = element && scrollToShow(shape, index, element.scrollTop, element.clientHeight);
    if (to !== null && to !== undefined) element?.scrollTo({ top: to });
  };
  const sight = useRef(bringIntoSight);
  useEffect(() => {
    sight.current = bringIntoSight;
  });
  useEffect(() => {
    if (currentIndex >= 0) sight.current(currentIndex);
  }, [currentIndex]);
  useEffect(() => {
    if (focusOn.current === null) return;
    const item = scroller.current?.querySelector<HTMLElement>(`[data-index="${focusOn.current}"]`);
    if (!item || !list.rowAt(focusOn.current)) return;
    focusOn.current = null;
    item.focus();
  });

  const tabStop = Math.min(focused ?? Math.max(0, currentIndex), Math.max(0, total - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor(scroll.height / ITEM_HEIGHT) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: tabStop + 1,
      ArrowUp: tabStop - 1,
      PageDown: tabStop + page,
      PageUp: tabStop - page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(total - 1, to));
    focusOn.current = next;
    setFocused(next);
    bringIntoSight(next);
  };
  const items = [];
  for (let index = visible.from; index < visible.to; index += 1) {
    const row = list.rowAt(index);
    items.push(
      row ? (
        <QueueItem
          key={row.id}
          row={row}
          index={index}
          isCurrent={row.id === currentId}
          isTabStop={index === tabStop}
          onShow={onShow}
          onFocus={() => setFocused(index)}
        />
      ) : (
        <div key={`empty-${index}`} className="queue-item row-empty">
          <div />
        </div>
      ),
    );
  }
  return (
    <nav className="queue pane" aria-label={t('review.queue')} data-pane="queue" onKeyDown={onKeyDown}>
      <div className="header">
        <h1>
          {t('review.queue')} <small className="num">{t('desk.total', { count: total })}</small>
        </h1>
      </div>
      <div
        ref={scroller}
        className="scroll"
        onScroll={(event) => {
          const element = event.currentTarget;
          setScroll((known) => scrolledTo(element, known));
        }}
      >
        <div className="grid-space" style={{ height: totalHeight(shape) }}>
          <div style={{ transform: `translateY(${offsetOf(shape, visible.from)}px)` }}>{items}</div>
        </div>
      </div>
    </nav>
  );
}

function QueueItem({
  row,
  index,
  isCurrent,
  isTabStop,
  onShow,
  onFocus,
}: {
  readonly row: DeskRow;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isTabStop: boolean;
  readonly onShow: (articleId: string) => void;
  readonly onFocus: () => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  const words = useDueWords();
  const due = words(row);
  return (
    <button
      type="button"
      className="queue-item"
      aria-current={isCurrent ? 'true' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onShow(row.id)}
      onFocus={onFocus}
      data-article={row.id}
      data-index={index}
      {...(isTabStop ? { 'data-pane-start': '' } : {})}
    >
      <span className="row-title" lang={row.channel} title={row.title}>
        {row.title || t('article.untitled')}
      </span>
      {row.earlierApprovalId === null ? (
        <span className="line">
          <span className="clip">
            {row.channel === 'en' ? t('review.translation') : named(units.get(row.unitId)?.name)}
          </span>
          <SyncSign sync={row.sync} word={t(`sync.${row.sync}`)} isQuiet={row.sync === 'received'} />
        </span>
      ) : (
        <span className="flag">
          <Flag className="icon icon-s" aria-hidden />
          <span className="clip">{t('review.earlierShort')}</span>
          <SyncSign sync={row.sync} word={t(`sync.${row.sync}`)} isQuiet={row.sync === 'received'} />
        </span>
      )}
      <span className="line num">
        <span className={`due due-${due.tone}`}>{due.text}</span>
        <span>{t('article.version', { version: Math.max(1, row.version) })}</span>
      </span>
    </button>
  );
}
