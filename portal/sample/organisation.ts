import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NamesSchema, PersonSchema, UnitSchema } from '../../domain/people/types.ts';
import { getProfile } from '../../domain/regulations/index.ts';
import { peopleOf, unitsOf } from './fromProfile.ts';
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

/**
 * Units of VP17 Điều 5 with a liaison officer and a head each, and the editorial board; for another regulation, the
 * units that it names. Checked on reading. Throws for a regulation that does not ship.
 */
export function sampleOrganisation(profileId: string = data.profileId): SampleOrganisation {
  const sample = Value.Parse(OrganisationSchema, data);
  if (profileId === sample.profileId) return sample;
  const profile = getProfile(profileId);
  if (!profile) throw new Error(`the sample is asked for an unknown regulation ${profileId}`);
  const name = profile.channels[0]?.name ?? profile.title;
  const units = unitsOf(profile, name);
  return Value.Parse(OrganisationSchema, {
    id: `mau-${profileId.toLowerCase()}`,
    name,
    profileId,
    samplePassword: sample.samplePassword,
    units,
    people: peopleOf(profile, units),
  });
}
