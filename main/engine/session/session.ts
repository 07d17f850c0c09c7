import type { PersonInfo, SessionReply, SessionState } from '../../../domain/contracts/index.ts';
import { SessionReply as SessionReplySchema } from '../../../domain/contracts/portalApi.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
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
  signIn(account: string, password: string): Promise<Result<SessionState>>;
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

export interface SessionOptions {
  readonly userData: string;
  readonly portalUrl: string;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Protect a secret by the system's key store, and back. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
  readonly log: Log;
  /** After every change of state. Awaited: the store of the next person opens before the answer. */
  readonly onChange: (signedIn: SignedIn | null) => Promise<void>;
}

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
  let unwritten: string | null = null;
  let renewing: Promise<Access> | null = null;
  let changing: Promise<unknown> = Promise.resolve();

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

  const state = (): SessionState => {
    const session = current();
    return {
      status: !session
        ? 'signed-out'
        : session.refreshToken === null && unwritten === null
          ? 'expired'
          : 'signed-in',
      person: session?.person ?? null,
      portalUrl: portalUrl(),
      lastAccount: stored.lastAccount,
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
      unwritten = null;
    } catch (error) {
      log('warn', 'session.no-key-store', describe(error));
      unwritten = reply.refreshToken;
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
    unwritten = null;
    await save((before) =>
      before.signedIn ? { ...before, signedIn: { ...before.signedIn, refreshToken: null } } : before,
    );
    log('warn', 'session.expired');
    await options.onChange(signedIn());
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

  return {
    state,
    signedIn,
    client,
    signIn: (account, password) =>
      inTurn(async () => {
        try {
          const reply = await client().json(SessionReplySchema, {
            method: 'POST',
            path: '/api/session',
            json: { account, password, deskId: stored.deskId },
          });
          await accept(reply);
        } catch (error) {
          if (!(error instanceof PortalFailure)) throw error;
          log('info', 'session.sign-in-failed', { code: error.code, status: error.status });
          return refuse(signInCode(error));
        }
        await options.onChange(signedIn());
        return ok(state());
      }),
    signOut: () =>
      inTurn(async () => {
        const token = access?.token;
        access = null;
        unwritten = null;
        await save((before) => ({ ...before, signedIn: null }));
        await options.onChange(null);
        if (token !== undefined) {
          const request = { method: 'DELETE', path: '/api/session', token, timeoutMs: 3000 } as const;
          await client()
            .raw(request)
            .catch((error: unknown) => log('info', 'session.sign-out-unheard', describe(error)));
        }
        return ok(state());
      }),
    setPortal: (url) =>
      inTurn(async () => {
        const chosenPortal = normalisePortalUrl(url);
        if (chosenPortal === null) return refuse('bad-request');
        access = null;
        unwritten = null;
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
