export type { OfferedFile, RefusedReason } from './attachments.ts';
export {
  allowedExtensions,
  checkAttachment,
  checkFirstBytes,
  extensionOf,
  MAX_ATTACHMENT_BYTES,
  mediaTypeOf,
} from './attachments.ts';
export type { AttachedFile, ContentToCheck } from './checkBeforeSubmit.ts';
export { checkBeforeSubmit, contentToCheck } from './checkBeforeSubmit.ts';
export { todoOf } from './checks/checkWriting.ts';
export type { Place } from './checks/pieces.ts';
export { classifyDocumentNumber, normaliseDocumentNumber } from './documentNumber.ts';
export type { DescribedArticle } from './dublinCore.ts';
export { dublinCore } from './dublinCore.ts';
export type { FieldSpec } from './fields.ts';
export { fieldsFor } from './fields.ts';
export { ISSUE_CODES, type Issue, type IssueCode, maySubmit } from './issues.ts';
export type { SectionFacts, SectionPiece } from './sections.ts';
export { hasReminder, mandatorySections, sectionFacts, unitsBoundTo } from './sections.ts';
export type { FieldValues } from './validateFields.ts';
export { readMoney, readNumber, validateFields } from './validateFields.ts';
