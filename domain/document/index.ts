export { canonicalise, contentBoundTo, fingerprint } from './canonical.ts';
export { compareContents, compareWords } from './compare.ts';
export { containedIn, insertedText, isIncomplete } from './contains.ts';
export { createArticleDoc, writeBody } from './create.ts';
export { editText, setField, setFile, setMeta, shiftCursor, type TextEdit, textEdit } from './edit.ts';
export { newDoc } from './newDoc.ts';
export { bodyLines, plainText, wordCount } from './plainText.ts';
export {
  type BodyProblem,
  bodyRoot,
  fieldsMap,
  fieldText,
  filesMap,
  inspectBody,
  metaMap,
  readBody,
  readContent,
  summaryText,
  titleText,
} from './read.ts';
export { parseRegulationText } from './regulationText.ts';
export { escapeHtml, renderHtml } from './renderHtml.ts';
export { restoreContent } from './restore.ts';
export { safeHref } from './safeHref.ts';
export { pairSegments, type SegmentPair, segments } from './segments.ts';
export type * from './types.ts';
export {
  applyInAnyOrder,
  applyUpdate,
  compact,
  covers,
  encodeState,
  loadDoc,
  MAX_UPDATE_BYTES,
  stateVector,
  updatesFit,
  validateUpdate,
} from './updates.ts';
export { MAX_VERSION_NAME } from './versionName.ts';
export { type NamedVersion, nameVersion, readVersions } from './versions.ts';
