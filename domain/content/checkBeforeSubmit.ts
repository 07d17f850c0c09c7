import type { ArticleContent, Block } from '../document/types.ts';
import { isBlank, isRequired } from '../regulations/conditions.ts';
import { findCategory } from '../regulations/profiles.ts';
import type { Category, Channel, FieldRule, RegulationProfile } from '../regulations/types.ts';
import { checkAttachment, extensionOf } from './attachments.ts';
import { checkWriting, type WrittenFile } from './checks/checkWriting.ts';
import { bodyPieces } from './checks/pieces.ts';
import { fieldsFor } from './fields.ts';
import type { Issue, IssueCode } from './issues.ts';
import { type FieldValues, validateFields } from './validateFields.ts';

/** An attached file as the document names it; `role` is the id of the file field it fills, or another word. */
export type AttachedFile = {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly role: string;
  /** Caption, where it is known. */
  readonly label?: string;
  /** SHA-256 of the bytes, where it is known. */
  readonly sha256?: string;
};

/**
 * What a submission is checked on. `attachedTexts`: the words of attached files by SHA-256, as far as somebody has read
 * them.
 */
export type ContentToCheck = {
  readonly profile: RegulationProfile;
  readonly categoryId: string;
  /** The channel; an English version takes dates, numbers, choices, names and files from the Vietnamese one. */
  readonly language: Channel;
  readonly title: string;
  readonly summary: string;
  readonly fields: FieldValues;
  readonly files: readonly AttachedFile[];
  readonly body: readonly Block[];
  readonly attachedTexts?: ReadonlyMap<string, string>;
};

/** An article as the checks want it. */
export function contentToCheck(
  profile: RegulationProfile,
  article: { readonly categoryId: string; readonly channel: Channel },
  content: Pick<ArticleContent, 'title' | 'summary' | 'fields' | 'files' | 'body'>,
): ContentToCheck {
  const { title, summary, fields, files, body } = content;
  return {
    profile,
    categoryId: article.categoryId,
    language: article.channel,
    title,
    summary,
    fields,
    files,
    body,
  };
}

/** Characters a title may have. */
export const MAX_TITLE = 500;

/**
 * Everything that stands in the way of submitting an article (`must`) or deserves a look (`should`), in the order
 * of the form: title, summary, body, fields, files, then what reading the text found (`checks/`). An empty list means ready. Needs no portal.
 */
export function checkBeforeSubmit(content: ContentToCheck): Issue[] {
  const category = findCategory(content.profile, content.categoryId);
  if (!category) return [product('unknown-category', 'must', null)];
  if (!category.drafting) return [product('not-an-article', 'must', null)];
  const values = withFiles(content, category);
  return [
    ...textIssues(content, category, values),
    ...inheritedLeftOut(content, validateFields(content.profile, content.categoryId, values)),
    ...sectionIssues(category, values),
    ...(content.language === 'vi' ? fileFieldIssues(content, category, values) : []),
    ...content.files.flatMap((file) =>
      checkAttachment(file).map((issue) => ({ ...issue, params: { ...issue.params, name: file.name } })),
    ),
    ...checkWriting({
      ...content,
      files: content.files.map((file) => withText(file, content.attachedTexts)),
    }),
  ];
}

function withText(file: AttachedFile, texts: ContentToCheck['attachedTexts']): WrittenFile {
  const text = file.sha256 === undefined ? undefined : texts?.get(file.sha256);
  const { name, label } = file;
  return { name, ...(label === undefined ? {} : { label }), ...(text === undefined ? {} : { text }) };
}

/** The values of the fields, those of file fields being the names of the files. */
function withFiles(content: ContentToCheck, category: Category): FieldValues {
  const names = category.fields
    .filter((field) => field.type === 'file')
    .map((field) => [field.id, filesFor(field, category, content.files).map((file) => file.name)]);
  return { ...content.fields, ...Object.fromEntries(names) };
}

function textIssues(content: ContentToCheck, category: Category, values: FieldValues): Issue[] {
  const issues: Issue[] = [];
  const title = content.title.trim();
  if (title === '') issues.push(product('missing-title', 'must', 'title'));
  if (title.length > MAX_TITLE)
    issues.push({
      ...product('too-long', 'must', 'title'),
      params: { maximum: MAX_TITLE, length: title.length },
    });
  if (content.summary.trim() === '') issues.push(product('missing-summary', 'should', 'summary'));
  if (!hasWords(content.body) && !mayDoWithoutBody(content, category, values))
    issues.push(product('missing-body', 'must', 'body'));
  return issues;
}

const hasWords = (body: readonly Block[]): boolean => bodyPieces(body).length > 0;

/** An English version takes over the record; any word of its own will do there. */
function mayDoWithoutBody(content: ContentToCheck, category: Category, values: FieldValues): boolean {
  const instead = category.bodyUnless ?? [];
  const asked =
    content.language === 'en' && instead.length > 0 ? category.fields.map(({ id }) => id) : instead;
  return asked.some((id) => !isBlank(values[id]));
}

function inheritedLeftOut(content: ContentToCheck, issues: Issue[]): Issue[] {
  if (content.language === 'vi') return issues;
  const inherited = new Set(
    fieldsFor(content.profile, content.categoryId, content.language)
      .filter((field) => field.inEnglish === 'inherit')
      .map((field) => field.id),
  );
  const absent = (issue: Issue) => issue.code === 'missing' || issue.code === 'precondition-unmet';
  return issues.filter((issue) => !(absent(issue) && inherited.has(issue.fieldId ?? '')));
}

/** Where the section as a whole covers the subjects, an article without any of them is probably misplaced. */
function sectionIssues(category: Category, values: FieldValues): Issue[] {
  if (category.coverage !== 'category') return [];
  const listed = category.fields.filter((field) => field.origin === 'listed');
  if (listed.length === 0 || listed.some((field) => !isBlank(values[field.id]))) return [];
  const { clause, ref } = category;
  return [{ code: 'missing-section', severity: 'should', fieldId: null, clause, ref }];
}

function fileFieldIssues(content: ContentToCheck, category: Category, values: FieldValues): Issue[] {
  return category.fields
    .filter((field) => field.type === 'file')
    .flatMap((field): Issue[] => {
      const { id: fieldId, clause, ref } = field;
      if (isBlank(values[field.id]))
        return isRequired(field, values)
          ? [{ code: 'missing-file', severity: 'must', fieldId, clause, ref }]
          : [];
      return filesFor(field, category, content.files)
        .filter((file) => field.formats && !field.formats.includes(extensionOf(file.name)))
        .map((file) => ({
          code: 'file-format',
          severity: 'must',
          fieldId,
          clause,
          ref,
          params: { name: file.name, formats: (field.formats ?? []).join(', ') },
        }));
    });
}

/** Files that fill a field: those with its id as role; if it is the category's only file field, any without a field. */
function filesFor(field: FieldRule, category: Category, files: readonly AttachedFile[]): AttachedFile[] {
  if (field.type !== 'file') return [];
  const fileFields = category.fields.filter((candidate) => candidate.type === 'file');
  const taken = new Set(fileFields.map((candidate) => candidate.id));
  const byRole = files.filter((file) => file.role === field.id);
  if (byRole.length > 0 || fileFields.length > 1) return byRole;
  return files.filter((file) => !taken.has(file.role) && file.role !== 'illustration');
}

function product(code: IssueCode, severity: Issue['severity'], fieldId: string | null): Issue {
  return { code, severity, fieldId, clause: '', ref: '' };
}
