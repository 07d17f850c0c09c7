import type { Selectable, Updateable } from 'kysely';
import type { UnitInfo } from '../../domain/contracts/index.ts';
import { dateInVietnam } from '../../domain/deadlines/index.ts';
import { covers } from '../../domain/document/index.ts';
import { type Refusal, refuse } from '../../domain/lib/result.ts';
import { type Delegation, standsInFor } from '../../domain/people/delegation.ts';
import type { Person } from '../../domain/people/types.ts';
import { endedUnit } from '../../domain/people/unitRules.ts';
import { type Actor, decide, type Verdict } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import type { Feed, Tx } from '../storage/feed.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { ArticleTable, DecisionTable } from '../storage/tables.ts';
import { unitInfo } from '../storage/unitColumns.ts';
import { countOpenChecks, deriveFromText } from './derive.ts';
import type { LoadedDocument } from './documents.ts';
import { publish, withdraw } from './publish.ts';

export type ArticleRecord = Selectable<ArticleTable>;
type DecisionRecord = Selectable<DecisionTable>;

/** Codes that keep a decision open: it is judged again when more has arrived. */
const WAITING: ReadonlySet<string> = new Set(['waiting-for-text', 'waiting-for-files']);

/** One locked article within one transaction: everything that is decided about it goes through here. */
export class ArticleCase {
  readonly #portal: Portal;
  readonly #organisation: Organisation;
  readonly #tx: Tx;
  readonly #feed: Feed;
  readonly #articleId: string;
  article: ArticleRecord | null = null;
  document: LoadedDocument | null = null;

  constructor(portal: Portal, organisation: Organisation, tx: Tx, feed: Feed, articleId: string) {
    this.#portal = portal;
    this.#organisation = organisation;
    this.#tx = tx;
    this.#feed = feed;
    this.#articleId = articleId;
  }

  /** Call after `lockArticles`. */
  async open(): Promise<this> {
    this.article = (await this.#row(this.#articleId)) ?? null;
    if (this.article) this.document = await this.#load();
    return this;
  }

  /** Reads what arrived and derives the article's row from it. `authorId`: who wrote it. */
  async textArrived(authorId: string): Promise<void> {
    const { article } = this;
    if (!article) return;
    const before = this.document?.fingerprint;
    this.document = await this.#load();
    const derived = deriveFromText(this.#organisation, subjectOf(article), this.document);
    const changed = before !== derived.fingerprint;
    const contributors =
      changed && !article.contributors.includes(authorId)
        ? [...article.contributors, authorId]
        : article.contributors;
    await this.#write({
      title: derived.title,
      summary: derived.summary,
      fingerprint: derived.fingerprint,
      due: derived.due === null ? null : JSON.stringify(derived.due),
      facts: JSON.stringify(derived.facts),
      contributors,
      updated_at: this.#portal.now(),
    });
  }

  /**
   * Gives verdicts on what is open, the proposals of each desk in their order. A proposal that still waits for text or
   * files keeps the later ones of the same desk waiting.
   */
  async settle(): Promise<void> {
    let open = await this.#openDecisions();
    const blockedDesks = new Set<string>();
    for (;;) {
      const next = open.find(
        (decision) =>
          !blockedDesks.has(decision.desk_id) &&
          !open.some((other) => other.desk_id === decision.desk_id && other.position < decision.position),
      );
      if (!next) return;
      const waitsFor = await this.#judge(next);
      if (waitsFor === null) {
        open = open.filter((decision) => decision !== next);
        // What was just decided can be what another desk's proposal waited for.
        blockedDesks.clear();
        continue;
      }
      blockedDesks.add(next.desk_id);
      if (next.verdict_code !== waitsFor.code) {
        next.verdict_code = waitsFor.code;
        await this.#answer(next, { verdict_code: waitsFor.code, verdict_ref: waitsFor.ref ?? null });
      }
    }
  }

