import type { Actor } from '../../domain/workflow/index.ts';
import type { Db } from '../storage/database.ts';

/**
 * What a person was under earlier scopes: role and unit as they stood then. A scope is a number that rises with every change of either; the desk
 * names the one under which it last asked, so that it can be told what to add and what to let go. Unknown numbers are left out.
 */
export async function scopesOf(
  db: Db,
  organisationId: string,
  personId: string,
  scopes: readonly number[],
): Promise<Actor[]> {
  if (scopes.length === 0) return [];
  const rows = await db
    .selectFrom('person_scopes')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .where('scope', 'in', [...scopes])
    .execute();
  return rows.map((row) => ({ id: personId, roles: row.roles, unitId: row.unit_id, active: true }));
}
