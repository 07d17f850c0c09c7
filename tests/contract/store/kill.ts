import { readCommandLine } from './cli.ts';
import { removeFolders } from './harness.ts';
import { runKills } from './kills.ts';

/** `npm run test:store-kill -- --kills N --seed S [--sealed]`: see README.md. Ends with 1 if anything was lost. */
const { kills, seed, sealed } = readCommandLine({ kills: 300, seed: 42 });
const startedAt = Date.now();
try {
  const { lost, torn, broken, ...figures } = await runKills({ kills, seed, sealed });
  const findings = { lost: lost.length, torn: torn.length, broken: broken.length };
  console.log({ sealed, ...figures, ...findings, seconds: (Date.now() - startedAt) / 1000 });
  for (const text of [...broken, ...torn, ...lost].slice(0, 20)) console.error(text);
  process.exitCode = lost.length + torn.length + broken.length > 0 ? 1 : 0;
} finally {
  removeFolders();
}
