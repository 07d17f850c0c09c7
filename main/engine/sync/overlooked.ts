import type { RxCollection } from 'rxdb';
import { PushReply } from '../../../domain/contracts/portalApi.ts';
import type { SyncedCollection } from '../../../domain/contracts/rows.ts';
import type { DeskDatabase } from '../database.ts';
import type { PortalApi } from './api.ts';
import type { Link } from './link.ts';
import { arePortalRows, bare, fromPortal, isSameRow } from './rows.ts';

type Row = Record<string, unknown>;

/**
 * What the portal said of rows that were on their way to it at that moment. RxDB passes over such a row, or loses to a note written beside it, and
 * never comes back to it: a verdict would be missing for ever. `told` remembers what a page brought, `settle` writes what is
 * still missing once RxDB rests.
 */
export function createOverlooked(collection: RxCollection<Row>, name: SyncedCollection, now: () => number) {
  const last = new Map<string, Row>();
  return {
    told(rows: readonly Row[]): void {
      for (const row of rows) last.set(String(row.id), row);
    },
    async settle(): Promise<void> {
      const rows = [...last.values()];
      last.clear();
      for (const row of rows) if (row._deleted !== true) await take(collection, name, row, now());
    },
  };
}

/** Writes the portal's state of a row that is here and says otherwise. */
async function take(
  collection: RxCollection<Row>,
  name: SyncedCollection,
  row: Row,
  at: number,
): Promise<void> {
  const here = await collection.findOne(String(row.id)).exec();
  if (!here || isSameRow(name, here.toJSON() as Row, row)) return;
  const { sent, code, ref, opens, name: fileName, ...said } = fromPortal(name, row, at);
  await here.incrementalPatch({ ...said, sent: at, code: '', ref: '' });
}

/**
 * Asks the portal once more about proposals without verdict and files without their bytes that were sent from here: what it said of them may
 * have been overlooked just before the machine lost power. Repeating a push changes nothing there.
 */
export async function askAgain(options: {
  readonly database: DeskDatabase;
  readonly api: PortalApi;
  readonly link: Link;
  readonly deskId: string;
  readonly personId: string;
  readonly now: () => number;
}): Promise<void> {
  const { database, api, link, deskId, personId, now } = options;
  const open = { sent: { $gt: 1 }, code: '' };
  const decisions = await database.decisions
    .find({ selector: { ...open, deskId, status: 'proposed' } })
    .exec();
  const files = await database.files
    .find({ selector: { ...open, addedBy: personId, storedAt: null } })
    .exec();
  for (const [name, rows] of [['decisions', decisions] as const, ['files', files] as const]) {
    if (rows.length === 0) continue;
    const json = { rows: rows.map((row) => ({ newDocumentState: bare(name, row.toJSON() as Row) })) };
    const reply = await link.run((signal) =>
      api.json(PushReply, { method: 'POST', path: `/api/sync/${name}`, json, signal }),
    );
    for (const row of reply.conflicts)
      if (arePortalRows(name, [row]))
        await take(database[name] as unknown as RxCollection<Row>, name, row, now());
  }
}
