import type * as Y from 'yjs';
import * as Yjs from 'yjs';
import { Failure } from '../failure.ts';
import type { Range, WrittenUpdate } from '../ledger.ts';
import type { World } from '../world.ts';
import type { Truth } from './truth.ts';

/** Sets of characters by client and clock. */
class Characters {
  readonly #ranges = new Map<number, [number, number][]>();

  add({ client, from, to }: Range): void {
    this.#ranges.set(client, [...(this.#ranges.get(client) ?? []), [from, to]]);
  }

  has(client: number, clock: number): boolean {
    return (this.#ranges.get(client) ?? []).some(([from, to]) => clock >= from && clock < to);
  }
}

const deletedIn = (doc: Y.Doc): Characters => {
  const set = new Characters();
  for (const [client, items] of Yjs.snapshot(doc).ds.clients)
    for (const { clock, len } of items) set.add({ client, from: clock, to: clock + len });
  return set;
};

/**
 * Every character that a desk acknowledged as saved is at the portal, unless somebody who saw it deleted it; what a
 * desk had to keep for itself (not declared, or refused with a code) is still there. Nothing is deleted that nobody
 * deleted. Decisions and files that were acknowledged are there too.
 */
export function checkKept(world: World, truth: Truth): void {
  const { ledger } = world;
  const byArticle = Map.groupBy(ledger.updates.values(), (update) => update.articleId);
  for (const [articleId, updates] of byArticle) {
    const isDeclared = truth.articles.some((row) => row.id === articleId);
    const asked = new Characters();
    for (const update of updates) for (const range of update.deleted) asked.add(range);
    const doc = isDeclared ? truth.docOf(articleId) : null;
    const state = doc && Yjs.decodeStateVector(Yjs.encodeStateVector(doc));
    const gone = doc && deletedIn(doc);
    for (const update of updates) {
      if (!update.acknowledged) continue;
      if (isKeptAtDesk(world, update)) continue;
      if (!doc || !state || !gone) throw new Failure('kept', `${nameOf(update)} is nowhere`);
      for (const { client, to } of update.inserted) {
        if ((state.get(client) ?? 0) < to)
          throw new Failure('kept', `${nameOf(update)} is not in the portal's text`);
      }
      for (const { client, from, to } of update.text) {
        for (let clock = from; clock < to; clock += 1)
          if (gone.has(client, clock) && !asked.has(client, clock))
            throw new Failure('kept', `a part of ${nameOf(update)} is deleted, and nobody deleted it`);
      }
      for (const { client, from, to } of update.deleted)
        for (let clock = from; clock < to; clock += 1)
          if (!gone.has(client, clock))
            throw new Failure('kept', `${nameOf(update)} deleted what is there again`);
    }
  }
  for (const decision of ledger.decisions.values()) {
    if (!decision.acknowledged) continue;
    const row = truth.decisions.find((one) => one.id === decision.id);
    const here = world.stations[decision.desk]?.rows?.decisions?.find((one) => one.id === decision.id);
    if (!here) throw new Failure('kept', `decision ${decision.id} has left the desk that made it`);
    if (row || here.code !== '') continue;
    throw new Failure('kept', `decision ${decision.id} (${decision.action}) never came to the portal`);
  }
  checkFiles(world, truth);
}

function checkFiles(world: World, truth: Truth): void {
  for (const { articleId, sha256, desk, acknowledged } of world.ledger.files) {
    if (!acknowledged) continue;
    const id = `${articleId}.${sha256}`;
    const row = truth.files.find((one) => one.id === id);
    if (row?.stored_at != null && truth.stored.some((one) => one.sha256 === sha256)) continue;
    const here = world.stations[desk]?.rows?.files?.find((one) => one.id === id);
    if (here && (here.held === true || here.code !== '')) continue;
    throw new Failure('kept', `file ${id} of desk ${desk} has ${row ? 'no bytes' : 'no row'} at the portal`);
  }
}

function isKeptAtDesk(world: World, update: WrittenUpdate): boolean {
  const rows = world.stations[update.desk]?.rows?.updates ?? [];
  const id = update.id.startsWith('first-') ? null : update.id;
  return rows.some(
    (row) =>
      row._deleted !== true &&
      row.articleId === update.articleId &&
      (id === null || row.id === id) &&
      (row.held === true || row.code !== ''),
  );
}

const nameOf = (update: WrittenUpdate): string =>
  `update ${update.id} of ${update.articleId}, saved at desk ${update.desk} in step ${update.step},`;
