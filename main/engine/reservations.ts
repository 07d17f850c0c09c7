import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Day, Id, Nullable, Strict } from '../../domain/contracts/define.ts';
import {
  type ArticleRow,
  type OwnReservation,
  type Reservation,
  ReservationReply,
  reservationPath,
} from '../../domain/contracts/index.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import { reservationDays, standingReservations } from '../../domain/workflow/index.ts';
import type { DeskDatabase } from './database.ts';
import { readJson, writeDurably } from './durableFile.ts';
import { describe, type Log } from './log.ts';
import { diskCode } from './refused.ts';
import type { PortalApi } from './sync/api.ts';
import { type Link, Stopped } from './sync/link.ts';
import { PortalFailure } from './sync/portalClient.ts';
import type { Topics } from './topics.ts';

type Row = Pick<ArticleRow, 'id' | 'reservations'>;

/** Who works on which article offline, as this desk knows it: what the portal said, and what it has yet to hear. */
export interface Reservations {
  /**
   * Says that this person works on the article offline until the end of a day, or not any more (null). Kept on the disk, and told when the
   * portal can be reached; the last word on an article counts. Codes: `reservation-day`, `disk-full`, `not-saved`.
   */
  say(articleId: string, day: string | null): Promise<Result<Record<string, never>>>;
  /** Of others, without what is over by the portal's clock as far as this desk knows it. */
  ofOthers(row: Row): Reservation[];
  own(row: Row): OwnReservation | null;
  /** Why the portal did not take what was said last. */
  problem(articleId: string): string | null;
  /** Sends what waits since an earlier run. */
  start(): void;
  /** Looks whether something is over. */
  look(): void;
  stop(): void;
}

const Kept = Strict({
  /** The day until which somebody said to be away with an article, or null for "back", where the portal has not heard it. */
  waiting: Type.Record(Id, Nullable(Day)),
});

export async function openReservations(options: {
  readonly folder: string;
  readonly database: DeskDatabase;
  readonly api: PortalApi;
  readonly link: Link;
  readonly topics: Topics;
  readonly log: Log;
  readonly personId: string;
  /** The portal's time as far as it is known here. */
  readonly portalNow: () => number;
}): Promise<Reservations> {
  const { database, api, link, topics, log, personId, portalNow } = options;
  const path = join(options.folder, 'reservations.json');
  const found = await readJson(path);
  const waiting = new Map(Value.Check(Kept, found) ? Object.entries(found.waiting) : []);
  /** What the portal answered, until its row has come. */
  const answered = new Map<string, Reservation | null>();
  const problems = new Map<string, string>();
  const telling = new Set<string>();
  let writing: Promise<void> = Promise.resolve();
  let nextEnd = Number.POSITIVE_INFINITY;

  const write = (): Promise<void> => {
    const next = writing.then(() =>
      writeDurably(path, JSON.stringify({ waiting: Object.fromEntries(waiting) })),
    );
    writing = next.catch(() => undefined);
    return next;
  };
  const changed = (articleId: string) => topics.emit('desk', `article:${articleId}`);

  const rows = database.articles.eventBulks$.subscribe((bulk) => {
    for (const { documentData } of bulk.events) answered.delete(documentData.id);
  });

  const ask = (articleId: string, day: string | null): Promise<ReservationReply> =>
    link.run((signal) => {
      const request = { path: reservationPath(articleId), signal };
      return api.json(
        ReservationReply,
        day === null ? { ...request, method: 'DELETE' } : { ...request, method: 'PUT', json: { day } },
      );
    });

  const tell = async (articleId: string): Promise<void> => {
    if (telling.has(articleId)) return;
    telling.add(articleId);
    try {
      for (;;) {
        const day = waiting.get(articleId);
        if (day === undefined) return;
        const outcome = await ask(articleId, day).catch((error: unknown) => {
          if (error instanceof PortalFailure) return error;
          throw error;
        });
        // Something else was said meanwhile.
        if (waiting.get(articleId) !== day) continue;
        waiting.delete(articleId);
        if (outcome instanceof PortalFailure) {
          log('info', 'reservation.refused', { code: outcome.code, status: outcome.status });
          problems.set(articleId, outcome.code);
        } else {
          const own = outcome.reservations.find((one) => one.personId === personId);
          answered.set(articleId, own ?? null);
        }
        changed(articleId);
        await write();
      }
    } catch (error) {
      // What is still in the file is told at the next start.
      if (!(error instanceof Stopped)) log('warn', 'reservation.not-told', describe(error));
    } finally {
      telling.delete(articleId);
    }
  };

  const standing = (row: Row): readonly Reservation[] => {
    const all = standingReservations(row.reservations ?? [], portalNow());
    nextEnd = Math.min(nextEnd, ...all.map((one) => one.until));
    return all;
  };

  return {
    say: async (articleId, day) => {
      const { first, last } = reservationDays(portalNow());
      if (day !== null && (day < first || day > last))
        return refuse('reservation-day', { ref: 'WF25', detail: { first, last } });
      const before = waiting.get(articleId);
      waiting.set(articleId, day);
      try {
        await write();
      } catch (error) {
        if (before === undefined) waiting.delete(articleId);
        else waiting.set(articleId, before);
        const code = diskCode(error);
        if (code === null) throw error;
        return refuse(code === 'disk-full' ? code : 'not-saved');
      }
      problems.delete(articleId);
      changed(articleId);
      void tell(articleId);
      return ok({});
    },
    ofOthers: (row) => standing(row).filter((one) => one.personId !== personId),
    own: (row) => {
      const said = waiting.get(row.id);
      if (said !== undefined) return { day: said, isWaiting: true };
      const told = answered.get(row.id);
      const known = told === undefined ? standing(row).find((one) => one.personId === personId) : told;
      return known ? { day: known.day, isWaiting: false } : null;
    },
    problem: (articleId) => problems.get(articleId) ?? null,
    start: () => {
      for (const articleId of waiting.keys()) void tell(articleId);
    },
    look: () => {
      if (portalNow() < nextEnd) return;
      nextEnd = Number.POSITIVE_INFINITY;
      topics.emit('desk');
    },
    stop: () => rows.unsubscribe(),
  };
}