  /** Null when the verdict was given, otherwise what it waits for. */
  async #judge(decision: DecisionRecord): Promise<Refusal | null> {
    const result = await this.#decide(decision);
    if (!result.ok && WAITING.has(result.error.code)) return result.error;
    const at = this.#portal.now();
    if (!result.ok) {
      const { code, ref } = result.error;
      await this.#answer(decision, {
        status: 'refused',
        verdict_code: code,
        verdict_ref: ref ?? null,
        verdict_at: at,
      });
      return null;
    }
    await this.#carryOut(decision, result.value, at);
    await this.#answer(decision, {
      status: 'accepted',
      verdict_code: null,
      verdict_ref: result.value.ref,
      verdict_at: at,
      state_after: result.value.stateAfter,
      version: result.value.version,
      on_behalf_of: result.value.onBehalfOf,
    });
    return null;
  }

  async #decide(decision: DecisionRecord): Promise<ReturnType<typeof decide>> {
    const actor = await this.#actor(decision.actor_id);
    if (!actor) return refuse('account-inactive', { ref: 'WF1' });
    const { article, document } = this;
    const sourceId = article?.source_article_id ?? decision.declaration?.sourceArticleId ?? null;
    const source = sourceId === null ? undefined : await this.#row(sourceId);
    const declared = decision.declaration;
    const units = declared === null ? [] : await this.#units();
    if (decision.action === 'declare' && !article && declared) {
      if (declared.channel === 'vi' && declared.sourceArticleId !== null) return refuse('bad-request');
      if (declared.channel === 'en' && source && source.channel !== 'vi') return refuse('bad-request');
      if (!units.some((unit) => unit.id === declared.unitId)) return refuse('bad-request');
      if (source?.counterpart_id && source.counterpart_id !== this.#articleId)
        return refuse('article-exists');
    }
    return decide(
      article && { ...subjectOf(article), fingerprint: document?.fingerprint ?? null },
      {
        action: decision.action,
        fingerprint: decision.fingerprint,
        reason: decision.reason,
        declaration: decision.declaration,
      },
      actor,
      {
        profile: this.#organisation.profile,
        sourceState: source?.public_path ? 'published' : (source?.state ?? null),
        openChecks:
          article && document ? countOpenChecks(this.#organisation, subjectOf(article), document.content) : 0,
        textArrived: this.#hasArrived(decision),
        filesArrived: await this.#filesArrived(),
        endedUnit: declared === null ? null : endedUnit(declared.unitId, units, this.#today()),
      },
    );
  }

  /** Desks send text in front of the decisions on it, so once the insertions are here the deletions are too. */
  #hasArrived({ state_vector: seen }: DecisionRecord): boolean {
    return seen === null || (this.document !== null && covers(this.document.stateVector, seen));
  }

  async #carryOut(decision: DecisionRecord, verdict: Verdict, at: number): Promise<void> {
    if (decision.action === 'declare') return this.#declare(decision, at);
    const { article, document } = this;
    if (!article || !document) throw new Error('a verdict on an article that is not there');
    const common = { state: verdict.stateAfter, version: verdict.version, updated_at: at };
    if (decision.action === 'submit')
      await this.#write({ ...common, submitted_at: at, contributors: [], reason: null });
    else if (verdict.publishes) {
      const path = await publish(
        this.#tx,
        {
          organisationId: this.#organisation.id,
          articleId: this.#articleId,
          channel: article.channel,
          categoryId: article.category_id,
          unitId: article.unit_id,
          decisionId: decision.id,
          contributors: article.contributors,
          now: at,
        },
        document,
      );
      await this.#write({
        ...common,
        published_at: at,
        published_fingerprint: document.fingerprint,
        public_path: path,
        reason: null,
      });
    } else if (verdict.takesDown) {
      await withdraw(this.#tx, this.#organisation.id, this.#articleId, at);
      await this.#write({ ...common, public_path: null, reason: decision.reason });
    } else {
      const says = decision.action !== 'endorse' && decision.action !== 'pass';
      await this.#write({ ...common, ...(says ? { reason: decision.reason } : {}) });
    }
    if (audience(article) !== audience(this.article)) await this.#sendAllAgain();
  }

  async #declare(decision: DecisionRecord, at: number): Promise<void> {
    const { declaration } = decision;
    if (!declaration) throw new Error('a declaration without its content');
    const organisationId = this.#organisation.id;
    const { sourceArticleId } = declaration;
    await this.#tx
      .insertInto('articles')
      .values({
        organisation_id: organisationId,
        id: this.#articleId,
        unit_id: declaration.unitId,
        channel: declaration.channel,
        category_id: declaration.categoryId,
        source_article_id: sourceArticleId,
        counterpart_id: sourceArticleId,
        title: '',
        summary: '',
        state: 'draft',
        version: 0,
        fingerprint: null,
        contributors: [],
        created_by: decision.actor_id,
        created_at: Math.min(declaration.createdAt, at),
        updated_at: at,
        submitted_at: null,
        published_at: null,
        published_fingerprint: null,
        public_path: null,
        due: null,
        facts: null,
        reason: null,
      })
      .execute();
    this.#feed.touch('articles', this.#articleId);
    if (sourceArticleId !== null) {
      await this.#tx
        .updateTable('articles')
        .set({ counterpart_id: this.#articleId })
        .where('organisation_id', '=', organisationId)
        .where('id', '=', sourceArticleId)
        .where('counterpart_id', 'is', null)
        .execute();
      this.#feed.touch('articles', sourceArticleId);
    }
    await this.open();
  }

  /** Desks that may see the article from now on have passed its rows in the feed: the rows take new places. */
  async #sendAllAgain(): Promise<void> {
    this.#feed.touch('articles', this.#articleId);
    for (const table of ['updates', 'snapshots', 'decisions', 'files'] as const) {
      const rows = await this.#tx
        .selectFrom(table)
        .select('id')
        .where('organisation_id', '=', this.#organisation.id)
        .where('article_id', '=', this.#articleId)
        .execute();
      this.#feed.touch(table, ...rows.map((row) => row.id));
    }
  }

  async #filesArrived(): Promise<boolean> {
    const wanted = [...new Set(this.document?.content.files.map((file) => file.sha256) ?? [])];
    if (wanted.length === 0) return true;
    const stored = await this.#tx
      .selectFrom('stored_files')
      .select('sha256')
      .where('organisation_id', '=', this.#organisation.id)
      .where('sha256', 'in', wanted)
      .execute();
    return stored.length === wanted.length;
  }

  async #actor(personId: string): Promise<Actor | null> {
    const person = await this.#tx
      .selectFrom('people')
      .select(['id', 'roles', 'unit_id', 'active'])
      .where('organisation_id', '=', this.#organisation.id)
      .where('id', '=', personId)
      .executeTakeFirst();
    if (!person) return null;
    const { id, roles, unit_id: unitId, active } = person;
    return { id, roles, unitId, active, standsInFor: await this.#standsInFor(personId) };
  }

  /** In which capacities the person stands in for others today, by the portal's clock. */
  async #standsInFor(personId: string): Promise<NonNullable<Actor['standsInFor']>> {
    const dataOf = async (kind: 'person' | 'delegation', ids?: readonly string[]) => {
      const query = this.#tx
        .selectFrom('directory')
        .select('data')
        .where('organisation_id', '=', this.#organisation.id)
        .where('kind', '=', kind);
      return (await (ids ? query.where('id', 'in', ids) : query).execute()).map((row) => row.data);
    };
    const delegations = (await dataOf('delegation')) as unknown as Delegation[];
    const own = delegations.filter((one) => one.toPersonId === personId);
    if (own.length === 0) return [];
    const ids = [personId, ...own.map((one) => one.fromPersonId)].map((id) => `person:${id}`);
    const people = (await dataOf('person', ids)) as unknown as Person[];
    return standsInFor(personId, own, people, this.#organisation.profile, this.#today());
  }

  /** Today in Viet Nam by the portal's clock. */
  #today(): string {
    return dateInVietnam(new Date(this.#portal.now()).toISOString());
  }

  async #units(): Promise<UnitInfo[]> {
    const rows = await this.#tx
      .selectFrom('units')
      .selectAll()
      .where('organisation_id', '=', this.#organisation.id)
      .execute();
    return rows.map(unitInfo);
  }

  #openDecisions(): Promise<DecisionRecord[]> {
    return this.#tx
      .selectFrom('decisions')
      .selectAll()
      .where('organisation_id', '=', this.#organisation.id)
      .where('article_id', '=', this.#articleId)
      .where('status', '=', 'proposed')
      .orderBy('arrival')
      .execute();
  }

  #row(id: string): Promise<ArticleRecord | undefined> {
    return this.#tx
      .selectFrom('articles')
      .selectAll()
      .where('organisation_id', '=', this.#organisation.id)
      .where('id', '=', id)
      .executeTakeFirst();
  }

  #load(): Promise<LoadedDocument> {
    return this.#portal.documents.load(this.#tx, this.#organisation.id, this.#articleId);
  }

  async #write(values: Updateable<ArticleTable>): Promise<void> {
    await this.#tx
      .updateTable('articles')
      .set(values)
      .where('organisation_id', '=', this.#organisation.id)
      .where('id', '=', this.#articleId)
      .execute();
    this.article = (await this.#row(this.#articleId)) ?? null;
    this.#feed.touch('articles', this.#articleId);
  }

  async #answer(decision: DecisionRecord, values: Updateable<DecisionTable>): Promise<void> {
    await this.#tx
      .updateTable('decisions')
      .set(values)
      .where('organisation_id', '=', this.#organisation.id)
      .where('id', '=', decision.id)
      .execute();
    this.#feed.touch('decisions', decision.id);
  }
}

/** The article as the rules know it. */
export function subjectOf(article: ArticleRecord) {
  return {
    id: article.id,
    unitId: article.unit_id,
    channel: article.channel,
    categoryId: article.category_id,
    state: article.state,
    version: article.version,
    fingerprint: article.fingerprint,
    contributors: article.contributors,
    publicPath: article.public_path,
    submittedAt: article.submitted_at,
  };
}

/** Changes exactly when other people may see the article than before (`domain/workflow/access.ts`). */
function audience(article: ArticleRecord | null): string {
  if (!article) return '';
  const approved =
    article.public_path !== null || article.state === 'approved' || article.state === 'published';
  return `${article.submitted_at !== null}/${approved}`;
}
