import type { Bilingual, PersonInfo, UnitInfo } from '../../domain/contracts/index.ts';
import { type CalendarData, compileCalendar } from '../../domain/deadlines/index.ts';
import { faultLine } from '../../domain/regulations/faults.ts';
import { type RegulationProfile, readProfile } from '../../domain/regulations/index.ts';
import type { Portal } from '../context.ts';
import { hashPassword } from '../session/sessions.ts';
import { change } from './feed.ts';
import { unitColumns } from './unitColumns.ts';
import { recordFirstVersions } from './versions.ts';

export interface NewOrganisation {
  readonly id: string;
  readonly name: Bilingual;
  readonly profile: RegulationProfile;
  readonly calendar: CalendarData;
  readonly units: readonly UnitInfo[];
  readonly people: readonly (PersonInfo & { readonly password: string })[];
}

/** For how many days a desk may stay away, until an administrator says otherwise. */
const OFFLINE_DAYS = 30;

/** Founds an organisation with its units, people and rules, all or nothing. Throws if its profile or calendar is unsound. */
export async function foundOrganisation(portal: Portal, organisation: NewOrganisation): Promise<void> {
  const { id, profile, calendar } = organisation;
  const checked = readProfile(profile);
  if (!checked.ok) throw new Error(`unsound profile: ${checked.faults.map(faultLine).join('; ')}`);
  const compiled = compileCalendar(calendar);
  if (!compiled.ok) throw new Error(`unsound calendar: ${compiled.fault.code}`);
  const hashes = new Map<string, Promise<string>>();
  for (const { password } of organisation.people)
    hashes.set(password, hashes.get(password) ?? hashPassword(password));
  const people = await Promise.all(
    organisation.people.map(async ({ password, ...person }) => ({
      person,
      hash: (await hashes.get(password)) ?? '',
    })),
  );
  await change(portal, id, async (tx, feed) => {
    await tx
      .insertInto('organisations')
      .values({
        organisation_id: id,
        name: JSON.stringify(organisation.name),
        profile_id: profile.id,
        profile: JSON.stringify(profile),
        calendar: JSON.stringify(calendar),
        created_at: portal.now(),
        offline_days: OFFLINE_DAYS,
      })
      .execute();
    await tx
      .insertInto('units')
      .values(organisation.units.map((unit) => ({ organisation_id: id, id: unit.id, ...unitColumns(unit) })))
      .execute();
    await tx
      .insertInto('people')
      .values(
        people.map(({ person, hash }) => ({
          organisation_id: id,
          id: person.id,
          account: person.account.toLowerCase(),
          name: JSON.stringify(person.name),
          roles: person.roles,
          unit_id: person.unitId,
          active: person.active,
          password_hash: hash,
        })),
      )
      .execute();
    const rows = [
      {
        id: 'organisation',
        kind: 'organisation' as const,
        data: { id, name: organisation.name, profileId: profile.id, offlineDays: OFFLINE_DAYS },
      },
      { id: 'profile', kind: 'profile' as const, data: profile },
      { id: 'calendar', kind: 'calendar' as const, data: calendar },
      ...organisation.units.map((unit) => ({ id: `unit:${unit.id}`, kind: 'unit' as const, data: unit })),
      ...people.map(({ person }) => ({ id: `person:${person.id}`, kind: 'person' as const, data: person })),
    ];
    await tx
      .insertInto('directory')
      .values(
        rows.map((row) => ({
          organisation_id: id,
          id: row.id,
          kind: row.kind,
          data: JSON.stringify(row.data),
        })),
      )
      .execute();
    feed.touch('directory', ...rows.map((row) => row.id));
    await recordFirstVersions(tx, id, rows, portal.now());
  });
}
