import { describe, type Log } from '../log.ts';
import type { FileStore } from './fileStore.ts';

interface NamedFile {
  readonly sha256: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Words of attached files for the checks, as far as the bytes are here and can be read. */
export interface AttachedTexts {
  /** What has been read, by SHA-256; begins to read the rest and says so when it has. */
  known(files: readonly NamedFile[]): ReadonlyMap<string, string>;
  /** Resolves when every one of these files has been read, or can't be. */
  settled(files: readonly NamedFile[]): Promise<void>;
}

export interface AttachedTextsOptions {
  readonly store: Pick<FileStore, 'sizeOf' | 'read'>;
  /** At most `maxLength` characters; null for what can't be read. */
  readonly readText: (
    file: { name: string; type: string },
    bytes: Uint8Array<ArrayBuffer>,
    maxLength: number,
  ) => Promise<string | null>;
  readonly onRead: () => void;
  readonly log: Log;
}

/** Larger files are checked by their names only. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Stamps and heads of documents stand at the beginning. */
const HEAD_LENGTH = 20_000;
/** Files whose words are kept in memory: the open article's and those before it. */
const KEPT = 200;

/** Reads each file once, one after the other. A file whose bytes are not here yet is tried again when it is asked for again. */
export function createAttachedTexts({ store, readText, onRead, log }: AttachedTextsOptions): AttachedTexts {
  const texts = new Map<string, string>();
  const reading = new Map<string, Promise<void>>();

  const keep = (sha256: string, text: string) => {
    texts.set(sha256, text);
    const oldest = texts.keys().next().value;
    if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
  };

  const readOne = async ({ sha256, name, type }: NamedFile): Promise<void> => {
    const size = await store.sizeOf(sha256);
    if (size === null) return;
    if (size > MAX_FILE_BYTES) return keep(sha256, '');
    const bytes = await store.read(sha256, 0, size);
    if (!bytes || bytes.byteLength < size) return;
    keep(sha256, (await readText({ name, type }, new Uint8Array(bytes), HEAD_LENGTH)) ?? '');
    onRead();
  };

  let queue: Promise<void> = Promise.resolve();
  const begin = (file: NamedFile): Promise<void> => {
    const { sha256 } = file;
    if (texts.has(sha256)) return Promise.resolve();
    const begun = reading.get(sha256);
    if (begun) return begun;
    const done = queue
      .then(() => readOne(file))
      .catch((error: unknown) => log('warn', 'files.words-unreadable', { sha256, ...describe(error) }))
      .finally(() => reading.delete(sha256));
    queue = done;
    reading.set(sha256, done);
    return done;
  };

  return {
    known: (files) => {
      for (const file of files) void begin(file);
      const found = files.map(({ sha256 }) => [sha256, texts.get(sha256) ?? ''] as const);
      return new Map(found.filter(([, text]) => text !== ''));
    },
    settled: async (files) => {
      await Promise.all(files.map(begin));
    },
  };
}
