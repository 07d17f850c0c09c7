import * as Y from 'yjs';
import { SYNCED, type SyncedCollection } from '../../../domain/contracts/index.ts';
import { canonicalise, containedIn, fingerprint, readContent } from '../../../domain/document/index.ts';
import { Failure } from '../failure.ts';
import { DIED, type Station, type World } from '../world.ts';
import type { Truth } from './truth.ts';
import { isFor, readArticles, readPerson } from './visibility.ts';

type Row = Readonly<Record<string, unknown>>;

const COMPARED: readonly SyncedCollection[] = ['articles', 'updates', 'decisions', 'files', 'directory'];

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => [key, sorted(one)]),
      )
    : Array.isArray(value)
      ? value.map(sorted)
      : value;

/** The columns in which two rows differ, with both values, cut short. */
function differing(collection: SyncedCollection, a: Row, b: Row): string | null {
  const value = (row: Row, key: string) => JSON.stringify(sorted(row[key] ?? null));
  const keys = Object.keys(SYNCED[collection].schema.properties).filter(
    (key) => value(a, key) !== value(b, key),
  );
  const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (keys.length === 0) return null;
  return keys.map((key) => `${key} ${cut(value(a, key))} for ${cut(value(b, key))}`).join(', ');
}

/**
 * Every desk holds what its person may see as the portal holds it, and nothing else of the portal's: rows by their
 * contract, texts by canonical form, fingerprint and state of the Y.Doc.
 */
export async function checkEqual(world: World, truth: Truth): Promise<void> {
  const db = world.portal.portal.db;
  const articles = await readArticles(db, null);
  for (const station of world.stations) {
    const person = await readPerson(db, station.person);
    const seen = new Set([...articles.values()].filter((one) => isFor(person, one)).map(({ id }) => id));
    for (const collection of COMPARED) compareRows(station, collection, truth, seen, articles);
    for (const articleId of seen) await compareText(world, station, articleId, truth);
  }
}

/** The rows of one collection at one desk against the portal's. Throws a {@link Failure}. */
export function compareRows(
  station: Station,
  collection: SyncedCollection,
  truth: Truth,
  seen: ReadonlySet<string>,
  declared: ReadonlyMap<string, unknown>,
): void {
  const articleOf = (row: Row) => String(collection === 'articles' ? row.id : row.articleId);
  const isOwn = (row: Row) => row.actorId === station.person;
  const here = new Map(
    (station.rows?.[collection] ?? [])
      .filter((row) => row._deleted !== true)
      .map((row) => [String(row.id), row]),
  );
  const there = new Map(truth.rows[collection]?.map((row) => [row.id, row]));
  const name = (row: Row) => `${collection} ${String(row.id)} at desk ${station.index} (${station.person})`;
  for (const row of there.values()) {
    const isWanted = collection === 'directory' || seen.has(articleOf(row)) || isOwn(row);
    const mine = here.get(row.id);
    if (isWanted && !mine) throw new Failure('equal', `${name(row)} is missing`);
    const difference = isWanted && mine ? differing(collection, mine, row) : null;
    if (difference !== null)
      throw new Failure('equal', `${name(row)} differs from the portal's: ${difference}`);
    if (mine && typeof mine.code === 'string' && mine.code !== '' && collection !== 'files')
      throw new Failure('equal', `${name(row)} is shown as refused (${mine.code}), the portal has taken it`);
    const isForeign = row.authorId !== station.person && row.addedBy !== station.person;
    if (!isWanted && mine && isForeign) throw new Failure('equal', `${name(row)} should have left`);
  }
  for (const row of here.values()) {
    if (there.has(String(row.id))) continue;
    const isKept = row.held === true || (typeof row.code === 'string' && row.code !== '');
    const wasTaken = collection === 'updates' && truth.taken.some((one) => one.id === row.id);
    if (isKept || wasTaken || (collection === 'updates' && isContained(row, truth))) continue;
    const where = declared.has(articleOf(row)) ? 'declared' : 'undeclared';
    throw new Failure(
      'equal',
      `${name(row)} of a ${where} article is not at the portal: ${JSON.stringify(row).slice(0, 400)}`,
    );
  }
}

/** The portal does not take what its snapshot has already: somebody else deleted the same characters. */
function isContained(row: Row, truth: Truth): boolean {
  if (typeof row.update !== 'string' || row.update === '') return false;
  return containedIn(truth.docOf(String(row.articleId)))(Buffer.from(row.update, 'base64'));
}

async function compareText(world: World, station: Station, articleId: string, truth: Truth): Promise<void> {
  const opened = await world.ask(station, 'documents.open', { articleId });
  if (opened === DIED || !opened.ok)
    throw new Failure('equal', `${articleId} can't be opened at desk ${station.index}`);
  const here = new Y.Doc({ guid: '' });
  Y.applyUpdateV2(here, opened.value.state);
  const there = truth.docOf(articleId);
  const keptHere = (station.rows?.updates ?? []).some(
    (row) => row.articleId === articleId && (row.held === true || row.code !== ''),
  );
  if (keptHere) return;
  const where = `${articleId} at desk ${station.index} (${station.person})`;
  if (!Y.equalSnapshots(Y.snapshot(here), Y.snapshot(there)))
    throw new Failure('equal', `${where}: another state of the Y.Doc than the portal's`);
  const [mine, portals] = [readContent(here), readContent(there)];
  if (canonicalise(mine) !== canonicalise(portals)) throw new Failure('equal', `${where}: another text`);
  const row = truth.articles.find((one) => one.id === articleId);
  if (row && row.fingerprint !== null && row.fingerprint !== fingerprint(portals))
    throw new Failure('equal', `${articleId}: the portal's row has the fingerprint of another text`);
  const window = station.window.docs.get(articleId);
  if (window && canonicalise(readContent(window)) !== canonicalise(mine))
    throw new Failure('equal', `${where}: the open window shows another text`);
}
