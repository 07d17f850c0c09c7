import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileStore, openFileStore } from '../../../main/engine/files/fileStore.ts';
import { CHUNK_BYTES } from '../../../main/engine/files/sealedFile.ts';
import { newFolder } from './support/desk.ts';

const HEADER_BYTES = 96;
const SEALED_CHUNK = CHUNK_BYTES + 16;
const key = randomBytes(32);

async function put(store: FileStore, bytes: Uint8Array, pieces: readonly number[] = [100_000]) {
  const file = await store.incoming();
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = pieces[turn % pieces.length] ?? 1;
    await file.write(bytes.subarray(at, at + size));
    at += size;
  }
  return file.finish();
}

const placesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A store with one file of three chunks and a bit. */
async function withFile() {
  const folder = await newFolder();
  const store = await openFileStore(folder, key);
  const bytes = randomBytes(3 * CHUNK_BYTES + 1000);
  const { sha256 } = await put(store, bytes);
  const [path = ''] = await placesIn(folder);
  return { folder, store, bytes, sha256, path };
}

describe('a sealed file', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 77])(
    'of %i bytes comes back as it was, whole and in ranges',
    async (size) => {
      const store = await openFileStore(await newFolder(), key);
      const bytes = randomBytes(size);
      const done = await put(store, bytes, [1, CHUNK_BYTES + 3, 77_777]);
      expect(done).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), size });
      expect(await store.sizeOf(done.sha256)).toBe(size);
      for (const [offset, length] of [
        [0, size + 10],
        [0, 1],
        [CHUNK_BYTES - 1, 2],
        [CHUNK_BYTES, 5],
        [size - 1, 5],
        [size, 5],
        [size + 5, 5],
      ] as const) {
        if (offset < 0) continue;
        const read = await store.read(done.sha256, offset, length);
        expect(Buffer.from(read ?? 'nothing').equals(bytes.subarray(offset, offset + length))).toBe(true);
      }
    },
  );

  it('shows neither its words nor its hash, in its bytes or in its name', async () => {
    const folder = await newFolder();
    const store = await openFileStore(folder, key);
    const { sha256 } = await put(store, Buffer.from('chữ mật '.repeat(50_000)));
    const [path = ''] = await placesIn(folder);
    const stored = await readFile(path);
    for (const word of ['chữ mật', sha256, Buffer.from(sha256, 'hex')])
      expect(stored.includes(word as string)).toBe(false);
    expect(path.replaceAll(/[^0-9a-f]/g, '')).not.toContain(sha256.slice(0, 12));
  });

  it('is sealed otherwise each time', async () => {
    const bytes = randomBytes(1000);
    const written: Buffer[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const folder = await newFolder();
      await put(await openFileStore(folder, key), bytes);
      written.push(await readFile((await placesIn(folder))[0] ?? ''));
    }
    expect(written[0]?.subarray(8, 40).equals(written[1]?.subarray(8, 40) ?? Buffer.alloc(0))).toBe(false);
    expect(written[0]?.subarray(96).equals(written[1]?.subarray(96) ?? Buffer.alloc(0))).toBe(false);
  });
});

describe('a sealed file that was changed', () => {
  const swapChunks = (bytes: Buffer, a: number, b: number): Buffer => {
    const at = (number: number) => HEADER_BYTES + number * SEALED_CHUNK;
    const changed = Buffer.from(bytes);
    changed.set(bytes.subarray(at(a), at(a) + SEALED_CHUNK), at(b));
    changed.set(bytes.subarray(at(b), at(b) + SEALED_CHUNK), at(a));
    return changed;
  };
  const flip = (at: number) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['in its mark', flip(3)],
    ['in its salt', flip(20)],
    ['in its facts', flip(60)],
    ['in its first chunk', flip(HEADER_BYTES + 10)],
    ['in its last chunk', flip(HEADER_BYTES + 3 * SEALED_CHUNK + 10)],
    ['by swapping two chunks', (bytes) => swapChunks(bytes, 0, 1)],
    ['by cutting it at the end of a chunk', (bytes) => bytes.subarray(0, HEADER_BYTES + 2 * SEALED_CHUNK)],
    ['by cutting off a byte', (bytes) => bytes.subarray(0, -1)],
    ['by a byte more', (bytes) => Buffer.concat([bytes, Buffer.from('x')])],
    ['by emptying it', () => Buffer.alloc(0)],
  ])('%s is not here any more, stays on the disk, and can come again', async (_what, change) => {
    const { folder, store, bytes, sha256, path } = await withFile();
    await writeFile(path, change(await readFile(path)));
    expect(await store.read(sha256, 0, bytes.length)).toBeNull();
    expect(await store.sizeOf(sha256)).toBeNull();
    expect((await placesIn(folder)).filter((one) => one.includes('.damaged-'))).toHaveLength(1);
    await put(store, bytes);
    expect(Buffer.from((await store.read(sha256, 0, bytes.length)) ?? '').equals(bytes)).toBe(true);
  });

  it('gives the ranges that are whole, as far as nobody asked for the others', async () => {
    const { store, bytes, sha256, path } = await withFile();
    await writeFile(path, flip(HEADER_BYTES + 2 * SEALED_CHUNK + 10)(await readFile(path)));
    const read = await store.read(sha256, CHUNK_BYTES, CHUNK_BYTES);
    expect(Buffer.from(read ?? '').equals(bytes.subarray(CHUNK_BYTES, 2 * CHUNK_BYTES))).toBe(true);
    expect(await store.read(sha256, 2 * CHUNK_BYTES, 10)).toBeNull();
  });

  it('can’t stand in for another one', async () => {
    const { folder, store, sha256, path } = await withFile();
    const other = await put(store, randomBytes(5000));
    const otherPath = (await placesIn(folder)).find((one) => one !== path) ?? '';
    await rename(otherPath, path);
    expect(await store.sizeOf(sha256)).toBeNull();
    expect(await store.sizeOf(other.sha256)).toBeNull();
  });

  it('does not open with another key, and is found under none', async () => {
    const { folder, sha256 } = await withFile();
    const other = await openFileStore(folder, randomBytes(32));
    expect(await other.sizeOf(sha256)).toBeNull();
    expect((await placesIn(folder)).some((one) => one.includes('.damaged-'))).toBe(false);
  });

  it('or a header that was never written, after a cut in the middle, is no file', async () => {
    const { store, sha256, path } = await withFile();
    await truncate(path, HEADER_BYTES - 10);
    expect(await store.sizeOf(sha256)).toBeNull();
  });
});
