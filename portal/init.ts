import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { defaultCalendar } from '../domain/deadlines/index.ts';
import { type Person, PersonSchema, type Unit } from '../domain/people/types.ts';
import {
  categoriesForUnit,
  forPortalKind,
  getProfile,
  portalKindIds,
  profileIds,
  type RegulationProfile,
  readProfile,
} from '../domain/regulations/index.ts';
import { slugify } from '../domain/text/index.ts';
import { sayProfileFault } from './admin/profileFaults.ts';
import { ConfigError } from './config.ts';
import type { Portal } from './context.ts';
import { BOARD_ID, unitsOf } from './sample/fromProfile.ts';
import { MIN_PASSWORD, oneTimePassword } from './session/passwords.ts';
import { foundOrganisation } from './storage/foundOrganisation.ts';

/** Second key of the lock under which an organisation is founded: two set-ups at once must not both find nothing. */
const FOUNDING_LOCK = 0x50a4;

const OPTIONS = {
  profile: { type: 'string' },
  kind: { type: 'string' },
  name: { type: 'string' },
  'name-en': { type: 'string' },
  unit: { type: 'string', multiple: true },
  account: { type: 'string' },
  people: { type: 'string' },
  signed: { type: 'string' },
  number: { type: 'string' },
  'password-stdin': { type: 'boolean' },
} as const;

/**
 * `npm run portal -- init --profile TB21 …` (README.md, "Setting up"): founds the organisation of an empty portal, with its
 * units and an administrator. Answers the lines to print, the one-time passwords among them. Throws a ConfigError
 * for what is wrong with the arguments, and when there is an organisation already.
 */
