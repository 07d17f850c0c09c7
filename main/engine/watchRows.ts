import type { RxCollection } from 'rxdb';
import type { DeskDatabase, LocalDecision, LocalUpdate } from './database.ts';
import { statusOf } from './decisions/project.ts';
import type { Deriver } from './desk/deriver.ts';
import type { Directory } from './directory.ts';
import type { Arrival } from './documents/arrival.ts';
import type { Departures } from './documents/departures.ts';
import type { Documents } from './documents/documents.ts';
import type { Holding } from './documents/holding.ts';
import type { Registry } from './documents/registry.ts';
import type { UpdateTally } from './documents/tally.ts';
import type { Collector } from './files/collect.ts';
import type { Transfers } from './files/transfers.ts';
import { describe, type Log } from './log.ts';
import type { Session } from './session/session.ts';
import type { Topics } from './topics.ts';

interface RowEvent {
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly documentData: unknown;
}

export interface WatchContext {
  readonly database: DeskDatabase;
  readonly tallies: UpdateTally;
  readonly registry: Registry;
  readonly documents: Documents;
  readonly deriver: Deriver;
  readonly departures: Departures;
  readonly directory: Directory;
  readonly holding: Holding;
  readonly arrival: Arrival;
  readonly transfers: Transfers;
  readonly collector: Collector;
  readonly session: Session;
  readonly topics: Topics;
  readonly log: Log;
  readonly deskId: string;
}

/** Passes on every change of the rows, whether made here or brought by the portal, to all that follows from it. */
export function watchRows(context: WatchContext): () => void {
  const {
    database,
    tallies,
    registry,
    documents,
    deriver,
    departures,
    directory,
    holding,
    arrival,
    transfers,
    collector,
    topics,
    log,
  } = context;

  const later = (work: Promise<unknown>) => {
    work.catch((error: unknown) => log('error', 'rows.follow-up-failed', describe(error)));
  };
  const idsOf = (events: readonly RowEvent[], key: 'id' | 'articleId'): Set<string> =>
    new Set(events.map((event) => (event.documentData as Record<typeof key, string>)[key]));

  const follow = <T>(collection: RxCollection<T>, onEvents: (events: readonly RowEvent[]) => void) =>
    collection.eventBulks$.subscribe((bulk: { events: readonly RowEvent[] }) => onEvents(bulk.events));

  const subscriptions = [
    follow(database.articles, (events) => {
      const ids = idsOf(events, 'id');
      for (const { operation, documentData } of events) {
        const { id } = documentData as { id: string };
        if (operation === 'DELETE')
          later(documents.inTurn(id, () => departures.depart(id)).then(() => deriver.changed([id])));
        else {
          departures.returned(id);
          // Declared by the store that was here before this one was restored: the portal has it, so nothing holds it back.
          if (tallies.get(id)?.opens) later(documents.inTurn(id, () => holding.release(id)));
        }
      }
      deriver.changed(ids);
      topics.emit('outbox');
    }),
    follow(database.snapshots, (events) => {
      const came: string[] = [];
      for (const { operation, documentData } of events) {
        const { id } = documentData as { id: string };
        if (operation === 'DELETE') registry.drop(id);
        else came.push(id);
      }
      later(documents.snapshotsReceived(came).then(() => arrival.came(came)));
      deriver.changed(idsOf(events, 'id'));
    }),
    follow(database.updates, (events) => {
      const arrived: LocalUpdate[] = [];
      const gone = new Set<string>();
      for (const { operation, documentData } of events) {
        const row = documentData as LocalUpdate;
        if (operation === 'DELETE') {
          tallies.forget(row);
          // One that a snapshot covers goes without its bytes: the text stays the same.
          if (row.update !== '') gone.add(row.articleId);
        } else tallies.note(row);
        if (operation === 'INSERT') arrived.push(row);
      }
      for (const articleId of gone) registry.drop(articleId);
      deriver.changed(idsOf(events, 'articleId'));
      topics.emit('outbox', 'connection');
      later(documents.received(arrived).then(() => arrival.came(arrived.map((row) => row.articleId))));
    }),
    follow(database.decisions, (events) => {
      deriver.changed(idsOf(events, 'articleId'));
      topics.emit('outbox', 'connection');
      for (const { documentData } of events) {
        const row = documentData as LocalDecision;
        if (row.action !== 'declare' || row.deskId !== context.deskId || statusOf(row) !== 'refused')
          continue;
        later(documents.inTurn(row.articleId, () => holding.hold(row.articleId)));
      }
    }),
    follow(database.files, (events) => {
      deriver.changed(idsOf(events, 'articleId'));
      topics.emit('outbox', 'connection');
      transfers.pump();
      collector.gone(
        idsOf(
          events.filter((event) => event.operation === 'DELETE'),
          'id',
        ),
      );
    }),
    follow(database.directory, () => {
      later(
        directory.load().then(async () => {
          topics.emit('directory', 'session', 'desk');
          await context.session.updatePerson(directory.me());
          await deriver.changedAll();
        }),
      );
    }),
  ];
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}
