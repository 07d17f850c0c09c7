import { dateFault, isDate } from '../deadlines/dates.ts';
import { holds, isBlank, isRequired } from '../regulations/conditions.ts';
import { findCategory } from '../regulations/profiles.ts';
import type { Category, FieldRule, RegulationProfile } from '../regulations/types.ts';
import { classifyDocumentNumber } from './documentNumber.ts';
import type { Issue, IssueCode } from './issues.ts';

/** Values of an article's fields by field id, as the document holds them. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** Characters a field of short and of long text may hold. */
export const MAX_TEXT = 1_000;
export const MAX_LONG_TEXT = 100_000;

/**
 * Checks the values of a category's fields and of the common fields: what must be filled is, what is filled has
 * its form, dates follow each other, conditions of publication have their evidence. Files are not looked at
 * (see `checkBeforeSubmit`). Fields that the profile doesn't know are left alone: they may be of an earlier
 * profile.
 */
export function validateFields(profile: RegulationProfile, categoryId: string, values: FieldValues): Issue[] {
  const category = findCategory(profile, categoryId);
  if (!category) return [{ code: 'unknown-category', severity: 'must', fieldId: null, clause: '', ref: '' }];
  const fields = [...category.fields, ...profile.commonFields].filter((field) => field.type !== 'file');
  return [
    ...fields.flatMap((field) => fieldIssues(field, values)),
    ...orderIssues(category, values),
    ...preconditionIssues(category, values),
  ];
}

function fieldIssues(field: FieldRule, values: FieldValues): Issue[] {
  const value = values[field.id];
  if (isBlank(value)) return isRequired(field, values) ? [issueOf(field, 'missing')] : [];
  const entries = field.multiple && Array.isArray(value) ? value : [value];
  return entries.filter((entry) => !isBlank(entry)).flatMap((entry) => valueIssues(field, entry));
}

function valueIssues(field: FieldRule, value: unknown): Issue[] {
  switch (field.type) {
    case 'date': {
      const fault = dateFault(value);
      return fault === null ? [] : [issueOf(field, fault)];
    }
    case 'number':
    case 'money':
      return numberIssues(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [issueOf(field, 'bad-value')];
    case 'choice':
      return field.options?.some((option) => option.id === value) ? [] : [issueOf(field, 'unknown-option')];
    default:
      return textIssues(field, value);
  }
}

function numberIssues(field: FieldRule, value: unknown): Issue[] {
  const money = field.type === 'money';
  const number = money ? readMoney(value) : readNumber(value);
  if (number === null) return [issueOf(field, money ? 'bad-money' : 'bad-number')];
  if (field.minimum !== undefined && number < field.minimum)
    return [issueOf(field, 'below-minimum', { minimum: field.minimum })];
  return [];
}

const FORMS: Readonly<Partial<Record<FieldRule['type'], [RegExp, IssueCode]>>> = {
  email: [
    /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/iu,
    'bad-email',
  ],
  phone: [
    /^(?=(?:\D*\d){3})[+(]?\d[\d\s().,;/+-]*(?:[\s(]*(?:ext|máy lẻ|fax)[.:)]?\s*[\d\s().+-]+)?$/iu,
    'bad-phone',
  ],
  url: [/^https?:\/\/[^\s/?#]+\.[^\s/?#]+(?:[/?#]\S*)?$/iu, 'bad-url'],
};

function textIssues(field: FieldRule, value: unknown): Issue[] {
  if (typeof value !== 'string') return [issueOf(field, 'bad-value')];
  const text = value.normalize('NFC').trim();
  const maximum = field.type === 'longText' ? MAX_LONG_TEXT : MAX_TEXT;
  if (text.length > maximum) return [issueOf(field, 'too-long', { maximum, length: text.length })];
  const form = FORMS[field.type];
  if (form && !form[0].test(text)) return [issueOf(field, form[1])];
  if (field.format === 'documentNumber' && classifyDocumentNumber(text) === null)
    return [{ ...issueOf(field, 'document-number-form'), severity: 'should' }];
  return [];
}

function orderIssues(category: Category, values: FieldValues): Issue[] {
  return category.dateOrder.flatMap(({ earlier, later }) => {
    const [first, second] = [values[earlier], values[later]];
    if (!isDate(first) || !isDate(second) || first <= second) return [];
    const field = category.fields.find((candidate) => candidate.id === later);
    if (!field) return [];
    const params = { earlierField: earlier, earlier: first, later: second };
    return [{ ...issueOf(field, 'dates-out-of-order', params), severity: 'should' as const }];
  });
}

function preconditionIssues(category: Category, values: FieldValues): Issue[] {
  return category.preconditions.flatMap((rule) => {
    const evidence = category.fields.find((field) => field.id === rule.evidence);
    if (!evidence || evidence.type === 'file') return [];
    if (rule.ifAny && !rule.ifAny.some((id) => !isBlank(values[id]))) return [];
    const met = holds({ field: evidence.id, op: 'present' }, values) && values[evidence.id] !== false;
    // A field that is required and empty is already reported as missing.
    if (met || (isBlank(values[evidence.id]) && isRequired(evidence, values))) return [];
    const { clause, ref } = rule;
    return [
      {
        code: 'precondition-unmet' as const,
        severity: 'must' as const,
        fieldId: evidence.id,
        clause,
        ref,
        params: { rule: rule.id },
      },
    ];
  });
}

/** A number, or text of one with `.` or `,` before the fraction; null if it is none. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d+(?:[.,]\d+)?$/u.test(value.trim())) return null;
  return Number(value.trim().replace(',', '.'));
}

/** Whole đồng, never negative: a number, or digits grouped by `.` or spaces, with or without `đ`; else null. */
export function readMoney(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const text = value
    .normalize('NFC')
    .trim()
    .replace(/\s*(?:đồng|đ|₫|VND|VNĐ)$/iu, '');
  if (!/^(?:\d+|\d{1,3}(?:[.\s]\d{3})+)$/u.test(text)) return null;
  const number = Number(text.replace(/[.\s]/gu, ''));
  return Number.isSafeInteger(number) ? number : null;
}

function issueOf(field: FieldRule, code: IssueCode, params?: Issue['params']): Issue {
  const { id: fieldId, clause, ref } = field;
  return { code, severity: 'must', fieldId, clause, ref, ...(params ? { params } : {}) };
}
