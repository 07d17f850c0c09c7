import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import type { Action } from '../../../domain/contracts/index.ts';
import { setFile } from '../../../domain/document/index.ts';
import { CAST, CATEGORY } from '../cast.ts';
import type { Random } from '../random.ts';
import { DIED, type Station, type World } from '../world.ts';
import { edit, fill } from './texts.ts';
import { openText, seenBy, writeText } from './writing.ts';

/** What people do at their desks. Each says in a few words what came of it. */
type Deed = (world: World, station: Station, random: Random) => Promise<string>;

const MOST_ARTICLES = 6;

async function rowsOf(world: World, station: Station) {
  const args = { view: 'all', sort: 'title', offset: 0, count: 50 } as const;
  const list = await world.look(station, 'articles.list', args);
  return list?.rows.map((row) => row).sort((a, b) => (a.id < b.id ? -1 : 1)) ?? [];
}

/** One of the articles that the desk has; those worked on last are likelier. */
async function anArticle(world: World, station: Station, random: Random) {
  const rows = await rowsOf(world, station);
  if (rows.length === 0) return null;
  return random.chance(0.5) ? (rows.at(-1) ?? null) : random.pick(rows);
}

const markOf = (world: World, station: Station): string => `‹${station.index}.${world.step}›`;

async function firstText(
  world: World,
  station: Station,
  articleId: string,
  random: Random,
): Promise<Y.Doc | null> {
  const doc = await openText(world, station, articleId, random);
  if (!doc) return null;
  const id = `first-${articleId}`;
  if (!world.ledger.updates.has(id)) {
    const written = world.ledger.wrote(
      id,
      articleId,
      station.index,
      world.step,
      Y.encodeStateAsUpdateV2(doc),
    );
    written.acknowledged = true;
  }
  return doc;
}

const create: Deed = async (world, station, random) => {
  const { roles } = CAST[station.person];
  if (world.ledger.articles.size >= MOST_ARTICLES) return write(world, station, random);
  if (!(roles as readonly string[]).includes('liaison')) return translate(world, station, random);
  const articleId = `article-${world.step}-${station.index}`;
  const title = `Bài ${markOf(world, station)}`;
  const made = await world.ask(station, 'articles.create', { articleId, categoryId: CATEGORY, title });
  if (made === DIED || !made.ok) return made === DIED ? 'died' : made.error.code;
  world.ledger.articles.set(articleId, { desk: station.index, channel: 'vi' });
  const doc = await firstText(world, station, articleId, random);
  if (!doc) return 'made';
  const saved = await writeText(world, station, articleId, doc, (one) =>
    fill(one, random, markOf(world, station)),
  );
  if (random.chance(0.7)) await propose(world, station, articleId, 'declare', null);
  return `made, ${saved}`;
};

const translate: Deed = async (world, station, random) => {
  if (station.person !== 'translator') return write(world, station, random);
  const rows = await rowsOf(world, station);
  const source = rows.find((row) => row.channel === 'vi' && row.counterpartId === null);
  if (!source) return write(world, station, random);
  const articleId = `english-${world.step}-${station.index}`;
  const args = { articleId, sourceArticleId: source.id };
  const made = await world.ask(station, 'articles.createTranslation', args);
  if (made === DIED || !made.ok) return made === DIED ? 'died' : made.error.code;
  if (made.value && made.value.articleId !== articleId) return 'there is one';
  world.ledger.articles.set(articleId, { desk: station.index, channel: 'en' });
  const doc = await firstText(world, station, articleId, random);
  if (!doc) return 'made';
  await writeText(world, station, articleId, doc, (one) => fill(one, random, markOf(world, station)));
  await propose(world, station, articleId, 'declare', null);
  return 'made';
};

const write: Deed = async (world, station, random) => {
  const row = await anArticle(world, station, random);
  if (!row) return 'no article';
  const doc = await openText(world, station, row.id, random);
  if (!doc) return 'not opened';
  const said: string[] = [row.id];
  for (let edits = 1 + random.below(3); edits > 0; edits -= 1) {
    let what = '';
    const saved = await writeText(world, station, row.id, doc, (one) => {
      what = edit(one, random, markOf(world, station));
    });
    said.push(`${what} ${saved}`);
    if (saved !== 'saved') break;
  }
  return said.join(', ');
};

