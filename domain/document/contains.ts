import * as Y from 'yjs';

/**
 * Tells of updates whether a document already has all that they bring: every insertion and every deletion. Applying such an update again,
 * today or in a year, changes nothing, so it need not be kept beside the document's state. Made for many updates
 * of one document; holds as long as the document is not changed. False for malformed bytes.
 */
export function containedIn(doc: Y.Doc): (update: Uint8Array) => boolean {
  let deleted: Y.Snapshot['ds'] | undefined;
  return (update) => {
    try {
      const { structs, ds } = Y.decodeUpdateV2(update);
      for (const struct of structs) {
        if (struct instanceof Y.Skip) continue;
        const { client, clock } = struct.id;
        if (Y.getState(doc.store, client) < clock + struct.length) return false;
      }
      if (ds.clients.size === 0) return true;
      deleted ??= Y.createDeleteSetFromStructStore(doc.store);
      for (const [client, ranges] of ds.clients) {
        const known = deleted.clients.get(client) ?? [];
        if (!ranges.every(({ clock, len }) => isWithin(known, clock, clock + len))) return false;
      }
      return true;
    } catch {
      return false;
    }
  };
}

/** Whether one of the ranges, which are sorted and don't touch each other, has all of `from` to `to`. */
function isWithin(
  ranges: readonly { readonly clock: number; readonly len: number }[],
  from: number,
  to: number,
): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (!range) return false;
    if (range.clock > from) high = middle - 1;
    else if (range.clock + range.len <= from) low = middle + 1;
    else return range.clock + range.len >= to;
  }
  return false;
}

/** Whether Yjs holds parts of the document back because an update that they build on has not come. */
export function isIncomplete(doc: Y.Doc): boolean {
  return doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
}

/**
 * The words that updates brought in, as far as they can be read without the document around them: pieces that were written on from one another stand together,
 * others on a line of their own. For text that has lost its document.
 */
export function insertedText(updates: readonly Uint8Array[]): string {
  const pieces: { text: string; last: { client: number; clock: number } }[] = [];
  for (const update of updates) {
    for (const struct of Y.decodeUpdateV2(update).structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
      const { client, clock } = struct.id;
      const last = { client, clock: clock + struct.length - 1 };
      const before = pieces.find(
        (piece) => piece.last.client === struct.origin?.client && piece.last.clock === struct.origin.clock,
      );
      if (before) {
        before.text += struct.content.str;
        before.last = last;
      } else pieces.push({ text: struct.content.str, last });
    }
  }
  return pieces.map((piece) => piece.text).join('\n');
}
