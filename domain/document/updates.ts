import * as Y from 'yjs';
import { canonicalise } from './canonical.ts';
import { newDoc } from './newDoc.ts';
import { bodyRoot, inspectBody, readContent } from './read.ts';
import type { UpdateError, UpdateRefusal, UpdateResult, UpdateSummary } from './types.ts';

/** The largest update that is accepted, in bytes: an article with years of history is far below. */
export const MAX_UPDATE_BYTES = 8 * 1024 * 1024;

/** Structs and delete ranges an update may claim. Run-length coding lets a few bytes claim billions. */
const MAX_PARTS = 2_000_000;
const MAX_CLOCK = 2 ** 40;

class TooManyParts extends Error {}

const refused = (reason: UpdateRefusal): { ok: false; error: UpdateError } => ({
  ok: false,
  error: { code: reason === 'update-too-large' ? 'too-large' : 'malformed-update', detail: { reason } },
});

type DecodedUpdate = ReturnType<typeof Y.decodeUpdateV2>;

/** Decodes with a decoder that counts what it hands out, and makes sure that all bytes were used. */
function decodeCounted(bytes: Uint8Array): DecodedUpdate {
  let parts = 0;
  const count = () => {
    parts += 1;
    if (parts > MAX_PARTS) throw new TooManyParts();
  };
  const rests: { pos: number; arr: Uint8Array }[] = [];
  class CountingDecoder extends Y.UpdateDecoderV2 {
    constructor(decoder: ConstructorParameters<typeof Y.UpdateDecoderV2>[0]) {
      super(decoder);
      rests.push(this.restDecoder);
    }
    override readInfo() {
      count();
      return super.readInfo();
    }
    override readString() {
      count();
      return super.readString();
    }
    override readDsClock() {
      count();
      return super.readDsClock();
    }
  }
  const decoded = Y.decodeUpdateV2(bytes, CountingDecoder);
  if (rests.some((rest) => rest.pos !== rest.arr.length)) throw new Error('bytes left over');
  return decoded;
}

/**
 * Whether a piece says that it was put beside or into one that there can't be: that its own client wrote later, or before its first. No editor makes such a piece. Yjs does not look for it: held back
 * until the earlier pieces come, it would break the document then.
 */
function buildsOnNothing({ id, origin, rightOrigin, parent }: Y.Item): boolean {
  return [origin, rightOrigin, parent].some(
    (on) => on instanceof Y.ID && (on.clock < 0 || (on.client === id.client && on.clock >= id.clock)),
  );
}

function summarise(bytes: Uint8Array, decoded: DecodedUpdate): UpdateResult<UpdateSummary> {
  const ranges = new Map<number, { from: number; to: number }>();
  for (const struct of decoded.structs) {
    const from = struct.id.clock;
    const to = from + struct.length;
    if (!Number.isSafeInteger(struct.id.client) || !(to > from) || to > MAX_CLOCK)
      return refused('update-malformed');
    if (struct instanceof Y.Skip) continue;
    if (struct instanceof Y.Item && buildsOnNothing(struct)) return refused('update-malformed');
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentDoc)
      return refused('update-unknown-content');
    const known = ranges.get(struct.id.client);
    ranges.set(struct.id.client, {
      from: Math.min(known?.from ?? from, from),
      to: Math.max(known?.to ?? to, to),
    });
  }
  const clients = [...ranges].map(([clientId, range]) => ({ clientId, ...range }));
  clients.sort((a, b) => a.clientId - b.clientId);
  const deletes = [...decoded.ds.clients.values()].some((items) => items.length > 0);
  return {
    ok: true,
    value: { byteLength: bytes.byteLength, parts: decoded.structs.length, clients, deletes },
  };
}

/**
 * Checks bytes from outside without touching any document: size, number of parts, that they decode
 * completely as a Yjs V2 update, and that they bring no documents inside the document. Never
 * throws. Refuses with code `malformed-update` or `too-large` and reason `update-too-large`, `update-too-many-parts`, `update-malformed`,
 * `update-unknown-content`. Whether the update fits a document is `applyUpdate`'s check.
 */
export function validateUpdate(
  bytes: Uint8Array,
  maxByteLength = MAX_UPDATE_BYTES,
): UpdateResult<UpdateSummary> {
  if (!(bytes instanceof Uint8Array)) return refused('update-malformed');
  if (bytes.byteLength > maxByteLength) return refused('update-too-large');
  try {
    return summarise(bytes, decodeCounted(bytes));
  } catch (error) {
    return refused(error instanceof TooManyParts ? 'update-too-many-parts' : 'update-malformed');
  }
}

/** Loads what `doc` would hand on and tells whether that reads the same: contradictory origins read differently each time. */
function readsTheSame(doc: Y.Doc): boolean {
  const again = loadDoc([encodeState(doc)]);
  const isSame = canonicalise(readContent(again)) === canonicalise(readContent(doc));
  again.destroy();
  return isSame;
}

function rehearse(doc: Y.Doc, updates: readonly Uint8Array[]): UpdateRefusal | null {
  const scratch = newDoc();
  try {
    Y.applyUpdateV2(scratch, Y.encodeStateAsUpdateV2(doc));
    const wasSound = inspectBody(scratch).length === 0;
    scratch.transact(() => {
      for (const update of updates) Y.applyUpdateV2(scratch, update);
    });
    if (wasSound && inspectBody(scratch).length > 0) return 'update-unknown-content';
    return readsTheSame(scratch) ? null : 'update-not-applicable';
  } catch {
    return 'update-not-applicable';
  } finally {
    scratch.destroy();
  }
}

