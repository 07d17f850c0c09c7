import { checkBeforeSubmit, contentToCheck } from '../../domain/content/index.ts';
import type { Channel, Due } from '../../domain/contracts/index.ts';
import { type DueDate, dueDate } from '../../domain/deadlines/index.ts';
import type { ArticleContent } from '../../domain/document/index.ts';
import {
  type DeadlineRule,
  deadlineRuleFor,
  findCategory,
  type RegulationProfile,
  ruleName,
} from '../../domain/regulations/index.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { LoadedDocument } from './documents.ts';

/** What the portal's row of an article says of its text. */
export interface DerivedFromText {
  readonly title: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly due: Due | null;
  /** What decides its limit: see {@link deadlineFacts}. */
  readonly facts: DeadlineFacts;
}

const MAX_LIST_TEXT = 2_000;

/** Derived afresh from the text whenever it changed; nothing here is entered by anybody. */
export function deriveFromText(
  organisation: Organisation,
  article: { readonly channel: Channel; readonly categoryId: string },
  loaded: LoadedDocument,
): DerivedFromText {
  const { content } = loaded;
  return {
    title: content.title.trim().slice(0, MAX_LIST_TEXT),
    summary: content.summary.trim().slice(0, MAX_LIST_TEXT),
    fingerprint: loaded.fingerprint,
    due: article.channel === 'vi' ? dueOf(organisation, article.categoryId, content.fields) : null,
    facts: deadlineFacts(content.fields),
  };
}

/** Values of the fields of an article, long ones cut: all that limits and their conditions look at. */
export type DeadlineFacts = Readonly<Record<string, string | number | boolean>>;

const MAX_FACT = 100;

/** What a limit is computed from, kept beside the article, so that changed rules or days need not open every document. */
export function deadlineFacts(fields: ArticleContent['fields']): DeadlineFacts {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([id, value]): [string, string | number | boolean][] => {
      if (typeof value === 'string') return [[id, value.slice(0, MAX_FACT)]];
      return typeof value === 'number' || typeof value === 'boolean' ? [[id, value]] : [];
    }),
  );
}

/** The limit of the category, counted from the legal event whose date is a field of the article. English has none of its own (VP17 Điều 4 khoản 15). */
function dueOf(organisation: Organisation, categoryId: string, fields: ArticleContent['fields']): Due | null {
  const limit = limitOf(organisation.profile, categoryId, fields);
  return limit && toDue(organisation.profile, dueDate({ ...limit, calendar: organisation.calendar }));
}

/** The rule that applies to an article and the date of its event; null for a category that the regulation does not have. */
export function limitOf(
  profile: RegulationProfile,
  categoryId: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly rule: DeadlineRule; readonly eventDate: string | null } | null {
  const category = findCategory(profile, categoryId);
  if (!category) return null;
  const rule = deadlineRuleFor(category, fields);
  const eventDate = rule.eventField === null ? null : fields[rule.eventField];
  return { rule, eventDate: typeof eventDate === 'string' ? eventDate : null };
}

/** As it is kept with the article, with the version of its rule. */
export function toDue(profile: Pick<RegulationProfile, 'version'>, due: DueDate): Due | null {
  if (due.dueDate === null) return null;
  return {
    date: due.dueDate,
    clause: due.clause ?? '',
    ref: due.ref ?? '',
    rule: ruleName(profile, due) ?? '',
  };
}

/** How many checks stand between the text and its submission. */
export function countOpenChecks(
  organisation: Organisation,
  article: { readonly channel: Channel; readonly categoryId: string },
  content: ArticleContent,
): number {
  const issues = checkBeforeSubmit(contentToCheck(organisation.profile, article, content));
  return issues.filter((issue) => issue.severity === 'must').length;
}
