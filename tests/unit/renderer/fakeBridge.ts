import * as Y from 'yjs';
import { checkBeforeSubmit, contentToCheck } from '../../../domain/content/index.ts';
import {
  type ArticleDetail,
  type DeskRow,
  type ListRow,
  type OutboxItem,
  type Preferences,
  type SessionState,
  type StoreTrouble,
  VIEWS,
  type View,
} from '../../../domain/contracts/desk.ts';
import type { VersionInfo, VersionLevel } from '../../../domain/contracts/history.ts';
import type { OwnReservation, Reservation } from '../../../domain/contracts/reservations.ts';
import type { PersonInfo, UnitInfo } from '../../../domain/contracts/rows.ts';
import type { Args, Bridge, Reply, ToWindow } from '../../../domain/contracts/wire.ts';
import {
  type ArticleContent,
  compareContents,
  createArticleDoc,
  fingerprint,
  readContent,
  restoreContent,
} from '../../../domain/document/index.ts';
import type { Role } from '../../../domain/people/roles.ts';
import { CHAIN_ACTIONS, getProfile } from '../../../domain/regulations/index.ts';
import { foldVietnamese } from '../../../domain/text/index.ts';
import { decide, mayEdit } from '../../../domain/workflow/index.ts';
import { sampleArticles, samplePeople, sampleUnits } from './fakeData.ts';
import { createFakePlanner } from './fakePlanner.ts';

export interface FakeOptions {
  /** How the person's own unit ended. */
  readonly ended?: Pick<UnitInfo, 'validTo' | 'successorIds'>;
  readonly role?: Role;
  readonly language?: 'vi' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly density?: Preferences['density'];
  readonly online?: boolean;
  readonly status?: SessionState['status'];
  readonly trouble?: StoreTrouble;
  readonly damagedSince?: number;
  /** Codes that the requests of these names are refused with. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** More rows than any screen holds. */
  readonly rows?: number;
  readonly empty?: boolean;
  readonly unsaved?: boolean;
  /** Somebody stands in for the person, and the person for somebody. */
  readonly delegation?: boolean;
  readonly text?: ArticleDetail['text'];
  /** Of others, on every article. */
  readonly reservations?: readonly Reservation[];
}

type Listener = (message: ToWindow) => void;
export interface FakeArticle {
  readonly row: DeskRow;
  readonly doc: Y.Doc;
  readonly detail: Pick<ArticleDetail, 'decisions' | 'files'>;
  readonly before?: Y.Doc;
}

