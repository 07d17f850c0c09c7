import type { Result } from '../lib/result.ts';

/**
 * The shapes of an article's content.
 *
 * What these types hold is all that is published and all that a fingerprint covers: two
 * documents whose contents are equal publish the same page. Editor-only details (fonts and colours
 * of pasted text, list numbers that follow from position, text direction) are no part of it.
 */

/** Languages of the two channels. */
export type Language = 'vi' | 'en';

/** What the article is: its category in the organisation's regulation profile, and its language. */
export interface ContentMeta {
  categoryId: string;
  language: Language;
}

/** Inline marks, in the order in which the canonical form lists them. */
export type Mark =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'subscript'
  | 'superscript'
  | 'code'
  | 'highlight';

/**
 * A stretch of text with equal marks and link. Inside `text`, `\n` is a line break and `\t` a tab.
 * Neighbouring runs never have the same marks and link; a run is never empty.
 */
export interface Run {
  text: string;
  /** Absent when there is none. */
  marks?: Mark[];
  /** Link target as typed, not yet checked: `renderHtml` drops what is not safe. */
  href?: string;
}

/** Alignment of a block; absent means start. */
export type Align = 'center' | 'right' | 'justify';

/** A paragraph (đoạn văn). `indent` counts levels, absent means 0. */
export interface ParagraphBlock {
  type: 'paragraph';
  runs: Run[];
  align?: Align;
  indent?: number;
}

/** A heading. Level 1 is the title of the article, so the body has 2 to 4. */
export interface HeadingBlock {
  type: 'heading';
  level: 2 | 3 | 4;
  runs: Run[];
  align?: Align;
}

/** A quotation. */
export interface QuoteBlock {
  type: 'quote';
  runs: Run[];
  align?: Align;
}

/** An item of a list; `lists` are the lists inside it. */
export interface ListItem {
  runs: Run[];
  /** Only in lists of kind `check`. */
  checked?: boolean;
  lists?: ListBlock[];
}

/** A list. `start` is absent when it is 1. */
export interface ListBlock {
  type: 'list';
  kind: 'bullet' | 'number' | 'check';
  start?: number;
  items: ListItem[];
}

/** A cell of a table. `header` says for what it is the heading; spans are absent when 1. */
export interface TableCell {
  blocks: Block[];
  header?: 'column' | 'row' | 'both';
  colSpan?: number;
  rowSpan?: number;
}

/** A table, row by row. */
export interface TableBlock {
  type: 'table';
  rows: TableCell[][];
}

/** A block of the body. */
export type Block = ParagraphBlock | HeadingBlock | QuoteBlock | ListBlock | TableBlock;

/** Value of a field: texts of text fields, and what dates (`YYYY-MM-DD`), choices and numbers hold. */
export type FieldValue = string | number | boolean | string[];

/** What the document says of an attached file. The bytes are elsewhere, found by `sha256`. */
export interface FileEntry {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  sha256: string;
  /** File name as the citizen will see it. */
  name: string;
  /** Size in bytes. */
  size: number;
  /** Media type. */
  type: string;
  /** What it is to the article, for example `signedDocument` or `illustration`. */
  role: string;
  /** Caption or title shown instead of the name; may be empty. */
  label: string;
}

/** A file with its id in the document. */
export interface ContentFile extends FileEntry {
  id: string;
}

/** The whole content of an article, in canonical order: fields by id, files by id. */
export interface ArticleContent {
  meta: ContentMeta;
  title: string;
  summary: string;
  /** Only fields that have a value. */
  fields: Record<string, FieldValue>;
  files: ContentFile[];
  body: Block[];
}

/** SHA-256 of a content's canonical form, 64 lower-case hexadecimal digits. */
export type Fingerprint = string;

/**
 * Why an update was refused.
 * - `update-too-large`: more bytes than allowed
 * - `update-too-many-parts`: claims more parts than allowed (a small update can claim billions)
 * - `update-malformed`: can't be decoded, or has bytes left over
 * - `update-not-applicable`: decodes, but can't be applied to this document
 * - `update-unknown-content`: would bring nodes into the body that the editor doesn't know
 */
