import type { Args } from '../../../../domain/contracts/index.ts';

type List = Args<'articles.list'>;

export const WINDOW = 50;
export const FIRST: List = { view: 'working', sort: 'due', offset: 0, count: WINDOW };
const ALL: List = { ...FIRST, view: 'all' };

/** The lists that the desk's screens ask for. An offset below 0 stands for the middle. */
export const LISTS: Readonly<Record<string, List>> = {
  'working, by due date': FIRST,
  'all, by change': { ...ALL, sort: 'updated' },
  'all, by title': { ...ALL, sort: 'title' },
  'all, by title, from the middle': { ...ALL, sort: 'title', offset: -1 },
  'mine, by change': { ...FIRST, view: 'mine', sort: 'updated' },
  'all, from the middle': { ...ALL, offset: -1 },
  'one unit': { ...ALL, unitId: 'don-vi-3', count: 40 },
  'one unit, by title': { ...ALL, unitId: 'don-vi-3', sort: 'title', count: 40 },
  'one unit, at work on it, by change': { ...FIRST, unitId: 'don-vi-3', sort: 'updated', count: 20 },
  'one category, two states': { ...ALL, categoryId: 'muc-4', states: ['published', 'draft'], count: 10 },
  'English, by title': { ...ALL, channel: 'en', sort: 'title' },
  'published in a year, by change': {
    ...ALL,
    sort: 'updated',
    dates: { of: 'published', from: '2025-01-01', to: '2025-12-31' },
  },
};

/** What one list took: median and first of five windows in ms; memory in MB above what the process had before. */
export interface ListFigures {
  readonly ms: number;
  readonly firstMs: number;
  /** Most of heap and external memory after a window, garbage included. */
  readonly usedMB: number;
  /** Peak of the whole process, as the system saw it. */
  readonly rssMB: number;
  /** Heap and external memory when garbage is collected. */
  readonly keptMB: number;
}
