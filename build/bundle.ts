import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { DESK } from '../domain/contracts/desk.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Kind of every name of the contract: what the preload needs of it, without the schemas. */
const contractKinds = Object.fromEntries(
  Object.entries(DESK).map(([area, verbs]) => [
    area,
    Object.fromEntries(Object.entries(verbs).map(([verb, contract]) => [verb, contract.kind])),
  ]),
);

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  external: ['electron'],
  define: {
    'process.env.NODE_ENV': '"production"',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  },
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Makes `dist/`: the bundles of shell, engine, its threads for files and backups, and preload (CommonJS) and the window's files. The same bundles run in
 * tests, in `npm start` and in the packaged app.
 */
export async function bundle(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await Promise.all([
    esbuild({ ...node, entryPoints: [join(root, 'main/shell/index.ts')], outfile: join(dist, 'shell.cjs') }),
    esbuild({
      ...node,
      entryPoints: [join(root, 'main/engine/index.ts')],
      outfile: join(dist, 'engine.cjs'),
      define: { ...node.define, 'import.meta.dirname': '__dirname', SOAN_FILE_READER: '"fileReader.cjs"' },
    }),
    esbuild({
      ...node,
      entryPoints: [join(root, 'main/engine/search/extract/worker.ts')],
      outfile: join(dist, 'fileReader.cjs'),
      // PDF.js asks for it when it loads; a bundle in CommonJS has none.
      define: { ...node.define, 'import.meta.url': '""' },
    }),
    esbuild({
      ...node,
      entryPoints: [join(root, 'main/engine/backup/worker.ts')],
      outfile: join(dist, 'backup.cjs'),
    }),
    esbuild({
      ...node,
      platform: 'browser',
      target: 'chrome140',
      entryPoints: [join(root, 'preload/index.ts')],
      outfile: join(dist, 'preload.cjs'),
      define: { ...node.define, SOAN_CONTRACT: JSON.stringify(contractKinds) },
    }),
    vite({ configFile: join(root, 'renderer/vite.config.ts'), logLevel: 'warn' }),
  ]);
  await writeFile(join(dist, 'package.json'), await appManifest());
}

/** The app is bundled whole, so its manifest names no dependencies. */
async function appManifest(): Promise<string> {
  const all = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, productName, version, description, author, license } = all;
  const manifest = { name, productName, version, description, author, license, main: 'shell.cjs' };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (import.meta.main) await bundle();
