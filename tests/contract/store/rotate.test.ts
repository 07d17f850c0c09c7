import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  getRxStorageSqlite,
  type RotateProgress,
  rotateKey,
  type StoreKey,
} from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Doc,
  type Instance,
  insertAll,
  insertRow,
  makeFolder,
  openInstance,
  removeFolders,
  updateRow,
} from './harness.ts';

const schema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, text: { type: 'string' } },
  required: ['id', 'text'],
  attachments: {},
};

const one = { version: 1, bytes: new Uint8Array(32).fill(1) };
const two = { version: 2, bytes: new Uint8Array(32).fill(2) };
const three = { version: 3, bytes: new Uint8Array(32).fill(3) };
const ROWS = 3000;

let path: string;
let instance: Instance;
let documents: Doc[];

const open = (key: StoreKey, collection = 'items') =>
  openInstance(getRxStorageSqlite({ path, key }), schema, { database: 'desk', collection });
const codeOf = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
const file = (text: string) => ({
  data: new Blob([text], { type: 'text/plain' }),
  type: 'text/plain',
  length: text.length,
  digest: `sha-${text}`,
});

/** How many rows and attachments each key version sealed. */
function versions(): Record<string, number> {
  const db = new DatabaseSync(path);
  const found: Record<string, number> = {};
  for (const table of ['t1', 't1_files']) {
    for (const { mark, n } of db
      .prepare(`SELECT hex(substr(data, 1, 5)) AS mark, COUNT(*) AS n FROM ${table} GROUP BY mark`)
      .all()) {
      const version = Number.parseInt(String(mark).slice(2), 16);
      found[version] = (found[version] ?? 0) + Number(n);
    }
  }
  db.close();
  return found;
}

async function readAll() {
  const found = await instance.findDocumentsById(
    documents.map(({ id }) => id),
    false,
  );
  expect(found.map(({ text }) => text)).toEqual(documents.map(({ text }) => text));
  for (let i = 0; i < 20; i++) {
    expect(await (await instance.getAttachmentData(`f${i}`, 'tệp', `sha-${i}`)).text()).toBe(String(i));
  }
}

beforeEach(async () => {
  path = join(makeFolder(), 'desk.db');
  instance = await open({ current: one });
  documents = await insertAll(
    instance,
    Array.from({ length: ROWS }, (_, i) => ({ id: `a${i}`, text: `Nội dung ${i} `.repeat(20) })),
  );
  await insertAll(
    instance,
    Array.from({ length: 20 }, (_, i) => ({
      id: `f${i}`,
      text: 'x',
      _attachments: { tệp: file(String(i)) },
    })),
  );
});
afterEach(() => instance.close());
afterAll(removeFolders);

