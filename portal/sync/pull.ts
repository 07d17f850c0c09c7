import type { Static } from 'typebox';
import type { Checkpoint, PullQuery, SyncedCollection } from '../../domain/contracts/index.ts';
import { type Actor, maySee } from '../../domain/workflow/index.ts';
import type { Db } from '../storage/database.ts';
import { type Found, READERS, type Whose } from './readFeed.ts';
import { scopesOf } from './scopes.ts';

export interface Pulled {
  readonly documents: Record<string, unknown>[];
  readonly checkpoint: Checkpoint | null;
  /** There is more: the page was cut because of its size. */
  readonly more: boolean;
}

/** Whose desk asks: the person, and the number of the person's present role and unit (`scopes.ts`). */
export interface Reader {
  readonly actor: Actor;
  readonly scope: number;
}

/** A page is cut when it has so many characters of content: a few rows of a long article can weigh more than thousands of others. */
const PAGE_CHARACTERS = 4 * 1024 * 1024;

/** As many rows as weigh so much, as far as those before tell, are read at once; at most so many, and so many times as many as before. */
const LIGHT_CHARACTERS = PAGE_CHARACTERS / 16;
const MOST_ROWS = 1000;
const MOST_FOLD = 16;

/** Where in the feed a desk is, and what else has to be told of rows that it has passed. */
interface Walk {
  readonly sequence: number;
  readonly id: string;
  /** Earlier roles and units under which the desk may have got rows; empty when there is nothing to put right. */
  readonly was: readonly number[];
  /** Up to here the desk had come under those. */
  readonly since: number;
}

/**
 * The rows after a checkpoint that this person's desk may hold, at most `limit`; fewer only at the end of the feed, or when `more` says so. Rows that
 * the person may not see are passed over; what may have been on the desk before goes out as deleted, without its content.
 *
 * A checkpoint names the scope under which it was reached. If the person has another role or unit by now, the desk walks through the feed once
 * more and gets of what it had passed only the differences: what may be seen now and could not before, and the other way round.
 */
export async function pull(
  db: Db,
  organisationId: string,
  { actor, scope }: Reader,
  collection: SyncedCollection,
  query: Static<typeof PullQuery>,
): Promise<Pulled> {
  let walk = walkOf(query, scope);
  const before = await scopesOf(db, organisationId, actor.id, walk.was);
  const documents: Pulled['documents'] = [];
  let characters = 0;
  const { read, pageRows } = READERS[collection];
  let wanted = pageRows;
  const answer = (more: boolean): Pulled => ({
    documents,
    checkpoint: walk.sequence > 0 || query.sequence > 0 ? checkpointOf(walk, scope) : null,
    more,
  });
  for (;;) {
    const found = await read(db, organisationId, walk.sequence, wanted);
    let weight = 0;
    for (const row of found) {
      const document = shown(row, sightOf(row, actor, before, row.sequence <= walk.since));
      walk = { ...walk, sequence: row.sequence, id: row.id };
      weight += row.size;
      if (document === null) continue;
      documents.push(document);
      characters += row.size;
      if (documents.length === query.limit) return answer(false);
      if (characters >= PAGE_CHARACTERS) return answer(true);
    }
    if (found.length < wanted) {
      walk = { ...walk, was: [], since: 0 };
      return answer(false);
    }
    const light = Math.floor(LIGHT_CHARACTERS / Math.max(1, weight / found.length));
    const more = Math.min(light, MOST_FOLD * wanted, MOST_ROWS);
    // Not many more than the page has room for; but of what this person may not see there may be any number.
    wanted = Math.max(pageRows, Math.min(more, query.limit - documents.length));
  }
}

function walkOf(query: Static<typeof PullQuery>, scope: number): Walk {
  const { sequence, id } = query;
  const was = query.was === '' ? [] : query.was.split('.').map(Number);
  const reached = query.scope === 0 ? scope : query.scope;
  if (reached === scope || sequence === 0) return { sequence, id, was, since: query.since };
  return { sequence: 0, id: '', was: [...was, reached], since: Math.max(query.since, sequence) };
}

function checkpointOf({ sequence, id, was, since }: Walk, scope: number): Checkpoint {
  return { sequence, id, scope, was: was.join('.'), since };
}

type Sight = 'whole' | 'thin' | 'gone' | 'none';

function sightOf(row: Found, actor: Actor, before: readonly Actor[], isPassed: boolean): Sight {
  const isOwn = row.ownerId === actor.id;
  if (row.article === null) {
    if (isPassed) return 'none';
    return isOwn || row.ownerId === null ? 'whole' : 'none';
  }
  const { article } = row;
  if (maySee(actor, article)) {
    const isKnown = isPassed && before.every((one) => maySee(one, article));
    return isKnown ? 'none' : 'whole';
  }
  const wasSeen = [actor, ...before].some((one) => mayHaveSeen(one, article));
  // Verdicts on own proposals are told to who made them, without the text.
  if (isOwn) return isPassed && !wasSeen ? 'none' : 'thin';
  return wasSeen ? 'gone' : 'none';
}

/** Now, or while it was published. */
const mayHaveSeen = (actor: Actor, article: Whose): boolean =>
  maySee(actor, article) ||
  (article.publishedAt !== null && maySee(actor, { ...article, state: 'published', submittedAt: 0 }));

function shown(row: Found, sight: Sight): Record<string, unknown> | null {
  if (sight === 'none') return null;
  if (sight === 'whole') return { ...row.document(), _deleted: false };
  if (sight === 'thin') return { ...row.document(), content: null, stateVector: null, _deleted: false };
  const { id, articleId } = row;
  return articleId === null ? { id, _deleted: true } : { id, articleId, _deleted: true };
}
