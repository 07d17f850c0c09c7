import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

interface Directory {
  files: Record<string, Entry>;
}
interface File {
  size: number;
  offset?: string;
  executable?: boolean;
  unpacked?: boolean;
  integrity?: { algorithm: string; hash: string };
}
interface Link {
  link: string;
}
export type Entry = Directory | File | Link;

// The originals: the mounted versions call into this file.
const { openSync, readSync, fstatSync, closeSync, readFileSync } = fs;

export const isDirectory = (entry: Entry): entry is Directory => 'files' in entry;
const isLink = (entry: Entry): entry is Link => 'link' in entry;

/** One asar file. Reading is checked against the hashes that the archive carries. */
export class Archive {
  readonly file: string;
  private readonly descriptor: number;
  private readonly root: Directory;
  private readonly start: number;
  readonly modified: number;

  /** Throws when the header can't be read: the archive is cut off or no archive at all. */
  constructor(file: string) {
    this.file = file;
    this.descriptor = openSync(file, 'r');
    try {
      const stats = fstatSync(this.descriptor);
      this.modified = stats.mtimeMs;
      const prefix = this.take(0, 16);
      const headerSize = prefix.readUInt32LE(4);
      const textSize = prefix.readUInt32LE(12);
      if (prefix.readUInt32LE(0) !== 4 || textSize > headerSize || headerSize > stats.size) {
        throw new Error('no header');
      }
      const header = JSON.parse(this.take(16, textSize).toString('utf8')) as Entry;
      if (!isDirectory(header)) throw new Error('no file list');
      this.root = header;
      this.start = 8 + headerSize;
    } catch (error) {
      closeSync(this.descriptor);
      throw new Error(`Invalid package ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private take(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.descriptor, buffer, done, length - done, position + done);
      if (count === 0) throw new Error(`cut off at ${position + done} bytes`);
      done += count;
    }
    return buffer;
  }

  /** The entry at a path inside the archive, links followed; `undefined` if there is none. */
  find(inside: string, depth = 0): Entry | undefined {
    let entry: Entry = this.root;
    for (const part of inside.split('/')) {
      if (part === '' || part === '.') continue;
      if (isLink(entry)) {
        const target = this.find(entry.link, depth + 1);
        if (!target) return undefined;
        entry = target;
      }
      if (!isDirectory(entry) || !Object.hasOwn(entry.files, part)) return undefined;
      entry = entry.files[part] as Entry;
    }
    if (!isLink(entry)) return entry;
    return depth > 20 ? undefined : this.find(entry.link, depth + 1);
  }

  /** Where a file lies that the packager left outside the archive. */
  unpackedPath(inside: string): string | undefined {
    const entry = this.find(inside);
    return entry && 'unpacked' in entry && entry.unpacked
      ? path.join(`${this.file}.unpacked`, inside)
      : undefined;
  }

  /** Throws `EISDIR` for folders, and when the bytes are not those that were packed. */
  read(inside: string): Buffer {
    const entry = this.find(inside);
    if (!entry) throw failure('ENOENT', 'open', path.join(this.file, inside));
    if (isDirectory(entry) || isLink(entry)) throw failure('EISDIR', 'read', path.join(this.file, inside));
    const outside = this.unpackedPath(inside);
    const bytes = outside
      ? readFileSync(outside)
      : this.take(this.start + Number(entry.offset ?? 0), entry.size);
    if (entry.integrity?.algorithm === 'SHA256') {
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (hash !== entry.integrity.hash) {
        throw new Error(`Integrity check failed for asar archive ${this.file}: ${inside}`);
      }
    }
    return bytes;
  }
}

const messages: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
};

/** An error as `fs` throws it. */
export function failure(code: string, syscall: string, file: string): NodeJS.ErrnoException {
  const error = new Error(`${code}: ${messages[code] ?? code}, ${syscall} '${file}'`);
  return Object.assign(error, { code, syscall, path: file, errno: -1 });
}

const archives = new Map<string, Archive>();

/** Splits `/a/app.asar/b/c` into the archive and `b/c`; `undefined` for paths outside of archives. */
export function locate(file: unknown): { archive: Archive; inside: string } | undefined {
  let text: string;
  if (typeof file === 'string') text = file;
  else if (file instanceof URL && file.protocol === 'file:') text = decodeURIComponent(file.pathname);
  else return undefined;
  if (!text.includes('.asar')) return undefined;
  const absolute = path.resolve(text);
  const match = /^(.*?\.asar)(?:\/(.*))?$/s.exec(absolute);
  if (!match?.[1]) return undefined;
  let archive = archives.get(match[1]);
  if (!archive) {
    const stats = originalStat(match[1]);
    if (!stats?.isFile()) return undefined;
    archive = new Archive(match[1]);
    archives.set(match[1], archive);
  }
  return { archive, inside: match[2] ?? '' };
}

const { statSync } = fs;
function originalStat(file: string): fs.Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