/** A bridge over sample articles in memory: enough of an engine for looking at screens and for tests of them. */
export function createFakeBridge(options: FakeOptions = {}): Bridge {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('no VP17');
  const person = samplePeople.find((one) => one.roles.includes(options.role ?? 'liaison')) as PersonInfo;
  const articles = new Map<string, FakeArticle>(
    options.empty
      ? []
      : sampleArticles(person, options.rows ?? 0).map((one) => [
          one.row.id,
          options.reservations
            ? { ...one, row: { ...one.row, reservations: [...options.reservations] } }
            : one,
        ]),
  );
  let status = options.status ?? 'signed-in';
  let online = options.online ?? false;
  let trouble = options.trouble ?? null;
  let preferences: Preferences = {
    language: options.language ?? 'vi',
    theme: options.theme ?? 'light',
    density: options.density ?? 'comfortable',
  };
  const outbox: OutboxItem[] = options.empty ? [] : sampleOutbox([...articles.values()]);
  const watches = new Map<string, { name: string; args: Record<string, unknown>; listener: Listener }>();
  const now = () => Date.now();
  const reserved = new Map<string, OwnReservation>();

  const inView = (row: DeskRow, view: View): boolean => {
    if (view === 'mine') return row.mine;
    if (view === 'soon')
      return row.dueStatus.code === 'soon' || row.dueStatus.code === 'late' || row.dueStatus.code === 'today';
    if (view === 'late') return row.dueStatus.code === 'late';
    if (view === 'at-risk') return row.dueStatus.code === 'today';
    if (view === 'unit') return row.unitId === person.unitId;
    if (view === 'returned') return row.projectedState === 'returned';
    if (view === 'published') return row.projectedState === 'published';
    if (view === 'review')
      return row.mine && ['submitted', 'endorsed', 'in-review'].includes(row.projectedState);
    if (view === 'translation') return row.channel === 'en' || row.projectedState === 'published';
    if (view === 'working') return !['published', 'withdrawn'].includes(row.projectedState);
    return true;
  };
  const listed = (args: Record<string, unknown>): DeskRow[] => {
    const text = foldVietnamese(String(args.text ?? ''));
    const states = args.states as string[] | undefined;
    return [...articles.values()]
      .map((one) => one.row)
      .filter((row) => inView(row, args.view as View))
      .filter((row) => foldVietnamese(row.title).includes(text))
      .filter((row) => !states || states.includes(row.projectedState))
      .filter((row) => !args.unitId || row.unitId === args.unitId)
      .filter((row) => !args.categoryId || row.categoryId === args.categoryId)
      .filter((row) => !args.channel || row.channel === args.channel)
      .sort((a, b) =>
        args.sort === 'title'
          ? a.title.localeCompare(b.title, 'vi')
          : args.sort === 'updated'
            ? b.updatedAt - a.updatedAt
            : (a.due?.date ?? '9999').localeCompare(b.due?.date ?? '9999'),
      );
  };
  /** As the index would: the words in the title, and a passage of the body. */
  const foundIn = (row: DeskRow, args: Record<string, unknown>): ListRow => {
    const text = String(args.text);
    const at = foldVietnamese(row.title).indexOf(foldVietnamese(text));
    const passage = {
      place: 'body' as const,
      name: null,
      text: `…một đoạn có ${text}`,
      ranges: [[13, 13 + text.length]] as [number, number][],
    };
    return { ...row, found: { titleRanges: [[at, at + text.length]], passage } };
  };
  const detailOf = (id: string): ArticleDetail | null => {
    const article = articles.get(id);
    if (!article) return null;
    const { row, doc } = article;
    const content = readContent(doc);
    const { categoryId, language } = content.meta;
    const checks = checkBeforeSubmit(contentToCheck(profile, { categoryId, channel: language }, content));
    const subject = { ...row, state: row.projectedState, fingerprint: fingerprint(content) };
    const tried = CHAIN_ACTIONS.flatMap((action) => {
      const verdict = decide(
        subject,
        { action, fingerprint: subject.fingerprint, reason: 'x', declaration: null },
        person,
        { profile, sourceState: 'published', openChecks: 0, textArrived: true, filesArrived: true },
      );
      if (!verdict.ok) return [];
      return [
        {
          action,
          blockedBy: [],
          requiresReason: !['submit', 'endorse', 'pass', 'approve'].includes(action),
          clause: verdict.value.clause,
          ref: verdict.value.ref,
        },
      ];
    });
    const declare = row.local
      ? [
          {
            action: 'declare' as const,
            blockedBy: [],
            requiresReason: false,
            clause: 'Điều 15 khoản 1',
            ref: 'VP17-15.1',
          },
        ]
      : [];
    return {
      row,
      text: options.text ?? 'here',
      mayEdit:
        (options.text ?? 'here') !== 'coming' &&
        mayEdit(person, { ...row, state: row.projectedState }, profile),
      actions: [...declare, ...tried],
      checks,
      decisions: article.detail.decisions,
      files: article.detail.files,
      reservation: { mayTake: !row.local, own: reserved.get(id) ?? null, problem: null },
      counterpart: null,
    };
  };

  const planner = createFakePlanner({
    profile,
    person,
    articles: () => articles,
    openChecks: (id) => (detailOf(id)?.checks ?? []).filter((issue) => issue.severity === 'must').length,
    hasDelegation: options.delegation === true,
  });

  const values: Record<string, (args: Record<string, unknown>) => unknown> = {
    'session.state': () => ({
      status,
      person: status === 'signed-out' ? null : person,
      portalUrl: 'https://cong.vinhphuc.example.vn',
      lastAccount: person.account,
      hasDeskHere: true,
    }),
    'store.trouble': () => ({ trouble, damagedSince: options.damagedSince ?? null }),
    'connection.state': () => ({
      online,
      since: now() - 3_600_000,
      lastContactAt: now() - 3_660_000,
      waiting: outbox.filter((item) => ['waiting', 'sending'].includes(item.state)).length,
      sending: online ? outbox.filter((item) => item.state === 'sending').length : 0,
      lockedBy: null,
      heldHere: [...articles.values()].filter((one) => one.row.local).length,
      lastAcceptedAt: now() - 3_700_000,
      problem: online ? null : 'portal-unreachable',
      reachable: online,
      nextTryAt: now() + 30_000,
      lastSavedAt: now() - 5_000,
      unsavedSince: options.unsaved ? now() - 60_000 : null,
    }),
    'articles.list': (args) => {
      const all = listed(args);
      const offset = Number(args.offset);
      const rows = all.slice(offset, offset + Number(args.count));
      return { total: all.length, offset, rows: args.text ? rows.map((row) => foundIn(row, args)) : rows };
    },
    'articles.counts': () => Object.fromEntries(VIEWS.map((view) => [view, listed({ view }).length])),
    'articles.detail': (args) => detailOf(String(args.articleId)),
    'planning.days': (args) => planner.days(args as Args<'planning.days'>),
    'planning.sections': (args) => planner.sections(args as Args<'planning.sections'>),
    'planning.explain': (args) => planner.explain(String(args.articleId)),
    'planning.standing': (args) => planner.standing(String(args.articleId)),
    'planning.delegations': () => planner.delegations(),
    'directory.all': () => ({
      organisation: {
        id: 'vp',
        name: {
          vi: 'Cổng Thông tin - Giao tiếp điện tử tỉnh Vĩnh Phúc',
          en: 'Portal of Vĩnh Phúc province',
        },
        profileId: 'VP17',
      },
      units: sampleUnits.map((unit) => (unit.id === person.unitId ? { ...unit, ...options.ended } : unit)),
      people: samplePeople,
      profile,
      calendar: null,
    }),
    'outbox.list': () => ({ items: outbox }),
    'presence.others': () => ({ others: [] }),
    'preferences.get': () => preferences,
  };
  const names: { id: string; name: string; of: string; at: number }[] = [];
  /** The present text, or the earlier one of those articles that have one. */
  const pastOf = (args: Record<string, unknown>, key: string): ArticleContent | null => {
    const article = articles.get(String(args.articleId));
    if (!article) return null;
    const wanted = String(args[key]);
    const id = names.find((one) => `named:${one.id}` === wanted)?.of ?? wanted;
    return readContent(id === 'now' ? article.doc : (article.before ?? article.doc));
  };
  values['history.versions'] = ({ articleId }) => {
    const article = articles.get(String(articleId));
    return article && samplePast(article, person, names);
  };
  const tell = (id: string) => {
    const watch = watches.get(id);
    if (!watch) return;
    const found = values[watch.name]?.(watch.args);
    const say = (value: unknown) => {
      if (value === null)
        watch.listener({ kind: 'reply', id, ok: false, error: { code: 'article-unknown' } });
      else watch.listener({ kind: 'value', id, value: structuredClone(value) });
    };
    if (found instanceof Promise) void found.then(say);
    else say(found);
  };
  const tellAll = () => {
    for (const id of [...watches.keys()]) tell(id);
  };

  const uploads = new Map<string, { size: number }>();
  const requests: Record<string, (args: Record<string, unknown>) => unknown> = {
    'session.signIn': (args) => {
      if (args.password !== 'dung') return { code: 'wrong-password' };
      status = 'signed-in';
      return values['session.state']?.({});
    },
    'session.signOut': () => {
      status = 'signed-out';
      return values['session.state']?.({});
    },
    'session.setPortal': () => values['session.state']?.({}),
    'connection.retry': () => {
      online = true;
      return {};
    },
    'articles.create': (args) => {
      const id = String(args.articleId);
      const { doc } = createArticleDoc({
        clientId: 7,
        meta: { categoryId: String(args.categoryId), language: 'vi' },
        title: String(args.title),
      });
      const base = sampleArticles(person, 0)[0] as FakeArticle;
      articles.set(id, {
        row: {
          ...base.row,
          id,
          unitId: person.unitId,
          categoryId: String(args.categoryId),
          title: String(args.title),
          projectedState: 'draft',
          state: 'draft',
          local: true,
          sync: 'local',
          version: 0,
          mine: true,
          due: null,
          dueStatus: { code: 'none', workingDays: 0 },
          nextRoles: ['liaison'],
          nextUnitId: person.unitId,
          createdAt: now(),
        },
        doc,
        detail: { decisions: [], files: [] },
      });
      return { articleId: id };
    },
    'articles.reserve': (args) => {
      const day = args.day === null ? null : String(args.day);
      if (day === null) reserved.delete(String(args.articleId));
      else reserved.set(String(args.articleId), { day, isWaiting: !online });
      return {};
    },
    'articles.createTranslation': (args) => ({ articleId: args.sourceArticleId }),
    'documents.open': (args) => {
      const article = articles.get(String(args.articleId));
      return article
        ? { state: Y.encodeStateAsUpdateV2(article.doc), mayEdit: true }
        : { code: 'article-unknown' };
    },
    'store.retry': () => ({}),
    'store.restore': () => {
      trouble = null;
      return {};
    },
    'store.startAfresh': () => {
      trouble = null;
      return {};
    },
    'documents.close': () => ({}),
    'documents.append': (args) => {
      const article = articles.get(String(args.articleId));
      if (!article) return { code: 'article-unknown' };
      Y.applyUpdateV2(article.doc, args.update as Uint8Array);
      return { savedAt: now() };
    },
    'decisions.propose': (args) => {
      const article = articles.get(String(args.articleId));
      if (!article) return { code: 'article-unknown' };
      const after = {
        submit: 'submitted',
        endorse: 'endorsed',
        pass: 'in-review',
        approve: 'approved',
        return: 'returned',
        refuse: 'refused',
        withdraw: 'withdrawn',
        recall: 'draft',
        correct: 'correcting',
        archive: 'archived',
        reopen: 'draft',
      } as const;
      const action = String(args.action) as keyof typeof after | 'declare';
      const row: DeskRow =
        action === 'declare'
          ? { ...article.row, local: false, sync: 'waiting' }
          : {
              ...article.row,
              projectedState: after[action],
              pendingDecisions: 1,
              sync: 'waiting',
              mine: false,
            };
      articles.set(row.id, { ...article, row });
      return { savedAt: now(), status: 'proposed' };
    },
    'decisions.compare': (args) => {
      const article = articles.get(String(args.articleId));
      if (!article?.before) return { code: 'not-found' };
      return compareContents(readContent(article.before), readContent(article.doc));
    },
    'history.read': (args) => pastOf(args, 'versionId') ?? { code: 'not-found' },
    'history.compare': (args) => {
      const [before, after] = [pastOf(args, 'before'), pastOf(args, 'after')];
      return before && after ? compareContents(before, after) : { code: 'not-found' };
    },
    'history.name': (args) => {
      names.push({ id: String(args.nameId), name: String(args.name), of: String(args.versionId), at: now() });
      return { savedAt: now() };
    },
    'history.restore': (args) => {
      const article = articles.get(String(args.articleId));
      const past = pastOf(args, 'versionId');
      if (!article || !past) return { code: 'not-found' };
      restoreContent(article.doc, past, null);
      return { savedAt: now() };
    },
    'files.begin': (args) => {
      uploads.set(String(args.uploadId), { size: Number(args.size) });
      return {};
    },
    'files.chunk': (args) => ({ received: Number(args.offset) + (args.bytes as Uint8Array).byteLength }),
    'files.finish': (args) => ({
      sha256: 'a1b2c3d4'.repeat(8),
      size: uploads.get(String(args.uploadId))?.size ?? 1,
    }),
    'files.abort': () => ({}),
    'files.read': () => ({ bytes: new Uint8Array([1, 2, 3]), size: 3 }),
    'presence.tell': () => ({}),
    'preferences.set': (args) => {
      preferences = { ...preferences, ...args };
      return preferences;
    },
  };

  const ask =
    (name: string) =>
    async (id: string, args: unknown): Promise<ToWindow> => {
      await Promise.resolve();
      const code = options.refusals?.[name];
      const value = code ? { code } : requests[name]?.((args ?? {}) as Record<string, unknown>);
      queueMicrotask(tellAll);
      if (value !== null && typeof value === 'object' && 'code' in value && Object.keys(value).length === 1)
        return { kind: 'reply', id, ok: false, error: value as { code: string } };
      return { kind: 'reply', id, ok: true, value };
    };
  const watch = (name: string) => (id: string, args: unknown, listener: Listener) => {
    watches.set(id, { name, args: (args ?? {}) as Record<string, unknown>, listener });
    queueMicrotask(() => tell(id));
  };
  const listen = () => () => {};
  return {
    session: {
      state: watch('session.state'),
      signIn: ask('session.signIn'),
      signOut: ask('session.signOut'),
      setPortal: ask('session.setPortal'),
    },
    store: {
      trouble: watch('store.trouble'),
      retry: ask('store.retry'),
      restore: ask('store.restore'),
      startAfresh: ask('store.startAfresh'),
    },
    connection: { state: watch('connection.state'), retry: ask('connection.retry') },
    articles: {
      list: watch('articles.list'),
      counts: watch('articles.counts'),
      detail: watch('articles.detail'),
      create: ask('articles.create'),
      createTranslation: ask('articles.createTranslation'),
      reserve: ask('articles.reserve'),
    },
    documents: {
      open: ask('documents.open'),
      close: ask('documents.close'),
      append: ask('documents.append'),
      changed: listen(),
    },
    presence: { tell: ask('presence.tell'), others: watch('presence.others') },
    decisions: { propose: ask('decisions.propose'), compare: ask('decisions.compare') },
    history: {
      versions: watch('history.versions'),
      read: ask('history.read'),
      compare: ask('history.compare'),
      name: ask('history.name'),
      restore: ask('history.restore'),
    },
    files: {
      begin: ask('files.begin'),
      chunk: ask('files.chunk'),
      finish: ask('files.finish'),
      abort: ask('files.abort'),
      read: ask('files.read'),
    },
    planning: {
      days: watch('planning.days'),
      explain: watch('planning.explain'),
      sections: watch('planning.sections'),
      standing: watch('planning.standing'),
      delegations: watch('planning.delegations'),
    },
    directory: { all: watch('directory.all') },
    outbox: {
      list: watch('outbox.list'),
      dismiss: ask('outbox.dismiss'),
      sendAgain: ask('outbox.sendAgain'),
    },
    preferences: { get: watch('preferences.get'), set: ask('preferences.set') },
    engine: { unwatch: (id) => void watches.delete(id), onConnected: (listener) => queueMicrotask(listener) },
    shell: {
      info: async () => ({ version: '0.1.0', electron: '45.4.1', platform: 'linux', locale: 'vi' }),
      setLanguage: async () => {},
      setTheme: async () => {},
      openPublicPage: async () => true,
      showDeskFolder: async () => true,
      print: async () => {},
      onClosing: () => {},
    },
  };
}

