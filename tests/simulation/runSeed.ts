// Takes the place of the portal's timers: before anything else is loaded.
import './clock.ts';
import { join } from 'node:path';
import type { PersonId } from './cast.ts';
import type { Databases } from './databases.ts';
import type { DeskHosts } from './deskHost.ts';
import { Failure } from './failure.ts';
import { checkLiveness, endFaults } from './heal.ts';
import { checkChain } from './oracles/chain.ts';
import { checkEqual } from './oracles/equal.ts';
import { checkKept } from './oracles/kept.ts';
import { checkOnce } from './oracles/once.ts';
import { readTruth } from './oracles/truth.ts';
import { checkAnswer } from './oracles/visibility.ts';
import { Random } from './random.ts';
import { planSteps, takeStep } from './steps/plan.ts';
import { World } from './world.ts';

/** A history to run: these three say all of it. */
export interface SeedTask {
  readonly seed: number;
  readonly desks: number;
  readonly steps: number;
  /** People are moved and get other roles, too. */
  readonly moves?: boolean;
  /** The portal puts snapshots in the place of updates, too: it does so by itself only for much text, or after weeks. */
  readonly gathers?: boolean;
  /** Only these steps of the plan. */
  readonly only?: readonly number[];
}

export interface SeedOptions extends SeedTask {
  readonly hosts: DeskHosts;
  readonly databases: Databases;
  readonly scratch: string;
}

export interface SeedResult {
  readonly seed: number;
  readonly failure: { readonly oracle: string; readonly reason: string } | null;
  /** What happened, a line a step. */
  readonly history: readonly string[];
  /** Numbers of the steps that were planned, and of the one in which it failed, if it was in a step. */
  readonly planned: readonly number[];
  readonly failedIn: number | null;
  readonly rounds: number;
  readonly ms: number;
  /** Last lines of the desks' logs. */
  readonly logs: readonly string[];
}

const CASTS: Readonly<Record<number, readonly (readonly PersonId[])[]>> = {
  1: [['writer']],
  2: [
    ['writer', 'head'],
    ['writer', 'colleague'],
    ['writer', 'writer'],
  ],
  3: [['writer', 'head', 'board']],
  4: [
    ['writer', 'head', 'board', 'translator'],
    ['writer', 'head', 'editor', 'chief'],
    ['writer', 'head', 'board', 'stranger'],
  ],
  5: [
    ['writer', 'head', 'editor', 'chief', 'colleague'],
    ['writer', 'head', 'editor', 'chief', 'stranger'],
    ['writer', 'head', 'editor', 'chief', 'writer'],
    ['writer', 'head', 'board', 'translator', 'colleague'],
    ['writer', 'head', 'board', 'translator', 'stranger'],
  ],
};
const REST: readonly PersonId[] = [
  'stranger',
  'colleague',
  'translator',
  'writer',
  'head',
  'editor',
  'chief',
];

function personsOf(random: Random, desks: number): PersonId[] {
  const known = CASTS[Math.min(desks, 5)] ?? [['writer']];
  const persons = [...random.pick(known)];
  while (persons.length < desks) persons.push(REST[(persons.length - 5) % REST.length] ?? 'writer');
  return persons;
}

/** One history from a seed, from the first desk to the last oracle. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const startedAt = performance.now();
  const { seed, desks, databases } = options;
  const random = new Random(seed);
  const persons = personsOf(random.fork('cast'), desks);
  const only = options.only && new Set(options.only);
  const plan = planSteps(options).filter((step) => !only || only.has(step.index));
  const url = await databases.create();
  const world: World = new World({
    databaseUrl: url,
    folder: join(options.scratch, `seed-${seed}`),
    hosts: options.hosts,
    endsThreads: seed % 10 === 0,
    persons,
    random: random.fork('network'),
    onAnswer: (desk, request, answer) =>
      checkAnswer(world.portal.portal.db, world.personAt(desk), request, answer),
  });
  const history: string[] = [`desks: ${persons.map((person, index) => `${index} ${person}`).join(', ')}`];
  let failure: SeedResult['failure'] = null;
  let failedIn: number | null = null;
  try {
    await world.begin();
    world.network.isCrowded = seed % 5 === 0;
    for (const step of plan) {
      failedIn = step.index;
      const wait = step.isHasty ? ', at once' : '';
      const at = history.push(`${step.index}. desk ${step.desk} ${step.kind}${wait}`) - 1;
      history[at] += `: ${await takeStep(world, step)}`;
    }
    failedIn = null;
    history.push('all faults end');
    world.network.isCrowded = false;
    await endFaults(world);
    await checkLiveness(world);
    const truth = await readTruth(world.portal.portal.db, world.taken);
    for (const station of world.stations) await world.give(station, [{ kind: 'dump' }]);
    await checkEqual(world, truth);
    checkKept(world, truth);
    checkChain(truth, world.people);
    checkOnce(world, truth);
  } catch (error) {
    failure =
      error instanceof Failure
        ? { oracle: error.oracle, reason: error.message }
        : { oracle: 'harness', reason: String((error as Error)?.stack ?? error) };
  }
  const logs = world.stations.flatMap((station) =>
    station.log.slice(-8).map((line) => `desk ${station.index} ${line}`),
  );
  await world.end();
  await databases.drop(url);
  return {
    seed,
    failure,
    history,
    planned: plan.map((step) => step.index),
    failedIn,
    rounds: world.rounds,
    ms: performance.now() - startedAt,
    logs,
  };
}
