import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT, run } from './steps.ts';

/** `npm run bench [-- NAME …]`: the benchmarks of `tests/bench`, all or those named, one after the other. */
const folder = join(ROOT, 'tests/bench');
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`No benchmark ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
for (const name of names.length > 0 ? names : all) {
  const code = await run('node', [join('tests/bench', `${name}.ts`), ...options]);
  if (code !== 0) process.exitCode = code;
}
