import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  compact,
  createArticleDoc,
  encodeState,
  fingerprint,
  loadDoc,
  readBody,
  readContent,
} from '../../../domain/document/index.ts';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { createPeer, type Peer, randomEdit, reloaded, settle, shown } from './support/peer.ts';
import { type Random, seeded } from './support/random.ts';
import { richEdit } from './support/richEdit.ts';

const SESSIONS = Number(process.env.FUZZ_SESSIONS ?? 300);
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1);

function exchange(a: Peer, b: Peer): void {
  for (let round = 0; round < 3; round += 1) {
    const toB = encodeState(a.doc, Y.encodeStateVector(b.doc));
    const toA = encodeState(b.doc, Y.encodeStateVector(a.doc));
    Y.applyUpdateV2(b.doc, toB, REMOTE_ORIGIN);
    Y.applyUpdateV2(a.doc, toA, REMOTE_ORIGIN);
  }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const result = [...values];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [x, y] = [result[at], result[other]];
    if (x !== undefined && y !== undefined) {
      result[at] = y;
      result[other] = x;
    }
  }
  return result;
}

type Edits = (peer: Peer, random: Random) => void;

async function session(seed: number, edits: Edits): Promise<{ healed: number; failed: number }> {
  const random = seeded(seed);
  const { firstUpdate } = createArticleDoc({
    clientId: 9,
    meta: { categoryId: 'c', language: 'vi' },
    title: 'Tiêu đề',
    body: ['Ủy ban nhân dân tỉnh ban hành quyết định'],
  });
  const a = createPeer(100 + seed, [firstUpdate]);
  const b = createPeer(5_000_000 + seed, [firstUpdate]);
  const reader = createPeer(900, [firstUpdate]);
  reader.editor.setEditable(false);
  const written: unknown[] = [];
  reader.doc.on('updateV2', (_: Uint8Array, origin: unknown) => {
    if (origin !== REMOTE_ORIGIN && origin !== null) written.push(origin);
  });
  const log: Uint8Array[] = [firstUpdate];
  for (const peer of [a, b])
    peer.doc.on('updateV2', (update: Uint8Array, origin: unknown) => {
      if (origin !== REMOTE_ORIGIN) log.push(update);
    });

  for (let round = 0; round < 6; round += 1) {
    for (const peer of [a, b]) {
      for (let edit = 0; edit < 5; edit += 1) {
        edits(peer, random);
        await settle();
        expect(shown(peer), `seed ${seed}, round ${round}, edit ${edit}`).toEqual(readBody(peer.doc));
      }
    }
    exchange(a, b);
    Y.applyUpdateV2(reader.doc, encodeState(b.doc, Y.encodeStateVector(reader.doc)), REMOTE_ORIGIN);
    await settle();
    for (const peer of [a, b, reader])
      expect(shown(peer), `seed ${seed}, round ${round}`).toEqual(readBody(peer.doc));
    exchange(a, b);
  }
  const where = `seed ${seed}`;
  const failed = a.errors.length + b.errors.length;
  a.binding.check();
  b.binding.check();
  await settle();
  exchange(a, b);
  a.binding.check();
  b.binding.check();

  expect(readBody(a.doc), where).toEqual(readBody(b.doc));
  expect(shown(a), where).toEqual(readBody(a.doc));
  expect(shown(b), where).toEqual(readBody(b.doc));
  expect(reloaded(a), where).toEqual(shown(a));
  expect(
    [...a.reports, ...b.reports].filter((report) => report.kind === 'unhealed'),
    where,
  ).toEqual([]);

  expect(written, `${where}: a reader wrote`).toEqual([]);

  const print = fingerprint(readContent(a.doc));
  expect(fingerprint(readContent(b.doc)), where).toBe(print);
  expect(fingerprint(readContent(loadDoc([encodeState(b.doc)], 77))), where).toBe(print);
  expect(fingerprint(readContent(loadDoc([compact(log).update]))), where).toBe(print);
  expect(fingerprint(readContent(loadDoc(shuffled(log, random)))), where).toBe(print);
  const healed = [...a.reports, ...b.reports].filter((report) => report.kind === 'healed').length;
  for (const peer of [a, b, reader]) peer.binding.dispose();
  return { healed, failed };
}

const anyEdit: Edits = (peer, random) =>
  random.next() < 0.5 ? randomEdit(peer, random) : richEdit(peer, random);

/** Sessions in which documents with the same updates once showed different texts (undo with unsound neighbours). */
const ONCE_DIVERGED = [1260, 1738, 1808, 4017, 4913];

describe('sessions that once failed', () => {
  it.each(ONCE_DIVERGED)('session %i ends equal', async (seed) => {
    await session(seed, randomEdit);
  });
});

describe('two desks editing offline, random sessions', () => {
  it.each<[string, Edits]>([
    ['of text, paragraphs and undo', randomEdit],
    ['of lists, tables, links and undo', anyEdit],
  ])(
    `${SESSIONS} %s: stay equal, show their documents, agree on the fingerprint`,
    async (_, edits) => {
      let healed = 0;
      let failed = 0;
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SESSIONS; seed += 1) {
        const outcome = await session(seed, edits);
        healed += outcome.healed;
        failed += outcome.failed;
      }
      if (process.env.FUZZ_LOG)
        console.log(`sessions ${SESSIONS}, healed ${healed}, editor errors ${failed}`);
      expect(healed).toBeLessThan(SESSIONS * 0.05);
    },
    300_000,
  );
});
