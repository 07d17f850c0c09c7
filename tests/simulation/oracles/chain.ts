import type * as Y from 'yjs';
import { checkBeforeSubmit } from '../../../domain/content/index.ts';
import type { DecisionRow } from '../../../domain/contracts/index.ts';
import {
  applyUpdate,
  covers,
  fingerprint,
  loadDoc,
  readContent,
  stateVector,
} from '../../../domain/document/index.ts';
import type { Role } from '../../../domain/people/roles.ts';
import { getProfile, type RegulationProfile } from '../../../domain/regulations/index.ts';
import { BOUND_TO_TEXT, decide, type Subject } from '../../../domain/workflow/index.ts';
import { Failure } from '../failure.ts';
import type { Truth } from './truth.ts';

type Decision = Truth['decisions'][number];

/** What a person was, from when on; the portal's clock. */
export interface PersonAt {
  readonly from: number;
  readonly roles: readonly Role[];
  readonly unitId: string;
  readonly active: boolean;
}
export type PersonHistory = ReadonlyMap<string, readonly PersonAt[]>;

interface Article {
  subject: (Subject & { readonly categoryId: string }) | null;
  sourceId: string | null;
  readonly doc: Y.Doc;
  readonly contributors: Set<string>;
  lastFingerprint: string | null;
  publications: number;
}

/**
 * Plays the portal's history again, in the order of its clock, by the rules alone: each accepted decision is one that the chain allows
 * there and then, each refused one is refused with the same code, and what holds for one exact text was
 * decided on that text.
 */
export function checkChain(truth: Truth, history: PersonHistory): void {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 does not ship');
  const articles = new Map<string, Article>();
  const articleOf = (id: string): Article => {
    const known = articles.get(id);
    if (known) return known;
    const made: Article = {
      subject: null,
      sourceId: null,
      doc: loadDoc([]),
      contributors: new Set(),
      lastFingerprint: null,
      publications: 0,
    };
    articles.set(id, made);
    return made;
  };
  const events: { readonly at: number; readonly run: () => void }[] = [];
  for (const row of truth.taken)
    events.push({
      at: row.arrived_at,
      run: () => textArrived(articleOf(row.article_id), row.author_id, row.content),
    });
  for (const row of truth.decisions) {
    if (row.status === 'proposed' || row.verdict_at === null) {
      if (!['waiting-for-text', 'waiting-for-files'].includes(row.verdict_code ?? ''))
        throw new Failure('chain', `decision ${row.id} has no verdict and waits for nothing`);
      continue;
    }
    const at = row.verdict_at;
    events.push({
      at,
      run: () => verdict(row, at, articles, articleOf(row.article_id), truth, history, profile),
    });
  }
  checkOrder(truth.decisions);
  events.sort((a, b) => a.at - b.at);
  for (const { run } of events) run();
  for (const row of truth.articles) {
    const replayed = articles.get(row.id);
    if (!replayed?.subject) throw new Failure('chain', `${row.id} exists without an accepted declaration`);
    if (replayed.subject.state !== row.state || replayed.subject.version !== row.version)
      throw new Failure(
        'chain',
        `${row.id} is ${row.state} ${row.version}; its decisions lead to ${replayed.subject.state} ${replayed.subject.version}`,
      );
    const published = truth.publications.filter((one) => one.article_id === row.id).length;
    if (published !== replayed.publications)
      throw new Failure(
        'chain',
        `${row.id} was published ${published} times by ${replayed.publications} approvals`,
      );
  }
}

/** What one desk proposed for an article got its verdicts in the order in which it was proposed. */
function checkOrder(decisions: readonly Decision[]): void {
  const latest = new Map<string, Decision>();
  for (const row of [...decisions].sort((a, b) => a.position - b.position)) {
    if (row.verdict_at === null) continue;
    const key = `${row.desk_id} ${row.article_id}`;
    const before = latest.get(key);
    if (before && (before.verdict_at ?? 0) > row.verdict_at)
      throw new Failure('chain', `${row.id} got its verdict before ${before.id}, which was proposed earlier`);
    latest.set(key, row);
  }
}