export async function initialise(
  portal: Portal,
  args: readonly string[],
  input: Readable,
): Promise<string[]> {
  const options = readOptions(args);
  const profile = chooseProfile(options);
  const name = nameOf(options, profile);
  const units = options.unit ? readUnits(options.unit, profile, name) : unitsOf(profile, name);
  const people = [administrator(options.account), ...(await readPeople(options.people, units))];
  const repeated = people.find(
    (one, at) => people.findIndex((other) => other.account === one.account) !== at,
  );
  if (repeated) throw new ConfigError(`two people with the account ${repeated.account}`);
  const given = options['password-stdin'] ? await readPassword(input) : null;
  const passwords = people.map((_, index) => (index === 0 && given !== null ? given : oneTimePassword()));
  const id = slugify(name.vi).slice(0, 60) || profile.id.toLowerCase();

  await portal.db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${FOUNDING_LOCK}, 0)`.execute(connection);
    try {
      const known = await connection.selectFrom('organisations').select('organisation_id').executeTakeFirst();
      if (known) throw new ConfigError(`this portal has an organisation already: ${known.organisation_id}`);
      await foundOrganisation(portal, {
        id,
        name,
        profile,
        calendar: defaultCalendar(),
        units: units.map((unit) => ({
          id: unit.id,
          name: unit.name,
          shortName: unit.shortName ?? unit.name,
          categories: categoriesForUnit(profile, unit.id).map((category) => category.id),
        })),
        people: people.map((person, index) => ({
          ...person,
          password: passwords[index] ?? oneTimePassword(),
        })),
      });
    } finally {
      await sql`select pg_advisory_unlock(${FOUNDING_LOCK}, 0)`.execute(connection);
    }
  });
  const kind = profile.portalKind === null ? '' : `, ${profile.portalKind}`;
  return [
    `founded ${id} on ${profile.id} version ${profile.version}${kind}`,
    `units: ${units.map((unit) => unit.id).join(', ')}`,
    ...people.map((person, index) =>
      index === 0 && given !== null
        ? `account ${person.account}, with the password that was given`
        : `account ${person.account}, one-time password ${passwords[index]} (shown only here)`,
    ),
    ...toConfirm(profile),
  ];
}

type Options = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function chooseProfile(options: Options): RegulationProfile {
  const shipped = getProfile(options.profile ?? '');
  if (!shipped) throw new ConfigError(`--profile is none of ${profileIds().join(', ')}`);
  const kinds = portalKindIds(shipped);
  const kind = options.kind ?? shipped.portalKind;
  const ofKind = kind === null ? shipped : forPortalKind(shipped, kind);
  if (!ofKind)
    throw new ConfigError(`--kind is none of ${kinds.join(', ') || '(this regulation knows one kind)'}`);
  const issuedOn = options.signed ?? ofKind.issuedOn;
  if (options.signed !== undefined && shipped.issuedOn !== null && options.signed !== shipped.issuedOn)
    throw new ConfigError(
      `${shipped.id} was signed on ${shipped.issuedOn}; --signed is for one whose day is open`,
    );
  const profile = {
    ...ofKind,
    issuedOn,
    number: ofKind.number ?? options.number ?? null,
    validFrom: ofKind.validFrom ?? issuedOn,
  };
  const checked = readProfile(profile);
  if (!checked.ok)
    throw new ConfigError(
      `--signed: ${checked.faults.map((fault) => sayProfileFault({ language: 'en' }, fault)).join('; ')}`,
    );
  return checked.profile;
}

function nameOf(options: Options, profile: RegulationProfile): Unit['name'] {
  const own = profile.channels[0]?.name ?? profile.title;
  const vi = options.name?.normalize('NFC').trim() || own.vi;
  return { vi, en: options['name-en']?.trim() || (options.name ? vi : own.en) };
}

/** `id=Tên đơn vị` or `id=Tên đơn vị|Name in English`. The board is there in any case. */
function readUnits(given: readonly string[], profile: RegulationProfile, name: Unit['name']): Unit[] {
  const [board] = unitsOf(profile, name).slice(-1);
  const units = given.map((one): Unit => {
    const match = /^([a-z0-9][a-z0-9-]{1,39})=([^|]+)(?:\|(.+))?$/u.exec(one.normalize('NFC'));
    if (!match) throw new ConfigError(`--unit is not id=Tên đơn vị|English name: ${one}`);
    const [, id = '', vi = '', en] = match;
    const validFrom = board?.validFrom ?? '';
    return { id, name: { vi: vi.trim(), en: (en ?? vi).trim() }, parentId: null, validFrom };
  });
  const all = [...units.filter((unit) => unit.id !== BOARD_ID), ...(board ? [board] : [])];
  const ids = all.map((unit) => unit.id);
  if (new Set(ids).size < ids.length) throw new ConfigError('--unit names a unit twice');
  return all;
}

function administrator(account = 'quan-tri'): Person {
  const name = { vi: 'Quản trị Cổng', en: 'Administrator' };
  const person: Person = {
    id: account,
    account,
    name,
    roles: ['administrator'],
    unitId: BOARD_ID,
    active: true,
  };
  if (!Value.Check(PersonSchema, person)) throw new ConfigError(`--account is no account: ${account}`);
  return person;
}

/** People from a file of JSON: an array of id, account, name, roles, unitId, active. */
async function readPeople(path: string | undefined, units: readonly Unit[]): Promise<Person[]> {
  if (path === undefined) return [];
  let people: unknown;
  try {
    people = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`--people: ${error instanceof Error ? error.message : String(error)}`);
  }
  const Shape = Type.Array(PersonSchema);
  if (!Value.Check(Shape, people)) {
    const [first] = [...Value.Errors(Shape, people)];
    throw new ConfigError(
      `--people: ${first?.instancePath ?? ''} ${first?.message ?? 'not a list of people'}`,
    );
  }
  const lost = people.find((person) => !units.some((unit) => unit.id === person.unitId));
  if (lost) throw new ConfigError(`--people: ${lost.account} belongs to no unit (${lost.unitId})`);
  return people;
}

async function readPassword(input: Readable): Promise<string> {
  const password = (await text(input)).replace(/\r?\n$/u, '');
  if (password.length < MIN_PASSWORD)
    throw new ConfigError(`the password from the input has less than ${MIN_PASSWORD} characters`);
  return password;
}

/** What the regulation leaves open or is only known from outside: nothing of it holds before a person says so. */
function toConfirm(profile: RegulationProfile): string[] {
  const { lastWord, successions } = profile;
  return [
    ...(profile.validFrom === null
      ? ['to confirm: from which day the regulation is in force (--signed)']
      : []),
    ...(lastWord.explicit
      ? []
      : [`to confirm: the last word is the ${lastWord.role}'s, by ${lastWord.ref}, which names no person`]),
    ...successions.map(
      (one) =>
        `to confirm: ${one.unitId} gave way to ${one.successor.id} on ${one.on} (${one.mark}: ${one.basis})`,
    ),
  ];
}
