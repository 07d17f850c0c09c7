import type * as Y from 'yjs';
import { MAX_VERSION_NAME } from './versionName.ts';

/** A text that somebody gave a name, so that it is found again. */
export interface NamedVersion {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, by the clock of the desk where it was named. */
  readonly at: number;
  readonly authorId: string;
  /** The canonical content as evidence travels: raw DEFLATE, base64. */
  readonly content: string;
}

const MAX_PACKED = 12_000_000;

/** The shared map of named versions. It is no content: naming changes no fingerprint and makes nobody a contributor. */
const versionsMap = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('versions');

function versionOf(id: string, value: unknown): NamedVersion | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, at, authorId, content } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof authorId !== 'string' || typeof content !== 'string')
    return undefined;
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) return undefined;
  if (name === '' || authorId === '' || content.length > MAX_PACKED) return undefined;
  return { id, name: name.toWellFormed().slice(0, MAX_VERSION_NAME), at, authorId, content };
}

/** The named versions of an article, oldest first. What has another shape, as a foreign program may write it, is left out. */
export function readVersions(doc: Y.Doc): NamedVersion[] {
  return [...versionsMap(doc).entries()]
    .map(([id, value]) => versionOf(id, value))
    .filter((version) => version !== undefined)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** Adds a named version. One that is there under this id stays as it is. */
export function nameVersion(doc: Y.Doc, { id, ...version }: NamedVersion, origin: unknown): void {
  if (versionsMap(doc).has(id)) return;
  doc.transact(() => versionsMap(doc).set(id, version), origin);
}
