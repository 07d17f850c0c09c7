import { diffArrays } from 'diff';
import * as Y from 'yjs';
import { FIELD_TEXT_PREFIX } from './bodyShape.ts';
import { treeOfYjs } from './bodyTree.ts';
import { canonicalise } from './canonical.ts';
import { likeness, wordBag } from './compareWords.ts';
import { blockElement } from './create.ts';
import { editText, setField, setFile, textEdit } from './edit.ts';
import { placeOfShown, removeChild, shownChildren } from './gone.ts';
import { bodyRoot, fieldsMap, fieldText, filesMap, readContent, summaryText, titleText } from './read.ts';
import { readBlocks } from './readBody.ts';
import { joinRuns } from './runs.ts';
import { stableJson } from './stableJson.ts';
import type { ArticleContent, Block, Run } from './types.ts';

/** A paragraph that differs less than this is edited in place, so that what others write in it meanwhile stays. */
const SAME_PARAGRAPH = 0.5;

/**
 * Brings a document back to an earlier content by new edits, as small as can be: nothing of what was written is taken out of
 * the document's past, and edits that others make meanwhile merge with it. Category and language stay: they say what the article
 * is. Returns false, with the document as near as it could be brought, when it does not read the same afterwards.
 */
export function restoreContent(doc: Y.Doc, content: ArticleContent, origin: unknown): boolean {
  const isDone = () => {
    const now = readContent(doc);
    return canonicalise(now) === canonicalise({ ...content, meta: now.meta });
  };
  doc.transact(() => {
    editText(titleText(doc), content.title, origin);
    editText(summaryText(doc), content.summary, origin);
    restoreFields(doc, content, origin);
    restoreFiles(doc, content, origin);
    restoreBody(doc, content.body);
    if (!isDone()) rewriteBody(doc, content.body);
  }, origin);
  return isDone();
}

/** A field is a shared text exactly when it ever was one in this document; what it held before is found in its past. */
function restoreFields(doc: Y.Doc, { fields }: ArticleContent, origin: unknown): void {
  const texts = [...doc.share.keys()]
    .filter((name) => name.startsWith(FIELD_TEXT_PREFIX))
    .map((name) => name.slice(FIELD_TEXT_PREFIX.length));
  for (const id of texts) {
    const value = Object.hasOwn(fields, id) ? fields[id] : '';
    editText(fieldText(doc, id), typeof value === 'string' ? value : '', origin);
  }
  const isText = (id: string) => texts.includes(id) && typeof fields[id] === 'string';
  for (const id of [...fieldsMap(doc).keys()]) {
    if (!Object.hasOwn(fields, id)) setField(doc, id, null, origin);
  }
  for (const [id, value] of Object.entries(fields)) {
    if (!isText(id) && stableJson(fieldsMap(doc).get(id)) !== stableJson(value))
      setField(doc, id, value, origin);
  }
}

function restoreFiles(doc: Y.Doc, { files }: ArticleContent, origin: unknown): void {
  const wanted = new Map(files.map(({ id, ...entry }) => [id, entry]));
  for (const id of [...filesMap(doc).keys()]) {
    if (!wanted.has(id)) setFile(doc, id, null, origin);
  }
  for (const [id, entry] of wanted) {
    if (stableJson(filesMap(doc).get(id)) !== stableJson(entry)) setFile(doc, id, entry, origin);
  }
}

const formOf = (child: Y.XmlElement, root: Y.XmlElement): string => {
  const index = shownChildren(root).indexOf(child);
  const read = treeOfYjs(root).children()[index];
  return read === undefined ? '' : stableJson(readBlocks([read], 0));
};

/** Keeps the blocks that are the same, edits in place those that differ little, removes and writes the others. */
function restoreBody(doc: Y.Doc, body: readonly Block[]): void {
  const root = bodyRoot(doc);
  const before = treeOfYjs(root)
    .children()
    .map((child) => stableJson(readBlocks([child], 0)));
  const changes = diffArrays(
    before,
    body.map((block) => stableJson([block])),
  );
  let at = 0;
  let next = 0;
  let gone = 0;
  const closeGap = (added: readonly Block[]) => {
    const kept = added.findIndex((block, index) => index >= gone || !editBlock(root, at + index, block));
    const edited = kept === -1 ? added.length : kept;
    removeBlocks(root, at + edited, gone - edited);
    insertBlocks(root, at + edited, added.slice(edited));
    at += added.length;
    gone = 0;
  };
  for (const change of changes) {
    const count = change.value.length;
    if (change.removed) gone += count;
    else if (change.added) {
      closeGap(body.slice(next, next + count));
      next += count;
    } else {
      if (gone > 0) closeGap([]);
      at += count;
      next += count;
    }
  }
  if (gone > 0) closeGap([]);
  keepOneParagraph(root);
}

/** Edits a block of one plain run where it stands. False when that is not what it is, or would not do. */
function editBlock(root: Y.XmlElement, index: number, block: Block): boolean {
  const child = shownChildren(root)[index];
  if (!(child instanceof Y.XmlElement) || !('runs' in block)) return false;
  const [text, ...others] = shownChildren(child);
  if (others.length > 0 || !(text instanceof Y.XmlText)) return false;
  const parts = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
  const [only] = parts;
  const wanted = onlyText(block.runs);
  if (parts.length !== 1 || typeof only?.insert !== 'string' || wanted === null) return false;
  if (likeness(wordBag(only.insert), wordBag(wanted)) < SAME_PARAGRAPH) return false;
  const edit = textEdit(only.insert, wanted);
  if (edit === null) return false;
  const isAligned =
    formOf(child, root) === stableJson([{ ...block, runs: withText(block.runs, only.insert) }]);
  if (!isAligned) return false;
  if (edit.remove > 0) text.delete(edit.index, edit.remove);
  if (edit.insert !== '') text.insert(edit.index, edit.insert, only.attributes ?? {});
  return true;
}

const withText = (runs: readonly Run[], text: string): Run[] => runs.map((run) => ({ ...run, text }));

/** The text of runs that are one, without link or line break; otherwise null. */
function onlyText(runs: readonly Run[]): string | null {
  const [run] = runs;
  const isPlain = runs.length === 1 && run?.href === undefined && !joinRuns(runs).includes('\n');
  return isPlain ? joinRuns(runs) : null;
}

function rewriteBody(doc: Y.Doc, body: readonly Block[]): void {
  const root = bodyRoot(doc);
  removeBlocks(root, 0, shownChildren(root).length);
  insertBlocks(root, 0, body);
  keepOneParagraph(root);
}

/** As an editor removes them: what others write into them at the same time stays. */
function removeBlocks(root: Y.XmlElement, at: number, count: number): void {
  for (const child of shownChildren(root).slice(at, at + Math.max(0, count))) removeChild(root, child);
}

function insertBlocks(root: Y.XmlElement, at: number, blocks: readonly Block[]): void {
  if (blocks.length > 0) root.insert(placeOfShown(root, at), blocks.map(blockElement));
}

/** An editor that opens a body without any block would have to add one, and two editors would add two. */
function keepOneParagraph(root: Y.XmlElement): void {
  if (shownChildren(root).length === 0) root.insert(0, [blockElement({ type: 'paragraph', runs: [] })]);
}
