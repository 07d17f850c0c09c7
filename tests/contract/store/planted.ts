import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Defect, defects, type Suite } from './plantedDefects.ts';

/**
 * `npm run test:store-planted`: plants one defect after another in a copy of the store and runs the suite
 * that must find it. Ends with 1 if a defect stays unfound, no longer fits the source, or a suite fails without one.
 * Arguments are parts of the names of the defects to try; without any, all are tried.
 */
const ROOT = join(import.meta.dirname, '../../..');
const LONGEST_MS = 900_000;

const fuzz = ['tests/contract/store/fuzz.ts', '--queries', '50000', '--seed', '20250901'];
const kill = ['tests/contract/store/kill.ts', '--kills', '25', '--seed', '42'];
const powercut = ['tests/contract/store/powercut.ts', '--cuts', '1500', '--seed', '1', '--control', '0'];

const commands: Readonly<Record<Suite, readonly string[]>> = {
  fuzz,
  kill,
  powercut,
  'fuzz sealed': [...fuzz, '--sealed'],
  'kill sealed': [...kill, '--sealed'],
  'powercut sealed': [...powercut, '--sealed'],
  contract: [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--bail=1',
    ...['checked', 'behaviour', 'faults', 'limits', 'damage', 'sealed', 'sealedSort', 'plaintext'].map(
      (name) => `tests/contract/store/${name}.test.ts`,
    ),
  ],
};

/** A tree with what the suites need. */
function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soan-planted-'));
  for (const part of ['main/engine/store', 'tests/contract/store']) {
    mkdirSync(join(folder, part), { recursive: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'vitest.config.ts'), 'export default { test: { testTimeout: 60_000 } };');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs a suite; true if it passed. A run that never ends counts as a failure. */
function passes(folder: string, suite: Suite): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...commands[suite]], {
      cwd: folder,
      stdio: 'ignore',
      timeout: LONGEST_MS,
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

function plant(folder: string, { file, from, to }: Defect): boolean {
  const path = join(folder, 'main/engine/store', file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) return false;
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  return true;
}

async function attempt(work: (folder: string) => Promise<string>): Promise<string> {
  const folder = copyTree();
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const parts = process.argv.slice(2);
const chosen = defects.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
let found = 0;
let failed = false;
for (const suite of new Set(chosen.map(({ suite }) => suite))) {
  const verdict = await attempt(async (folder) => ((await passes(folder, suite)) ? 'passes' : 'FAILS'));
  failed ||= verdict === 'FAILS';
  console.log(`${suite} without a defect: ${verdict}`);
}
for (const defect of chosen) {
  const startedAt = Date.now();
  const verdict = await attempt(async (folder) => {
    if (!plant(folder, defect)) return 'DOES NOT FIT the source any more';
    return (await passes(folder, defect.suite)) ? 'NOT FOUND' : 'found';
  });
  found += verdict === 'found' ? 1 : 0;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${defect.name} (${defect.file}): ${verdict} by ${defect.suite} in ${seconds} s`);
}
console.log(`${found} of ${chosen.length} planted defects found`);
process.exitCode = failed || found < chosen.length ? 1 : 0;