export type UpdateRefusal =
  | 'update-too-large'
  | 'update-too-many-parts'
  | 'update-malformed'
  | 'update-not-applicable'
  | 'update-unknown-content';

/** What a well-formed update carries. */
export interface UpdateSummary {
  byteLength: number;
  /** Number of structs. */
  parts: number;
  /** Whose edits it carries: clock range `[from, to)` per Yjs client id. */
  clients: { clientId: number; from: number; to: number }[];
  /** True if it also deletes something. */
  deletes: boolean;
}

/** A refusal of an update: a code of the common table, and the reason in `detail`. */
export interface UpdateError {
  code: 'malformed-update' | 'too-large';
  detail: { reason: UpdateRefusal };
}

/** Outcome of a check of an update. */
export type UpdateResult<T> = Result<T, UpdateError>;

/** Words that stayed, came or went. Joining `same` and `removed` gives the old text, `same` and `added` the new. */
export interface WordRun {
  op: 'same' | 'added' | 'removed';
  text: string;
}

/** A changed title, summary, field, or piece of meta data. `null` means it was or is not there. */
export interface FieldChange {
  /** `title`, `summary`, `meta.categoryId`, `meta.language`, or `field:` and the field's id. */
  id: string;
  before: FieldValue | null;
  after: FieldValue | null;
  /** Word by word, when both sides are text. */
  words?: WordRun[];
}

/** A changed attachment. `replaced`: other bytes; `described`: same bytes, other name, role or label. */
export type FileChange =
  | { kind: 'added'; after: ContentFile }
  | { kind: 'removed'; before: ContentFile }
  | { kind: 'replaced' | 'described'; before: ContentFile; after: ContentFile };

/**
 * One readable line of a body: a paragraph, heading, quotation, list item or table row. A table
 * row's cells are divided by `\t`.
 */
export interface BodyLine {
  kind: 'paragraph' | 'heading' | 'quote' | 'item' | 'row';
  /** Heading level, or depth of a list item from 1; otherwise 0. */
  level: number;
  /** Position of the block in the body, from 0. */
  block: number;
  text: string;
}

/**
 * A line of the comparison, in reading order of the new text, with what was deleted where it stood.
 * `restyled`: same words, other marks, links, level or alignment. A moved line may also carry
 * changed words; a moved line is listed once, at its new place.
 */
export type ComparedLine =
  | { kind: 'same'; before: BodyLine; after: BodyLine }
  | { kind: 'inserted'; after: BodyLine }
  | { kind: 'deleted'; before: BodyLine }
  | { kind: 'changed' | 'moved'; before: BodyLine; after: BodyLine; words: WordRun[] }
  | { kind: 'restyled'; before: BodyLine; after: BodyLine };

/** The readable difference between two contents. */
export interface Comparison {
  /** True exactly when the fingerprints are equal. */
  equal: boolean;
  /** Number of changes: fields, files, and lines other than `same`. */
  count: number;
  fields: FieldChange[];
  files: FileChange[];
  /** Every line, also the unchanged ones; empty if the bodies are equal. */
  lines: ComparedLine[];
}

/** A piece of text to be translated as one. */
export interface Segment {
  /** `title`, `summary`, or the digest of kind and text with a number for repetitions: follows a block when it moves. */
  id: string;
  /** Where it stands, for example `body.3` or `body.5.row.1.cell.0.0`. */
  path: string;
  kind: 'title' | 'summary' | 'paragraph' | 'heading' | 'quote' | 'item';
  text: string;
}

/** What a new article starts from. */
export interface NewArticle {
  /** Yjs client id of the creator's session: the caller's randomness, a 32-bit unsigned integer. */
  clientId: number;
  meta: ContentMeta;
  title?: string;
  summary?: string;
  /** Texts of text fields; they merge word by word. */
  textFields?: Record<string, string>;
  /** Values of date, choice, number and yes/no fields; of two writers the later in Yjs's order stays. */
  fields?: Record<string, FieldValue>;
  /** Blocks, or plain paragraphs. */
  body?: readonly (Block | string)[];
  files?: Record<string, FileEntry>;
}
