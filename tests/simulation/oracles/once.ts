import { Failure } from '../failure.ts';
import type { World } from '../world.ts';
import type { Truth } from './truth.ts';

/** Nothing has its effect twice: each row at the portal is one that a person's desk made once, and each thing a person did is one row. */
export function checkOnce(world: World, truth: Truth): void {
  const { ledger } = world;
  const bytesSeen = new Map<string, string>();
  for (const row of truth.taken) {
    const isFirst = row.id.startsWith('u:');
    if (!isFirst && !ledger.updates.has(row.id)) throw new Failure('once', `nobody wrote update ${row.id}`);
    // Two people who delete the same characters make the same bytes.
    const key = `${row.article_id} ${row.desk_id} ${row.content.toString('base64')}`;
    const twin = bytesSeen.get(key);
    if (twin) throw new Failure('once', `updates ${twin} and ${row.id} are the same`);
    bytesSeen.set(key, row.id);
  }
  const positions = new Set<string>();
  for (const row of truth.decisions) {
    if (!ledger.decisions.has(row.id)) throw new Failure('once', `nobody made decision ${row.id}`);
    const key = `${row.desk_id} ${row.position}`;
    if (positions.has(key))
      throw new Failure('once', `two decisions of one desk at position ${row.position}`);
    positions.add(key);
  }
  for (const row of truth.files) {
    const known = ledger.files.some((one) => `${one.articleId}.${one.sha256}` === row.id);
    if (!known) throw new Failure('once', `nobody attached file ${row.id}`);
  }
}