function samplePast(
  { row, doc, detail }: FakeArticle,
  person: PersonInfo,
  names: readonly { readonly id: string; readonly name: string; readonly at: number }[],
): Reply<'history.versions'> {
  const plain = (id: string, level: VersionLevel, at: number): VersionInfo => ({
    id,
    levels: [level],
    at,
    authorId: person.id,
    authorName: person.name,
    name: null,
    action: null,
    status: null,
    number: null,
    fingerprint: null,
  });
  const levels: Readonly<Record<string, VersionLevel>> = {
    submit: 'submitted',
    endorse: 'reviewed',
    return: 'returned',
    approve: 'approved',
  };
  const decided = detail.decisions.flatMap((one): VersionInfo[] => {
    const level = levels[one.action];
    if (level === undefined) return [];
    const { actorId: authorId, actorName: authorName, action, status, version: number } = one;
    const at = one.verdictAt ?? one.proposedAt;
    return [{ ...plain(`decision:${one.id}`, level, at), authorId, authorName, action, status, number }];
  });
  const versions = [
    ...names.map((one) => ({ ...plain(`named:${one.id}`, 'named' as const, one.at), name: one.name })),
    ...decided,
    plain('saved:1', 'autosave', row.createdAt + 60_000),
  ].sort((a, b) => b.at - a.at);
  const present = { ...plain('now', 'now', row.updatedAt), fingerprint: fingerprint(readContent(doc)) };
  return { versions: [present, ...versions], mayName: true, mayRestore: true };
}

