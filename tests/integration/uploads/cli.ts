/** `npm run test:upload -- [--megabytes 500] [--cuts 50]`: one large file through many cuts, and beside it a small one for the memory. */
import { parseArgs } from 'node:util';
import { uploadThroughCuts } from './uploading.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '500' }, cuts: { type: 'string', default: '50' } },
});
const MiB = 1024 * 1024;
const timeoutMs = 30 * 60_000;
const small = await uploadThroughCuts({ megabytes: 20, cuts: 2, timeoutMs });
const large = await uploadThroughCuts({
  megabytes: Number(values.megabytes),
  cuts: Number(values.cuts),
  timeoutMs,
});
for (const report of [small, large]) console.log(JSON.stringify(report));
const growth = (of: 'deskMemory' | 'portalMemory') => Math.round((large[of] - small[of]) / MiB);
console.log(
  `${large.megabytes} MiB, ${large.cuts} cuts, stored: ${large.isStored}, sent twice per cut ${(large.extraPerCut / MiB).toFixed(2)} MiB, ` +
    `memory beside 20 MiB: desk ${growth('deskMemory')} MiB more, portal ${growth('portalMemory')} MiB more`,
);
process.exitCode = large.isStored && small.isStored && large.cuts === Number(values.cuts) ? 0 : 1;
