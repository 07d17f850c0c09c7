import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, toolEnvironment } from './steps.ts';

/**
 * Everything that has to hold before a change lands: lint, import walls, dead code, types, all tests, and the packaged app.
 * `node build/test.ts [name …]` runs only the steps named. Ends with one line, `N passed, N failed`; a lint or type step
 * counts as one.
 */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}
interface Step {
  readonly name: string;
  readonly run: () => Promise<Count>;
}

const reports = join(ROOT, 'test-results');

const check = (name: string, command: string, ...args: string[]): Step => ({
  name,
  run: async () => {
    const code = await run(command, args);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  },
});

const vitest = (project: string): Step => ({
  name: project,
  run: async () => {
    const file = join(reports, `${project}.json`);
    const code = await run(
      'vitest',
      ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${file}`],
      {
        env: toolEnvironment({ NODE_ENV: 'test' }),
      },
    );
    const report = JSON.parse(await readFile(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
    };
    // A file that can't be loaded has no failed test, but the run has failed.
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
  },
});

const playwright: Step = {
  name: 'e2e',
  run: async () => {
    const file = join(reports, 'e2e.json');
    const code = await run('playwright', ['test', '--config', 'tests/e2e/playwright.config.ts'], {
      env: toolEnvironment({ PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
    });
    const { stats } = JSON.parse(await readFile(file, 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    };
    return {
      passed: stats.expected,
      failed: Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1),
      skipped: stats.skipped,
    };
  },
};

const STEPS: readonly Step[] = [
  check('lint', 'biome', 'ci', '--error-on-warnings'),
  check(
    'walls',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'domain',
    'main',
    'preload',
    'renderer',
    'portal',
  ),
  check('dead-code', 'knip'),
  ...['domain', 'preload', 'main', 'renderer', 'portal', 'build', 'tests'].map((folder) =>
    check(`types-${folder}`, 'tsc', '-p', `${folder}/tsconfig.json`),
  ),
  check('regulations', 'node', 'build/coverageRegulations.ts'),
  vitest('unit'),
  vitest('contract'),
  vitest('simulation'),
  vitest('integration'),
  // The same 40 short histories each time; `npm run simulate` runs others and longer ones.
  check(
    'simulate',
    'node',
    'tests/simulation/simulate.ts',
    '--seeds',
    '40',
    '--desks',
    '4',
    '--steps',
    '40',
    '--gathers',
    '--shrink',
    '15',
  ),
  vitest('electron'),
  check('bundle', 'node', 'build/bundle.ts'),
  check('dist', 'node', 'build/dist.ts'),
  playwright,
];

const wanted = process.argv.slice(2);
await rm(reports, { recursive: true, force: true });
await mkdir(reports, { recursive: true });
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];
for (const step of STEPS) {
  if (wanted.length > 0 && !wanted.some((name) => step.name === name || step.name.startsWith(`${name}-`)))
    continue;
  const startedAt = Date.now();
  const count = await step.run().catch((error: unknown): Count => {
    process.stderr.write(`${String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  if (count.failed > 0) failedSteps.push(step.name);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `\n== ${step.name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)\n\n`,
  );
}
if (failedSteps.length > 0) process.stdout.write(`Failed steps: ${failedSteps.join(', ')}\n`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