function sampleOutbox(articles: readonly FakeArticle[]): OutboxItem[] {
  const at = Date.now();
  const [a, b, c, d] = articles;
  const item = (
    article: FakeArticle | undefined,
    more: Partial<OutboxItem> & Pick<OutboxItem, 'id' | 'kind' | 'state'>,
  ): OutboxItem => ({
    articleId: article?.row.id ?? 'x',
    title: article?.row.title ?? '',
    action: null,
    fileName: null,
    at: at - 600_000,
    size: 0,
    sentBytes: 0,
    code: null,
    ref: null,
    keptText: null,
    maySendAgain: false,
    ...more,
  });
  return [
    item(a, {
      id: 'o1',
      kind: 'decision',
      state: 'refused',
      action: 'approve',
      code: 'content-changed',
      ref: 'VP17-3.4',
    }),
    item(b, {
      id: 'o2',
      kind: 'file',
      state: 'sending',
      fileName: 'Phu-luc-muc-ho-tro-dao-tao-nghe.xlsx',
      size: 6_900_000,
      sentBytes: 4_300_000,
    }),
    item(b, { id: 'o3', kind: 'decision', state: 'waiting', action: 'submit' }),
    item(c, { id: 'o4', kind: 'text', state: 'waiting' }),
    item(d, { id: 'o5', kind: 'text', state: 'held' }),
    item(c, { id: 'o6', kind: 'decision', state: 'accepted', action: 'endorse', at: at - 90_000 }),
  ];
}
