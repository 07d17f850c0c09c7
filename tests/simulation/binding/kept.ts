import * as Y from 'yjs';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import type { Desk, Fault } from './desk.ts';

/** Code units by the number that their desk gave them. */
type Units = Map<number, string>;

const unitsOf = <V>(all: Map<number, V>, client: number, none: () => V): V => {
  const known = all.get(client);
  if (known !== undefined) return known;
  const made = none();
  all.set(client, made);
  return made;
};

/** Every character that somebody wrote in a session, and every one that somebody erased who had it in the document. */
export class Writings {
  private readonly written = new Map<number, Units>();
  private readonly erased = new Map<number, Set<number>>();

  /** Listens to what a desk itself writes and erases. */
  watch(doc: Y.Doc): void {
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (transaction.origin === REMOTE_ORIGIN) return;
      this.noteWritten(transaction);
      for (const [client, ranges] of transaction.deleteSet.clients) {
        const erased = unitsOf(this.erased, client, () => new Set<number>());
        for (const { clock, len } of ranges)
          for (let unit = clock; unit < clock + len; unit += 1) erased.add(unit);
      }
    });
  }

  private noteWritten({ doc, beforeState, afterState }: Y.Transaction): void {
    const from = beforeState.get(doc.clientID) ?? 0;
    if ((afterState.get(doc.clientID) ?? 0) === from) return;
    const units = unitsOf(this.written, doc.clientID, () => new Map());
    for (const struct of doc.store.clients.get(doc.clientID) ?? []) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
      const { clock } = struct.id;
      if (clock + struct.length <= from) continue;
      for (let at = Math.max(0, from - clock); at < struct.length; at += 1)
        units.set(clock + at, struct.content.str.charAt(at));
    }
  }

  /** What nobody erased who had it must be in the document. */
  check(desk: Desk): Fault[] {
    const lost: string[] = [];
    for (const [client, units] of this.written) {
      const live = new Set<number>();
      for (const struct of desk.doc.store.clients.get(client) ?? [])
        if (!struct.deleted) for (let at = 0; at < struct.length; at += 1) live.add(struct.id.clock + at);
      let text = '';
      for (const [unit, character] of units)
        if (!live.has(unit) && this.erased.get(client)?.has(unit) !== true) text += character;
      if (text !== '') lost.push(`"${text}" of ${client}`);
    }
    return lost.length === 0 ? [] : [{ kind: 'words were lost', detail: lost.join(', ') }];
  }
}
