import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { createPackageWithOptions } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import { _electron } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronExecutable } from './locate.ts';
import { probeApp, removeFolders, run, temporaryFolder } from './support/probe.ts';

let folder = '';
let executable = '';
let archive = '';
const sources = path.join(probeApp, '../packed');

/** What electron-builder does: the distribution, its executable renamed, the app in `resources/app.asar`. */
beforeAll(async () => {
  const distribution = path.dirname((await electronExecutable()).path);
  folder = temporaryFolder();
  executable = path.join(folder, 'Packed App');
  archive = path.join(folder, 'resources/app.asar');
  cpSync(distribution, folder, {
    recursive: true,
    filter: (file) => !file.endsWith('lib/node') && !file.endsWith('/electron'),
  });
  try {
    linkSync(path.join(distribution, 'lib/node'), path.join(folder, 'lib/node'));
  } catch {
    cpSync(path.join(distribution, 'lib/node'), path.join(folder, 'lib/node'));
  }
  cpSync(path.join(distribution, 'electron'), executable);
  await pack();
});
afterAll(removeFolders);

async function pack(): Promise<void> {
  const copy = temporaryFolder();
  cpSync(sources, copy, { recursive: true });
  // The repository ignores folders of this name, so the test makes it.
  const dependency = path.join(copy, 'node_modules/@scope/dependency');
  mkdirSync(path.join(dependency, 'cjs'), { recursive: true });
  writeFileSync(
    path.join(dependency, 'package.json'),
    JSON.stringify({
      name: '@scope/dependency',
      exports: { '.': { import: './no.mjs', require: './cjs/index.js' }, './*': './cjs/*.js' },
    }),
  );
  writeFileSync(
    path.join(dependency, 'cjs/index.js'),
    "module.exports = { name: 'dependency', sub: require('./sub') };",
  );
  writeFileSync(path.join(dependency, 'cjs/sub.js'), "module.exports = 'sub';");
  await createPackageWithOptions(copy, archive, { unpack: '*.bin' });
}

describe('a packaged app', () => {
  it('starts from its archive, in shell and utility process', async () => {
    const app = await _electron.launch({
      executablePath: executable,
      args: [`--user-data-dir=${temporaryFolder()}`],
    });
    const page = await app.firstWindow();
    await page.getByText('from the archive').waitFor();
    const facts = await app.evaluate(async ({ app: electronApp }) => ({
      packaged: electronApp.isPackaged,
      name: electronApp.getName(),
      version: electronApp.getVersion(),
      path: electronApp.getAppPath(),
      exe: electronApp.getPath('exe'),
      resources: process.resourcesPath,
      shell: (globalThis as unknown as { facts: unknown }).facts,
      engine: await (globalThis as unknown as { engine: Promise<unknown> }).engine,
    }));
    const read = {
      text: 'xin chào',
      names: ['asset.bin', 'text.txt'],
      size: 9,
      missing: 'ENOENT',
      write: 'EROFS',
      binary: 3,
      module: 'dependency',
      sub: 'sub',
      json: '2.0.0',
      exists: [true, false],
      promised: 'xin chào',
      thread: 'from a thread',
      streamed: 'xin chào',
    };
    expect(facts).toEqual({
      packaged: true,
      name: 'Packed App',
      version: '2.0.0',
      path: archive,
      exe: executable,
      resources: path.dirname(archive),
      shell: read,
      engine: read,
    });
    expect(existsSync(path.join(path.dirname(archive), 'app'))).toBe(false);
    await app.close();
  });
  it.each([
    ['cut off', () => truncateSync(archive, 2_000)],
    [
      'changed by one byte',
      () => {
        const at = readFileSync(archive).indexOf("const marker = 'shell'");
        const file = openSync(archive, 'r+');
        writeSync(file, 'X', at + 16);
      },
    ],
    ['no archive', () => writeFileSync(archive, 'something else')],
  ])('does not start from an archive that is %s', async (_name, damage) => {
    await pack();
    damage();
    const app = run(executable, [`--user-data-dir=${temporaryFolder()}`]);
    expect((await app.ended).code).toBe(1);
    expect(app.output()).toMatch(/Integrity check failed|Invalid package|cut off/);
  });
  it('does not start without its archive', async () => {
    rmSync(archive);
    const app = run(executable, []);
    expect((await app.ended).code).toBe(1);
  });
  it('has fuses that can be flipped, and heeds them', async () => {
    const asNode = async () => {
      const node = run(executable, ['-p', '"node " + 6 * 7'], { ELECTRON_RUN_AS_NODE: '1' });
      await node.ended;
      return node.output();
    };
    expect(await asNode()).toContain('node 42');
    const off = { [FuseV1Options.RunAsNode]: false, [FuseV1Options.EnableNodeCliInspectArguments]: false };
    await flipFuses(executable, {
      version: FuseVersion.V1,
      ...off,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
    });
    expect((await getCurrentFuseWire(executable))[FuseV1Options.RunAsNode]).toBe('0'.charCodeAt(0));
    expect(await asNode()).not.toContain('node 42');
    const inspected = run(executable, ['--inspect=0', probeApp]);
    expect((await inspected.ended).code).toBe(1);
    expect(inspected.output()).not.toContain('Debugger listening');
    expect(inspected.output()).toContain('no app');
  });
});
