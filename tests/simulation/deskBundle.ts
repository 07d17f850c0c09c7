import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Fault } from './planted/faults.ts';

const ROOT = join(import.meta.dirname, '../..');

/** One line of the source made wrong on its way into the bundle. */
const planting = (fault: Fault): Plugin => ({
  name: 'planted fault',
  setup(builder) {
    const path = join(ROOT, fault.file);
    builder.onLoad({ filter: new RegExp(`${fault.file.replaceAll(/[.\\/]/g, '\\$&')}$`) }, () => ({
      contents: plant(readFileSync(path, 'utf8'), fault),
      loader: fault.file.endsWith('.ts') ? 'ts' : 'js',
    }));
  },
});

/** The source with the fault in it. Throws where the line to change is not there exactly once. */
export function plant(source: string, { name, from, to }: Fault): string {
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
    plugins: [inOneThread, ...(fault && !fault.file.startsWith('portal/') ? [planting(fault)] : [])],
  });
}
