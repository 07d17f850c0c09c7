import type { Portal } from '../context.ts';
import { ArticleCase } from '../decisions/judge.ts';
import { change, type Feed, lockArticles, type Tx } from '../storage/feed.ts';
import type { Organisation } from '../storage/organisations.ts';

/**
 * Runs one change of an article's rows: locks the article and the one it translates, hands over the case, stamps the
 * feed, commits. `sourceArticleId` names the Vietnamese article where the row does not exist yet.
 */
export async function withCase<T>(
  portal: Portal,
  organisation: Organisation,
  articleId: string,
  sourceArticleIds: readonly string[],
  work: (articleCase: ArticleCase, tx: Tx, feed: Feed) => Promise<T>,
): Promise<T> {
  let opened: ArticleCase | undefined;
  const value = await change(portal, organisation.id, async (tx, feed) => {
    // Which article one translates never changes once it is declared, so it may be read before the lock.
    const known = await tx
      .selectFrom('articles')
      .select('source_article_id')
      .where('organisation_id', '=', organisation.id)
      .where('id', '=', articleId)
      .executeTakeFirst();
    const sources = known?.source_article_id ? [known.source_article_id] : sourceArticleIds;
    await lockArticles(tx, organisation.id, [articleId, ...sources]);
    const current = await portal.organisations.current(tx, organisation);
    opened = await new ArticleCase(portal, current, tx, feed, articleId).open();
    return work(opened, tx, feed);
  });
  if (opened?.document) {
    portal.documents.keep(organisation.id, opened.document);
    portal.onText(organisation.id, opened.document);
  }
  return value;
}
