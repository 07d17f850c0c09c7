import { Random } from '../random.ts';
import type { SeedTask } from '../runSeed.ts';
import type { Station, World } from '../world.ts';
import { DEEDS } from './people.ts';
import { TROUBLES } from './troubles.ts';
import { resume } from './writing.ts';

/** One step of a history. It can be left out without changing what the others draw. */
export interface Step {
  readonly index: number;
  readonly kind: string;
  readonly desk: number;
  /** Does not wait for the network before the next step. */
  readonly isHasty: boolean;
  readonly seed: number;
}

const WEIGHTS: Readonly<Record<string, number>> = {
  create: 7,
  write: 38,
  attach: 4,
  decide: 22,
  fetchFile: 1,
  line: 12,
  crash: 5,
  upgrade: 2,
  disk: 2,
  clock: 2,
  portalCrash: 2,
  longTime: 2,
};

export function planSteps({ seed, desks, steps, moves, gathers }: SeedTask): Step[] {
  const random = new Random(seed).fork('plan');
  const weights: Readonly<Record<string, number>> = {
    ...WEIGHTS,
    ...(moves ? { move: 2 } : {}),
    ...(gathers ? { gather: 6 } : {}),
  };
  return Array.from({ length: steps }, (_, at) => ({
    index: at + 1,
    kind: at < 2 ? 'create' : random.weighted(weights),
    desk: at < 2 ? 0 : random.below(desks),
    isHasty: random.chance(0.35),
    seed: random.below(2 ** 31),
  }));
}

/** Does one step; gives what came of it, in words. */
export async function takeStep(world: World, step: Step): Promise<string> {
  const random = new Random(step.seed);
  world.step = step.index;
  world.network.draw(random.fork('network'));
  const station = world.stations[step.desk] as Station;
  if (!station.isOn) {
    await world.switchOn(station);
    await resume(world, station);
  }
  if (!world.portal.isUp && random.chance(0.5)) await world.portal.start();
  let said = 'the desk died at its start';
  if (station.isOn) said = (await (DEEDS[step.kind] ?? TROUBLES[step.kind])?.(world, station, random)) ?? '';
  if (!step.isHasty) {
    await world.settle();
    await world.advance(random.pick([200, 1500, 1500, 2500, 5000, 16_000]));
  }
  return said;
}