/**
 * Tells whether updates, taken together, fit a document: they can be applied, bring nothing that
 * the editor doesn't know, and the result reads the same after it is stored and loaded. For many updates at once;
 * where it says no, `applyUpdate` one by one on a copy finds the one to blame. Each must have passed `validateUpdate`.
 */
export function updatesFit(doc: Y.Doc, updates: readonly Uint8Array[]): boolean {
  return rehearse(doc, updates) === null;
}

/**
 * Applies an update from outside to a document, after `validateUpdate` and, unless it comes from a
 * place that rehearsed it already, a rehearsal on a copy: a refused update leaves the document as it was. The rehearsal
 * loads the document three times, so it is for the portal's door, not for every update a desk pulls. `waiting` is true while
 * Yjs holds parts back because an earlier update has not come yet. Refuses with any `UpdateRefusal`.
 */
export function applyUpdate(
  doc: Y.Doc,
  bytes: Uint8Array,
  options: { origin?: unknown; isRehearsed?: boolean } = {},
): UpdateResult<{ waiting: boolean }> {
  const checked = validateUpdate(bytes);
  if (!checked.ok) return checked;
  const problem = options.isRehearsed ? null : rehearse(doc, [bytes]);
  if (problem !== null) return refused(problem);
  try {
    Y.applyUpdateV2(doc, bytes, options.origin);
  } catch (error) {
    if (options.isRehearsed) return refused('update-not-applicable');
    throw error;
  }
  return { ok: true, value: { waiting: doc.store.pendingStructs !== null || doc.store.pendingDs !== null } };
}

/** The document's state in Yjs's V2 encoding; with a state vector, only what its owner lacks. */
export function encodeState(doc: Y.Doc, since?: Uint8Array): Uint8Array {
  return Y.encodeStateAsUpdateV2(doc, since);
}

/** Which insertions the document has, encoded. Says nothing of deletions: those are in no state vector. */
export function stateVector(doc: Y.Doc): Uint8Array {
  return Y.encodeStateVector(doc);
}

/**
 * Tells whether whoever has `mine` has seen every insertion that `theirs` has. Deletions don't
 * count, so this never proves that two documents are equal: compare fingerprints for that. False if either is malformed.
 */
export function covers(mine: Uint8Array, theirs: Uint8Array): boolean {
  try {
    const have = Y.decodeStateVector(mine);
    return [...Y.decodeStateVector(theirs)].every(([client, clock]) => (have.get(client) ?? 0) >= clock);
  } catch {
    return false;
  }
}

/** Updates that wait for an earlier one, as they came. */
const held = new WeakMap<Y.Doc, readonly Uint8Array[]>();

const clocksOf = ({ store }: Y.Doc): number =>
  [...store.clients.keys()].reduce((sum, client) => sum + Y.getState(store, client), 0);

/** Applies an update; true if nothing of it has to wait. What has to is left to the caller. */
function applyWhole(doc: Y.Doc, update: Uint8Array, origin: unknown): boolean {
  const { store } = doc;
  Y.applyUpdateV2(doc, update, origin);
  const isWhole = store.pendingStructs === null && store.pendingDs === null;
  store.pendingStructs = null;
  store.pendingDs = null;
  return isWhole;
}

/**
 * Applies updates of our own store to an open document, in any order and more than once. What builds on an update that has
 * not come yet waits for it. Yjs, left alone, merges what waits into one update, and loses some of it where there are gaps in
 * between; here each waits as it came. Until it can be applied Yjs knows of it too, so that `encodeState` hands it on.
 */
export function applyInAnyOrder(doc: Y.Doc, updates: Iterable<Uint8Array>, origin?: unknown): void {
  const { store } = doc;
  const before =
    held.get(doc) ?? [store.pendingStructs?.update, store.pendingDs].filter((one) => one != null);
  store.pendingStructs = null;
  store.pendingDs = null;
  let waiting = [...before, ...updates];
  for (let clocks = -1; waiting.length > 0 && clocks !== clocksOf(doc); ) {
    clocks = clocksOf(doc);
    waiting = waiting.filter((update) => !applyWhole(doc, update, origin));
  }
  held.delete(doc);
  if (waiting.length === 0) return;
  held.set(doc, waiting);
  for (const update of waiting) Y.applyUpdateV2(doc, update, origin);
}

/**
 * Loads a document from updates of our own store, in any order. For bytes already checked when they
 * arrived: throws on malformed ones. `clientId` is for edits to come and must be one that no other
 * session ever used; 0 for a document only read.
 */
export function loadDoc(updates: Iterable<Uint8Array>, clientId = 0): Y.Doc {
  const doc = newDoc();
  doc.transact(() => applyInAnyOrder(doc, updates));
  doc.clientID = clientId;
  bodyRoot(doc);
  return doc;
}

/** One update in place of many, by loading and encoding a document: smaller and safer than merging bytes. */
export function compact(updates: Iterable<Uint8Array>): { update: Uint8Array; stateVector: Uint8Array } {
  const doc = loadDoc(updates);
  const result = { update: encodeState(doc), stateVector: stateVector(doc) };
  doc.destroy();
  return result;
}
