import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ONCE_FAILED } from './onceFailed.ts';
import { addTally, emptyTally, runSeeds, runSessions, summary, type Tally } from './runs.ts';
import { describeFailure, shrink } from './shrink.ts';

/**
 * `npm run test:binding-fuzz -- --seeds N --seed S --editors 2|3 --jobs J`: see README.md. Ends with 1 if anything failed.
 * `--once-failed` runs the sessions of `onceFailed.ts` and no others. `--shrink no` names failing seeds without looking for their shortest history.
 * `--part I` is for the processes that it starts itself: every J-th seed, the result as JSON.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    editors: { type: 'string', default: '2' },
    jobs: { type: 'string', default: '1' },
    part: { type: 'string' },
    'once-failed': { type: 'boolean', default: false },
    shrink: { type: 'string', default: 'yes' },
  },
});

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name} wants a whole number from ${least}, not ${text}`);
  return number;
}

const seeds = whole('seeds', values.seeds, 1);
const seed = whole('seed', values.seed, 0);
const editors = whole('editors', values.editors, 2);
const jobs = whole('jobs', values.jobs, 1);

function inProcess(part: number): Promise<Tally> {
  const given = { seeds, seed, editors, jobs, part };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [import.meta.filename, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', () => {
      try {
        resolve(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Tally);
      } catch {
        reject(new Error(`part ${part} ended without a result`));
      }
    });
  });
}

if (values.part !== undefined) {
  const from = seed + whole('part', values.part, 0);
  console.log(JSON.stringify(await runSeeds({ from, to: seed + seeds, by: jobs, editors })));
} else {
  const startedAt = Date.now();
  const tallies = values['once-failed']
    ? [await runSessions(ONCE_FAILED)]
    : jobs === 1
      ? [await runSeeds({ from: seed, to: seed + seeds, editors })]
      : await Promise.all(Array.from({ length: jobs }, (_, part) => inProcess(part)));
  const tally = tallies.reduce(addTally, emptyTally());
  for (const { plan, kind } of tally.failures) {
    const text =
      values.shrink === 'no' ? `seed ${plan.seed}: ${kind}` : describeFailure(await shrink(plan, kind));
    console.log(text);
  }
  const { operations, undos, healings, caught } = tally;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log({ editors, operations, undos, healings, caught, seconds });
  console.log(summary(tally));
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
