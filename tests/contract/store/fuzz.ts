import { readCommandLine } from './cli.ts';
import { fuzz } from './fuzzing.ts';
import { removeFolders } from './harness.ts';

/** `npm run test:store-fuzz -- --queries N --seed S [--sealed]`: see README.md. Ends with 1 if any answer differed. */
const { queries, seed, sealed } = readCommandLine({ queries: 50_000, seed: Date.now() % 1_000_000_000 });
try {
  for (const [wildness, share] of [
    ['tame', 0.4],
    ['wild', 0.4],
    ['odd', 0.2],
  ] as const) {
    const startedAt = performance.now();
    const report = await fuzz({ queries: Math.ceil(queries * share), seed, wildness, sealed });
    const perSecond = Math.round((report.queries * 1000) / (performance.now() - startedAt));
    console.log(wildness, { seed, sealed, perSecond, ...report });
    if (report.differences.length > 0) process.exitCode = 1;
  }
} finally {
  removeFolders();
}
