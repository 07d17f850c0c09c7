import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type ArticleContent, canonicalise } from '../../domain/document/index.ts';

const inflate = promisify(inflateRaw);

/** Largest canonical content, in bytes, that a decision may carry. */
const MAX_CONTENT_BYTES = 48 * 1024 * 1024;

/**
 * Whether the content that a decision carries (raw DEFLATE of the canonical form) is what its fingerprint names:
 * its SHA-256 is the fingerprint, and it is in canonical form, so that two readers can't read it differently.
 */
export async function isEvidence(deflated: Uint8Array, fingerprint: string): Promise<boolean> {
  try {
    const bytes = await inflate(deflated, { maxOutputLength: MAX_CONTENT_BYTES });
    if (createHash('sha256').update(bytes).digest('hex') !== fingerprint) return false;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { form: _form, ...content } = JSON.parse(text);
    return canonicalise(content as ArticleContent) === text;
  } catch {
    return false;
  }
}
