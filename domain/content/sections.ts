import { daysBetween } from '../deadlines/index.ts';
import type { Category, RegulationProfile } from '../regulations/types.ts';

/** What is known of one article for the question how its section stands. Times in milliseconds since 1970. */
export interface SectionPiece {
  readonly categoryId: string;
  readonly unitId: string;
  /** When it became public last; null when it is not public. */
  readonly publishedAt: number | null;
  /** Its limit, `YYYY-MM-DD`, while it is unfinished; null without one. */
  readonly openDue: string | null;
  readonly isFinished: boolean;
}

/**
 * How a section stands. `late`: a piece of it is past the limit that its clause sets. `empty`: nothing of it is public. `review`: the text
 * asks for regular updating without a number, and longer than the reminder allows nothing came; a reminder, never a breach
 * (TB21 9.1.a; TB11 6.2.a). `ok` otherwise.
 */
export type SectionStatus = 'late' | 'empty' | 'review' | 'ok';

export interface SectionFacts {
  readonly published: number;
  /** When anything of it became public last. */
  readonly lastPublishedAt: number | null;
  /** Unfinished pieces, and those of them past their limit. */
  readonly open: number;
  readonly late: number;
  readonly status: SectionStatus;
}

/** Modes of updating that have no number of days: only a reminder can stand for one. */
const REGULAR: ReadonlySet<Category['deadline']['mode']> = new Set<Category['deadline']['mode']>([
  'continuous',
  'timely',
]);
export const hasReminder = (category: Pick<Category, 'deadline'>): boolean =>
  REGULAR.has(category.deadline.mode);

/** The sections that somebody must keep up: those that articles are written for. */
export const mandatorySections = (profile: Pick<RegulationProfile, 'categories'>): Category[] =>
  profile.categories.filter((category) => category.drafting);

/** Units that the regulation binds to a section: those it names, or every unit. */
export function unitsBoundTo(
  profile: Pick<RegulationProfile, 'units' | 'everyUnit'>,
  categoryId: string,
  unitIds: readonly string[],
): readonly string[] {
  if (profile.everyUnit.some((duty) => duty.categoryId === categoryId)) return unitIds;
  const named = new Set(
    profile.units
      .filter((unit) => unit.categories.some((duty) => duty.categoryId === categoryId))
      .map((unit) => unit.id),
  );
  return unitIds.filter((id) => named.has(id));
}

/** How a section stands, from the pieces of it that count. `reminderDays`: calendar days after which it is worth a look; null for never. */
export function sectionFacts(
  category: Pick<Category, 'deadline'>,
  pieces: Iterable<SectionPiece>,
  today: string,
  dayOf: (at: number) => string,
  reminderDays: number | null,
): SectionFacts {
  let published = 0;
  let lastPublishedAt: number | null = null;
  let open = 0;
  let late = 0;
  for (const piece of pieces) {
    if (piece.publishedAt !== null) {
      published += 1;
      lastPublishedAt = Math.max(lastPublishedAt ?? 0, piece.publishedAt);
    }
    if (piece.isFinished) continue;
    open += 1;
    if (piece.openDue !== null && piece.openDue < today) late += 1;
  }
  const isOld =
    hasReminder(category) &&
    reminderDays !== null &&
    lastPublishedAt !== null &&
    daysBetween(dayOf(lastPublishedAt), today) > reminderDays;
  const status = late > 0 ? 'late' : published === 0 ? 'empty' : isOld ? 'review' : 'ok';
  return { published, lastPublishedAt, open, late, status };
}
