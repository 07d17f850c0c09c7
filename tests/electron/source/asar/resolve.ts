import path from 'node:path';
import { type Archive, isDirectory } from './archive.ts';

type Target = string | null | Target[] | { [condition: string]: Target };
interface Manifest {
  main?: string;
  type?: string;
  exports?: Target;
}

function manifestOf(archive: Archive, folder: string): Manifest | undefined {
  const file = path.posix.join(folder, 'package.json');
  if (!archive.find(file)) return undefined;
  return JSON.parse(archive.read(file).toString('utf8')) as Manifest;
}

function isFile(archive: Archive, inside: string): boolean {
  const entry = archive.find(inside);
  return entry !== undefined && !isDirectory(entry);
}

/** A path as `require` completes it: as it is, with an ending, as a folder. */
function resolveFile(archive: Archive, inside: string): string | undefined {
  const found = ['', '.js', '.json', '.cjs', '.node'].find((ending) => isFile(archive, inside + ending));
  if (found !== undefined) return inside + found;
  const main = manifestOf(archive, inside)?.main;
  if (main) {
    const target = path.posix.join(inside, main);
    const resolved = resolveFile(archive, target) ?? resolveFile(archive, path.posix.join(target, 'index'));
    if (resolved) return resolved;
  }
  return ['index.js', 'index.json', 'index.node']
    .map((name) => path.posix.join(inside, name))
    .find((candidate) => isFile(archive, candidate));
}

function pick(target: Target | undefined, conditions: ReadonlySet<string>, star: string): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (Array.isArray(target)) {
    for (const option of target) {
      const picked = pick(option, conditions, star);
      if (picked) return picked;
    }
    return undefined;
  }
  for (const [condition, option] of Object.entries(target ?? {})) {
    if (condition !== 'default' && !conditions.has(condition)) continue;
    const picked = pick(option, conditions, star);
    if (picked) return picked;
  }
  return undefined;
}

function resolveExports(
  exported: Target,
  subpath: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  const hasSubpaths =
    typeof exported === 'object' &&
    exported !== null &&
    !Array.isArray(exported) &&
    Object.keys(exported).some((key) => key.startsWith('.'));
  if (!hasSubpaths) return subpath === '.' ? pick(exported, conditions, '') : undefined;
  const map = exported as Record<string, Target>;
  if (Object.hasOwn(map, subpath)) return pick(map[subpath], conditions, '');
  const patterns = Object.keys(map)
    .filter((key) => key.includes('*'))
    .sort((one, two) => two.indexOf('*') - one.indexOf('*'));
  for (const key of patterns) {
    const [before = '', after = ''] = key.split('*');
    if (
      subpath.startsWith(before) &&
      subpath.endsWith(after) &&
      subpath.length >= before.length + after.length
    ) {
      return pick(map[key], conditions, subpath.slice(before.length, subpath.length - after.length));
    }
  }
  return undefined;
}

function resolvePackage(
  archive: Archive,
  folder: string,
  specifier: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  const parts = specifier.split('/');
  const name = parts.splice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const subpath = ['.', ...parts].join('/');
  for (let at = folder; ; at = path.posix.dirname(at)) {
    const home = path.posix.join(at, 'node_modules', name);
    if (archive.find(home)) {
      const exported = manifestOf(archive, home)?.exports;
      if (exported === undefined) return resolveFile(archive, path.posix.join(home, subpath));
      const target = resolveExports(exported, subpath, conditions);
      return target === undefined ? undefined : path.posix.join(home, target);
    }
    if (at === '.' || at === '' || at === '/') return undefined;
  }
}

/** What a specifier means inside an archive: a path in it, or `undefined`. */
export function resolveInside(
  archive: Archive,
  parent: string,
  specifier: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  const folder = path.posix.dirname(parent);
  if (/^\.{1,2}(\/|$)/.test(specifier)) return resolveFile(archive, path.posix.join(folder, specifier));
  return resolvePackage(archive, folder, specifier, conditions);
}

/** The same for an absolute path into the archive. */
export const resolveAbsolute = resolveFile;

/** How Node would load a file of the archive. */
export function formatOf(archive: Archive, inside: string): 'commonjs' | 'module' | 'json' {
  const ending = path.posix.extname(inside);
  if (ending === '.mjs') return 'module';
  if (ending === '.json') return 'json';
  if (ending === '.cjs') return 'commonjs';
  for (let folder = path.posix.dirname(inside); ; folder = path.posix.dirname(folder)) {
    const manifest = manifestOf(archive, folder);
    if (manifest) return manifest.type === 'module' ? 'module' : 'commonjs';
    if (folder === '.' || folder === '/' || folder === '') return 'commonjs';
  }
}
