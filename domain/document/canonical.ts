import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { stableJson } from './stableJson.ts';
import type { ArticleContent, Fingerprint } from './types.ts';

/** Version of the canonical form; a change of the form changes it, and with it every fingerprint. */
const CANONICAL_VERSION = 'soan-content/1';

/**
 * The canonical form: one line of JSON, keys sorted by UTF-16 code units, nothing optional written
 * when it has its default, the form's version inside. Equal contents give equal strings.
 */
export function canonicalise(content: ArticleContent): string {
  return stableJson({ form: CANONICAL_VERSION, ...content });
}

/** SHA-256 over the canonical form in UTF-8. This is what a decision names. */
export function fingerprint(content: ArticleContent): Fingerprint {
  return bytesToHex(sha256(utf8ToBytes(canonicalise(content))));
}

/**
 * Tells whether a decision that names `named` was taken on this content. State vectors can't tell:
 * they say which insertions somebody has seen, never which deletions.
 */
export function contentBoundTo(content: ArticleContent, named: Fingerprint): boolean {
  return fingerprint(content) === named;
}
