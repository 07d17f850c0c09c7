import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../domain/workflow');
const listed = [...readFileSync(join(folder, 'RULES.md'), 'utf8').matchAll(/^\| (WF\d+) +\|/gm)].map(
  (m) => m[1],
);
const tests = readdirSync(import.meta.dirname)
  .filter((name) => name !== 'rules.test.ts')
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');

it('every rule of RULES.md is named by a test', () => {
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter((id) => !new RegExp(`\\b${id}\\b`).test(tests))).toEqual([]);
});
