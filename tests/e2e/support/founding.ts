import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from '../../../domain/people/types.ts';
import {
  type Category,
  categoriesForUnit,
  type FieldRule,
  getProfile,
  isRequired,
  type RegulationProfile,
} from '../../../domain/regulations/index.ts';
import { peopleOf, unitsOf } from '../../../portal/sample/fromProfile.ts';

const root = join(import.meta.dirname, '../../..');

/** Of each regulation three kinds of content: news, legal documents, and one as no other regulation has it. */
export const KINDS = {
  VP17: ['news-events', 'legal-documents', 'official-gazette'],
  TB21: ['news-events', 'legal-documents', 'online-public-services'],
  ST19: ['news-events', 'legal-documents', 'event-images'],
  TB11: ['news-events', 'legal-documents', 'databases'],
} as const;
export type ProfileId = keyof typeof KINDS;
export const PROFILE_IDS = Object.keys(KINDS) as readonly ProfileId[];

export interface Founded {
  readonly profile: RegulationProfile;
  /** Everybody but the administrator. */
  readonly people: readonly Person[];
  readonly passwordOf: (account: string) => string;
}

/** Founds an organisation in an empty data folder by the set-up command itself, with everybody whom its chain needs. */
export async function found(profileId: ProfileId, data: string): Promise<Founded> {
  const profile = getProfile(profileId);
  if (!profile) throw new Error(profileId);
  const name = profile.channels[0]?.name ?? profile.title;
  const people = peopleOf(profile, unitsOf(profile, name)).filter(
    (person) => !person.roles.includes('administrator'),
  );
  await mkdir(data, { recursive: true });
  const file = join(data, 'people.json');
  await writeFile(file, JSON.stringify(people));
  const told = await run(['init', '--profile', profileId, '--people', file], data);
  return {
    profile,
    people,
    passwordOf: (account) => {
      const escaped = account.replaceAll('.', '\\.');
      const found = new RegExp(`^account ${escaped}, one-time password (\\S+)`, 'mu').exec(told)?.[1];
      if (!found) throw new Error(`no password for ${account} in:\n${told}`);
      return found;
    },
  };
}

async function run(args: readonly string[], data: string): Promise<string> {
  const child = spawn('node', ['portal/server.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SOAN_PORTAL_DATA: data, SOAN_PORTAL_LOG: 'warn', SOAN_SAMPLE: '' },
  });
  let out = '';
  let problems = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    problems += part;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`portal ${args.join(' ')} ended with ${code}:\n${problems.slice(-2000)}`);
  return out;
}

/** The unit that writes in a category: one of a liaison officer where the regulation lets it, else the one it names. */
export function writingUnitOf({ profile, people }: Founded, categoryId: string): string {
  const liaisons = people.filter((one) => one.roles.includes('liaison')).map((one) => one.unitId);
  const unitId = [...liaisons, ...profile.units.map((unit) => unit.id)].find((id) =>
    categoriesForUnit(profile, id).some((category) => category.id === categoryId),
  );
  if (unitId === undefined) throw new Error(`no unit writes in ${categoryId}`);
  return unitId;
}

/** A step of the chain, with who takes it. */
export interface RoadStep {
  readonly action: 'submit' | 'endorse' | 'pass' | 'approve';
  readonly actor: Person;
}

/** The steps of the regulation's own chain from a draft of a unit to the public. */
export function roadOf({ profile, people }: Founded, unitId: string): RoadStep[] {
  const road: RoadStep[] = [];
  const forward = ['submit', 'endorse', 'pass', 'approve'];
  for (let state = 'draft'; state !== 'approved'; ) {
    const taken = profile.chain.vi
      .filter((one) => forward.includes(one.action) && one.from.some((from) => from === state))
      .flatMap((step) => {
        const actor = people.find(
          (one) =>
            step.roles.some((role) => one.roles.includes(role)) && (!step.sameUnit || one.unitId === unitId),
        );
        return actor ? [{ step, actor }] : [];
      })[0];
    if (!taken) throw new Error(`nobody takes the next step from ${state}`);
    road.push({ action: taken.step.action as RoadStep['action'], actor: taken.actor });
    state = taken.step.to;
  }
  return road;
}

export function categoryOf(profile: RegulationProfile, id: string): Category {
  const category = profile.categories.find((one) => one.id === id);
  if (!category) throw new Error(`${profile.id} has no kind ${id}`);
  return category;
}

const SAMPLE_OF: Readonly<Partial<Record<FieldRule['type'], string | number>>> = {
  email: 'lienhe@tinh.gov.vn',
  phone: '0211 3 123 456',
  url: 'https://vanban.chinhphu.vn/vb/1',
  person: 'Trưởng phòng Hành chính',
  money: 30_000,
};

/** A value that the field takes. */
export function sampleValue(field: FieldRule): string | number | boolean {
  if (field.type === 'date') return field.id === 'effectiveDate' ? '2026-12-01' : '2026-11-16';
  if (field.type === 'boolean') return true;
  if (field.type === 'choice') return field.options?.[0]?.id ?? '';
  if (field.type === 'number') return Math.max(3, field.minimum ?? 0);
  if (field.format === 'documentNumber') return '26/2026/QĐ-UBND';
  return SAMPLE_OF[field.type] ?? `Nội dung của mục ${field.id}`;
}

/** What a reader looks for in a legal document, also under a regulation that asks for less. */
const OF_LEGAL_DOCUMENTS: ReadonlySet<string> = new Set([
  'documentForm',
  'issuingAuthority',
  'documentNumber',
  'issueDate',
  'effectiveDate',
  'abstract',
  'documentFile',
]);

/**
 * What a whole article of a kind needs: the fields that are required with these values, and all of a legal document;
 * files apart.
 */
export function filled(profile: RegulationProfile, category: Category) {
  const values: Record<string, string | number | boolean> = {};
  const files = new Set<string>();
  const fields = [...category.fields, ...profile.commonFields];
  // A value can make another field required, so this goes on until nothing is added.
  for (let size = -1; size !== Object.keys(values).length + files.size; ) {
    size = Object.keys(values).length + files.size;
    for (const field of fields) {
      const isLegal = category.id === 'legal-documents' && OF_LEGAL_DOCUMENTS.has(field.id);
      if (!isRequired(field, values) && !isLegal) continue;
      if (field.type === 'file') files.add(field.id);
      else values[field.id] ??= sampleValue(field);
    }
  }
  return { fields, values, files: [...files] };
}
