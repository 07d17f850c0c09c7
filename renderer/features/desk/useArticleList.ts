import { useEffect, useMemo, useRef, useState } from 'react';
import type { DeskRow, ListArgs, ListRow } from '../../../domain/contracts/desk.ts';
import { useQueries } from '../../data/engine.tsx';
import { pagesFor } from './listWindow.ts';

export type ListFilter = Omit<ListArgs, 'offset' | 'count'>;
export type DueGroup = 'now' | 'soon' | 'later' | 'none';

/** Rows asked for at once. */
export const PAGE_SIZE = 100;

export interface ArticleList {
  /** Undefined until the first answer. */
  readonly total: number | undefined;
  readonly rowAt: (index: number) => ListRow | undefined;
  /** First row of each group that has been seen, when the list is sorted by deadline. */
  readonly heads: ReadonlyMap<number, { readonly group: DueGroup; readonly count: number | null }>;
  readonly isWaiting: boolean;
  readonly refusal: string | undefined;
}

/** What a screen around the list needs of it: changes seldom, while rows come and go. */
export type ListSummary = Pick<ArticleList, 'total' | 'isWaiting' | 'refusal'>;

/** A jump of more rows than this waits until the scrolling rests; nobody reads what only flew by. */
const JUMP_ROWS = 2 * PAGE_SIZE;
const REST_MS = 90;

/** Which rows to ask for while `[from, to)` is in sight. */
export function useRestedRange(from: number, to: number): { readonly from: number; readonly to: number } {
  const [rested, setRested] = useState({ from, to });
  const isNear = Math.abs(from - rested.from) <= JUMP_ROWS;
  if (isNear && (from !== rested.from || to !== rested.to)) setRested({ from, to });
  useEffect(() => {
    if (isNear) return;
    const timer = setTimeout(() => setRested({ from, to }), REST_MS);
    return () => clearTimeout(timer);
  }, [isNear, from, to]);
  return isNear ? { from, to } : rested;
}

export const groupOf = (row: Pick<DeskRow, 'dueStatus'>): DueGroup => {
  switch (row.dueStatus.code) {
    case 'late':
    case 'today':
      return 'now';
    case 'soon':
      return 'soon';
    case 'ok':
      return 'later';
    default:
      return 'none';
  }
};

/**
 * A window on the list: asks for the pages around `[from, to)` only, keeps the old rows until new ones are there. With `also`, the rows `around` that
 * one are known too, wherever it is.
 */
export function useArticleList(
  filter: ListFilter,
  from: number,
  to: number,
  also = 0,
  around = 0,
): ArticleList {
  const pages = pagesFor(from, Math.max(to, from + 1), PAGE_SIZE);
  const more = pagesFor(Math.max(0, also - around), also + around + 1, PAGE_SIZE);
  const numbers = [...new Set([0, ...pages, ...more])].sort((a, b) => a - b);
  const states = useQueries(
    'articles.list',
    numbers.map((page) => ({ ...filter, offset: page * PAGE_SIZE, count: PAGE_SIZE })),
  );
  const hasHeads = isGrouped(filter);
  const shown = useRef<ArticleList>({
    total: undefined,
    rowAt: () => undefined,
    heads: new Map(),
    isWaiting: true,
    refusal: undefined,
  });
  return useMemo(() => {
    const first = states[0]?.value;
    if (!first) {
      shown.current = { ...shown.current, isWaiting: true, refusal: states[0]?.refusal?.code };
      return shown.current;
    }
    const rows = new Map<number, ListRow>();
    for (const { value } of states)
      value?.rows.forEach((row, at) => {
        rows.set(value.offset + at, row);
      });
    const heads = new Map<number, { group: DueGroup; count: number | null }>();
    if (hasHeads) findHeads(rows, first.total, heads);
    shown.current = {
      total: first.total,
      rowAt: (index) => rows.get(index),
      heads,
      isWaiting: false,
      refusal: undefined,
    };
    return shown.current;
  }, [states, hasHeads]);
}

/** Groups stand one after the other only where everything is still to be done; all of one day is one group. */
const isGrouped = ({ view, sort, dates }: ListFilter): boolean =>
  sort === 'due' &&
  !['all', 'published', 'translation'].includes(view) &&
  !(dates?.of === 'due' && dates.from !== undefined && dates.from === dates.to);

function findHeads(
  rows: ReadonlyMap<number, DeskRow>,
  total: number,
  heads: Map<number, { group: DueGroup; count: number | null }>,
): void {
  const complete = rows.size === total;
  const counts = new Map<DueGroup, number>();
  for (const row of rows.values()) counts.set(groupOf(row), (counts.get(groupOf(row)) ?? 0) + 1);
  const indexes = [...rows.keys()].sort((a, b) => a - b);
  const seen = new Set<DueGroup>();
  for (const index of indexes) {
    const row = rows.get(index);
    if (!row) continue;
    const group = groupOf(row);
    const before = rows.get(index - 1);
    const starts = index === 0 || (before !== undefined && groupOf(before) !== group);
    if (!starts || seen.has(group)) continue;
    seen.add(group);
    heads.set(index, { group, count: complete ? (counts.get(group) ?? 0) : null });
  }
}
