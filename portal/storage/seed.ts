import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  type DecisionRow,
  type FileRow,
  type PersonInfo,
  type SyncedCollection,
  UNDECIDED,
  type UpdateRow,
} from '../../domain/contracts/index.ts';
import { defaultCalendar } from '../../domain/deadlines/index.ts';
import {
  canonicalise,
  createArticleDoc,
  fingerprint,
  parseRegulationText,
  readContent,
  stateVector,
} from '../../domain/document/index.ts';
import { categoriesForUnit, getProfile } from '../../domain/regulations/index.ts';
import type { Portal } from '../context.ts';
import { fileStored } from '../files/finishUpload.ts';
import { type SampleArticle, sampleArticles } from '../sample/articles.ts';
import { sampleOrganisation } from '../sample/organisation.ts';
import { push } from '../sync/push.ts';
import { foundOrganisation } from './foundOrganisation.ts';
import type { Organisation } from './organisations.ts';

const DESK = 'sample-desk';

/**
 * Gives an empty database the sample organisation, and its articles by the road that desks take: updates, files,
 * decisions, each judged. What a start that was cut off left out is added at the next; other databases are left alone.
 */
export async function seedIfEmpty(portal: Portal, profileId: string | null = null): Promise<void> {
  const sample = sampleOrganisation(profileId ?? undefined);
  const own = await portal.organisations.own();
  if (own && own.id !== sample.id) return;
  const profile = getProfile(sample.profileId);
  if (!profile) throw new Error(`the sample names an unknown regulation ${sample.profileId}`);
  if (!own) {
    await foundOrganisation(portal, {
      id: sample.id,
      name: sample.name,
      profile,
      calendar: defaultCalendar(),
      units: sample.units.map((unit) => ({
        id: unit.id,
        name: unit.name,
        shortName: unit.shortName ?? unit.name,
        categories: categoriesForUnit(profile, unit.id).map((category) => category.id),
      })),
      people: sample.people.map((person) => ({ ...person, password: sample.samplePassword })),
    });
  }
  const organisation = await portal.organisations.get(sample.id);
  for (const [index, article] of (await sampleArticles(sample)).entries())
    await bring(portal, organisation, sample.people, article, index);
}

async function bring(
  portal: Portal,
  organisation: Organisation,
  people: readonly PersonInfo[],
  article: SampleArticle,
  index: number,
): Promise<void> {
  const send = async (personId: string, collection: SyncedCollection, rows: readonly { id: string }[]) => {
    const actor = people.find((person) => person.id === personId);
    if (!actor) throw new Error(`sample: no person ${personId}`);
    const table = collection as 'updates' | 'decisions' | 'files';
    const known = await portal.db
      .selectFrom(table)
      .select('id')
      .where('organisation_id', '=', organisation.id)
      .where(
        'id',
        'in',
        rows.map((row) => row.id),
      )
      .execute();
    const fresh = rows.filter((row) => !known.some((one) => one.id === row.id));
    if (fresh.length === 0) return;
    const { refused } = await push(portal, organisation, actor, collection, fresh);
    if (refused[0]) throw new Error(`sample: ${refused[0].id} was refused: ${refused[0].code}`);
  };

  const files = article.files.map((file) => ({
    ...file,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  }));
  const { doc, firstUpdate } = createArticleDoc({
    clientId: 1000 + index,
    meta: { categoryId: article.categoryId, language: article.channel },
    title: article.title,
    summary: article.summary,
    textFields: article.textFields,
    fields: article.fields,
    body: parseRegulationText(article.body),
    files: Object.fromEntries(
      files.map((file, position) => [
        `file-${position + 1}`,
        {
          sha256: file.sha256,
          name: file.name,
          size: file.bytes.byteLength,
          type: file.type,
          role: file.role,
          label: file.label,
        },
      ]),
    ),
  });
  const content = readContent(doc);
  const canonical = canonicalise(content);
  const at = portal.now();

  for (const [position, step] of article.steps.entries()) {
    const isDeclaration = step.action === 'declare';
    const decision: DecisionRow = {
      id: `${article.id}.${position + 1}`,
      articleId: article.id,
      action: step.action,
      actorId: step.actorId,
      deskId: DESK,
      position,
      proposedAt: at,
      fingerprint: isDeclaration ? null : fingerprint(content),
      content: isDeclaration ? null : deflateRawSync(canonical).toString('base64'),
      stateVector: isDeclaration ? null : Buffer.from(stateVector(doc)).toString('base64'),
      reason: null,
      declaration: isDeclaration
        ? {
            unitId: article.unitId,
            channel: article.channel,
            categoryId: article.categoryId,
            sourceArticleId: null,
            createdAt: at,
          }
        : null,
      ...UNDECIDED,
    };
    await send(step.actorId, 'decisions', [decision]);
    if (!isDeclaration) continue;
    const update: UpdateRow = {
      id: `${article.id}.text`,
      articleId: article.id,
      authorId: article.authorId,
      deskId: DESK,
      at,
      held: false,
      update: Buffer.from(firstUpdate).toString('base64'),
    };
    await send(article.authorId, 'updates', [update]);
    for (const file of files) {
      const row: FileRow = {
        id: `${article.id}.${file.sha256}`,
        articleId: article.id,
        sha256: file.sha256,
        size: file.bytes.byteLength,
        type: file.type,
        addedBy: article.authorId,
        at,
        held: false,
        storedAt: null,
      };
      await send(article.authorId, 'files', [row]);
      await store(portal, organisation.id, file.sha256, file.bytes);
    }
  }
  doc.destroy();
  await expectState(portal, organisation.id, article);
}

async function store(
  portal: Portal,
  organisationId: string,
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  if ((await portal.files.put(bytes)) !== sha256) throw new Error('sample: a file with another digest');
  await fileStored(portal, organisationId, sha256);
}

/** A sample whose decisions don't pass is a fault of the sample. Work that people did since is none. */
async function expectState(portal: Portal, organisationId: string, article: SampleArticle): Promise<void> {
  const decisions = await portal.db
    .selectFrom('decisions')
    .select(['id', 'status', 'verdict_code'])
    .where('organisation_id', '=', organisationId)
    .where(
      'id',
      'in',
      article.steps.map((_, position) => `${article.id}.${position + 1}`),
    )
    .execute();
  const failed = decisions.find((decision) => decision.status !== 'accepted');
  if (failed)
    throw new Error(
      `sample: ${failed.id} is ${failed.status}${failed.verdict_code ? `: ${failed.verdict_code}` : ''}`,
    );
}
