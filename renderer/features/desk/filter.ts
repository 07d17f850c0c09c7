import { useState } from 'react';
import type { ListArgs, ListDates, View } from '../../../domain/contracts/desk.ts';
import type { ArticleState } from '../../../domain/regulations/types.ts';

/** What narrows a list; null where nothing does. */
export interface DeskFilter {
  readonly state: ArticleState | null;
  readonly unitId: string | null;
  readonly categoryId: string | null;
  readonly channel: NonNullable<ListArgs['channel']> | null;
  readonly dates: ListDates | null;
}

export const NO_FILTER: DeskFilter = {
  state: null,
  unitId: null,
  categoryId: null,
  channel: null,
  dates: null,
};

/** How many filters are on. */
export const filtersOn = (filter: DeskFilter): number =>
  Object.values(filter).filter((value) => value !== null).length;

/** The filter as the engine is asked. */
export function listArgsOf(filter: DeskFilter): Partial<ListArgs> {
  const { state, unitId, categoryId, channel, dates } = filter;
  return {
    ...(state === null ? {} : { states: [state] }),
    ...(unitId === null ? {} : { unitId }),
    ...(categoryId === null ? {} : { categoryId }),
    ...(channel === null ? {} : { channel }),
    ...(dates === null ? {} : { dates }),
  };
}

/** By person, so that who signs in next in this window does not find another's filters. Gone with the window. */
const remembered = new Map<string, ReadonlyMap<View, DeskFilter>>();

/** The filter of a view, kept for each view as long as the window is open; another screen may have asked for a narrow one. */
export function useRememberedFilter(
  personId: string,
  view: View,
  asked: { readonly view?: View; readonly categoryId?: string; readonly unitId?: string },
): readonly [DeskFilter, (filter: DeskFilter) => void] {
  const [all, setAll] = useState<ReadonlyMap<View, DeskFilter>>(() => {
    const known = remembered.get(personId) ?? new Map<View, DeskFilter>();
    const { categoryId, unitId } = asked;
    if (asked.view === undefined || (categoryId === undefined && unitId === undefined)) return known;
    const narrowed = { ...NO_FILTER, categoryId: categoryId ?? null, unitId: unitId ?? null };
    return new Map(known).set(asked.view, narrowed);
  });
  const setFilter = (filter: DeskFilter) => {
    const next = new Map(all).set(view, filter);
    remembered.set(personId, next);
    setAll(next);
  };
  return [all.get(view) ?? NO_FILTER, setFilter];
}
