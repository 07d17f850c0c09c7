import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Defect, defects } from './plantedDefects.ts';

/**
 * `npm run test:binding-planted`: plants one defect after another in a copy of the product and runs sessions that must
 * find it. Ends with 1 if one stays unfound or no longer fits the source, or if the copy fails without one.
 * Arguments are parts of the names of the defects to try; without any, all are tried.
 */
const ROOT = join(import.meta.dirname, '../../..');
const PARTS = [
  'domain',
  'assets/strings',
  'renderer/features/editor',
  'tests/simulation',
  'tests/unit/document/support',
];
const SEEDS = 500;
const STEP = 25;
const LONGEST_MS = 240_000;

function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soan-planted-'));
  for (const part of PARTS) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

interface Run {
  readonly passes: boolean;
  readonly lastLine: string;
}

/** Runs some sessions in a copy. A run that never ends counts as a failure. */
function runSessions(folder: string, which: readonly string[]): Promise<Run> {
  const args = [...which, '--shrink', 'no'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['tests/simulation/binding/fuzz.ts', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NODE_ENV: 'production' },
      timeout: LONGEST_MS,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) =>
      resolve({ passes: code === 0, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }),
    );
  });
}

function plant(folder: string, { file, from, to }: Defect): boolean {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) return false;
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  return true;
}

async function tryDefect(defect: Defect | undefined): Promise<{ isFound: boolean; text: string }> {
  const folder = copyTree();
  try {
    if (defect !== undefined && !plant(folder, defect))
      return { isFound: false, text: 'DOES NOT FIT the source any more' };
    for (let seed = 1; seed < (defect === undefined ? STEP : SEEDS); seed += STEP) {
      for (const editors of ['2', '3']) {
        const which = ['--seeds', String(STEP), '--seed', String(seed), '--editors', editors];
        const { passes, lastLine } = await runSessions(folder, which);
        if (!passes) return { isFound: true, text: `found with ${editors} editors: ${lastLine}` };
      }
      if (seed > 1) continue;
      const { passes, lastLine } = await runSessions(folder, ['--once-failed']);
      if (!passes) return { isFound: true, text: `found by sessions that once failed: ${lastLine}` };
    }
    return { isFound: false, text: `NOT FOUND in ${2 * SEEDS} sessions` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const parts = process.argv.slice(2);
const chosen = defects.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
const clean = await tryDefect(undefined);
console.log(`without a defect: ${clean.isFound ? 'FAILS' : 'passes'}`);
let found = 0;
for (const defect of chosen) {
  const { isFound, text } = await tryDefect(defect);
  found += isFound ? 1 : 0;
  console.log(`${defect.name} (${defect.file}): ${text}`);
}
console.log(`${found} of ${chosen.length} planted defects found`);
process.exitCode = clean.isFound || found < chosen.length ? 1 : 0;
