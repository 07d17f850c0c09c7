import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scratchFolder, startDatabases } from './databases.ts';
import { bundleDesk } from './deskBundle.ts';
import { runSeed } from './runSeed.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    desks: { type: 'string', default: '5' },
    steps: { type: 'string', default: '200' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const scratch = await scratchFolder('soan-simulation-');
const bundle = join(scratch, 'desk.cjs');
await bundleDesk(bundle, null);
const databases = await startDatabases();
let lost = 0;
let diverged = 0;
const first = Number(values.seed ?? 1);
const seeds = values.seed === undefined ? Number(values.seeds) : Number(values.seeds === '10' ? 1 : values.seeds);
for (let seed = first; seed < first + seeds; seed += 1) {
  const result = await runSeed({ seed, desks: Number(values.desks), steps: Number(values.steps), bundle, databases, scratch, ...(values.only ? { only: values.only.split(',').map(Number) } : {}) });
  if (values.verbose || result.failure) {
    for (const line of result.history) console.log(line);
    for (const line of result.logs) console.log(line);
  }
  console.log(`seed ${seed}: ${result.failure ? `${result.failure.reason}` : 'ok'} (${Math.round(result.ms)} ms, ${result.rounds} rounds)`);
  if (result.failure?.oracle === 'kept') lost += 1;
  else if (result.failure) diverged += 1;
}
await databases.stop();
await rm(scratch, { recursive: true, force: true });
console.log(`seeds ${seeds}, lost ${lost}, diverged ${diverged}`);
process.exit(lost + diverged > 0 ? 1 : 0);
