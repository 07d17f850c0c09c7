import type { Result } from '../../../../domain/lib/result.ts';
import type { EngineClient } from '../../../data/client.ts';

/**
 * Gives the person a copy of an attached file through the window's own download. The engine fetches it from the portal
 * first when it is not on this machine.
 */
export async function saveCopy(
  client: Pick<EngineClient, 'ask'>,
  articleId: string,
  file: { readonly sha256: string; readonly name: string; readonly type: string },
): Promise<Result<null>> {
  const parts: BlobPart[] = [];
  let offset = 0;
  for (;;) {
    const piece = await client.ask('files.read', { articleId, sha256: file.sha256, offset });
    if (!piece.ok) return piece;
    const { bytes, size } = piece.value;
    parts.push(bytes as Uint8Array<ArrayBuffer>);
    offset += bytes.byteLength;
    if (offset >= size) break;
    if (bytes.byteLength === 0) return { ok: false, error: { code: 'file-damaged' } };
  }
  const url = URL.createObjectURL(new Blob(parts, { type: file.type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return { ok: true, value: null };
}
