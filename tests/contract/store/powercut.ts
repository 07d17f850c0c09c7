import { inParallel, readCommandLine } from './cli.ts';
import { type CutReport, runCuts } from './powercut/cuts.ts';

/** `npm run test:store-powercut -- --cuts N --seed S --jobs J [--sealed]`: see README.md. Ends with 1 if anything was lost. */
const { cuts, seed, jobs, control, sealed } = readCommandLine({
  cuts: 10_000,
  seed: 1,
  jobs: 1,
  control: 250,
});
const SEEDS_PER_JOB = 1_000_000;

if (jobs > 1) {
  const startedAt = Date.now();
  const reports = await inParallel<CutReport>(
    import.meta.filename,
    Array.from({ length: jobs }, (_, i) => [
      '--cuts',
      String(Math.ceil(cuts / jobs)),
      '--seed',
      String(seed + i * SEEDS_PER_JOB),
      '--control',
      '0',
      ...(sealed ? ['--sealed'] : []),
    ]),
  );
  const total = reports.reduce((sum, report) => add(sum, report));
  print('synchronous=FULL', total, startedAt);
  await runControl(total.cutsWithLoss + total.cutsWithTear + total.cutsWithDamage > 0);
} else {
  const startedAt = Date.now();
  const report = await runCuts({ cuts, seed, sealed });
  if (control === 0) console.log(JSON.stringify(report));
  else print('synchronous=FULL', report, startedAt);
  await runControl(report.cutsWithLoss + report.cutsWithTear + report.cutsWithDamage > 0);
}

/** The same with `synchronous=NORMAL`, which must lose: otherwise the run above says nothing. */
async function runControl(hasFailed: boolean): Promise<void> {
  process.exitCode = hasFailed ? 1 : 0;
  if (control === 0) return;
  const startedAt = Date.now();
  const report = await runCuts({ cuts: control, seed, sealed, synchronous: 'NORMAL' });
  print('control, synchronous=NORMAL', report, startedAt);
  if (report.cutsWithLoss === 0) {
    console.error('the control lost nothing: the simulation does not see missing syncs');
    process.exitCode = 1;
  }
}

function add(a: CutReport, b: CutReport): CutReport {
  const numbers = Object.entries(a).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value + Number(b[name as keyof CutReport])]] : [],
  );
  return { ...a, ...Object.fromEntries(numbers), examples: [...a.examples, ...b.examples] };
}

function print(name: string, report: CutReport, startedAt: number): void {
  const seconds = (Date.now() - startedAt) / 1000;
  console.log(name, { sealed, ...report, seconds, cutsPerSecond: Math.round(report.cuts / seconds) });
}
