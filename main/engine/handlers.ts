import { VIEWS } from '../../domain/contracts/desk.ts';
import type { ConnectionState } from '../../domain/contracts/index.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import type { DeskKeeper } from './deskKeeper.ts';
import type { Handlers } from './door/handlers.ts';
import type { openPreferences } from './preferences.ts';
import type { Reachability } from './session/reachability.ts';
import type { Session } from './session/session.ts';

const NOT_SIGNED_IN: ConnectionState = {
  online: false,
  since: null,
  lastContactAt: null,
  waiting: 0,
  sending: 0,
  heldHere: 0,
  lockedBy: null,
  lastAcceptedAt: null,
  problem: 'not-signed-in',
  reachable: false,
  nextTryAt: null,
  lastSavedAt: null,
  unsavedSince: null,
};

const NOTHING = {} as Record<string, never>;
const emptied = (result: Result<void>): Result<typeof NOTHING> => (result.ok ? ok(NOTHING) : result);

/** What the engine does for every name of the contract. Without a person signed in there is nothing to see and nothing to write. */
export function createHandlers(engine: {
  readonly session: Session;
  readonly preferences: Awaited<ReturnType<typeof openPreferences>>;
  readonly keeper: DeskKeeper;
  readonly reachability: Reachability;
  /** Asks whether the portal answers, where the exchange itself does not. */
  readonly watchPortal: () => void;
}): Handlers {
  const { session, preferences, keeper, reachability, watchPortal } = engine;
  const work = () => keeper.workspace();
  /** The work for reading and deciding: not while it waits for the portal. Writing down what is on the screen is never refused for that. */
  const desk = () => {
    const workspace = work();
    return workspace?.lockedBy() === null ? workspace : null;
  };
  const noOne = async () => refuse(work()?.lockedBy() ?? 'not-signed-in');

  return {
    'session.state': { topics: () => ['session'], read: async () => ok(session.state()) },
    'session.signIn': {
      run: ({ account, password, ...more }) => session.signIn(account.trim(), password, more),
    },
    'session.signOut': { run: () => session.signOut() },
    'session.setPortal': { run: ({ url }) => session.setPortal(url) },

    'connection.state': {
      topics: () => ['connection', 'outbox'],
      read: async () => {
        const { online: answers, ...asked } = reachability.state();
        const state = await work()?.connection();
        if (state) return ok({ ...state, reachable: state.online || answers });
        return ok({ ...NOT_SIGNED_IN, ...asked, online: answers, reachable: answers });
      },
    },
    'connection.retry': {
      readOnly: true,
      run: async () => {
        work()?.retry();
        watchPortal();
        return ok(NOTHING);
      },
    },

    'store.trouble': {
      topics: () => ['store'],
      read: async () => ok({ trouble: keeper.trouble(), damagedSince: work()?.damagedSince() ?? null }),
    },
    'store.retry': {
      run: async () => {
        await keeper.retry();
        return ok(NOTHING);
      },
    },
    'store.restore': { run: async ({ takenAt }) => emptied(await keeper.restore(takenAt)) },
    'store.startAfresh': { run: async () => emptied(await keeper.startAfresh()) },

    'articles.list': {
      topics: () => ['desk'],
      read: async (args) => ok((await desk()?.list(args)) ?? { total: 0, offset: args.offset, rows: [] }),
    },
    'articles.counts': {
      topics: () => ['desk'],
      read: async () => {
        const none = Object.fromEntries(VIEWS.map((view) => [view, 0])) as Record<
          (typeof VIEWS)[number],
          number
        >;
        return ok((await desk()?.counts()) ?? none);
      },
    },
    'articles.detail': {
      topics: ({ articleId }) => [`article:${articleId}`, 'desk'],
      read: async ({ articleId }) => desk()?.detail(articleId) ?? noOne(),
    },
    'articles.create': { run: async (args) => desk()?.create(args) ?? noOne() },
    'articles.createTranslation': { run: async (args) => desk()?.createTranslation(args) ?? noOne() },

    'articles.reserve': { run: async (args) => desk()?.reserve(args) ?? noOne() },

    'documents.open': {
      readOnly: true,
      run: async ({ articleId }, { windowId }) => desk()?.documents.open(articleId, windowId) ?? noOne(),
    },
    'documents.close': {
      run: async ({ articleId }, { windowId }) => {
        work()?.documents.close(articleId, windowId);
        return ok(NOTHING);
      },
    },
    'documents.append': {
      run: async (args, { windowId }) => work()?.documents.append(args, windowId) ?? noOne(),
    },

    'presence.tell': {
      readOnly: true,
      run: async (args, { windowId }) => {
        work()?.presence.tell(args, windowId);
        return ok(NOTHING);
      },
    },
    'presence.others': {
      topics: ({ articleId }) => [`presence:${articleId}`],
      read: async ({ articleId }) => ok({ others: [...(work()?.presence.others(articleId) ?? [])] }),
    },

    'decisions.propose': { run: async (args) => desk()?.propose(args) ?? noOne() },
    'decisions.compare': { readOnly: true, run: async (args) => desk()?.compare(args) ?? noOne() },

    'history.versions': {
      topics: ({ articleId }) => [`article:${articleId}`],
      read: async (args) => desk()?.history.versions(args) ?? noOne(),
    },
    'history.read': { readOnly: true, run: async (args) => desk()?.history.read(args) ?? noOne() },
    'history.compare': { readOnly: true, run: async (args) => desk()?.history.compare(args) ?? noOne() },
    'history.name': { run: async (args) => desk()?.history.name(args) ?? noOne() },
    'history.restore': { run: async (args) => desk()?.history.restore(args) ?? noOne() },

    'files.begin': { run: async (args, { windowId }) => work()?.receive.begin(args, windowId) ?? noOne() },
    'files.chunk': { run: async (args) => work()?.receive.chunk(args) ?? noOne() },
    'files.finish': { run: async (args) => work()?.receive.finish(args) ?? noOne() },
    'files.abort': {
      run: async ({ uploadId }) => {
        await work()?.receive.abort(uploadId);
        return ok(NOTHING);
      },
    },
    'files.read': { readOnly: true, run: async (args) => desk()?.readFile(args) ?? noOne() },

    'planning.days': {
      topics: () => ['desk', 'directory'],
      read: async (args) => desk()?.planning.days(args) ?? noOne(),
    },
    'planning.explain': {
      topics: ({ articleId }) => [`article:${articleId}`, 'desk', 'directory'],
      read: async ({ articleId }) => desk()?.planning.explain(articleId) ?? noOne(),
    },
    'planning.sections': {
      topics: () => ['desk', 'directory'],
      read: async (args) => desk()?.planning.sections(args) ?? noOne(),
    },
    'planning.standing': {
      topics: ({ articleId }) => [`article:${articleId}`, 'desk', 'directory'],
      read: async ({ articleId }) => desk()?.planning.standing(articleId) ?? noOne(),
    },
    'planning.delegations': {
      topics: () => ['directory', 'desk'],
      read: async () => desk()?.planning.delegations() ?? noOne(),
    },

    'directory.all': {
      topics: () => ['directory'],
      read: async () =>
        ok(
          work()?.directory.all() ?? {
            organisation: null,
            units: [],
            people: [],
            profile: null,
            calendar: null,
          },
        ),
    },
    'outbox.list': {
      topics: () => ['outbox', 'desk'],
      read: async () => ok((await work()?.outbox()) ?? { items: [] }),
    },
    'outbox.dismiss': { run: async ({ id }) => work()?.dismiss(id) ?? noOne() },
    'outbox.sendAgain': { run: async ({ id }) => work()?.sendAgain(id) ?? noOne() },
    'preferences.get': { topics: () => ['preferences'], read: async () => ok(preferences.get()) },
    'preferences.set': { run: (change) => preferences.set(change) },
  };
}
