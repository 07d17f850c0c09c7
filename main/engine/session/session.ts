import type { PersonInfo, SessionReply, SessionState } from '../../../domain/contracts/index.ts';
import { SessionReply as SessionReplySchema } from '../../../domain/contracts/portalApi.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import { type Custody, folderOf } from '../custody/custody.ts';
import { describe, type Log } from '../log.ts';
import { createPortalClient, type Fetch, type PortalClient, PortalFailure } from '../sync/portalClient.ts';
import { openSessionFile, type StoredSession } from './sessionFile.ts';

/** Who works at this desk, for one portal. */
export interface SignedIn {
  readonly portalUrl: string;
  readonly person: PersonInfo;
  readonly deskId: string;
}

export interface Session {
  state(): SessionState;
  signedIn(): SignedIn | null;
  /** Online; when the portal can't be asked, with the desk of this account that is on this machine. */
  signIn(account: string, password: string, more?: SignInMore): Promise<Result<SessionState>>;
  signOut(): Promise<Result<SessionState>>;
  setPortal(url: string): Promise<Result<SessionState>>;
  /** A token that is good for a while yet. Throws {@link PortalFailure}: `session-expired`, `not-signed-in`, or why the portal could not be asked. */
  accessToken(): Promise<string>;
  /** The portal did not take this token; the next one is fetched anew. */
  dropToken(token: string): void;
  /** The person as the portal's directory has it by now. */
  updatePerson(person: PersonInfo): Promise<void>;
  client(): PortalClient;
}

/** What a sign-in may need for a desk that the password does not open; see `Custody`. */
export interface SignInMore {
  readonly formerPassword?: string | undefined;
  readonly afresh?: boolean | undefined;
}

export interface SessionOptions {
  readonly userData: string;
  readonly portalUrl: string;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Protect a secret by the system's key store, and back. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
  readonly log: Log;
  /** Opens the keys of desks. */
  readonly custody: Pick<Custody, 'enter' | 'enterOffline' | 'leave'>;
  /** Whether the desk of who is signed in waits for a password. */
  readonly isLocked: () => boolean;
  readonly hasDeskHere: () => boolean;
  /** Keeps the refresh token in the shell's memory where there is no key store. */
  readonly hold: (name: string, value: string | null) => void;
  readonly held: Readonly<Record<string, string>>;
  /** After every change of state. Awaited: the store of the next person opens before the answer. */
  readonly onChange: (signedIn: SignedIn | null) => Promise<void>;
}

const HELD_TOKEN = 'refresh-token';

/** Tokens are renewed this long before they run out. */
const EARLY_MS = 30_000;

interface Access {
  readonly token: string;
  readonly until: number;
}

