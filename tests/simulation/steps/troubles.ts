import type { Role } from '../../../domain/people/roles.ts';
import { compactArticle } from '../../../portal/snapshots/compact.ts';
import { change } from '../../../portal/storage/feed.ts';
import { CAST, ORGANISATION } from '../cast.ts';
import type { DiskState } from '../desk/messages.ts';
import type { LineMode } from '../network.ts';
import type { Random } from '../random.ts';
import type { Station, World } from '../world.ts';
import { resume } from './writing.ts';

/** What goes wrong around people: lines, power, disks, clocks, the portal. */
type Trouble = (world: World, station: Station, random: Random) => Promise<string>;

const line: Trouble = async (world, station, random) => {
  const before = world.network.mode(station.index);
  const mode: LineMode =
    before === 'cut' || before === 'silent'
      ? random.weighted({ good: 4, flaky: 3, cut: 0, silent: 0 })
      : random.weighted({ good: 1, flaky: 3, cut: 4, silent: 1.5 });
  world.network.setMode(station.index, mode);
  if ((mode === 'good' || mode === 'flaky') && random.chance(0.6))
    await world.give(station, [{ kind: 'online' }]);
  return mode;
};

/** The machine loses power: at a write of its store, or while it rests. */
const crash: Trouble = async (world, station, random) => {
  const write = random.below(14);
  if (write === 0) {
    await world.kill(station);
    return 'at rest';
  }
  const when = random.chance(0.5) ? 'before' : 'after';
  await world.give(station, [{ kind: 'dieAt', write, when }]);
  return `${when} write ${write}`;
};

/** The app is replaced by another version: stopped in order, begun again on what it left. */
const upgrade: Trouble = async (world, station) => {
  if (station.diskIsFull) return 'no room';
  await world.switchOff(station);
  await world.switchOn(station);
  await resume(world, station);
  return 'done';
};

const disk: Trouble = async (world, station, random) => {
  station.diskIsFull = !station.diskIsFull;
  const state: DiskState = station.diskIsFull ? (random.chance(0.6) ? 'full' : 'full-for-notes') : 'sound';
  await world.give(station, [{ kind: 'disk', state }]);
  if (!station.diskIsFull) await resume(world, station);
  return state;
};

const clock: Trouble = async (world, station, random) => {
  const days = random.pick([0, 0, 3, -3, 40, -40, 0.1, -0.1]);
  world.skew(station, days * 86_400_000);
  return `${days} days off`;
};

const portalCrash: Trouble = async (world, _station, random) => {
  if (random.chance(0.3)) {
    if (world.portal.isUp) await world.portal.crash();
    return 'now';
  }
  world.network.crashAfterPushes = 1 + random.below(3);
  return `after ${world.network.crashAfterPushes} pushes`;
};

const longTime: Trouble = async (world, _station, random) => {
  const minutes = random.pick([1, 3, 12, 60, 600, 3000]);
  await world.advance(minutes * 60_000);
  return `${minutes} minutes`;
};

const OTHER_ROLES: readonly (readonly Role[])[] = [['liaison'], ['unit-head'], ['editor'], ['translator']];

/** Somebody is moved to another unit or gets another role, or is put back; the portal's administrator does that. */
const move: Trouble = async (world, station, random) => {
  if (!world.portal.isUp) return 'not now';
  const was = world.people.get(station.person)?.at(-1);
  if (!was) return 'nobody';
  const asCast = CAST[station.person];
  const isMoved = was.unitId !== asCast.unitId || was.roles.join() !== asCast.roles.join();
  const next = { roles: [...was.roles], unitId: was.unitId };
  if (isMoved) Object.assign(next, { roles: [...asCast.roles], unitId: asCast.unitId });
  else if (random.chance(0.6)) next.unitId = was.unitId === 'mot' ? 'hai' : 'mot';
  else next.roles = [...random.pick(OTHER_ROLES)];
  const { portal } = world.portal;
  await change(portal, ORGANISATION, async (tx, feed) => {
    const { person } = { person: station.person };
    await tx
      .updateTable('people')
      .set({ roles: next.roles, unit_id: next.unitId })
      .where('id', '=', person)
      .execute();
    const id = `person:${person}`;
    const row = await tx
      .selectFrom('directory')
      .select('data')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const data = JSON.stringify({ ...row.data, roles: next.roles, unitId: next.unitId });
    await tx.updateTable('directory').set({ data }).where('id', '=', id).execute();
    feed.touch('directory', id);
  });
  world.isNow(station.person, { ...next, active: true });
  return `${station.person} is ${next.roles.join('+')} of ${next.unitId}`;
};

/** The portal puts a snapshot in the place of the updates of an article. */
const gather: Trouble = async (world, _station, random) => {
  if (!world.portal.isUp) return 'not now';
  const { portal } = world.portal;
  const rows = await portal.db
    .selectFrom('updates')
    .select('article_id')
    .distinct()
    .orderBy('article_id')
    .execute();
  if (rows.length === 0) return 'nothing';
  const { article_id: articleId } = random.pick(rows);
  const outcome = await compactArticle(portal, ORGANISATION, articleId, () => true);
  return `${articleId} ${outcome}`;
};

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  line,
  crash,
  upgrade,
  disk,
  clock,
  portalCrash,
  longTime,
  move,
  gather,
};