const attach: Deed = async (world, station, random) => {
  const row = await anArticle(world, station, random);
  if (!row || !world.ledger.articles.has(row.id)) return 'no article';
  const doc = await openText(world, station, row.id, random);
  if (!doc) return 'not opened';
  const bytes = new TextEncoder().encode(`tệp ${markOf(world, station)} `.repeat(1 + random.below(40)));
  const uploadId = `f-${station.index}-${world.step}`;
  const name = `tep-${world.step}.txt`;
  const type = 'text/plain';
  const begun = await world.ask(station, 'files.begin', {
    uploadId,
    articleId: row.id,
    name,
    type,
    size: bytes.byteLength,
  });
  if (begun === DIED || !begun.ok) return begun === DIED ? 'died' : begun.error.code;
  const chunk = await world.ask(station, 'files.chunk', { uploadId, offset: 0, bytes });
  if (chunk === DIED || !chunk.ok) return 'piece not taken';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = { articleId: row.id, desk: station.index, sha256, bytes, acknowledged: false };
  world.ledger.files.push(file);
  const placed = await world.ask(station, 'files.finish', { uploadId });
  if (placed === DIED || !placed.ok) return placed === DIED ? 'died' : placed.error.code;
  file.acknowledged = true;
  const entry = { sha256, name, size: bytes.byteLength, type, role: 'attachment', label: '' };
  return `${row.id}, ${await writeText(world, station, row.id, doc, (one) => setFile(one, uploadId, entry, null))}`;
};

async function propose(
  world: World,
  station: Station,
  articleId: string,
  action: Action,
  seen: string | null,
  reason: string | null = null,
): Promise<string> {
  const decisionId = `d-${station.index}-${world.step}-${world.ledger.decisions.size}`;
  const written = {
    id: decisionId,
    articleId,
    action,
    desk: station.index,
    fingerprint: seen,
    acknowledged: false,
    refused: null as string | null,
  };
  world.ledger.decisions.set(decisionId, written);
  const args = { decisionId, articleId, action, fingerprint: seen, reason };
  const answer = await world.ask(station, 'decisions.propose', args);
  if (answer === DIED) return 'died';
  if (!answer.ok) {
    written.refused = answer.error.code;
    return answer.error.code;
  }
  written.acknowledged = true;
  if (world.ledger.decisions.size % 5 === 0) await world.ask(station, 'decisions.propose', args);
  return 'proposed';
}

const FORWARD: readonly Action[] = ['declare', 'submit', 'endorse', 'pass', 'approve'];

const decideOne: Deed = async (world, station, random) => {
  const rows = await rowsOf(world, station);
  const mine = rows.filter((row) => row.mine || row.local);
  const row =
    mine.length > 0 && random.chance(0.85) ? random.pick(mine) : rows.length > 0 ? random.pick(rows) : null;
  if (!row) return 'no article';
  const detail = await world.look(station, 'articles.detail', { articleId: row.id });
  const open = detail?.actions.filter((action) => action.blockedBy.length === 0) ?? [];
  const forward = open.filter(({ action }) => FORWARD.includes(action));
  const chosen =
    forward.length > 0 && random.chance(0.8)
      ? random.pick(forward)
      : open.length > 0
        ? random.pick(open)
        : null;
  if (!chosen) return `${row.id}: nothing to decide`;
  if (chosen.action === 'declare')
    return `${row.id} declare: ${await propose(world, station, row.id, 'declare', null)}`;
  const doc = await openText(world, station, row.id, random);
  if (!doc) return 'not opened';
  const reason = chosen.requiresReason ? 'Cần sửa' : null;
  return `${row.id} ${chosen.action}: ${await propose(world, station, row.id, chosen.action, seenBy(doc), reason)}`;
};

/** Fetches a file that the article names. */
const fetchFile: Deed = async (world, station, random) => {
  const row = await anArticle(world, station, random);
  const detail = row && (await world.look(station, 'articles.detail', { articleId: row.id }));
  const file = detail?.files.find((one) => one.storedAt !== null);
  if (!row || !file) return 'no file';
  station.window.ask('files.read', { articleId: row.id, sha256: file.sha256, offset: 0 });
  return `${row.id} ${file.sha256.slice(0, 8)}`;
};

export const DEEDS: Readonly<Record<string, Deed>> = { create, write, attach, decide: decideOne, fetchFile };