/**
 * The session with the portal. A restart without the portal keeps the person signed in: only sending needs it. The refresh
 * token is used once by one request at a time, and the next one is on disk before the access token that came with it is used.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { log, now } = options;
  const file = await openSessionFile(options.userData);
  let stored: StoredSession = file.value;
  if (file.wasDamaged) log('error', 'session.file-damaged');
  let access: Access | null = null;
  /** Where the system offers no key store nothing secret is written: the session lasts until the app ends. */
  let unwritten: string | null = options.held[HELD_TOKEN] ?? null;
  let renewing: Promise<Access> | null = null;
  let changing: Promise<unknown> = Promise.resolve();

  const keepUnwritten = (token: string | null) => {
    if (token === unwritten) return;
    unwritten = token;
    options.hold(HELD_TOKEN, token);
  };

  const portalUrl = () => stored.chosenPortal ?? normalisePortalUrl(options.portalUrl) ?? '';
  const current = () => (stored.signedIn?.portalUrl === portalUrl() ? stored.signedIn : null);
  const signedIn = (): SignedIn | null => {
    const session = current();
    return session && { portalUrl: session.portalUrl, person: session.person, deskId: stored.deskId };
  };
  /** No other sign-in or sign-out came in between. */
  const isStill = (session: NonNullable<StoredSession['signedIn']>) =>
    current()?.refreshToken === session.refreshToken && current()?.person.id === session.person.id;
  const client = () => createPortalClient(portalUrl(), options.fetch);

  let saving: Promise<unknown> = Promise.resolve();
  /** Each change starts from the one before it: no token is lost between two of them. */
  const save = (change: (before: StoredSession) => StoredSession): Promise<void> => {
    const next = saving.then(async () => {
      const value = change(stored);
      if (value === stored) return;
      await file.write(value);
      stored = value;
    });
    saving = next.catch(() => undefined);
    return next;
  };

  const statusOf = (session: StoredSession['signedIn']): SessionState['status'] => {
    if (!session) return 'signed-out';
    if (options.isLocked()) return 'locked';
    return session.refreshToken === null && unwritten === null ? 'expired' : 'signed-in';
  };
  const state = (): SessionState => {
    const session = current();
    return {
      status: statusOf(session),
      person: session?.person ?? null,
      portalUrl: portalUrl(),
      lastAccount: stored.lastAccount,
      hasDeskHere: options.hasDeskHere(),
    };
  };

  /** Changes of session happen one after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = changing.then(work, work);
    changing = next.catch(() => undefined);
    return next;
  };

  const accept = async (reply: SessionReply): Promise<Access> => {
    const lifetime = Math.max(reply.accessExpiresAt - reply.portalTime, 0);
    let refreshToken: string | null = null;
    try {
      refreshToken = await options.protect(reply.refreshToken);
      keepUnwritten(null);
    } catch (error) {
      log('warn', 'session.no-key-store', describe(error));
      keepUnwritten(reply.refreshToken);
    }
    const { person, organisationId } = reply;
    await save((before) => ({
      ...before,
      lastAccount: person.account,
      signedIn: { portalUrl: portalUrl(), person, organisationId, refreshToken },
    }));
    access = { token: reply.accessToken, until: now() + lifetime };
    return access;
  };

  const expire = async () => {
    access = null;
    keepUnwritten(null);
    await save((before) =>
      before.signedIn ? { ...before, signedIn: { ...before.signedIn, refreshToken: null } } : before,
    );
    log('warn', 'session.expired');
    // Not awaited: who closes a desk waits for what it has under way, and that may be this.
    options.onChange(signedIn()).catch((error: unknown) => log('error', 'session.not-told', describe(error)));
  };

  const renew = async (): Promise<Access> => {
    const session = current();
    if (!session) throw new PortalFailure('not-signed-in', 401);
    if (session.refreshToken === null && unwritten === null) throw new PortalFailure('session-expired', 401);
    let refreshToken: string;
    try {
      refreshToken = unwritten ?? (await options.unprotect(session.refreshToken ?? ''));
    } catch (error) {
      // The key store was reset or belongs to another system user: nothing but a new sign-in helps.
      log('warn', 'session.token-unreadable', describe(error));
      await expire();
      throw new PortalFailure('session-expired', 401);
    }
    try {
      const reply = await client().json(SessionReplySchema, {
        method: 'POST',
        path: '/api/session/refresh',
        json: { refreshToken, deskId: stored.deskId },
      });
      if (reply.person.id !== session.person.id || !isStill(session)) {
        throw new PortalFailure('session-expired', 401);
      }
      return await accept(reply);
    } catch (error) {
      const isDead = error instanceof PortalFailure && (error.status === 401 || error.status === 403);
      if (isDead && isStill(session)) await expire();
      throw isDead ? new PortalFailure('session-expired', 401) : error;
    }
  };

  const endAtPortal = async (token: string) => {
    const request = { method: 'DELETE', path: '/api/session', token, timeoutMs: 3000 } as const;
    await client()
      .raw(request)
      .catch((error: unknown) => log('info', 'session.sign-out-unheard', describe(error)));
  };

  /** With what is on this machine. A token that the key store still opens is kept; without one the exchange waits for a sign-in. */
  const openHere = async (account: string, password: string): Promise<Result<SessionState> | null> => {
    const entered = await options.custody.enterOffline({ portalUrl: portalUrl(), account, password });
    if (!entered?.ok) return entered;
    const { person, organisationId } = entered.value;
    const isOther = current()?.person.id !== person.id;
    if (isOther) {
      access = null;
      keepUnwritten(null);
    }
    await save((before) => ({
      ...before,
      lastAccount: person.account,
      signedIn:
        isOther || !before.signedIn
          ? { portalUrl: portalUrl(), person, organisationId, refreshToken: null }
          : before.signedIn,
    }));
    log('info', 'session.opened-here');
    await options.onChange(signedIn());
    return ok(state());
  };

  return {
    state,
    signedIn,
    client,
    signIn: (account, password, more = {}) =>
      inTurn(async () => {
        let reply: SessionReply;
        try {
          reply = await client().json(SessionReplySchema, {
            method: 'POST',
            path: '/api/session',
            json: { account, password, deskId: stored.deskId },
          });
        } catch (error) {
          if (!(error instanceof PortalFailure)) throw error;
          log('info', 'session.sign-in-failed', { code: error.code, status: error.status });
          const code = signInCode(error);
          const opened = WORKS_WITHOUT.has(code) ? await openHere(account, password) : null;
          return opened ?? refuse(code);
        }
        const { person, organisationId } = reply;
        const entered = await options.custody.enter({
          ...more,
          portalUrl: portalUrl(),
          person,
          organisationId,
          password,
        });
        if (!entered.ok) {
          await endAtPortal(reply.accessToken);
          return entered;
        }
        await accept(reply);
        await options.onChange(signedIn());
        return ok(state());
      }),
    signOut: () =>
      inTurn(async () => {
        const token = access?.token;
        const left = current();
        access = null;
        keepUnwritten(null);
        await save((before) => ({ ...before, signedIn: null }));
        if (left) options.custody.leave(folderOf(options.userData, left.portalUrl, left.person.id));
        await options.onChange(null);
        if (token !== undefined) await endAtPortal(token);
        return ok(state());
      }),
    setPortal: (url) =>
      inTurn(async () => {
        const chosenPortal = normalisePortalUrl(url);
        if (chosenPortal === null) return refuse('bad-request');
        access = null;
        keepUnwritten(null);
        await save((before) => ({ ...before, chosenPortal }));
        await options.onChange(signedIn());
        return ok(state());
      }),
    accessToken: async () => {
      if (access && access.until - now() > EARLY_MS) return access.token;
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      return (await renewing).token;
    },
    dropToken: (token) => {
      if (access?.token === token) access = null;
    },
    updatePerson: (person) =>
      save((before) => {
        const session = before.signedIn;
        const isNew =
          session?.person.id === person.id && JSON.stringify(session.person) !== JSON.stringify(person);
        return isNew && session ? { ...before, signedIn: { ...session, person } } : before;
      }),
  };
}

/** The portal did not say that this person must not come in: the work on this machine stays within reach. */
const WORKS_WITHOUT = new Set(['portal-unreachable', 'portal-error', 'portal-garbage', 'desk-too-old']);
const SIGN_IN_CODES = new Set([
  'wrong-password',
  'account-inactive',
  'rate-limited',
  'desk-too-old',
  'portal-too-old',
  'portal-unreachable',
  'portal-garbage',
]);
const signInCode = (error: PortalFailure): string =>
  SIGN_IN_CODES.has(error.code) ? error.code : 'portal-error';

/** Address of a portal without its last slash; null when it can't be one. Plain http only for this very machine. */
export function normalisePortalUrl(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) return null;
  return url.origin + url.pathname.replace(/\/+$/u, '');
}
