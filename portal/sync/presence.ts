import { createHash } from 'node:crypto';
import type { PresenceBody, PresenceEvent } from '../../domain/contracts/index.ts';
import type { Announcer } from '../storage/announcer.ts';
import type { StreamHub } from './stream.ts';

/** Who says where a window is. Its right to see the article has been checked. */
export interface PresentSession {
  readonly organisationId: string;
  readonly sessionId: string;
  readonly personId: string;
}

/** What the processes tell each other. */
interface Told extends PresentSession {
  readonly event: PresenceEvent;
}

interface Here {
  readonly told: Told;
  readonly heardAt: number;
}

/** A session opens a new stream when its access token is renewed; until then it is still there. */
const REOPENING_MS = 5_000;
/** Sessions tell anew with each stream, so what was not heard for longer belongs to a process that ended. */
const FORGOTTEN_MS = 15 * 60_000;
/** Articles that one session may say it has open. */
const MAX_OPEN = 60;

/**
 * Who has which article open now. Passed on at once to the sessions that have the same article open, in this process
 * and the others, and never stored: what is lost on the way is told again with the next stream.
 */
export class PresenceHub {
  readonly #articles = new Map<string, Map<string, Here>>();
  readonly #announcer: Announcer;
  readonly #stream: StreamHub;
  readonly #now: () => number;
  readonly #stopListening: (() => void)[];
  readonly #sweep: NodeJS.Timeout;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(announcer: Announcer, stream: StreamHub, now: () => number) {
    this.#announcer = announcer;
    this.#stream = stream;
    this.#now = now;
    this.#stopListening = [
      announcer.onPresence((message) => this.#take(message as Told)),
      stream.onClosed((sessionId) => this.#closed(sessionId)),
    ];
    this.#sweep = setInterval(() => this.#forget(), FORGOTTEN_MS / 5);
    this.#sweep.unref();
  }

  /** Takes what a window said and passes it on. */
  tell(session: PresentSession, body: PresenceBody): void {
    const { articleId, windowId, isHere, isNew, place } = body;
    const key = `${createHash('sha256').update(session.sessionId).digest('hex').slice(0, 16)}.${windowId}`;
    const event: PresenceEvent = { articleId, key, personId: session.personId, isHere, isNew, place };
    this.#passOn({ ...session, event });
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
    clearInterval(this.#sweep);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #passOn(told: Told): void {
    this.#take(told);
    this.#announcer.announcePresence(told);
  }

  #take(told: Told): void {
    const { organisationId, sessionId, event } = told;
    const article = `${organisationId} ${event.articleId}`;
    const here = this.#articles.get(article) ?? new Map<string, Here>();
    if (event.isHere) {
      if (!here.has(event.key) && this.#openOf(sessionId) >= MAX_OPEN) return;
      here.set(event.key, { told, heardAt: this.#now() });
      this.#articles.set(article, here);
    } else {
      here.delete(event.key);
      if (here.size === 0) this.#articles.delete(article);
    }
    const sessions = new Set([...here.values()].map((one) => one.told.sessionId));
    sessions.delete(sessionId);
    if (sessions.size > 0) this.#stream.tellSessions(sessions, 'presence', event);
  }

  #openOf(sessionId: string): number {
    let count = 0;
    for (const { told } of this.#all()) if (told.sessionId === sessionId) count += 1;
    return count;
  }

  #closed(sessionId: string): void {
    const closedAt = this.#now();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#stream.has(sessionId)) return;
      for (const { told, heardAt } of [...this.#all()]) {
        if (told.sessionId === sessionId && heardAt <= closedAt) this.#passOn(gone(told));
      }
    }, REOPENING_MS);
    timer.unref();
    this.#timers.add(timer);
  }

  #forget(): void {
    const before = this.#now() - FORGOTTEN_MS;
    for (const { told, heardAt } of [...this.#all()]) if (heardAt < before) this.#take(gone(told));
  }

  *#all(): Generator<Here> {
    for (const here of this.#articles.values()) yield* here.values();
  }
}

const gone = (told: Told): Told => ({
  ...told,
  event: { ...told.event, isHere: false, isNew: false, place: null },
});
