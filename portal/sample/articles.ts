import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ARTICLE_STATES, CHAIN_ACTIONS } from '../../domain/regulations/types.ts';
import data from './articles.json' with { type: 'json' };

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
 * The articles a sample portal starts with: the regulation VP17 itself, published, and the texts of the three
 * other regulations in earlier states. Reads from `folder`; rejects if a file is missing.
 */
export async function sampleArticles(folder: string = import.meta.dirname): Promise<SampleArticle[]> {
  return Promise.all(
    Value.Parse(SampleSchema, data).map(async ({ text, files, ...article }) => ({
      ...article,
      body: await readFile(join(folder, text), 'utf8'),
      files: await Promise.all(
        files.map(async ({ path, ...file }) => ({ ...file, bytes: await readFile(join(folder, path)) })),
      ),
    })),
  );
}
