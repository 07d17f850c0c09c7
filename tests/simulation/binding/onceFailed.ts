/** A session that once failed, and what was wrong. */
interface OnceFailed {
  readonly seed: number;
  readonly editors: number;
  readonly what: string;
}

/** They stay in the suite. */
export const ONCE_FAILED: readonly OnceFailed[] = [
  { seed: 6, editors: 3, what: 'idle marks of formats were deleted in one window and in no stored update' },
  { seed: 267, editors: 2, what: 'the same, by asking an event for its delta' },
  { seed: 53, editors: 2, what: 'healing put the cursor of a table cell at the beginning of the body' },
  { seed: 421, editors: 2, what: 'the same, within a text' },
  { seed: 294, editors: 3, what: 'composing letters to NFC moved the cursor into the middle of an emoji' },
  { seed: 2448, editors: 2, what: 'after undo the cursor stood in the middle of an emoji' },
  {
    seed: 1550,
    editors: 2,
    what: 'a paragraph pasted into a list item read differently in editor and document',
  },
  {
    seed: 1753,
    editors: 2,
    what: 'a text in a list without an item was shown by one editor and by a fresh one differently',
  },
  { seed: 738, editors: 3, what: 'updates that came early were lost by Yjs while they waited' },
  { seed: 3896, editors: 3, what: 'the same' },
  { seed: 4448, editors: 3, what: 'the same' },
  { seed: 1, editors: 2, what: 'a line divided by one desk was lost with what the other removed' },
  { seed: 3, editors: 2, what: 'a letter typed into a paragraph that became a heading was lost' },
  {
    seed: 25,
    editors: 2,
    what: 'a block with children that are not shown was taken for equal to one with more',
  },
  { seed: 67, editors: 2, what: 'blocks pasted into a cell of a table that another moved were not shown' },
  { seed: 185, editors: 2, what: 'a table that came back for one cell came back without the others' },
  {
    seed: 657,
    editors: 2,
    what: 'a nested list that was removed came back when the list around it was edited',
  },
];
