import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  DecisionRow,
  FileRow,
  Id,
  type PushReply,
  type SyncedCollection,
  UpdateRow,
} from '../../domain/contracts/index.ts';
import type { Actor } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import { PortalError } from '../errors.ts';
import type { Organisation } from '../storage/organisations.ts';
import { pushDecisions } from './pushDecisions.ts';
import { pushFiles } from './pushFiles.ts';
import type { Push } from './pushRequest.ts';
import { pushUpdates } from './pushUpdates.ts';

/** `POST /api/sync/<collection>`. Rows are looked at one by one, so what a row must be is no part of this schema. */
export const PushBody = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          newDocumentState: Type.Record(Type.String(), Type.Unknown()),
          assumedMasterState: Type.Optional(Type.Unknown()),
        },
        { additionalProperties: false },
      ),
      { maxItems: 500 },
    ),
  },
  { additionalProperties: false },
);

const CHECKS = { updates: Compile(UpdateRow), decisions: Compile(DecisionRow), files: Compile(FileRow) };
const isId = Compile(Id);

/**
 * Takes rows of a desk. A row that can't be taken is named in `refused` with its code and keeps no other from being
 * taken; a row that the portal holds differently is answered with the portal's state in `conflicts`. Repeating a push
 * changes nothing. Throws `bad-request` where a row has no id to refuse it by, and for collections nobody pushes to.
 */
export async function push(
  portal: Portal,
  organisation: Organisation,
  actor: Actor,
  collection: SyncedCollection,
  states: readonly Readonly<Record<string, unknown>>[],
): Promise<PushReply> {
  const reply: PushReply = { conflicts: [], refused: [] };
  const request: Push = {
    portal,
    organisation,
    actor,
    reply,
    refuse(id, code, ref) {
      reply.refused.push({ id, code, ...(ref === undefined ? {} : { ref }) });
      portal.log.info({ collection, id, code, personId: actor.id }, 'row refused');
    },
  };
  if (collection === 'updates') await pushUpdates(request, sound(request, CHECKS.updates, states));
  else if (collection === 'decisions') await pushDecisions(request, sound(request, CHECKS.decisions, states));
  else if (collection === 'files') await pushFiles(request, sound(request, CHECKS.files, states));
  else throw new PortalError('bad-request', { detail: { reason: `${collection} is not pushed` } });
  return reply;
}

/** Rows in the shape of the collection, once each; RxDB's own marks are left out. */
function sound<T extends { readonly id: string }>(
  request: Push,
  check: { Check(value: unknown): value is T },
  states: readonly Readonly<Record<string, unknown>>[],
): T[] {
  const rows = new Map<string, T>();
  for (const state of states) {
    const { _deleted, _attachments, _rev, _meta, ...row } = state;
    if (!isId.Check(row.id)) throw new PortalError('bad-request', { detail: { reason: 'a row has no id' } });
    if (_deleted === true || !check.Check(row)) request.refuse(row.id, 'bad-request');
    else rows.set(row.id, row);
  }
  return [...rows.values()];
}
