/** `npm run test:sync-chaos -- [--rounds 100] [--seed 1]`: exits with 1 when anything was lost. */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const started = Date.now();
const report = await runChaos({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  log: (line) => console.log(line),
});
console.log(JSON.stringify(report, null, 2));
const seconds = Math.round((Date.now() - started) / 1000);
console.log(
  `rounds ${report.rounds}, acknowledged ${report.acknowledged}, lost ${report.lost.length}, faults ${report.faults.length} (${seconds} s)`,
);
process.exitCode = report.lost.length + report.faults.length > 0 ? 1 : 0;
