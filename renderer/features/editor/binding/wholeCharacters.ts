import * as Y from 'yjs';

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** True if a cut at `index` would divide a character that takes two code units. */
function dividesPair(text: string, index: number): boolean {
  return isHighSurrogate(text.charCodeAt(index - 1)) && isLowSurrogate(text.charCodeAt(index));
}

interface Widened {
  text: Y.XmlText;
  index: number;
  before: string;
  after: string;
}

/**
 * Runs what writes to Y texts so that no edit divides a character of two code units. The binding looks for
 * the smallest difference by code units; 😀 and 😁 share the first one, and Yjs, told to cut between
 * the halves, replaces both by U+FFFD, on other machines not always the same ones. The binding
 * always calls `delete` and then `insert` at one index, also with nothing to delete: both are widened to
 * whole characters.
 */
export function withWholeCharacters(run: () => void): void {
  const prototype = Y.XmlText.prototype;
  const { delete: remove, insert } = Y.Text.prototype;
  let widened: Widened | null = null;
  prototype.delete = function (this: Y.XmlText, index: number, length: number) {
    const text = this.doc === null ? '' : Y.Text.prototype.toString.call(this);
    const before = dividesPair(text, index) ? text.charAt(index - 1) : '';
    const end = index + length;
    const after = dividesPair(text, end) ? text.charAt(end) : '';
    widened = before === '' && after === '' ? null : { text: this, index, before, after };
    remove.call(this, index - before.length, length + before.length + after.length);
  };
  prototype.insert = function (this: Y.XmlText, index: number, inserted: string, attributes?: object) {
    const wide = widened;
    widened = null;
    if (wide === null || wide.text !== this || wide.index !== index)
      insert.call(this, index, inserted, attributes);
    else insert.call(this, index - wide.before.length, wide.before + inserted + wide.after, attributes);
  };
  try {
    run();
  } finally {
    // Both are inherited from Y.Text: without an own property they are so again.
    Reflect.deleteProperty(prototype, 'delete');
    Reflect.deleteProperty(prototype, 'insert');
  }
}
