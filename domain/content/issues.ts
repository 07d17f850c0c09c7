import type { Place } from './checks/pieces.ts';
import { WRITING_CODES } from './checks/writingCodes.ts';

/** What can be wrong with content. Sentences for them are in `assets/strings`, keyed by the code. */
export const ISSUE_CODES = [
  'missing',
  'missing-title',
  'missing-summary',
  'missing-body',
  'missing-file',
  'missing-section',
  'unknown-category',
  'not-an-article',
  'bad-value',
  'bad-date',
  'no-such-day',
  'date-out-of-range',
  'bad-email',
  'bad-phone',
  'bad-url',
  'bad-number',
  'bad-money',
  'below-minimum',
  'unknown-option',
  'too-long',
  'dates-out-of-order',
  'document-number-form',
  'precondition-unmet',
  'file-format',
  'file-type-refused',
  'file-too-large',
  'file-empty',
  ...WRITING_CODES,
] as const;
/** One of {@link ISSUE_CODES}. */
export type IssueCode = (typeof ISSUE_CODES)[number];

/**
 * Something to mend (`must`: submission waits for it) or to look at (`should`). `fieldId` is a field id, `title`,
 * `summary`, `body` or null. `clause` and `ref` name the rule it comes from and are empty where it is a product
 * rule. `params` fill the sentence. `place` says where in the text, for what was written.
 */
export interface Issue {
  readonly code: IssueCode;
  readonly severity: 'must' | 'should';
  readonly fieldId: string | null;
  readonly clause: string;
  readonly ref: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly place?: Place;
}

/** True when nothing of severity `must` is left. */
export function maySubmit(issues: readonly Issue[]): boolean {
  return issues.every((issue) => issue.severity !== 'must');
}
