import { type Static, Type } from 'typebox';
import { ROLES } from './roles.ts';

/** A name in the two languages of the desk. */
export const NamesSchema = Type.Object(
  { vi: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);
export type Names = Static<typeof NamesSchema>;

/**
 * A unit that supplies content, or the editorial board. Units merge and change names: the row keeps the days
 * (`YYYY-MM-DD`) between which it existed, and what was published keeps the unit of its day.
 */
export const UnitSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,39}$' }),
    name: NamesSchema,
    /** The abbreviation used in lists. */
    shortName: Type.Optional(NamesSchema),
    parentId: Type.Union([Type.String(), Type.Null()]),
    validFrom: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    validTo: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    /** Units that took over its work, when it was merged or split. */
    successorIds: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type Unit = Static<typeof UnitSchema>;

/** Somebody who signs in. `account` is what is typed at sign-in; `unitId` is the unit the person writes for. */
export const PersonSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64 }),
    account: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{2,63}$' }),
    name: NamesSchema,
    roles: Type.Array(Type.Enum([...ROLES]), { minItems: 1, uniqueItems: true }),
    unitId: Type.String(),
    active: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type Person = Static<typeof PersonSchema>;

/** True when the unit existed on that day (`YYYY-MM-DD`). */
export function unitExistsOn(unit: Unit, date: string): boolean {
  return unit.validFrom <= date && (unit.validTo === undefined || date <= unit.validTo);
}
