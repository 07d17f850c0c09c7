import { inflateRaw } from 'node:zlib';

/** One entry of a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked bytes. Rejects when they are damaged, encrypted, packed in an unknown way or more than `maxBytes`. */
  read(maxBytes: number): Promise<Uint8Array>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const MAX_ENTRIES = 10_000;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/**
 * Reads the directory of a ZIP archive (APPNOTE 6.3.10, without ZIP64, several disks and encryption). Null when the bytes are none.
 */
export function readZip(bytes: Uint8Array): readonly ZipEntry[] | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) return null;
  const count = Math.min(view.readUInt16LE(end + 10), MAX_ENTRIES);
  const entries: ZipEntry[] = [];
  let at = view.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== CENTRAL) return null;
    const nameLength = view.readUInt16LE(at + 28);
    const entry = {
      flags: view.readUInt16LE(at + 8),
      method: view.readUInt16LE(at + 10),
      packed: view.readUInt32LE(at + 20),
      offset: view.readUInt32LE(at + 42),
    };
    entries.push({
      name: view.toString('utf8', at + 46, at + 46 + nameLength),
      read: (maxBytes) => unpack(view, entry, maxBytes),
    });
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(view: Buffer): number {
  const lowest = Math.max(0, view.length - END_LENGTH - MAX_COMMENT);
  for (let at = view.length - END_LENGTH; at >= lowest; at -= 1) if (view.readUInt32LE(at) === END) return at;
  return -1;
}

async function unpack(
  view: Buffer,
  entry: { flags: number; method: number; packed: number; offset: number },
  maxBytes: number,
): Promise<Uint8Array> {
  const { flags, method, packed, offset } = entry;
  if ((flags & ENCRYPTED) !== 0) throw new Error('zip: encrypted');
  if (offset + 30 > view.length || view.readUInt32LE(offset) !== LOCAL) throw new Error('zip: damaged');
  const start = offset + 30 + view.readUInt16LE(offset + 26) + view.readUInt16LE(offset + 28);
  if (start + packed > view.length) throw new Error('zip: damaged');
  const content = view.subarray(start, start + packed);
  if (method === STORED) {
    if (content.length > maxBytes) throw new Error('zip: too large');
    return content;
  }
  if (method !== DEFLATED) throw new Error('zip: unknown method');
  return new Promise((resolve, reject) => {
    inflateRaw(content, { maxOutputLength: maxBytes }, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}
