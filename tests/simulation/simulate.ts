import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { gatherCrew, prepareGround } from './crew.ts';
import { findPlanted } from './planted/find.ts';
import type { SeedResult, SeedTask } from './runSeed.ts';
import { shrink } from './shrink.ts';

/**
 * `npm run simulate -- --seeds N [--seed S] [--desks D] [--steps T] [--jobs J]`: runs N histories from seed S on and prints
 * `seeds N, lost L, diverged D`; of the first that fails, a history as short as it gets. `--moves` has people moved and
 * given other roles, too; `--gathers` has the portal put snapshots in the place of updates. `--only 3,7` takes only these steps
 * of the plan. `--planted [NAME]` plants faults, one after another, and sees that each is found.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    desks: { type: 'string', default: '5' },
    steps: { type: 'string', default: '200' },
    jobs: { type: 'string', default: String(Math.max(1, Math.min(4, availableParallelism()))) },
    only: { type: 'string' },
    shrink: { type: 'string', default: '80' },
    moves: { type: 'boolean', default: false },
    gathers: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const number = (text: string, name: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} is no number: ${text}`);
  return value;
};
const seeds = number(values.seeds, 'seeds');
const first = number(values.seed, 'seed');
const jobs = Math.max(1, number(values.jobs, 'jobs'));
const task = {
  desks: number(values.desks, 'desks'),
  steps: number(values.steps, 'steps'),
  moves: values.moves,
  gathers: values.gathers,
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = ({ history, logs, failure }: SeedResult) => {
  for (const line of history) say(`  ${line}`);
  for (const line of logs) say(`  ${line}`);
  if (failure) say(`  ${failure.reason}`);
};

const ground = await prepareGround();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void ground.clear().finally(() => process.exit(1)));
try {
  if (values.planted) process.exitCode = await findPlanted({ ground, jobs, seeds, names: positionals, say });
  else process.exitCode = await runAll();
} finally {
  await ground.clear();
}

async function runAll(): Promise<number> {
  const crew = await gatherCrew(ground, jobs);
  const startedAt = performance.now();
  const failed: { task: SeedTask; result: SeedResult }[] = [];
  let working = 0;
  let done = 0;
  const only = values.only === undefined ? {} : { only: values.only.split(',').map(Number) };
  const all = Array.from({ length: seeds }, (_, at): SeedTask => ({ seed: first + at, ...task, ...only }));
  await Promise.all(
    all.map(async (one) => {
      const result = await crew.run(one);
      working += result.ms;
      done += 1;
      if (done % 25 === 0 && done < seeds) say(`${done} of ${seeds} seeds, ${failed.length} failed`);
      if (result.failure) failed.push({ task: one, result });
      if (result.failure) say(`seed ${one.seed}: ${result.failure.reason.slice(0, 600)}`);
      if (values.verbose) tell(result);
    }),
  );
  const isLoss = ({ result }: { result: SeedResult }) => result.failure?.oracle === 'kept';
  const lost = failed.filter(isLoss).length;
  const elapsed = (performance.now() - startedAt) / 1000;
  const [worst] = failed.sort((a, b) => a.task.seed - b.task.seed);
  if (worst && values.only === undefined && number(values.shrink, 'shrink') > 0) {
    say(`\nseed ${worst.task.seed}, with as few steps as it takes:`);
    const found = await shrink(
      (one) => crew.run(one),
      worst.task,
      worst.result,
      number(values.shrink, 'shrink'),
    );
    tell(found.result);
    say(
      `  again: npm run simulate -- --seed ${worst.task.seed} --seeds 1 --desks ${task.desks} --steps ${task.steps}${task.moves ? ' --moves' : ''}${task.gathers ? ' --gathers' : ''} --only ${found.steps.join(',')} --verbose\n`,
    );
  } else if (worst) tell(worst.result);
  await crew.end();
  say(
    `${(working / 1000 / Math.max(1, seeds)).toFixed(1)} s a seed, ${elapsed.toFixed(0)} s in all with ${jobs} processes`,
  );
  say(`seeds ${seeds}, lost ${lost}, diverged ${failed.length - lost}`);
  return failed.length > 0 ? 1 : 0;
}
