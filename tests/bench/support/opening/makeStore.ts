import { deflateRawSync } from 'node:zlib';
import type { RxCollection } from 'rxdb';
import * as Y from 'yjs';
import type { ArticleRow } from '../../../../domain/contracts/rows.ts';
import { collationKey, foldVietnamese } from '../../../../domain/text/index.ts';
import type { LocalDecision, LocalUpdate, StoredDeskRow } from '../../../../main/engine/database.ts';
import { sampleWords, seeded, syntheticArticle } from '../syllables.ts';
import { openDesk } from './openDesk.ts';

const BATCH = 500;
/** Bodies that differ; more would only take longer to make. */
const BODIES = 100;
const WORDS = 600;
const START = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
const STATES = [
  'draft',
  'submitted',
  'endorsed',
  'in-review',
  'returned',
  'published',
  'published',
  'published',
] as const;

interface Body {
  readonly title: string;
  readonly summary: string;
  readonly update: string;
  readonly content: string;
}

function bodies(): Body[] {
  const sample = sampleWords();
  const random = seeded(1);
  return Array.from({ length: BODIES }, (_, number) => {
    const { title, body } = syntheticArticle(number, random, sample, WORDS);
    const doc = new Y.Doc();
    doc.getText('body').insert(0, body);
    return {
      title,
      summary: body.slice(0, 200),
      update: Buffer.from(Y.encodeStateAsUpdateV2(doc)).toString('base64'),
      content: deflateRawSync(body).toString('base64'),
    };
  });
}

const day = (number: number): string =>
  new Date(START + (number % 700) * 1440 * MINUTE).toISOString().slice(0, 10);

function articleOf(number: number, { title, summary }: Body): ArticleRow {
  const state = STATES[number % STATES.length] ?? 'draft';
  const at = START + number * MINUTE;
  return {
    id: `bai-${String(number).padStart(6, '0')}`,
    unitId: `don-vi-${number % 20}`,
    channel: number % 5 === 0 ? 'en' : 'vi',
    categoryId: `muc-${number % 15}`,
    sourceArticleId: null,
    counterpartId: null,
    title: `${title} ${number}`,
    summary,
    state,
    version: 1,
    fingerprint: 'f'.repeat(64),
    contributors: ['nguoi-1'],
    createdBy: 'nguoi-1',
    createdAt: at,
    updatedAt: at + 10 * MINUTE,
    submittedAt: at + 5 * MINUTE,
    publishedAt: state === 'published' ? at + 9 * MINUTE : null,
    due: { date: day(number), clause: 'VP17 Điều 7.4', ref: '', rule: '' },
  } as ArticleRow;
}

function deskRowOf(article: ArticleRow): StoredDeskRow {
  const isFinished = article.state === 'published';
  return {
    id: article.id,
    inMine: article.state === 'draft',
    inWorking: !isFinished,
    inReturned: article.state === 'returned',
    inReview: article.state === 'in-review',
    inTranslation: article.channel === 'en' && !isFinished,
    inPublished: isFinished,
    state: article.state,
    unitId: article.unitId,
    categoryId: article.categoryId,
    channel: article.channel,
    sourceId: '',
    dueDate: article.due?.date ?? '9999-12-31',
    updatedAt: article.updatedAt,
    publishedAt: article.publishedAt ?? 0,
    titleKey: collationKey(article.title),
    folded: foldVietnamese(`${article.title} ${article.summary}`).slice(0, 4000),
    row: {
      ...article,
      projectedState: article.state,
      local: false,
      sync: 'received',
      syncAt: article.updatedAt,
      savedAt: null,
      pendingUpdates: 0,
      pendingDecisions: 0,
      pendingFiles: 0,
      problem: null,
      earlierApprovalId: null,
      nextRoles: ['editor'],
      nextUnitId: null,
      mine: false,
    },
  };
}

/** The text as it was first written and three later edits. */
function updatesOf({ id, createdAt }: ArticleRow, { update }: Body): LocalUpdate[] {
  return [0, 1, 2, 3].map((number) => ({
    id: `${id}.${number}`,
    articleId: id,
    authorId: 'nguoi-1',
    deskId: 'ban-1',
    at: createdAt + number * MINUTE,
    held: false,
    update: number === 0 ? update : update.slice(0, 240),
    sent: createdAt + number * MINUTE,
    code: '',
    ref: '',
    order: number,
    dismissed: 0,
    aside: null,
    opens: null,
  }));
}

function decisionOf({ id, createdAt }: ArticleRow, { content }: Body): LocalDecision {
  return {
    id: `${id}.submit`,
    articleId: id,
    action: 'submit',
    actorId: 'nguoi-1',
    deskId: 'ban-1',
    position: createdAt,
    proposedAt: createdAt,
    fingerprint: 'f'.repeat(64),
    content,
    stateVector: null,
    reason: null,
    declaration: null,
    status: 'accepted',
    verdictCode: null,
    verdictRef: null,
    verdictAt: createdAt,
    stateAfter: 'submitted',
    version: 1,
    onBehalfOf: null,
    sent: createdAt,
    code: '',
    ref: '',
    order: 0,
    dismissed: 0,
  };
}

/**
 * Fills a desk's store with articles in the product's own collections: rows of the lists and, `withBodies`, the portal's row, the text in four
 * updates of Yjs (600 words) and one decision with its evidence for each.
 */
export async function makeStore(
  folder: string,
  { articles, withBodies, key }: { articles: number; withBodies: boolean; key: Uint8Array | undefined },
): Promise<void> {
  const database = await openDesk(folder, key);
  const texts = bodies();
  const add = async <T>(collection: RxCollection<T>, rows: T[]) => {
    const { error } = await collection.bulkInsert(rows);
    if (error[0]) throw new Error(`a row was not written: status ${error[0].status}`);
  };
  for (let from = 0; from < articles; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, articles - from) }, (_, number) => from + number);
    const made = numbers.map((number) => {
      const body = texts[number % BODIES] as Body;
      return { article: articleOf(number, body), body };
    });
    await add(
      database.desk,
      made.map(({ article }) => deskRowOf(article)),
    );
    if (!withBodies) continue;
    await add(
      database.articles,
      made.map(({ article }) => article),
    );
    await add(
      database.updates,
      made.flatMap(({ article, body }) => updatesOf(article, body)),
    );
    await add(
      database.decisions,
      made.map(({ article, body }) => decisionOf(article, body)),
    );
  }
  await database.close();
}
