import { GONE } from './gone.ts';
import type { Align, Mark } from './types.ts';

/** Key of the body's root in the Y.Doc: what the V2 binding of `@lexical/yjs` uses. */
export const BODY_ROOT = 'root-v2';

/** Prefix of the top-level texts that hold text fields. */
export const FIELD_TEXT_PREFIX = 'field:';

/** Node names the body may contain, as `XmlElement.nodeName`. */
export const BODY_ELEMENTS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'quote',
  'list',
  'listitem',
  'link',
  'autolink',
  'linebreak',
  'table',
  'tablerow',
  'tablecell',
]);

/**
 * Attributes a text of the body may carry, besides node state (`s_` and a key): `p` its properties, `i`
 * its number among neighbours. Not `t`, the node type: every text is a plain text node. Somebody's word typed into a
 * stretch that another turns into a node of a special type would be swallowed by it; so a tab is a character.
 */
export const TEXT_ATTRIBUTES: ReadonlySet<string> = new Set(['p', 'i']);

/** Attributes an element of the body may carry, besides node state (`s_` and a key). */
export const ELEMENT_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    `${GONE} ` +
    '__format __style __indent __dir __textFormat __textStyle __tag __listType __start __value __checked ' +
    '__url __target __rel __title __isUnlinked __rowStriping __frozenColumnCount __frozenRowCount __colWidths ' +
    '__height __colSpan __rowSpan __headerState __width __backgroundColor __verticalAlign'
  ).split(' '),
);

/** Properties a text of the body may carry in its `p` attribute. */
export const TEXT_PROPERTIES: ReadonlySet<string> = new Set(['__format', '__style', '__mode', '__detail']);

/** Nesting that is read; a deeper body is refused by `validateUpdate` and read flat. */
export const MAX_BODY_DEPTH = 40;

/** Marks in canonical order with their bit in Lexical's text format. */
export const MARK_BITS: readonly (readonly [Mark, number])[] = [
  ['bold', 1],
  ['italic', 2],
  ['underline', 8],
  ['strikethrough', 4],
  ['subscript', 32],
  ['superscript', 64],
  ['code', 16],
  ['highlight', 128],
];

/** Alignments with their number in Lexical's element format. */
export const ALIGN_NUMBERS: readonly (readonly [Align, number])[] = [
  ['center', 2],
  ['right', 3],
  ['justify', 4],
];

/** Lexical's bits of a cell's header state: in the heading row, in the heading column. */
export const HEADER_ROW_BIT = 1;
export const HEADER_COLUMN_BIT = 2;
