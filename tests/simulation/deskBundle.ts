import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Change, Fault } from './planted/faults.ts';

const ROOT = join(import.meta.dirname, '../..');

const RXDB = 'node_modules/rxdb/dist/esm';

/** What modules keep beyond one engine, and how it is put back to what a new process has. */
const FORGOTTEN: Readonly<Record<string, string>> = {
  [`${RXDB}/rx-collection.js`]: 'OPEN_COLLECTIONS.clear();',
  [`${RXDB}/rx-database.js`]: 'USED_DATABASE_NAMES.clear(); DATABASE_UNCLOSED_INSTANCE_PROMISE_MAP.clear();',
  [`${RXDB}/rx-change-event.js`]: 'EVENT_BULK_CACHE.clear();',
  [`${RXDB}/replication-protocol/index.js`]: 'OPEN_REPLICATION_STATES.clear();',
  [`${RXDB}/plugins/utils/utils-promise.js`]: 'idlePromiseQueue = PROMISE_RESOLVE_VOID;',
  [`${RXDB}/plugins/utils/utils-time.js`]: '_lastNowMs = 0; _lastNowSub = 0;',
  'main/engine/store/connection.ts':
    'for (const one of open.values()) { one.forgetStatements(); one.db.close(); } open.clear();',
};

/** Sources changed on their way into the bundle: made forgetful, and one line of them made wrong if a fault is planted. */
const changing = (fault: Fault | null): Plugin => ({
  name: 'changed sources',
  setup(builder) {
    const changes = fault ? [fault, ...(fault.also ?? [])] : [];
    for (const file of new Set([...Object.keys(FORGOTTEN), ...changes.map((change) => change.file)])) {
      const path = join(ROOT, file);
      const forget = FORGOTTEN[file];
      builder.onLoad({ filter: new RegExp(`${file.replaceAll(/[.\\/]/g, '\\$&')}$`) }, () => {
        const source = readFileSync(path, 'utf8');
        const planted = changes
          .filter((change) => change.file === file)
          .reduce((text, change) => plant(text, change, fault?.name ?? ''), source);
        const added = forget === undefined ? '' : `\nglobalThis.forgetWithEngine(() => { ${forget} });\n`;
        return { contents: planted + added, loader: file.endsWith('.ts') ? 'ts' : 'js' };
      });
    }
  },
});

/** The source with the fault in it. Throws where the line to change is not there exactly once. */
function plant(source: string, { from, to }: Change, name: string): string {
  if (source.split(from).length !== 2)
    throw new Error(`the fault "${name}" does not fit the source any more`);
  return source.replace(from, () => to);
}

/** A desk is one thread here, so that a seed repeats exactly: files are read in it, and nothing is backed up. PDF files are none of its files. */
const inOneThread: Plugin = {
  name: 'in one thread',
  setup(builder) {
    const engine = join(ROOT, 'main/engine');
    builder.onLoad({ filter: /engine[\\/]search[\\/]extract[\\/]index\.ts$/ }, () => ({
      resolveDir: join(engine, 'search/extract'),
      loader: 'ts',
      contents: `
        import { fileText, isReadable } from './fileText.ts';
        export { isReadable };
        export function createFileReader() {
          return {
            async read(file, bytes, maxLength) {
              let text = '';
              const code = await fileText(file, bytes, maxLength, (piece) => { text += piece; });
              return { text, code };
            },
            stop: async () => {},
          };
        }`,
    }));
    builder.onLoad({ filter: /engine[\\/]backup[\\/]backups\.ts$/ }, () => ({
      loader: 'ts',
      contents: 'export const keepBackups = () => async () => {};',
    }));
    builder.onResolve({ filter: /^\.\/pdf\.ts$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** Bundles what a desk runs into one file, so that a new thread starts soon. */
export async function bundleDesk(outfile: string, fault: Fault | null): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'desk/worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': '__filename' },
    // Small, so that a new thread has little to read; names stay for traces.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [inOneThread, changing(fault?.file.startsWith('portal/') ? null : fault)],
  });
}
