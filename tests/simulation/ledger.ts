import * as Y from 'yjs';
import type { Action } from '../../domain/contracts/index.ts';

/** Characters (and other parts) of a text by the writer's client and clock. */
export interface Range {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** An update that a window made. */
export interface WrittenUpdate {
  readonly id: string;
  readonly articleId: string;
  readonly desk: number;
  readonly step: number;
  readonly inserted: readonly Range[];
  /** What of it is text: values of fields give way to later ones, text gives way to nobody. */
  readonly text: readonly Range[];
  readonly deleted: readonly Range[];
  readonly bytes: Uint8Array;
  /** The engine said that it is saved. */
  acknowledged: boolean;
  /** The engine refused it; the window threw it away. */
  refused: string | null;
}

export interface WrittenDecision {
  readonly id: string;
  readonly articleId: string;
  readonly action: Action;
  readonly desk: number;
  readonly fingerprint: string | null;
  acknowledged: boolean;
  refused: string | null;
}

export interface WrittenFile {
  readonly articleId: string;
  readonly desk: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** The engine said that it has it. */
  acknowledged: boolean;
}

/** Everything that people did, and what their desks told them of it. */
export class Ledger {
  readonly updates = new Map<string, WrittenUpdate>();
  readonly decisions = new Map<string, WrittenDecision>();
  readonly files: WrittenFile[] = [];
  /** Articles by id, with the desk that made them. */
  readonly articles = new Map<string, { readonly desk: number; readonly channel: 'vi' | 'en' }>();

  /** Whether anybody declared the article, also where the answer was lost. */
  isDeclared(articleId: string): boolean {
    return [...this.decisions.values()].some(
      (one) => one.action === 'declare' && one.articleId === articleId && one.refused === null,
    );
  }

  wrote(id: string, articleId: string, desk: number, step: number, bytes: Uint8Array): WrittenUpdate {
    const { inserted, text, deleted } = rangesOf(bytes);
    const written = {
      id,
      articleId,
      desk,
      step,
      inserted,
      text,
      deleted,
      bytes,
      acknowledged: false,
      refused: null,
    };
    this.updates.set(id, written);
    return written;
  }
}

/** What an update brings and what it takes away. */
export function rangesOf(bytes: Uint8Array): { inserted: Range[]; text: Range[]; deleted: Range[] } {
  const { structs, ds } = Y.decodeUpdateV2(bytes);
  const rangeOf = ({ id, length }: { id: Y.ID; length: number }): Range => ({
    client: id.client,
    from: id.clock,
    to: id.clock + length,
  });
  const items = structs.filter((struct) => struct instanceof Y.Item);
  const deleted = [...ds.clients].flatMap(([client, parts]) =>
    parts.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
  );
  return {
    inserted: structs.filter((struct) => !(struct instanceof Y.Skip)).map(rangeOf),
    text: items.filter(({ content }) => content instanceof Y.ContentString).map(rangeOf),
    deleted,
  };
}
