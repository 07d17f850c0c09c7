import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import workers from 'node:worker_threads';
import { type Archive, type Entry, failure, isDirectory, locate } from './archive.ts';
import { formatOf, resolveAbsolute, resolveInside } from './resolve.ts';

type Anything = (...args: never[]) => unknown;
type Callback = (error: NodeJS.ErrnoException | null, ...results: unknown[]) => void;

function statsOf(archive: Archive, entry: Entry): fs.Stats {
  const folder = isDirectory(entry);
  const size = 'size' in entry ? entry.size : 0;
  const stats = Object.create(fs.Stats.prototype) as fs.Stats;
  const time = new Date(archive.modified);
  return Object.assign(stats, {
    dev: 1,
    ino: 0,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    blksize: 4096,
    blocks: Math.ceil(size / 512),
    size,
    mode: folder ? 0o40555 : 0o100444,
    atimeMs: archive.modified,
    mtimeMs: archive.modified,
    ctimeMs: archive.modified,
    birthtimeMs: archive.modified,
    atime: time,
    mtime: time,
    ctime: time,
    birthtime: time,
    isDirectory: () => folder,
    isFile: () => !folder,
    isSymbolicLink: () => false,
  });
}

/** A file of an archive as a file of its own, for those who want a descriptor. */
function copyOut(archive: Archive, inside: string): string {
  const outside = archive.unpackedPath(inside);
  if (outside) return outside;
  const bytes = archive.read(inside);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const folder = path.join(os.tmpdir(), `asar-${process.getuid?.() ?? 0}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = path.join(folder, name + path.extname(inside));
  if (!fs.existsSync(target)) {
    const fresh = `${target}.${process.pid}`;
    fs.writeFileSync(fresh, bytes, { mode: 0o500 });
    fs.renameSync(fresh, target);
  }
  return target;
}

const readers: Record<string, (archive: Archive, inside: string, args: unknown[]) => unknown> = {
  readFile(archive, inside, [options]) {
    const bytes = archive.read(inside);
    const encoding =
      typeof options === 'string' ? options : (options as { encoding?: string } | undefined)?.encoding;
    return encoding ? bytes.toString(encoding as BufferEncoding) : bytes;
  },
  stat(archive, inside, [options]) {
    const entry = archive.find(inside);
    if (entry) return statsOf(archive, entry);
    if ((options as { throwIfNoEntry?: boolean } | undefined)?.throwIfNoEntry === false) return undefined;
    throw failure('ENOENT', 'stat', path.join(archive.file, inside));
  },
  access(archive, inside, [mode]) {
    if (!archive.find(inside)) throw failure('ENOENT', 'access', path.join(archive.file, inside));
    if (typeof mode === 'number' && mode & fs.constants.W_OK) {
      throw failure('EROFS', 'access', path.join(archive.file, inside));
    }
  },
  readdir(archive, inside, [options]) {
    const entry = archive.find(inside);
    const file = path.join(archive.file, inside);
    if (!entry) throw failure('ENOENT', 'scandir', file);
    if (!isDirectory(entry)) throw failure('ENOTDIR', 'scandir', file);
    const names = Object.keys(entry.files);
    if (!(options as { withFileTypes?: boolean } | undefined)?.withFileTypes) return names;
    return names.map((name) => {
      const stats = statsOf(archive, archive.find(`${inside}/${name}`) ?? { files: {} });
      return {
        name,
        parentPath: file,
        isFile: stats.isFile,
        isDirectory: stats.isDirectory,
        isSymbolicLink: () => false,
      };
    });
  },
  realpath(archive, inside) {
    if (!archive.find(inside)) throw failure('ENOENT', 'realpath', path.join(archive.file, inside));
    return path.join(archive.file, inside);
  },
};
readers.lstat = readers.stat as (typeof readers)[string];

function mountSync(name: string): void {
  const target = fs as unknown as Record<string, Anything>;
  const original = target[`${name}Sync`] as Anything;
  const reader = readers[name];
  target[`${name}Sync`] = Object.assign((...args: never[]) => {
    const found = locate(args[0]);
    return found && reader ? reader(found.archive, found.inside, args.slice(1)) : original(...args);
  }, original);
}

function mountCallback(name: string): void {
  const target = fs as unknown as Record<string, Anything>;
  const original = target[name] as Anything;
  const reader = readers[name];
  target[name] = Object.assign((...args: never[]) => {
    const found = locate(args[0]);
    if (!found || !reader) return original(...args);
    const callback = args.at(-1) as unknown as Callback;
    try {
      const result = reader(found.archive, found.inside, args.slice(1, -1));
      process.nextTick(callback, null, result);
    } catch (error) {
      process.nextTick(callback, error);
    }
    return undefined;
  }, original);
}

function mountPromise(name: string): void {
  const target = fs.promises as unknown as Record<string, Anything>;
  const original = target[name] as Anything;
  const reader = readers[name];
  target[name] = async (...args: never[]) => {
    const found = locate(args[0]);
    return found && reader ? reader(found.archive, found.inside, args.slice(1)) : original(...args);
  };
}

/** Opening for reading gives a descriptor on a copy; opening for writing is refused. */
function mountOpen(): void {
  const readable = (flags: unknown): boolean =>
    flags === undefined || flags === 'r' || flags === fs.constants.O_RDONLY;
  const copied = (file: unknown, flags: unknown): string | undefined => {
    const found = locate(file);
    if (!found) return undefined;
    if (!readable(flags)) throw failure('EROFS', 'open', String(file));
    return copyOut(found.archive, found.inside);
  };
  const { openSync, open } = fs;
  const openPromise = fs.promises.open;
  fs.openSync = (file, flags, mode) => openSync(copied(file, flags) ?? file, flags, mode);
  fs.promises.open = async (file, flags, mode) => openPromise(copied(file, flags) ?? file, flags, mode);
  const openCallback = (...args: unknown[]): void => {
    const call = open as unknown as (...args: unknown[]) => void;
    try {
      const flags = typeof args[1] === 'function' ? undefined : args[1];
      call(copied(args[0], flags) ?? args[0], ...args.slice(1));
    } catch (error) {
      process.nextTick(args.at(-1) as Callback, error);
    }
  };
  fs.open = openCallback as unknown as typeof fs.open;
}

function mountExists(): void {
  const { existsSync } = fs;
  fs.existsSync = (file) => {
    try {
      const found = locate(file);
      return found ? found.archive.find(found.inside) !== undefined : existsSync(file);
    } catch {
      return false;
    }
  };
}

function mountModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const direct = specifier.startsWith('file:')
        ? locate(fileURLToPath(specifier))
        : path.isAbsolute(specifier)
          ? locate(specifier)
          : undefined;
      let archive = direct?.archive;
      let inside = direct ? resolveAbsolute(direct.archive, direct.inside) : undefined;
      if (!direct && context.parentURL?.startsWith('file:') && !specifier.startsWith('node:')) {
        const parent = locate(fileURLToPath(context.parentURL));
        archive = parent?.archive;
        if (parent)
          inside = resolveInside(parent.archive, parent.inside, specifier, new Set(context.conditions));
      }
      if (!archive || inside === undefined) return next(specifier, context);
      const outside = inside.endsWith('.node') ? copyOut(archive, inside) : archive.unpackedPath(inside);
      if (outside) return next(outside, context);
      const url = pathToFileURL(path.join(archive.file, inside)).href;
      return { url, format: formatOf(archive, inside), shortCircuit: true };
    },
    load(url, context, next) {
      const found = url.startsWith('file:') ? locate(fileURLToPath(url)) : undefined;
      if (!found) return next(url, context);
      const { archive, inside } = found;
      return { format: formatOf(archive, inside), source: archive.read(inside), shortCircuit: true };
    },
  });
}

/** Threads start from a file of an archive. Inside them nothing of it can be read: they must be one file. */
function mountWorkers(): void {
  const { Worker } = workers;
  workers.Worker = class extends Worker {
    constructor(file: string | URL, options?: workers.WorkerOptions) {
      const found = options?.eval ? undefined : locate(file);
      super(found ? copyOut(found.archive, found.inside) : file, options);
    }
  };
}

/** Makes `fs` and the module loaders read inside `.asar` files, as Electron's do. */
export function installAsar(): void {
  for (const name of ['readFile', 'stat', 'lstat', 'access', 'readdir', 'realpath']) {
    mountSync(name);
    mountCallback(name);
    mountPromise(name);
  }
  mountOpen();
  mountExists();
  mountModules();
  mountWorkers();
  syncBuiltinESMExports();
}
