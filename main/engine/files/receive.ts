import { checkAttachment, checkFirstBytes, MAX_ATTACHMENT_BYTES } from '../../../domain/content/index.ts';
import type { Args, Reply } from '../../../domain/contracts/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { DeskDatabase, LocalFile } from '../database.ts';
import { UNSENT } from '../database.ts';
import type { Disk } from '../documents/disk.ts';
import type { Rights } from '../documents/documents.ts';
import { diskCode } from '../refused.ts';
import type { FileStore, IncomingFile } from './fileStore.ts';

export interface Receive {
  begin(args: Args<'files.begin'>, windowId: string): Promise<Result<Record<string, never>>>;
  chunk(args: Args<'files.chunk'>): Promise<Result<Reply<'files.chunk'>>>;
  finish(args: Args<'files.finish'>): Promise<Result<Reply<'files.finish'>>>;
  abort(uploadId: string): Promise<void>;
  /** Whether a file is in its place whose row is just being written. */
  isFinishing(): boolean;
  /** A window has gone: what it had begun is dropped. */
  abortWindow(windowId: string): Promise<void>;
}

interface Upload {
  readonly args: Args<'files.begin'>;
  readonly windowId: string;
  readonly file: IncomingFile;
  head: Uint8Array;
  finished: Promise<Result<Reply<'files.finish'>>> | null;
  turn: Promise<unknown>;
}

const MAX_AT_ONCE = 8;
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;
const HEAD_BYTES = 16;
const EMPTY = {} as Record<string, never>;

/** Takes files from windows, piece by piece, into the store. A file counts when it is under its hash, synced, and its row is written. */
export function createReceive(options: {
  readonly database: DeskDatabase;
  readonly store: FileStore;
  readonly disk: Disk;
  readonly personId: string;
  readonly now: () => number;
  readonly rights: (articleId: string) => Promise<Rights | undefined>;
  /** Work on one article goes one after the other: no declaration comes in between. */
  readonly inArticlesTurn: <T>(articleId: string, work: () => Promise<T>) => Promise<T>;
  readonly onFile: () => void;
}): Receive {
  const { database, store, disk } = options;
  const uploads = new Map<string, Upload>();
  let finishing = 0;

  const inTurn = <T>(upload: Upload, work: () => Promise<T>): Promise<T> => {
    const next = upload.turn.then(work, work);
    upload.turn = next.catch(() => undefined);
    return next;
  };

  const onDisk = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    try {
      return await disk.write(work);
    } catch (error) {
      const code = diskCode(error);
      if (code === null) throw error;
      return refuse(code);
    }
  };

  const drop = async (uploadId: string) => {
    const upload = uploads.get(uploadId);
    uploads.delete(uploadId);
    if (upload && !upload.finished) await inTurn(upload, () => upload.file.abort());
  };

  const name = async (upload: Upload, sha256: string, size: number) => {
    const { articleId, type } = upload.args;
    const id = `${articleId}.${sha256}`;
    const before = await database.files.findOne(id).exec();
    if (before) {
      // The same file again: one that had vanished is back.
      if (before.code !== '' && before.storedAt === null)
        await before.incrementalPatch({ code: '', ref: '' });
      return;
    }
    const rights = await options.rights(articleId);
    const row: LocalFile = {
      id,
      articleId,
      sha256,
      size,
      type: type || 'application/octet-stream',
      addedBy: options.personId,
      at: options.now(),
      held: rights?.held ?? true,
      storedAt: null,
      name: upload.args.name,
      ...UNSENT,
    };
    const { error } = await database.files.bulkInsert([row]);
    if (error[0] && error[0].status !== 409)
      throw new Error(`file row not written: status ${error[0].status}`);
  };

  return {
    begin: async (args, windowId) => {
      const known = uploads.get(args.uploadId);
      if (known)
        return known.args.size === args.size && known.args.name === args.name
          ? ok(EMPTY)
          : refuse('bad-request');
      const rights = await options.rights(args.articleId);
      if (!rights) return refuse('article-unknown');
      if (!rights.mayContribute) return refuse('forbidden', { ref: 'WF21' });
      const issue = checkAttachment(args)[0];
      if (issue) return refuse(issue.code, { detail: { ...issue.params, maximum: MAX_ATTACHMENT_BYTES } });
      if (uploads.size >= MAX_AT_ONCE) {
        const idle = [...uploads].find(([, upload]) => upload.finished !== null);
        if (!idle) return refuse('rate-limited');
        uploads.delete(idle[0]);
      }
      return onDisk(async () => {
        const file = await store.incoming();
        const begun = {
          args,
          windowId,
          file,
          head: new Uint8Array(0),
          finished: null,
          turn: Promise.resolve(),
        };
        uploads.set(args.uploadId, begun);
        return ok(EMPTY);
      });
    },
    chunk: async ({ uploadId, offset, bytes }) => {
      const upload = uploads.get(uploadId);
      if (!upload || upload.finished) return refuse('not-found');
      return inTurn(upload, async () => {
        const received = upload.file.received();
        // A piece that came before: its answer was lost.
        if (offset + bytes.byteLength <= received) return ok({ received });
        const fits = offset === received && offset + bytes.byteLength <= upload.args.size;
        if (!fits || bytes.byteLength > MAX_CHUNK_BYTES) return refuse('bad-request');
        const written = await onDisk(async () => {
          await upload.file.write(bytes);
          return ok({ received: upload.file.received() });
        });
        if (!written.ok) return written;
        if (upload.head.byteLength < HEAD_BYTES) {
          upload.head = Buffer.concat([upload.head, bytes.subarray(0, HEAD_BYTES)]).subarray(0, HEAD_BYTES);
        }
        return written;
      });
    },
    finish: async ({ uploadId }) => {
      const upload = uploads.get(uploadId);
      if (!upload) return refuse('not-found');
      upload.finished ??= inTurn(upload, () =>
        onDisk(async () => {
          const isWhole = upload.file.received() === upload.args.size;
          const refusal = isWhole ? checkFirstBytes(upload.args.name, upload.head)[0] : undefined;
          if (!isWhole || refusal) {
            uploads.delete(uploadId);
            await upload.file.abort();
            return isWhole && refusal
              ? refuse(refusal.code, { detail: { ...refusal.params } })
              : refuse('file-damaged');
          }
          finishing += 1;
          try {
            const placed = await upload.file.finish();
            await options.inArticlesTurn(upload.args.articleId, () =>
              name(upload, placed.sha256, placed.size),
            );
            options.onFile();
            return ok(placed);
          } finally {
            finishing -= 1;
          }
        }),
      );
      const result = await upload.finished;
      if (!result.ok) {
        uploads.delete(uploadId);
        await upload.file.abort();
      }
      return result;
    },
    abort: drop,
    isFinishing: () => finishing > 0,
    abortWindow: async (windowId) => {
      const left = [...uploads].filter(([, upload]) => upload.windowId === windowId && !upload.finished);
      await Promise.all(left.map(([uploadId]) => drop(uploadId)));
    },
  };
}