describe('changing the key', () => {
  it('seals everything anew while reading and writing go on, without long pauses', async () => {
    const steps: RotateProgress[] = [];
    let isDone = false;
    const rotation = rotateKey({ path, to: two, onProgress: (step) => steps.push(step) }).then((answer) => {
      isDone = true;
      return answer;
    });
    const waits: number[] = [];
    for (let i = 0; !isDone; i++) {
      const startedAt = performance.now();
      const previous = documents[(i * 37) % ROWS] as Doc;
      const row = updateRow(previous, { text: `mới ${i}` });
      expect((await instance.bulkWrite([row, insertRow({ id: `n${i}`, text: 'x' })], 'test')).error).toEqual(
        [],
      );
      documents[(i * 37) % ROWS] = row.document as Doc;
      waits.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await rotation).toBe(true);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
    expect(waits.length).toBeGreaterThan(5);
    waits.sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(100);
    expect(Object.keys(versions())).toEqual(['2']);
    await readAll();
    await instance.close();
    expect(await codeOf(open({ current: one }))).toBe('STORE_WRONG_KEY');
    instance = await open({ current: two });
    await readAll();
  });

  it('stopped half way needs both keys, and goes on where it was', async () => {
    const stop = new AbortController();
    const first = rotateKey({
      path,
      to: two,
      stepMs: 0,
      signal: stop.signal,
      onProgress: ({ done }) => done > ROWS / 4 && stop.abort(),
    });
    expect(await first).toBe(false);
    const half = versions();
    expect(half[1]).toBeGreaterThan(ROWS / 4);
    expect(half[2]).toBeGreaterThan(ROWS / 4);
    await readAll();
    await instance.close();
    expect(await codeOf(open({ current: two }))).toBe('STORE_WRONG_KEY');
    instance = await open({ current: two, former: [one] });
    await readAll();
    const steps: RotateProgress[] = [];
    expect(await rotateKey({ path, onProgress: (step) => steps.push(step) })).toBe(true);
    expect(steps[0]?.done).toBeGreaterThan(ROWS / 4);
    expect(Object.keys(versions())).toEqual(['2']);
    await readAll();
  });

  it('begins by opening with a newer key, and writes with it at once', async () => {
    await instance.close();
    instance = await open({ current: two, former: [one] });
    await insertAll(instance, [{ id: 'new', text: 'x' }]);
    expect(versions()).toEqual({ 1: ROWS + 40, 2: 1 });
    expect(await rotateKey({ path })).toBe(true);
    expect(versions()).toEqual({ 2: ROWS + 41 });
    expect(await rotateKey({ path })).toBe(true);
  });

  it('a third key while the second is under way', async () => {
    const stop = new AbortController();
    await rotateKey({ path, to: two, stepMs: 0, signal: stop.signal, onProgress: () => stop.abort() });
    expect(await rotateKey({ path, to: three })).toBe(true);
    expect(versions()).toEqual({ 3: ROWS + 40 });
    await readAll();
  });

  it('ends with the store: closing in the middle stops it and releases the file', async () => {
    const rotation = rotateKey({ path, to: two, stepMs: 0 });
    await instance.close();
    expect(await rotation).toBe(false);
    instance = await open({ current: two, former: [one] });
    await readAll();
  });

  it('an attachment changed and removed while its name is still hidden under the old key', async () => {
    const stop = new AbortController();
    await rotateKey({ path, to: two, stepMs: 0, signal: stop.signal, onProgress: () => stop.abort() });
    const [f0, f1] = (await instance.findDocumentsById(['f0', 'f1'], false)) as [Doc, Doc];
    const changed = updateRow(f0, { _attachments: { tệp: file('khác') } });
    const removed = updateRow(f1, { _attachments: {} });
    expect((await instance.bulkWrite([changed, removed], 'test')).error).toEqual([]);
    expect(await rotateKey({ path })).toBe(true);
    expect(await (await instance.getAttachmentData('f0', 'tệp', 'sha-khác')).text()).toBe('khác');
    expect(versions()).toEqual({ 2: ROWS + 39 });
  });

  it('by another process while this one has the file open: STORE_WRONG_KEY here, not damage', async () => {
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'rotateChild.ts'), path], {
      encoding: 'utf8',
    });
    expect(child.stdout.trim(), child.stderr).toBe('true');
    expect(await codeOf(instance.findDocumentsById(['a1'], false))).toBe('STORE_WRONG_KEY');
    expect(await codeOf(instance.bulkWrite([insertRow({ id: 'late', text: 'x' })], 'test'))).toBe(
      'STORE_WRONG_KEY',
    );
    await instance.close();
    instance = await open({ current: two });
    await readAll();
    expect(await instance.findDocumentsById(['late'], false)).toEqual([]);
  });

  it('refusals', async () => {
    expect(await codeOf(rotateKey({ path, to: { version: 1, bytes: two.bytes } }))).toBe('STORE_WRONG_KEY');
    expect(await codeOf(rotateKey({ path, to: { version: 2, bytes: new Uint8Array(5) } }))).toBe(
      'STORE_WRONG_KEY',
    );
    expect(await codeOf(rotateKey({ path: `${path}x`, to: two }))).toBe('STORE_CLOSED');
    await rotateKey({ path, to: three });
    expect(await codeOf(rotateKey({ path, to: two }))).toBe('STORE_WRONG_KEY');
    const plain = join(makeFolder(), 'plain.db');
    const other = await openInstance(getRxStorageSqlite({ path: plain }), schema);
    expect(await codeOf(rotateKey({ path: plain, to: two }))).toBe('STORE_NOT_SEALED');
    await other.close();
  });
});
