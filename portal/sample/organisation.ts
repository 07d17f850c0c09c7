import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NamesSchema, PersonSchema, UnitSchema } from '../../domain/people/types.ts';
import data from './organisation.json' with { type: 'json' };

const OrganisationSchema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    name: NamesSchema,
    profileId: Type.String(),
    /** One password for all accounts of the sample; a real organisation sets its own. */
    samplePassword: Type.String({ minLength: 8 }),
    units: Type.Array(UnitSchema),
    people: Type.Array(PersonSchema),
  },
  { additionalProperties: false },
);
/** The organisation a portal starts with when none is configured. */
export type SampleOrganisation = Static<typeof OrganisationSchema>;

/** Units of VP17 Điều 5 with a liaison officer and a head each, and the editorial board. Checked on reading. */
export function sampleOrganisation(): SampleOrganisation {
  return Value.Parse(OrganisationSchema, data);
}
