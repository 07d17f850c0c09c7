import { Value } from 'typebox/value';
import type { DecisionInfo, DirectoryRow, Reply } from '../../domain/contracts/index.ts';
import { OrganisationInfo, PersonInfo, UnitInfo } from '../../domain/contracts/rows.ts';
import {
  compileCalendar,
  dateInVietnam,
  defaultCalendar,
  type WorkCalendar,
} from '../../domain/deadlines/index.ts';
import {
  type Delegation,
  DelegationSchema,
  delegationFaults,
  standsInFor,
} from '../../domain/people/delegation.ts';
import { type EndedUnit, endedUnit } from '../../domain/people/unitRules.ts';
import { faultLine } from '../../domain/regulations/faults.ts';
import { type RegulationProfile, readStoredProfile } from '../../domain/regulations/index.ts';
import type { Actor } from '../../domain/workflow/index.ts';
import type { DeskDatabase } from './database.ts';
import type { Log } from './log.ts';

/** Units, people, rules and calendar as the portal gave them last, ready for use. */
export interface Directory {
  all(): Reply<'directory.all'>;
  /** Null before the first exchange with the portal, or when this version can't read it. */
  profile(): RegulationProfile | null;
  calendar(): WorkCalendar;
  /** The person at this desk as the portal knows them by now. */
  me(): PersonInfo;
  actor(): Actor;
  /** Somebody as an actor on a day; undefined for who is not known here. */
  actorOn(personId: string, day: string): Actor | undefined;
  people(): readonly PersonInfo[];
  /** All that are kept, whether they hold or not. */
  delegations(): readonly Delegation[];
  /** Whether it holds by the rules and by who people are now (WF24). */
  holds(delegation: Delegation): boolean;
  nameOf(personId: string): DecisionInfo['actorName'];
  /** Whether a unit has ended by today, and who does its work now; null where it lives or is not known. */
  endedUnit(unitId: string): EndedUnit | null;
  /** Today in Viet Nam, `YYYY-MM-DD`, by this machine's clock. */
  today(): string;
  /** Reads the rows anew. */
  load(): Promise<void>;
}

const EMPTY: Reply<'directory.all'> = {
  organisation: null,
  units: [],
  people: [],
  profile: null,
  calendar: null,
};

/** The directory of one store. Call `load` once before use, and after every change of the rows. */
export function createDirectory(options: {
  database: DeskDatabase;
  signedInAs: PersonInfo;
  now: () => number;
  log: Log;
}): Directory {
  const { database, signedInAs, now, log } = options;
  let all = EMPTY;
  let profile: RegulationProfile | null = null;
  let calendar: WorkCalendar | null = null;
  let people = new Map<string, PersonInfo>();
  let delegations: readonly Delegation[] = [];

  const find = <T>(
    rows: readonly DirectoryRow[],
    kind: DirectoryRow['kind'],
    check: (data: unknown) => data is T,
  ): T[] => {
    const data = rows.filter((row) => row.kind === kind).map((row) => row.data as unknown);
    const sound = data.filter(check);
    if (sound.length < data.length)
      log('warn', 'directory.unreadable', { kind, rows: data.length - sound.length });
    return sound;
  };

  const actorOf = ({ id, roles, unitId, active }: PersonInfo, day: string): Actor => {
    if (!profile || delegations.length === 0) return { id, roles, unitId, active };
    const persons = [...people.values()];
    return { id, roles, unitId, active, standsInFor: standsInFor(id, delegations, persons, profile, day) };
  };
  const me = () => people.get(signedInAs.id) ?? signedInAs;
  const today = () => dateInVietnam(new Date(now()).toISOString());

  return {
    all: () => all,
    profile: () => profile,
    calendar: () => calendar ?? standardCalendar(),
    me,
    actor: () => actorOf(me(), today()),
    actorOn: (personId, day) => {
      const person = people.get(personId);
      return person && actorOf(person, day);
    },
    people: () => [...people.values()],
    delegations: () => delegations,
    holds: (one) => profile !== null && delegationFaults(one, [...people.values()], profile).length === 0,
    nameOf: (personId) => people.get(personId)?.name ?? { vi: personId, en: personId },
    endedUnit: (unitId) => endedUnit(unitId, all.units, today()),
    today,
    load: async () => {
      const rows = (await database.directory.find().exec()).map((row) => row.toJSON() as DirectoryRow);
      const persons = find(rows, 'person', (data) => Value.Check(PersonInfo, data));
      const rules = rows.find((row) => row.kind === 'profile')?.data;
      const days = rows.find((row) => row.kind === 'calendar')?.data;
      people = new Map(persons.map((person) => [person.id, person]));
      delegations = find(rows, 'delegation', (data) => Value.Check(DelegationSchema, data));
      const read = rules && readRules(rules);
      if (read && !read.ok)
        log('error', 'directory.profile-unreadable', { faults: read.faults.map(faultLine) });
      profile = read?.ok ? read.profile : null;
      const compiled = days && readDays(days);
      if (compiled && !compiled.ok)
        log('error', 'directory.calendar-unreadable', { fault: compiled.fault.code });
      calendar = compiled?.ok ? compiled.calendar : null;
      all = {
        organisation: find(rows, 'organisation', (data) => Value.Check(OrganisationInfo, data))[0] ?? null,
        units: find(rows, 'unit', (data) => Value.Check(UnitInfo, data)),
        people: persons,
        profile: profile ?? rules ?? null,
        calendar: days ?? null,
      };
    },
  };
}

/** Remembers what was read last: rows of the directory change often, rules and calendar hardly ever, and both are long. */
function remembering<D, T>(read: (data: D) => T): (data: D) => T {
  let last: { readonly text: string; readonly result: T } | null = null;
  return (data) => {
    const text = JSON.stringify(data);
    if (last?.text !== text) last = { text, result: read(data) };
    return last.result;
  };
}

const readRules = remembering(readStoredProfile);
const readDays = remembering(compileCalendar);
let standard: WorkCalendar | null = null;

function standardCalendar(): WorkCalendar {
  if (standard) return standard;
  const compiled = compileCalendar(defaultCalendar());
  if (!compiled.ok) throw new Error('the calendar that ships does not compile');
  standard = compiled.calendar;
  return standard;
}
