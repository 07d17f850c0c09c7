/**
 * `npm run test:upload -- [--megabytes 500] [--cuts 50] [--variant cuts|finish-fails|expiry|full|all] [--store disk|s3]`: one large file through
 * many cuts, and for the variant `cuts` beside it a small one for the memory.
 */
import { parseArgs } from 'node:util';
import { VARIANTS } from './troubles.ts';
import { type UploadReport, uploadThroughCuts } from './uploading.ts';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '500' },
    cuts: { type: 'string', default: '50' },
    variant: { type: 'string', default: 'cuts' },
    store: { type: 'string', default: 'disk' },
  },
});
const MiB = 1024 * 1024;
/** Of the file beside it. Larger than what is read for the search, which takes memory of its own. */
const SMALL_MIB = 60;
const timeoutMs = 30 * 60_000;
const wanted = VARIANTS.filter((variant) => values.variant === 'all' || values.variant === variant);
const store = values.store === 's3' ? 's3' : 'disk';
if (wanted.length === 0 || !['disk', 's3'].includes(values.store))
  throw new Error(`variants are ${VARIANTS.join(', ')}, all; stores disk, s3`);

const isGood = (report: UploadReport): boolean =>
  report.isStored && report.wasTroubled && report.falseSuccesses === 0 && report.refused.length === 0;

let failed = 0;
for (const variant of wanted) {
  const small =
    variant === 'cuts' ? await uploadThroughCuts({ megabytes: SMALL_MIB, cuts: 2, timeoutMs, store }) : null;
  const cuts = Number(values.cuts);
  const large = await uploadThroughCuts({
    megabytes: Number(values.megabytes),
    cuts,
    timeoutMs,
    variant,
    store,
  });
  for (const report of [small, large]) if (report) console.log(JSON.stringify(report));
  const growth = (of: 'deskMemory' | 'portalMemory') => Math.round((large[of] - (small?.[of] ?? 0)) / MiB);
  console.log(
    `${variant}, ${store}: ${large.megabytes} MiB, ${large.cuts} cuts, stored: ${large.isStored}, ` +
      `successes without the object: ${large.falseSuccesses}, sent twice per cut ${(large.extraPerCut / MiB).toFixed(2)} MiB, ` +
      (small ? `memory beside ${SMALL_MIB} MiB: ` : 'memory: ') +
      `desk ${growth('deskMemory')} MiB${small ? ' more' : ''}, portal ${growth('portalMemory')} MiB${small ? ' more' : ''}`,
  );
  if (!isGood(large) || large.cuts !== cuts || (small && !isGood(small))) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
