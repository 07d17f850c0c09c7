import type { Bilingual } from '../../domain/contracts/index.ts';
import { compileCalendar, type WorkCalendar } from '../../domain/deadlines/index.ts';
import { faultLine } from '../../domain/regulations/faults.ts';
import { type RegulationProfile, readStoredProfile } from '../../domain/regulations/index.ts';
import type { Db } from './database.ts';
import type { Tx } from './feed.ts';

/** An organisation with its regulation and its calendar, ready for use. */
export interface Organisation {
  readonly id: string;
  readonly name: Bilingual;
  readonly profile: RegulationProfile;
  readonly calendar: WorkCalendar;
  /** Of regulation and calendar. */
  readonly rulesVersion: number;
}

const FRESH_MS = 5_000;

interface Known {
  readonly at: number;
  /** What it was made of. */
  readonly text: string;
  readonly organisation: Organisation;
}

/** Organisations by id, read again after a few seconds so that every process sees what changed. */
export class Organisations {
  readonly #db: Db;
  readonly #known = new Map<string, Known>();
  #own: { readonly at: number; readonly id: string | null } | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The one that this portal serves: the first that was founded. Null in an empty database. */
  async own(): Promise<Organisation | null> {
    const now = performance.now();
    if (!this.#own || this.#own.id === null || now - this.#own.at > FRESH_MS) {
      const row = await this.#db
        .selectFrom('organisations')
        .select('organisation_id')
        .orderBy('created_at')
        .orderBy('organisation_id')
        .executeTakeFirst();
      this.#own = { at: now, id: row?.organisation_id ?? null };
    }
    return this.#own.id === null ? null : this.get(this.#own.id);
  }

  /** The one that is given or, if its rules have been replaced since it was read, the present one. Ask while the rules are held. */
  async current(tx: Tx, organisation: Organisation): Promise<Organisation> {
    const { rules_version: version } = await tx
      .selectFrom('organisations')
      .select('rules_version')
      .where('organisation_id', '=', organisation.id)
      .executeTakeFirstOrThrow();
    if (version === organisation.rulesVersion) return organisation;
    this.forget(organisation.id);
    return (await this.#read(tx, organisation.id)).organisation;
  }

  /** Reads it anew when it is next asked for. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** Throws if there is none of that id, or its profile or calendar is damaged: both are checked when they are stored. */
  async get(id: string): Promise<Organisation> {
    const now = performance.now();
    const known = this.#known.get(id);
    if (known && now - known.at < FRESH_MS) return known.organisation;
    const read = await this.#read(this.#db, id, known);
    this.#known.set(id, { ...read, at: now });
    return read.organisation;
  }

  /** Rules that stand as they are `known` are not checked again. */
  async #read(db: Db | Tx, id: string, known?: Known): Promise<Pick<Known, 'text' | 'organisation'>> {
    const row = await db
      .selectFrom('organisations')
      .selectAll()
      .where('organisation_id', '=', id)
      .executeTakeFirstOrThrow();
    const text = JSON.stringify(row);
    if (known?.text === text) return known;
    const profile = readStoredProfile(row.profile);
    if (!profile.ok) throw new Error(`profile of ${id}: ${profile.faults.map(faultLine).join('; ')}`);
    const calendar = compileCalendar(row.calendar);
    if (!calendar.ok) throw new Error(`calendar of ${id}: ${calendar.fault.code}`);
    const organisation = {
      id,
      name: row.name,
      profile: profile.profile,
      calendar: calendar.calendar,
      rulesVersion: row.rules_version,
    };
    return { text, organisation };
  }
}
