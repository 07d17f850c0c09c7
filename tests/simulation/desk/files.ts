import { createRequire } from 'node:module';

/**
 * Files as a desk has them. Each call waits its turn and is then done at once, in this thread: what goes on at the same time is
 * still mixed, in the same way in each run, and nobody waits for other threads.
 */

const builtin = createRequire(import.meta.url);
const fs = builtin('node:fs') as typeof import('node:fs');

/** Waits for its turn; rejects or never ends if the desk is not alive any more. */
type Wait = () => Promise<void>;

const SIMPLE = [
  'access',
  'chmod',
  'copyFile',
  'link',
  'lstat',
  'mkdir',
  'mkdtemp',
  'readdir',
  'readFile',
  'realpath',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'truncate',
  'unlink',
  'utimes',
  'writeFile',
] as const;

/** Open files by their descriptors, so that they can be closed when their desk is gone. */
const open = new Set<number>();

export function closeFiles(): void {
  for (const fd of open) fs.closeSync(fd);
  open.clear();
}

const handleOf = (fd: number, wait: Wait) => {
  const isOpen = () => {
    if (!open.has(fd)) throw Object.assign(new Error('EBADF: file closed'), { code: 'EBADF' });
  };
  const done = async <T>(work: () => T): Promise<T> => {
    await wait();
    isOpen();
    return work();
  };
  return {
    fd,
    stat: () => done(() => fs.fstatSync(fd)),
    sync: () => done(() => fs.fsyncSync(fd)),
    datasync: () => done(() => fs.fdatasyncSync(fd)),
    truncate: (length?: number) => done(() => fs.ftruncateSync(fd, length)),
    writeFile: (data: string | Uint8Array, options?: BufferEncoding) =>
      done(() => fs.writeFileSync(fd, data, options ?? null)),
    readFile: (encoding?: BufferEncoding) =>
      done(() => (encoding ? fs.readFileSync(fd, encoding) : fs.readFileSync(fd))),
    write: (buffer: Uint8Array, offset?: number, length?: number, position?: number) =>
      done(() => ({ bytesWritten: fs.writeSync(fd, buffer, offset, length, position), buffer })),
    read: (
      buffer: Uint8Array,
      offset = 0,
      length = buffer.byteLength - offset,
      position: number | null = null,
    ) => done(() => ({ bytesRead: fs.readSync(fd, buffer, offset, length, position), buffer })),
    close: () =>
      done(() => {
        open.delete(fd);
        fs.closeSync(fd);
      }),
  };
};

/** Takes the place of `node:fs/promises`; whatever is not taken over throws. */
export function takeOverFiles(wait: Wait): void {
  const promises = builtin('node:fs/promises') as Record<string, unknown>;
  for (const [name, was] of Object.entries(promises)) {
    if (typeof was !== 'function') continue;
    promises[name] = () => Promise.reject(new Error(`${name} of a file is not simulated`));
  }
  for (const name of SIMPLE) {
    const work = fs[`${name}Sync`] as (...args: unknown[]) => unknown;
    promises[name] = async (...args: unknown[]) => {
      await wait();
      return work(...args);
    };
  }
  promises.open = async (path: string, flags = 'r', mode?: number) => {
    await wait();
    const fd = fs.openSync(path, flags, mode);
    open.add(fd);
    return handleOf(fd, wait);
  };
}
