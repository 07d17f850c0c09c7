import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RxJsonSchema } from 'rxdb';
import { afterAll, describe, expect, it } from 'vitest';
import {
  getRxStorageSqlite,
  rotateKey,
  type StoreKey,
  takeBackup,
} from '../../../main/engine/store/index.ts';
import {
  type AnyDoc,
  type Doc,
  insertAll,
  makeFolder,
  openInstance,
  prepare,
  removeFolders,
  stores,
  updateRow,
} from './harness.ts';

/** What must not be found on disk, with letters of one, two and three bytes. */
const MARKS = {
  text: 'DẤU-VẾT-văn-bản-4711',
  nested: 'dau-vet-ascii-0815',
  deleted: 'DẤU-VẾT-đã-xoá-1234',
  former: 'DẤU-VẾT-bản-trước-5678',
  field: 'dấu-vết-khoá-2222',
  attachment: 'DẤU-VẾT-tệp-9999',
  attachmentName: 'dấu-vết-tên-tệp-3333.docx',
  attachmentType: 'application/x-dau-vet-4444',
  digest: 'dau-vet-digest-5555',
};

const plaintextSchema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    state: { type: 'string', maxLength: 20 },
    text: { type: 'string' },
  },
  required: ['id', 'state', 'text'],
  indexes: ['state'],
  attachments: {},
};

afterAll(removeFolders);

/** A file may be removed between the listing and the reading. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Which marks are found in the files of a folder and below, in which file; in UTF-8, UTF-16 and JSON escapes. */
function search(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readIfThere(join(entry.parentPath, entry.name));
    for (const [name, mark] of Object.entries(MARKS)) {
      const escaped = JSON.stringify(mark).replace(
        /[^ -~]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      const forms = [
        Buffer.from(mark),
        Buffer.from(mark, 'utf16le'),
        Buffer.from(mark, 'utf16le').swap16(),
        Buffer.from(escaped.slice(1, -1)),
        Buffer.from(Buffer.from(mark).toString('base64').slice(0, -4)),
        Buffer.from(Buffer.from(mark).toString('hex')),
      ];
      if (forms.some((form) => bytes.includes(form))) found.push(`${name} in ${entry.name}`);
    }
  }
  return found;
}

async function write(path: string, key: StoreKey | undefined, pauses: () => void) {
  const instance = await openInstance(getRxStorageSqlite({ path, key }), plaintextSchema, {
    database: 'desk',
    sealedSort: ['text'],
  });
  const file = {
    data: new Blob([`${MARKS.attachment} `.repeat(2000)], { type: MARKS.attachmentType }),
    type: MARKS.attachmentType,
    length: 50_000,
    digest: MARKS.digest,
  };
  const body = {
    state: 'draft',
    text: `${MARKS.text} `.repeat(300),
    deep: [{ [MARKS.field]: MARKS.nested }],
  };
  const documents = await insertAll(
    instance,
    Array.from({ length: 400 }, (_, i) => ({
      id: `a${i}`,
      ...body,
      ...(i % 40 ? {} : { _attachments: { [MARKS.attachmentName]: file } }),
      ...(i === 1 ? { text: MARKS.deleted } : {}),
      ...(i === 2 ? { text: MARKS.former } : {}),
    })),
  );
  pauses();
  const [, gone, changed] = documents as [Doc, Doc, Doc];
  await instance.bulkWrite([updateRow(gone, {}, { deleted: true, lwt: 1000 })], 'test');
  await instance.bulkWrite([updateRow(changed, { text: 'khác' })], 'test');
  await instance.cleanup(0);
  // Sorted by SQLite, larger than its cache of a sorter.
  await instance.query(
    prepare(instance, { selector: { text: { $gt: '' } }, sort: [{ state: 'desc' }, { id: 'asc' }] }),
  );
  pauses();
  return instance;
}

describe.each(stores)('what is found on disk: $name', ({ key }) => {
  it('while open, after a checkpoint, in backups, closed, and after a change of the key', async () => {
    const folder = makeFolder();
    const path = join(folder, 'desk.db');
    const found = new Map<string, string[]>();
    let pause = 0;
    const instance = await write(path, key, () => found.set(`open ${pause++}`, search(folder)));
    expect(readdirSync(folder)).toContain('desk.db-wal');
    const { db } = instance.internals.table.connection;
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    found.set('checkpoint', search(folder));
    let isDone = false;
    const backup = takeBackup({ path, key }).finally(() => {
      isDone = true;
    });
    for (let i = 0; !isDone; i++) {
      found.set(`backing up ${i}`, search(folder));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const taken = await backup;
    found.set('backup', search(join(taken.path, '..')));
    if (key) {
      const to = { version: 2, bytes: new Uint8Array(32).fill(9) };
      await rotateKey({
        path,
        to,
        stepMs: 0,
        onProgress: ({ done }) => found.set(`rotation ${done}`, search(folder)),
      });
    }
    await instance.close();
    found.set('closed', search(folder));
    if (key) {
      expect(new Set([...found.values()].flat())).toEqual(new Set());
      expect(found.size).toBeGreaterThan(6);
      return;
    }
    // The same search finds all of them where nothing is sealed.
    for (const name of Object.keys(MARKS)) {
      expect(
        [...found.values()].flat().some((where) => where.startsWith(`${name} in`)),
        name,
      ).toBe(true);
    }
    for (const moment of ['open 0', 'checkpoint', 'backup', 'closed']) {
      expect(found.get(moment), moment).not.toEqual([]);
    }
  });

  it('after kill -9', { timeout: 60_000 }, async () => {
    const folder = makeFolder();
    const path = join(folder, 'desk.db');
    const writer = join(import.meta.dirname, 'plaintextWriter.ts');
    const child = spawn(process.execPath, [writer, path, key ? 'sealed' : ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder, SQLITE_TMPDIR: folder },
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readdirSync(folder)).toContain('desk.db-wal');
    if (key) expect(search(folder)).toEqual([]);
    else expect(search(folder)).not.toEqual([]);
  });
});
