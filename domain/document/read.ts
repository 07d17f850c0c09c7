import * as Y from 'yjs';
import { BODY_ROOT, FIELD_TEXT_PREFIX } from './bodyShape.ts';
import { treeOfYjs } from './bodyTree.ts';
import { type BodyProblem, inspectRoot } from './inspectBody.ts';
import { readBlocksOf } from './readBody.ts';
import type { ArticleContent, Block, ContentFile, ContentMeta, FieldValue } from './types.ts';

export type { BodyProblem } from './inspectBody.ts';

/** The title's shared text. */
export const titleText = (doc: Y.Doc): Y.Text => doc.getText('title');
/** The summary's shared text. */
export const summaryText = (doc: Y.Doc): Y.Text => doc.getText('summary');
/** The shared text of a text field. */
export const fieldText = (doc: Y.Doc, fieldId: string): Y.Text => doc.getText(FIELD_TEXT_PREFIX + fieldId);
/** The shared map of the fields that are no texts: `FieldValue` by field id. */
export const fieldsMap = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('fields');
/** The shared map of attachments: `FileEntry` by file id. */
export const filesMap = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('files');
/** The shared map of `ContentMeta`. */
export const metaMap = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('meta');
/** The root that the V2 binding binds. */
export const bodyRoot = (doc: Y.Doc): Y.XmlElement => doc.get(BODY_ROOT, Y.XmlElement) as Y.XmlElement;

const wellFormed = (text: Y.Text): string => text.toString().toWellFormed();

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function fieldValue(value: unknown): FieldValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value === '' ? undefined : value.toWellFormed();
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
    return value.map((one: string) => one.toWellFormed());
  return undefined;
}

function readFields(doc: Y.Doc): Record<string, FieldValue> {
  const found = new Map<string, FieldValue>();
  for (const [id, raw] of fieldsMap(doc).entries()) {
    const value = fieldValue(raw);
    if (value !== undefined) found.set(id, value);
  }
  for (const name of [...doc.share.keys()]) {
    if (!name.startsWith(FIELD_TEXT_PREFIX)) continue;
    const text = wellFormed(doc.getText(name));
    if (text !== '') found.set(name.slice(FIELD_TEXT_PREFIX.length), text);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => byCodeUnits(a, b)));
}

function fileEntry(id: string, value: unknown): ContentFile | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { sha256, name, size, type, role, label } = value as Record<string, unknown>;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (typeof name !== 'string' || typeof type !== 'string' || typeof role !== 'string') return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  return {
    id,
    sha256,
    name: name.toWellFormed(),
    size,
    type: type.toWellFormed(),
    role: role.toWellFormed(),
    label: typeof label === 'string' ? label.toWellFormed() : '',
  };
}

function readFiles(doc: Y.Doc): ContentFile[] {
  return [...filesMap(doc).entries()]
    .map(([id, value]) => fileEntry(id, value))
    .filter((file) => file !== undefined)
    .sort((a, b) => byCodeUnits(a.id, b.id));
}

function readMeta(doc: Y.Doc): ContentMeta {
  const categoryId = metaMap(doc).get('categoryId');
  return {
    categoryId: typeof categoryId === 'string' ? categoryId : '',
    language: metaMap(doc).get('language') === 'en' ? 'en' : 'vi',
  };
}

/** The body as canonical blocks. */
export function readBody(doc: Y.Doc): Block[] {
  return readBlocksOf(treeOfYjs(bodyRoot(doc)));
}

/** What the editor would not open in this document's body; empty for a sound one. */
export function inspectBody(doc: Y.Doc): BodyProblem[] {
  return inspectRoot(bodyRoot(doc));
}

/**
 * The whole content, read straight from the document's state: equal documents give equal contents
 * on every machine. Texts are left as they are, not even normalised: versions of Unicode differ
 * between machines, so text is normalised where it is typed or pasted (`normaliseNfc`); only half
 * characters (lone surrogates), which no update can carry, read as U+FFFD, as they arrive elsewhere. Never
 * throws: values of the wrong shape, which a foreign program may have written, are left out.
 * A text field that is not empty wins over a value of the same id.
 */
export function readContent(doc: Y.Doc): ArticleContent {
  return {
    meta: readMeta(doc),
    title: wellFormed(titleText(doc)),
    summary: wellFormed(summaryText(doc)),
    fields: readFields(doc),
    files: readFiles(doc),
    body: readBody(doc),
  };
}
