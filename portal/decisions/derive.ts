import { checkBeforeSubmit, contentToCheck } from '../../domain/content/index.ts';
import type { Channel, Due } from '../../domain/contracts/index.ts';
import { dueDate } from '../../domain/deadlines/index.ts';
import type { ArticleContent } from '../../domain/document/index.ts';
import { deadlineRuleFor, findCategory } from '../../domain/regulations/index.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { LoadedDocument } from './documents.ts';

/** What the portal's row of an article says of its text. */
export interface DerivedFromText {
  readonly title: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly due: Due | null;
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
  };
}

/** The limit of the category, counted from the legal event whose date is a field of the article. English has none of its own (VP17 Điều 4 khoản 15). */
function dueOf(organisation: Organisation, categoryId: string, fields: ArticleContent['fields']): Due | null {
  const category = findCategory(organisation.profile, categoryId);
  if (!category) return null;
  const rule = deadlineRuleFor(category, fields);
  const eventDate = rule.eventField === null ? null : fields[rule.eventField];
  const due = dueDate({
    rule,
    eventDate: typeof eventDate === 'string' ? eventDate : null,
    calendar: organisation.calendar,
  });
  return due.dueDate === null ? null : { date: due.dueDate, clause: due.clause ?? '', ref: due.ref ?? '' };
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
