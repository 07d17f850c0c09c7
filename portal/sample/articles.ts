import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { findCategory, getProfile } from '../../domain/regulations/index.ts';
import { ARTICLE_STATES, CHAIN_ACTIONS } from '../../domain/regulations/types.ts';
import data from './articles.json' with { type: 'json' };
import { roadToThePublic } from './fromProfile.ts';
import { type SampleOrganisation, sampleOrganisation } from './organisation.ts';

const closed = { additionalProperties: false } as const;

const SampleSchema = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^[a-z0-9-]+$' }),
      unitId: Type.String(),
      categoryId: Type.String(),
      channel: Type.Enum(['vi', 'en']),
      /** Account of the person who writes it. */
      authorId: Type.String(),
      title: Type.String({ minLength: 1 }),
      summary: Type.String(),
      /** Values of text fields. */
      textFields: Type.Record(Type.String(), Type.String()),
      /** Values of choice, date and yes/no fields. */
      fields: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      /** The body in light Markdown, a path below this folder. */
      text: Type.String(),
      files: Type.Array(
        Type.Object(
          {
            /** Path below this folder. */
            path: Type.String(),
            name: Type.String(),
            type: Type.String(),
            /** The id of the file field it fills. */
            role: Type.String(),
            label: Type.String(),
          },
          closed,
        ),
      ),
      /** Decisions that bring it to `state`, in order, with the account of who takes them. */
      steps: Type.Array(
        Type.Object({ action: Type.Enum(['declare', ...CHAIN_ACTIONS]), actorId: Type.String() }, closed),
      ),
      state: Type.Enum([...ARTICLE_STATES]),
    },
    closed,
  ),
);

type SampleData = Static<typeof SampleSchema>;

/** The first two articles, in categories and with the fields of another regulation, by its own chain. */
function adapt([document, draft]: SampleData, { profileId, units, people }: SampleOrganisation): SampleData {
  const profile = getProfile(profileId);
  const unitId = units[0]?.id;
  if (!profile || unitId === undefined || !document || !draft) throw new Error('sample: nothing to adapt');
  const asks = (categoryId: string, fieldId: string) =>
    [...profile.commonFields, ...(findCategory(profile, categoryId)?.fields ?? [])].some(
      (field) => field.id === fieldId,
    );
  const road = roadToThePublic(profile, people, unitId);
  const common = { unitId, authorId: road[0]?.actorId ?? '' };
  const sourceOfficial = 'Công báo tỉnh Vĩnh Phúc';
  const newsText: Record<string, string> = { author: 'Ban Biên tập', sourceOfficial };
  const newsFields: SampleData[number]['fields'] = { eventDate: '2019-04-19' };
  const kept = <T>(categoryId: string, values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(values).filter(([id]) => asks(categoryId, id)));
  return [
    {
      ...document,
      ...common,
      textFields: kept('legal-documents', { ...document.textFields, sourceOfficial }),
      fields: kept('legal-documents', { ...document.fields, deadlineBasis: 'in-scope' }),
      steps: road,
    },
    {
      ...draft,
      ...common,
      categoryId: 'news-events',
      textFields: kept('news-events', newsText),
      fields: kept('news-events', newsFields),
      steps: road.slice(0, 1),
      state: 'draft',
    },
  ];
}

/** An article of the sample organisation, its body and the bytes of its files read. */
export type SampleArticle = Omit<Static<typeof SampleSchema>[number], 'text' | 'files'> & {
  readonly body: string;
  readonly files: readonly {
    readonly name: string;
    readonly type: string;
    readonly role: string;
    readonly label: string;
    readonly bytes: Uint8Array;
  }[];
};

/**
 * The articles a sample portal starts with: on VP17 the regulation itself, published, and the texts of the three others in
 * earlier states; on another regulation the decision of VP17, published, and a draft. Reads from `folder`; rejects
 * if a file is missing.
 */
export async function sampleArticles(
  organisation: SampleOrganisation = sampleOrganisation(),
  folder: string = import.meta.dirname,
): Promise<SampleArticle[]> {
  const all = Value.Parse(SampleSchema, data);
  const own = organisation.profileId === 'VP17' ? all : adapt(all, organisation);
  return Promise.all(
    own.map(async ({ text, files, ...article }) => ({
      ...article,
      body: await readFile(join(folder, text), 'utf8'),
      files: await Promise.all(
        files.map(async ({ path, ...file }) => ({ ...file, bytes: await readFile(join(folder, path)) })),
      ),
    })),
  );
}
