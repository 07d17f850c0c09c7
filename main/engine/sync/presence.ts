import type {
  Args,
  CursorPlace,
  PresenceBody,
  PresenceEvent,
  Present,
} from '../../../domain/contracts/index.ts';
import { Nothing } from '../../../domain/contracts/index.ts';
import { describe, type Log } from '../log.ts';
import type { Topics } from '../topics.ts';
import type { PortalApi } from './api.ts';

/** Who else has an article open now. Nothing of it is kept, and nothing waits for it: without the portal nobody else is seen. */
export interface Presence {
  /** What a window says of an article it has open. */
  tell(args: Args<'presence.tell'>, windowId: string): void;
  others(articleId: string): readonly Present[];
  windowClosed(windowId: string): void;
  /** The portal passed on what another desk said. */
  heard(event: PresenceEvent): void;
  /** A stream was opened: the others are asked anew. */
  opened(): void;
  /** Articles changed at the portal: it may know one by now that it did not. */
  articlesChanged(): void;
  /** The stream ended. */
  lost(): void;
  stop(): void;
}

export interface PresenceOptions {
  readonly api: PortalApi;
  readonly isOnline: () => boolean;
  readonly topics: Topics;
  readonly log: Log;
  /** Time between two places told of one window, in milliseconds. */
  readonly everyMs?: number;
}

interface Own {
  readonly articleId: string;
  readonly windowId: string;
  place: CursorPlace | null;
  timer: NodeJS.Timeout | null;
  told: string | null;
  /** The portal took what was told last. */
  isTaken: boolean;
}

const EVERY_MS = 200;
const TIMEOUT_MS = 5_000;
/** A session renews its stream well within this time, and with it what it says. */
const FORGOTTEN_MS = 20 * 60_000;

export function createPresence(options: PresenceOptions): Presence {
  const { api, isOnline, topics, log, everyMs = EVERY_MS } = options;
  const own = new Map<string, Own>();
  const others = new Map<
    string,
    Map<string, { readonly present: Present; readonly timer: NodeJS.Timeout }>
  >();
  let isStopped = false;
  let sending: Promise<void> = Promise.resolve();

  /** One after the other: a "here" that overtakes a "gone" would leave somebody standing there. */
  const send = (body: PresenceBody, onTaken: (isTaken: boolean) => void = () => {}) => {
    if (isStopped || !isOnline()) return;
    sending = sending
      .then(() =>
        api.json(Nothing, { method: 'POST', path: '/api/sync/presence', json: body, timeoutMs: TIMEOUT_MS }),
      )
      .then(
        () => onTaken(true),
        (error: unknown) => {
          onTaken(false);
          log('info', 'presence.not-told', describe(error));
        },
      );
  };

  const say = (one: Own, isNew: boolean) => {
    const { articleId, windowId, place } = one;
    one.told = JSON.stringify(place);
    send({ articleId, windowId, isHere: true, isNew, place }, (isTaken) => {
      one.isTaken = isTaken;
    });
  };

  /** Where the cursor stands is told only while there is somebody to see it. */
  const sayPlace = (one: Own) => {
    if (one.timer || !others.has(one.articleId) || one.told === JSON.stringify(one.place)) return;
    say(one, false);
    one.timer = setTimeout(() => {
      one.timer = null;
      sayPlace(one);
    }, everyMs);
    one.timer.unref();
  };

  const leave = (key: string, one: Own) => {
    own.delete(key);
    if (one.timer) clearTimeout(one.timer);
    one.timer = null;
    const { articleId, windowId } = one;
    send({ articleId, windowId, isHere: false, isNew: false, place: null });
    if (![...own.values()].some((left) => left.articleId === articleId)) forgetAll(articleId);
  };

  const forget = (articleId: string, key: string) => {
    const here = others.get(articleId);
    const known = here?.get(key);
    if (!here || !known) return;
    clearTimeout(known.timer);
    here.delete(key);
    if (here.size === 0) others.delete(articleId);
    topics.emit(`presence:${articleId}`);
  };

  const forgetAll = (articleId: string) => {
    for (const key of [...(others.get(articleId)?.keys() ?? [])]) forget(articleId, key);
  };

  return {
    tell({ articleId, isHere, place }, windowId) {
      const key = `${windowId} ${articleId}`;
      const known = own.get(key);
      if (!isHere) {
        if (known) leave(key, known);
      } else if (known) {
        known.place = place;
        sayPlace(known);
      } else {
        const one: Own = { articleId, windowId, place, timer: null, told: null, isTaken: false };
        own.set(key, one);
        say(one, true);
      }
    },
    others: (articleId) => [...(others.get(articleId)?.values() ?? [])].map(({ present }) => present),
    windowClosed(windowId) {
      for (const [key, one] of [...own]) if (one.windowId === windowId) leave(key, one);
    },
    heard({ articleId, key, personId, isHere, isNew, place }) {
      const mine = [...own.values()].filter((one) => one.articleId === articleId);
      if (mine.length === 0) return;
      if (!isHere) {
        forget(articleId, key);
        return;
      }
      const here = others.get(articleId) ?? new Map();
      const known = here.get(key);
      if (known) clearTimeout(known.timer);
      const timer = setTimeout(() => forget(articleId, key), FORGOTTEN_MS);
      timer.unref();
      here.set(key, { present: { key, personId, place }, timer });
      others.set(articleId, here);
      topics.emit(`presence:${articleId}`);
      for (const one of mine) {
        if (isNew) say(one, false);
        else sayPlace(one);
      }
    },
    opened() {
      for (const one of own.values()) say(one, true);
    },
    articlesChanged() {
      for (const one of own.values()) if (!one.isTaken) say(one, true);
    },
    lost() {
      for (const articleId of [...others.keys()]) forgetAll(articleId);
    },
    stop() {
      for (const [key, one] of [...own]) leave(key, one);
      isStopped = true;
    },
  };
}
