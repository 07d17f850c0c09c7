import type { RxStorageInstance } from 'rxdb';

type Times = Pick<
  Required<RxStorageInstance<unknown, unknown, unknown>>,
  'bulkWrite' | 'getChangedDocumentsSince'
>;

const BATCH = 1000;

/**
 * Keeps the times of writing of a collection rising, also when the clock of the machine was set back. RxDB goes on pushing from a
 * time of writing: what is written at an earlier one than it has reached would never be sent after a restart.
 * Changes `instance`; call it before anything is written.
 */
export async function keepTimesRising(instance: Times): Promise<void> {
  let latest = await latestAhead(instance);
  const write = instance.bulkWrite.bind(instance);
  instance.bulkWrite = (rows, context) => {
    for (const { document } of rows) {
      // Rows of one write may share what is noted of them.
      if (document._meta.lwt <= latest) document._meta.lwt = nextAfter(latest);
    }
    for (const { document } of rows) latest = Math.max(latest, document._meta.lwt);
    return write(rows, context);
  };
}

/** RxDB's times are milliseconds with two decimals. */
const nextAfter = (time: number): number => Math.round(time * 100 + 1) / 100;

/** The latest time of writing that lies in the future of this clock; 0 when there is none. */
async function latestAhead(instance: Times): Promise<number> {
  let checkpoint: unknown = { id: '', lwt: Date.now() };
  let latest = 0;
  for (;;) {
    const { documents, checkpoint: next } = await instance.getChangedDocumentsSince(BATCH, checkpoint);
    for (const { _meta } of documents) latest = Math.max(latest, _meta.lwt);
    if (documents.length < BATCH) return latest;
    checkpoint = next;
  }
}
