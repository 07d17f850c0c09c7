import type { Selectable } from 'kysely';
import type { UnitInfo } from '../../domain/contracts/index.ts';
import type { UnitTable } from './tables.ts';

/** Between a unit as desks know it and its row. */
export function unitColumns(unit: UnitInfo) {
  return {
    name: JSON.stringify(unit.name),
    short_name: JSON.stringify(unit.shortName),
    categories: unit.categories,
    valid_from: unit.validFrom ?? null,
    valid_to: unit.validTo ?? null,
    parent_id: unit.parentId ?? null,
    successor_ids: unit.successorIds ?? [],
    former_names: JSON.stringify(unit.formerNames ?? []),
  };
}

/** The unit of a row; what is not set is left out. */
export function unitInfo(row: Selectable<UnitTable>): UnitInfo {
  return {
    id: row.id,
    name: row.name,
    shortName: row.short_name,
    categories: row.categories,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    ...(row.valid_from === null ? {} : { validFrom: row.valid_from }),
    ...(row.valid_to === null ? {} : { validTo: row.valid_to }),
    ...(row.successor_ids.length === 0 ? {} : { successorIds: row.successor_ids }),
    ...(row.former_names.length === 0 ? {} : { formerNames: [...row.former_names] }),
  };
}
