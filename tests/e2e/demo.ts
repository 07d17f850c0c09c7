import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build/bundle.ts';
import { electronExecutable } from '../electron/locate.ts';
import { mainJob } from './story.ts';

/** `npm run demo`: the main job, start to finish, with a screenshot of every step in `demo-output/`. */
const output = join(import.meta.dirname, '../../demo-output');
await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const electron = await electronExecutable();
const runsOn = electron.kind === 'electron' ? 'Electron' : 'the stand-in for Electron';
process.stdout.write(`Soạn on ${runsOn} ${electron.version}\n`);
await bundle();

const folder = await mkdtemp(join(tmpdir(), 'soan-demo-'));
const startedAt = Date.now();
let steps = 0;
let pictures = 0;
try {
  await mainJob(folder, {
    step: (text) => {
      steps += 1;
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      process.stdout.write(`${String(steps).padStart(2)}. ${text} (${seconds} s)\n`);
    },
    picture: async (page, name) => {
      pictures += 1;
      const file = `${String(pictures).padStart(2, '0')}-${name}.png`;
      await page.screenshot({ path: join(output, file) });
    },
  });
  process.stdout.write(`Done: ${steps} steps, ${pictures} pictures in demo-output/\n`);
} catch (error) {
  process.stderr.write(
    `Failed after step ${steps}: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
