import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
export const repository = path.resolve(here, '../..');
const require = createRequire(import.meta.url);

/** Node's own executable from the `node` package, or the one that runs this script if it is the same line. */
function nodeBinary(): string {
  const manifest = require.resolve('node/package.json');
  const file = path.join(path.dirname(manifest), 'bin', 'node');
  return existsSync(file) ? file : process.execPath;
}

const launcher = `#!/bin/sh
# Electron stand-in: starts the bundled Node with the inspector that the command line asks for.
self=$(readlink -f "$0")
here=$(dirname "$self")
# The fuses, one digit each, on the last line: run as Node, cookies, NODE_OPTIONS, inspector, integrity, asar only.
fuses=$(tail -n 1 "$self" | tail -c 10)
case "$fuses" in
  1*) if [ -n "$ELECTRON_RUN_AS_NODE" ]; then exec "$here/lib/node" "$@"; fi ;;
esac
if [ "$1" = "--version" ] || [ "$1" = "-v" ]; then cat "$here/version"; echo; exit 0; fi
inspect=--no-deprecation
case "$fuses" in
  ???1*)
    for argument in "$@"; do
      case "$argument" in --inspect|--inspect=*|--inspect-brk|--inspect-brk=*) inspect=$argument ;; esac
    done ;;
esac
unset NODE_OPTIONS
export ELECTRON_STAND_IN_LAUNCHER="$self" ELECTRON_STAND_IN_FUSES="$fuses"
exec "$here/lib/node" "$inspect" --disable-warning=ExperimentalWarning "$here/lib/shell.cjs" "$@"
exit 1
`;

/** The mark by which `@electron/fuses` finds the fuses of an executable, version 1 with nine of them. */
const fuses = Buffer.concat([
  Buffer.from('\n# '),
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100011\n'),
]);

/** Builds the stand-in into `out`, which then looks like an unpacked Electron for Linux. */
export async function buildStandIn(out: string): Promise<void> {
  const version = (
    JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')) as { version: string }
  ).version;
  const source = path.join(here, 'source');
  // The repository ignores this folder, so an interrupted build is not taken for a source.
  const staging = path.join(path.dirname(out), '.cache');
  const fresh = path.join(staging, `stand-in-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(path.join(fresh, 'lib'), { recursive: true });
  mkdirSync(path.join(fresh, 'resources'));
  mkdirSync(path.join(fresh, 'locales'));
  const node = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    logLevel: 'warning',
  } as const;
  const browser = {
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome140',
    logLevel: 'warning',
  } as const;
  await Promise.all([
    build({
      ...node,
      entryPoints: [path.join(source, 'shell/main.ts')],
      outfile: path.join(fresh, 'lib/shell.cjs'),
    }),
    build({
      ...node,
      entryPoints: [path.join(source, 'utility/main.ts')],
      outfile: path.join(fresh, 'lib/utility.cjs'),
    }),
    build({
      ...browser,
      entryPoints: [path.join(source, 'renderer/mainWorld.ts')],
      outfile: path.join(fresh, 'lib/mainWorld.js'),
    }),
    build({
      ...browser,
      globalName: 'standInWorld',
      entryPoints: [path.join(source, 'renderer/isolatedWorld.ts')],
      outfile: path.join(fresh, 'lib/isolatedWorld.js'),
    }),
  ]);
  copyFileSync(nodeBinary(), path.join(fresh, 'lib/node'));
  chmodSync(path.join(fresh, 'lib/node'), 0o755);
  writeFileSync(path.join(fresh, 'electron'), Buffer.concat([Buffer.from(launcher), fuses]), { mode: 0o755 });
  cpSync(
    path.join(path.dirname(require.resolve('electron/package.json')), 'LICENSE'),
    path.join(fresh, 'LICENSE'),
  );
  writeFileSync(
    path.join(fresh, 'LICENSES.chromium.html'),
    '<p>This folder holds no Chromium; the system has its own.</p>\n',
  );
  for (const language of ['en-US', 'vi']) writeFileSync(path.join(fresh, `locales/${language}.pak`), '');
  writeFileSync(path.join(fresh, 'stand-in'), 'Electron stand-in\n');
  writeFileSync(path.join(fresh, 'version'), version);
  const old = path.join(staging, `stand-in-old-${process.pid}`);
  if (existsSync(out)) renameSync(out, old);
  renameSync(fresh, out);
  rmSync(old, { recursive: true, force: true });
}

if (import.meta.main) {
  const out = path.resolve(process.argv[2] ?? path.join(repository, '.electron-stand-in'));
  await buildStandIn(out);
  process.stdout.write(`${out}\n`);
}
