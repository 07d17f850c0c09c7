import { canonicalise, renderHtml } from '../../domain/document/index.ts';
import { foldVietnamese, slugify } from '../../domain/text/index.ts';
import type { Tx } from '../storage/feed.ts';
import type { LoadedDocument } from './documents.ts';

interface Published {
  readonly organisationId: string;
  readonly articleId: string;
  readonly channel: 'vi' | 'en';
  readonly categoryId: string;
  readonly unitId: string;
  readonly decisionId: string;
  readonly contributors: readonly string[];
  readonly now: number;
}

/**
 * Puts the approved text before the citizens: a snapshot that no later text touches. The address stays with the
 * article when it is published anew. Returns the path on the portal.
 */
export async function publish(tx: Tx, what: Published, loaded: LoadedDocument): Promise<string> {
  const { organisationId, articleId, now } = what;
  const before = await tx
    .selectFrom('publications')
    .select(['revision', 'slug', 'first_published_at'])
    .where('organisation_id', '=', organisationId)
    .where('article_id', '=', articleId)
    .orderBy('revision', 'desc')
    .executeTakeFirst();
  await withdraw(tx, organisationId, articleId, now);
  const slug = before?.slug ?? (await freeSlug(tx, what, loaded.content.title));
  const { content } = loaded;
  await tx
    .insertInto('publications')
    .values({
      organisation_id: organisationId,
      article_id: articleId,
      revision: (before?.revision ?? 0) + 1,
      channel: what.channel,
      category_id: what.categoryId,
      unit_id: what.unitId,
      slug,
      decision_id: what.decisionId,
      fingerprint: loaded.fingerprint,
      content: canonicalise(content),
      title: content.title.trim(),
      summary: content.summary.trim(),
      html: renderHtml(content),
      plain: loaded.plain,
      folded_title: foldVietnamese(content.title),
      folded: foldVietnamese(searchText(loaded)),
      file_hashes: [...new Set(content.files.map((file) => file.sha256))],
      contributors: [...what.contributors],
      first_published_at: before?.first_published_at ?? now,
      published_at: now,
      withdrawn_at: null,
      current: true,
    })
    .execute();
  return pathOf(what.channel, slug);
}

/** What a search finds the article by: its text, the words of its fields (numbers of documents above all), names of files. */
function searchText({ content, plain }: LoadedDocument): string {
  const fields = Object.values(content.fields).filter((value) => typeof value === 'string');
  const files = content.files.flatMap((file) => [file.label, file.name]);
  return [plain, ...fields, ...files].join('\n').replace(/\s+/gu, ' ');
}

/** Takes the article from the citizens' sight; the snapshot is kept. */
export async function withdraw(
  tx: Tx,
  organisationId: string,
  articleId: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable('publications')
    .set({ current: false, withdrawn_at: now })
    .where('organisation_id', '=', organisationId)
    .where('article_id', '=', articleId)
    .where('current', '=', true)
    .execute();
}

/** Address of a published article on the portal. */
export function pathOf(channel: 'vi' | 'en', slug: string): string {
  return channel === 'vi' ? `/bai/${slug}` : `/en/article/${slug}`;
}

async function freeSlug(tx: Tx, what: Published, title: string): Promise<string> {
  const base = slugify(title) || 'bai';
  const taken = await tx
    .selectFrom('publications')
    .select('slug')
    .where('organisation_id', '=', what.organisationId)
    .where('channel', '=', what.channel)
    .where('slug', 'like', `${base}%`)
    .where('article_id', '!=', what.articleId)
    .execute();
  const known = new Set(taken.map((row) => row.slug));
  if (!known.has(base)) return base;
  for (let n = 2; ; n += 1) if (!known.has(`${base}-${n}`)) return `${base}-${n}`;
}
