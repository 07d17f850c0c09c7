import { checkAttachment, checkFirstBytes, mediaTypeOf } from '../../../../domain/content/index.ts';
import type { Refusal, Result } from '../../../../domain/lib/result.ts';
import type { EngineClient } from '../../../data/client.ts';

/** Bytes that cross to the engine at once. */
export const CHUNK_BYTES = 512 * 1024;
const HEAD_BYTES = 16;

export interface UploadedFile {
  readonly sha256: string;
  readonly size: number;
  readonly name: string;
  readonly type: string;
}

const refused = (error: Refusal): Result<never> => ({ ok: false, error });

/**
 * Carries a file to the engine piece by piece, so that a large one never stands in memory whole. Refuses before the
 * first byte what may not be attached; a file that vanished or changed while it was read is `file-vanished`.
 * `isCancelled` is asked between pieces; a cancelled upload answers null.
 */
export async function uploadFile(
  client: Pick<EngineClient, 'ask'>,
  articleId: string,
  uploadId: string,
  file: File,
  onProgress: (sentBytes: number) => void,
  isCancelled: () => boolean,
): Promise<Result<UploadedFile> | null> {
  const name = file.name.normalize('NFC');
  const [issue] = checkAttachment({ name, size: file.size, type: file.type });
  if (issue) return refused({ code: issue.code, ...(issue.params ? { detail: issue.params } : {}) });
  const read = async (from: number, to: number): Promise<Uint8Array | null> => {
    try {
      const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer());
      return bytes.byteLength === to - from ? bytes : null;
    } catch {
      return null;
    }
  };
  const head = await read(0, Math.min(HEAD_BYTES, file.size));
  if (!head) return refused({ code: 'file-vanished' });
  const [wrong] = checkFirstBytes(name, head);
  if (wrong) return refused({ code: wrong.code, ...(wrong.params ? { detail: wrong.params } : {}) });

  const type = mediaTypeOf(name);
  const begun = await client.ask('files.begin', { uploadId, articleId, name, type, size: file.size });
  if (!begun.ok) return begun;
  const abort = () => void client.ask('files.abort', { uploadId });
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    if (isCancelled()) {
      abort();
      return null;
    }
    const bytes = await read(offset, Math.min(offset + CHUNK_BYTES, file.size));
    if (!bytes) {
      abort();
      return refused({ code: 'file-vanished' });
    }
    const sent = await client.ask('files.chunk', { uploadId, offset, bytes });
    if (!sent.ok) {
      abort();
      return sent;
    }
    onProgress(Math.min(file.size, offset + bytes.byteLength));
  }
  if (isCancelled()) {
    abort();
    return null;
  }
  const finished = await client.ask('files.finish', { uploadId });
  if (!finished.ok) return finished;
  return { ok: true, value: { sha256: finished.value.sha256, size: finished.value.size, name, type } };
}
