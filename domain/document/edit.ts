import type * as Y from 'yjs';
import { fieldsMap, filesMap, metaMap } from './read.ts';
import type { ContentMeta, FieldValue, FileEntry } from './types.ts';

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Where two texts differ: `remove` characters at `index` give way to `insert`. */
export interface TextEdit {
  index: number;
  remove: number;
  insert: string;
}

/**
 * The smallest edit that turns `before` into `after`. Where several are possible (a letter doubled),
 * `cursorAfter`, the cursor's place in `after`, decides. Never divides a surrogate pair. `null` if equal.
 */
export function textEdit(before: string, after: string, cursorAfter = after.length): TextEdit | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  const tail = Math.max(0, Math.min(most, after.length - cursorAfter));
  let end = 0;
  while (end < tail && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  let start = 0;
  while (start < most - end && before[start] === after[start]) start += 1;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start -= 1;
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end -= 1;
  return {
    index: start,
    remove: before.length - start - end,
    insert: after.slice(start, after.length - end),
  };
}

/** Brings a shared text to `next` by the smallest edit, so that what others type elsewhere in it stays. */
export function editText(text: Y.Text, next: string, origin: unknown, cursorAfter?: number): void {
  const edit = textEdit(text.toString(), next.toWellFormed(), cursorAfter);
  if (edit === null) return;
  const apply = () => {
    if (edit.remove > 0) text.delete(edit.index, edit.remove);
    if (edit.insert !== '') text.insert(edit.index, edit.insert);
  };
  if (text.doc) text.doc.transact(apply, origin);
  else apply();
}

/** Where a cursor at `position` stands after somebody else's change of the text; `delta` is the Yjs event's. */
export function shiftCursor(
  position: number,
  delta: readonly { retain?: number; insert?: unknown; delete?: number }[],
): number {
  let at = 0;
  let cursor = position;
  for (const step of delta) {
    if (at > cursor) break;
    if (step.retain !== undefined) at += step.retain;
    else if (step.delete !== undefined) cursor -= Math.min(step.delete, cursor - at);
    else if (typeof step.insert === 'string') {
      if (at < cursor) cursor += step.insert.length;
      at += step.insert.length;
    }
  }
  return cursor;
}

/** Sets a date, choice, number or yes/no field; `null` clears it. */
export function setField(doc: Y.Doc, fieldId: string, value: FieldValue | null, origin: unknown): void {
  doc.transact(() => {
    if (value === null) fieldsMap(doc).delete(fieldId);
    else fieldsMap(doc).set(fieldId, value);
  }, origin);
}

/** Adds an attachment or replaces what the document says of it; `null` removes it. */
export function setFile(doc: Y.Doc, fileId: string, file: FileEntry | null, origin: unknown): void {
  doc.transact(() => {
    if (file === null) filesMap(doc).delete(fileId);
    else filesMap(doc).set(fileId, { ...file });
  }, origin);
}

/** Changes category or language. */
export function setMeta(doc: Y.Doc, meta: Partial<ContentMeta>, origin: unknown): void {
  doc.transact(() => {
    for (const [key, value] of Object.entries(meta)) metaMap(doc).set(key, value);
  }, origin);
}