function textArrived(article: Article, authorId: string, bytes: Uint8Array): void {
  applyUpdate(article.doc, bytes, { isRehearsed: true });
  const now = fingerprint(readContent(article.doc));
  if (now !== article.lastFingerprint) article.contributors.add(authorId);
  article.lastFingerprint = now;
}

function verdict(
  row: Decision,
  at: number,
  articles: ReadonlyMap<string, Article>,
  article: Article,
  truth: Truth,
  history: PersonHistory,
  profile: RegulationProfile,
): void {
  const { doc } = article;
  const content = readContent(doc);
  const name = `${row.action} ${row.id} of ${row.article_id} by ${row.actor_id}`;
  const person = (history.get(row.actor_id) ?? []).filter((one) => one.from <= at).at(-1);
  if (!person) throw new Failure('chain', `${name}: nobody of that name`);
  const files = new Set(content.files.map((file) => file.sha256));
  const stored = truth.stored.filter((one) => files.has(one.sha256) && one.stored_at <= at);
  const sourceId = article.sourceId ?? row.declaration?.sourceArticleId ?? null;
  const source = sourceId === null ? null : articles.get(sourceId)?.subject;
  const state = row.state_vector;
  const issues = checkBeforeSubmit({
    profile,
    categoryId: article.subject?.categoryId ?? '',
    language: article.subject?.channel ?? 'vi',
    title: content.title,
    summary: content.summary,
    fields: content.fields,
    files: content.files,
    body: content.body,
  });
  const expected = decide(
    article.subject && {
      ...article.subject,
      fingerprint: fingerprint(content),
      contributors: [...article.contributors],
    },
    row as unknown as DecisionRow,
    { id: row.actor_id, roles: person.roles, unitId: person.unitId, active: person.active },
    {
      profile,
      sourceState: source?.publicPath ? 'published' : (source?.state ?? null),
      openChecks: issues.filter((issue) => issue.severity === 'must').length,
      textArrived: state === null || covers(stateVector(doc), state),
      filesArrived: stored.length === files.size,
    },
  );
  if (row.status === 'refused') {
    // A second translation is refused before the rules are asked.
    if (row.verdict_code === 'article-exists' && row.action === 'declare') return;
    const code = expected.ok ? 'accepted' : expected.error.code;
    if (code !== row.verdict_code)
      throw new Failure('chain', `${name} was refused with ${row.verdict_code}; by the rules: ${code}`);
    return;
  }
  if (!expected.ok) throw new Failure('chain', `${name} was accepted; by the rules: ${expected.error.code}`);
  if (BOUND_TO_TEXT.has(row.action) && row.fingerprint !== fingerprint(content))
    throw new Failure('chain', `${name} took effect on a text that its author had not seen`);
  if (expected.value.stateAfter !== row.state_after || expected.value.version !== row.version)
    throw new Failure(
      'chain',
      `${name} led to ${row.state_after} ${row.version}; by the rules to ${expected.value.stateAfter} ${expected.value.version}`,
    );
  carryOut(row, article, expected.value.stateAfter, expected.value.version);
  const { publishes, takesDown } = expected.value;
  if (article.subject && (publishes || takesDown))
    article.subject = { ...article.subject, publicPath: publishes ? '/public' : null };
  if (expected.value.publishes) article.publications += 1;
}

function carryOut(row: Decision, article: Article, state: Subject['state'], version: number): void {
  if (row.action === 'declare' && row.declaration) {
    const { unitId, channel, categoryId, sourceArticleId } = row.declaration;
    article.subject = {
      id: row.article_id,
      unitId,
      channel,
      categoryId,
      state,
      version,
      fingerprint: null,
      contributors: [],
      publicPath: null,
    };
    article.sourceId = sourceArticleId;
  } else if (article.subject) article.subject = { ...article.subject, state, version };
  if (row.action === 'submit') article.contributors.clear();
}
