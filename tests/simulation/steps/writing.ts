import * as Y from 'yjs';
import { fingerprint, readContent } from '../../../domain/document/index.ts';
import type { Random } from '../random.ts';
import { DIED, type Station, type World } from '../world.ts';

/** Updates that the engine has not taken yet, by article and in their order. */
const unsaved = new WeakMap<Station, Map<string, string[]>>();
const waitingOf = (station: Station): Map<string, string[]> => {
  const known = unsaved.get(station) ?? new Map<string, string[]>();
  unsaved.set(station, known);
  return known;
};

/** The text as the window has it, opened if it is not; null when the desk does not have the article. */
export async function openText(
  world: World,
  station: Station,
  articleId: string,
  random: Random,
): Promise<Y.Doc | null> {
  const known = station.window.docs.get(articleId);
  if (known) return known;
  const opened = await world.ask(station, 'documents.open', { articleId });
  if (opened === DIED || !opened.ok || !opened.value) return null;
  const doc = new Y.Doc({ guid: '' });
  doc.clientID = 1 + random.below(2 ** 31);
  Y.applyUpdateV2(doc, opened.value.state, 'elsewhere');
  station.window.docs.set(articleId, doc);
  return doc;
}

/** Changes a text in the window and sends what changed to the engine. */
export async function writeText(
  world: World,
  station: Station,
  articleId: string,
  doc: Y.Doc,
  change: (doc: Y.Doc) => void,
): Promise<string> {
  let update: Uint8Array | null = null;
  const listen = (bytes: Uint8Array) => {
    update = bytes;
  };
  doc.on('updateV2', listen);
  change(doc);
  doc.off('updateV2', listen);
  if (update === null) return 'nothing changed';
  const id = `u-${station.index}-${world.step}-${world.ledger.updates.size}`;
  world.ledger.wrote(id, articleId, station.index, world.step, update);
  const waiting = waitingOf(station);
  waiting.set(articleId, [...(waiting.get(articleId) ?? []), id]);
  return sendUnsaved(world, station, articleId, isAskedTwice(world));
}

/** Now and then the answer is too late for the window, which asks once more under the same id. */
const isAskedTwice = (world: World): boolean => world.ledger.updates.size % 9 === 0;

/** Hands over what the engine has not taken yet, in order; stops at the first that it does not take. */
export async function sendUnsaved(
  world: World,
  station: Station,
  articleId: string,
  twice = false,
): Promise<string> {
  const waiting = waitingOf(station).get(articleId) ?? [];
  while (waiting.length > 0) {
    const id = waiting[0] as string;
    const written = world.ledger.updates.get(id);
    if (!written) throw new Error('an update that nobody wrote');
    const args = { articleId, updateId: id, update: written.bytes };
    const answer = await world.ask(station, 'documents.append', args, `ask-${id}-${world.step}`);
    if (answer === DIED) return 'died';
    if (!answer.ok) {
      const { code } = answer.error;
      if (code === 'disk-full' || code === 'not-saved') return code;
      for (const one of waiting.splice(0)) {
        const lost = world.ledger.updates.get(one);
        if (lost) lost.refused = code;
      }
      station.window.docs.delete(articleId);
      return code;
    }
    written.acknowledged = true;
    if (twice) await world.ask(station, 'documents.append', args, `again-${id}`);
    waiting.shift();
  }
  return 'saved';
}

/** The engine is back: the window opens its texts again and hands over what was not saved. */
export async function resume(world: World, station: Station): Promise<void> {
  for (const [articleId, doc] of [...station.window.docs]) {
    const opened = await world.ask(station, 'documents.open', { articleId });
    if (opened === DIED) return;
    if (!opened.ok || !opened.value) {
      station.window.docs.delete(articleId);
      for (const id of waitingOf(station).get(articleId)?.splice(0) ?? []) {
        const lost = world.ledger.updates.get(id);
        if (lost) lost.refused = opened.ok ? 'gone' : opened.error.code;
      }
      continue;
    }
    Y.applyUpdateV2(doc, opened.value.state, 'elsewhere');
    await sendUnsaved(world, station, articleId);
    if (!station.isOn) return;
  }
}

export const seenBy = (doc: Y.Doc): string => fingerprint(readContent(doc));
