import { randomBytes } from 'node:crypto';
import * as Y from 'yjs';
import type { Action, Args, Reply, VersionInfo, VersionLevel } from '../../../domain/contracts/index.ts';
import {
  type ArticleContent,
  compareContents,
  encodeState,
  fingerprint,
  loadDoc,
  nameVersion,
  readContent,
  readVersions,
  restoreContent,
  stateVector,
} from '../../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { DeskDatabase, LocalDecision } from '../database.ts';
import { packContent, unpackContent } from '../decisions/evidence.ts';
import { statusOf } from '../decisions/project.ts';
import type { Facts } from '../desk/facts.ts';
import type { Directory } from '../directory.ts';
import type { Documents, Rights } from '../documents/documents.ts';
import type { Registry } from '../documents/registry.ts';
import { autosavesOf, documentAt, readTrail } from './autosaves.ts';

export interface HistoryOptions {
  readonly database: DeskDatabase;
  readonly registry: Registry;
  readonly documents: Pick<Documents, 'append'>;
  readonly directory: Pick<Directory, 'me' | 'nameOf'>;
  readonly now: () => number;
  readonly factsOf: (articleId: string) => Promise<Facts | undefined>;
  readonly rights: (articleId: string) => Promise<Rights | undefined>;
}

/** Decisions whose text is worth finding again, and as what. The others decide about a text that stands there already. */
const LEVELS: Readonly<Partial<Record<Action, VersionLevel>>> = {
  submit: 'submitted',
  endorse: 'reviewed',
  pass: 'reviewed',
  return: 'returned',
  refuse: 'refused',
  approve: 'approved',
};

/** Edits of the engine itself: every window hears of them. */
const NO_WINDOW = '';

/**
 * The past of an article out of what the desk holds: the evidence of decisions, texts that were named, and what was written since the
 * portal last gathered it. Nothing of it is kept for its own sake, and nothing of the past is ever changed.
 */
export function createHistory(options: HistoryOptions) {
  const { database, registry, documents, directory } = options;

  const present = async (articleId: string): Promise<ArticleContent> =>
    readContent(await registry.get(articleId));

  const contentOf = async (articleId: string, versionId: string): Promise<ArticleContent | null> => {
    if (versionId === 'now') return present(articleId);
    const at = versionId.indexOf(':');
    const [kind, id] = [versionId.slice(0, at), versionId.slice(at + 1)];
    if (kind === 'decision') {
      const row = (await database.decisions.findOne(id).exec())?.toJSON() as LocalDecision | undefined;
      if (row?.articleId !== articleId || row.content === null) return null;
      return unpackContent(row.content);
    }
    if (kind === 'named') {
      const version = readVersions(await registry.get(articleId)).find((one) => one.id === id);
      return version ? unpackContent(version.content) : null;
    }
    if (kind !== 'saved') return null;
    const doc = documentAt(await readTrail(database, articleId), id);
    if (!doc) return null;
    const content = readContent(doc);
    doc.destroy();
    return content;
  };

  const read = async ({
    articleId,
    versionId,
  }: Args<'history.read'>): Promise<Result<Reply<'history.read'>>> => {
    if (!(await options.factsOf(articleId))) return refuse('article-unknown');
    const content = await contentOf(articleId, versionId);
    return content ? ok(content) : refuse('not-found');
  };

  /** Writes an edit of the engine as a window would: on a copy first, then durably, then to all windows. */
  const write = async (articleId: string, updateId: string, edit: (doc: Y.Doc) => boolean) => {
    const before = await database.updates.findOne(updateId).exec();
    if (before) return before.articleId === articleId ? ok({ savedAt: before.at }) : refuse('bad-request');
    const copy = loadDoc([encodeState(await registry.get(articleId))], randomBytes(4).readUInt32LE());
    const known = stateVector(copy);
    try {
      if (!edit(copy)) return refuse('internal');
      const update = Y.encodeStateAsUpdateV2(copy, known);
      return await documents.append({ articleId, updateId, update }, NO_WINDOW);
    } finally {
      copy.destroy();
    }
  };

  const ofDecision = (row: LocalDecision): VersionInfo[] => {
    const level = LEVELS[row.action];
    if (level === undefined || row.content === null) return [];
    const status = statusOf(row);
    const isPublic = row.action === 'approve' && status === 'accepted';
    return [
      {
        id: `decision:${row.id}`,
        levels: isPublic ? [level, 'published'] : [level],
        at: row.verdictAt ?? row.proposedAt,
        authorId: row.actorId,
        authorName: directory.nameOf(row.actorId),
        name: null,
        action: row.action,
        status,
        number: row.version,
        fingerprint: row.fingerprint,
      },
    ];
  };

  const plain = (id: string, level: VersionLevel, at: number, authorId: string | null): VersionInfo => ({
    id,
    levels: [level],
    at,
    authorId,
    authorName: authorId === null ? null : directory.nameOf(authorId),
    name: null,
    action: null,
    status: null,
    number: null,
    fingerprint: null,
  });

  return {
    async versions({ articleId }: Args<'history.versions'>): Promise<Result<Reply<'history.versions'>>> {
      const facts = await options.factsOf(articleId);
      const rights = await options.rights(articleId);
      if (!facts || !rights) return refuse('article-unknown');
      const doc = await registry.get(articleId);
      const trail = await readTrail(database, articleId);
      const autosaves = autosavesOf(trail);
      // The end of the last sitting is the present text.
      const last = autosaves.pop();
      const versions = [
        ...facts.decisions.flatMap(ofDecision),
        ...readVersions(doc).map((one) => ({
          ...plain(`named:${one.id}`, 'named' as const, one.at, one.authorId),
          name: one.name,
        })),
        ...autosaves.map((one) => plain(`saved:${one.id}`, 'autosave', one.at, one.authorId)),
      ].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
      const now = plain('now', 'now', last?.at ?? facts.row.updatedAt, last?.authorId ?? null);
      return ok({
        versions: [{ ...now, fingerprint: fingerprint(readContent(doc)) }, ...versions],
        mayName: rights.mayContribute,
        mayRestore: rights.mayEdit,
      });
    },

    read,

    async compare(args: Args<'history.compare'>): Promise<Result<Reply<'history.compare'>>> {
      const { articleId } = args;
      const before = await read({ articleId, versionId: args.before });
      if (!before.ok) return before;
      const after = await read({ articleId, versionId: args.after });
      return after.ok ? ok(compareContents(before.value, after.value)) : after;
    },

    async name(args: Args<'history.name'>): Promise<Result<Reply<'history.name'>>> {
      const { articleId, versionId, nameId } = args;
      const name = args.name.trim().normalize('NFC');
      if (name === '') return refuse('bad-request');
      const content = await read({ articleId, versionId });
      if (!content.ok) return content;
      const version = {
        id: nameId,
        name,
        at: options.now(),
        authorId: directory.me().id,
        content: await packContent(content.value),
      };
      return write(articleId, nameId, (doc) => {
        nameVersion(doc, version, null);
        return true;
      });
    },

    async restore(args: Args<'history.restore'>): Promise<Result<Reply<'history.restore'>>> {
      const { articleId, versionId, updateId } = args;
      const rights = await options.rights(articleId);
      if (!rights) return refuse('article-unknown');
      if (!rights.mayEdit) return refuse('forbidden', { ref: 'WF22' });
      const content = await read({ articleId, versionId });
      if (!content.ok) return content;
      return write(articleId, updateId, (doc) => restoreContent(doc, content.value, null));
    },
  };
}
