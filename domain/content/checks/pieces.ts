import type { Block, ListBlock, Run } from '../../document/types.ts';

/**
 * Where a finding stands: a field of the form (also `title`, `summary`), a paragraph of the body, or an attached file.
 * `from` and `to` count UTF-16 units of that text. `block` counts the blocks of the body from 0, `path` leads into lists and
 * tables as in `Segment`.
 */
export type Place =
  | { readonly kind: 'field'; readonly fieldId: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'paragraph';
      readonly block: number;
      readonly path: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'attachment';
      readonly name: string;
      readonly part: 'name' | 'label' | 'text';
      readonly from: number;
      readonly to: number;
    };

/** A place without its range, which the check fills in. */
export type Whereabouts = Place extends infer One
  ? One extends Place
    ? Omit<One, 'from' | 'to'>
    : never
  : never;

/** A stretch of text that is checked as one. */
export interface Piece {
  readonly at: Whereabouts;
  readonly text: string;
  /** An item of a list or a cell of a table: short words there are no stamp. */
  readonly isEnumerated: boolean;
  /** Runs with links; empty outside the body. */
  readonly runs: readonly Run[];
}

type Leaf = Omit<Piece, 'at'> & { readonly path: string };

const textOf = (runs: readonly Run[]): string => runs.map((run) => run.text).join('');

function* listLeaves(list: ListBlock, path: string): Generator<Leaf> {
  for (const [index, item] of list.items.entries()) {
    const { runs } = item;
    yield { path: `${path}.item.${index}`, text: textOf(runs), runs, isEnumerated: true };
    for (const [at, nested] of (item.lists ?? []).entries())
      yield* listLeaves(nested, `${path}.item.${index}.list.${at}`);
  }
}

function* leaves(block: Block, path: string, isEnumerated: boolean): Generator<Leaf> {
  if (block.type === 'list') yield* listLeaves(block, path);
  else if (block.type !== 'table') yield { path, text: textOf(block.runs), runs: block.runs, isEnumerated };
  else
    for (const [rowAt, row] of block.rows.entries())
      for (const [cellAt, cell] of row.entries())
        for (const [at, inner] of cell.blocks.entries())
          yield* leaves(inner, `${path}.row.${rowAt}.cell.${cellAt}.${at}`, true);
}

/** The texts of a body one by one, in reading order, empty ones left out. */
export function bodyPieces(body: readonly Block[]): Piece[] {
  return body.flatMap((block, index) =>
    [...leaves(block, `body.${index}`, false)]
      .filter(({ text }) => text.trim() !== '')
      .map(({ path, ...leaf }) => ({ ...leaf, at: { kind: 'paragraph' as const, block: index, path } })),
  );
}

/** A text outside the body as a piece. */
export const plainPiece = (at: Whereabouts, text: string): Piece => ({
  at,
  text,
  isEnumerated: false,
  runs: [],
});

/** What a check of a text answers: a code and the range in the text. */
export interface Hit<Code extends string = string> {
  readonly code: Code;
  readonly from: number;
  readonly to: number;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** The sentence around a position, with the position in it. */
export function sentenceAt(text: string, from: number, to: number): { text: string; from: number } {
  const before = Math.max(...['. ', '; ', '\n', '! ', '? '].map((mark) => text.lastIndexOf(mark, from - 1)));
  const start = before < 0 ? 0 : before + 1;
  const ends = ['. ', '; ', '\n', '! ', '? '].map((mark) => text.indexOf(mark, to)).filter((end) => end >= 0);
  return { text: text.slice(start, ends.length > 0 ? Math.min(...ends) : text.length), from: from - start };
}

/** Whether one of the words stands in a text as whole words; the text may be in any case. */
export function hasWord(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.some((word) => {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
      if (!isLetter(lower[at - 1]) && !isLetter(lower[at + word.length])) return true;
    return false;
  });
}

const isLetter = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{M}\d]/u.test(char);
