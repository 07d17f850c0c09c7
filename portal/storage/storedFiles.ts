import type { Readable } from 'node:stream';
import type { DataStore } from '@tus/server';

/** Both ends are included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes of attached files by their SHA-256, on disk (`fileStore.ts`) or in an S3-compatible store (`s3FileStore.ts`). */
export interface StoredFiles {
  /** Makes ready what is needed. Throws {@link FilesUnusable}. */
  open(): Promise<void>;
  /** Size in bytes, or null if the store does not have it. What it has is whole, verified, and survives a crash. */
  sizeOf(sha256: string): Promise<number | null>;
  /** The bytes, or one range of them. */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  /** Takes a small file that stands in memory; answers its SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  /** Removes a file that nothing names; no error if there is none. */
  remove(sha256: string): Promise<void>;
  /** Everything that it has, and since when, in milliseconds since 1970. */
  list(): AsyncIterable<{ readonly sha256: string; readonly since: number }>;
  readonly uploads: Uploads;
}

/** Uploads on their way into the store. */
export interface Uploads {
  /** Keeps the bytes of uploads for the protocol's library, which is believed in nothing else. */
  readonly tus: DataStore;
  /** Of an upload that begins; letters, digits, `.` and `-`. */
  newName(): string;
  /** What was announced of an upload; null for an unknown one. */
  announced(id: string): Promise<AnnouncedUpload | null>;
  /** How many bytes have come; null when they are not there any more, because the store took them or nobody went on. */
  offsetOf(id: string): Promise<number | null>;
  /** The first bytes of an upload, at most 16. */
  head(id: string): Promise<Uint8Array>;
  /** Takes a whole upload into the store if its bytes have that SHA-256; false, and nothing taken, if they have not. */
  adopt(id: string, sha256: string): Promise<boolean>;
  /** Removes an upload with all that belongs to it. */
  drop(id: string): Promise<void>;
  /** All that is there, also what a crash left half-way, and when the last byte of it came. */
  list(): Promise<readonly { readonly id: string; readonly touchedAt: number }[]>;
  hasRoomFor(sizeInBytes: number): Promise<boolean>;
  /** Whether a write failed because there is no room left. */
  isFull(error: unknown): Promise<boolean>;
}

export interface AnnouncedUpload {
  readonly metadata: Readonly<Record<string, string | null>>;
  /** In bytes. */
  readonly size: number;
}

/** Where an S3-compatible store is, and who the portal is there. */
export interface S3Place {
  readonly bucket: string;
  /** Null: Amazon's own, by region. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Null: as the environment of the process says. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** The bucket in the path, not in the name of the host: what stores other than Amazon's mostly want. */
  readonly pathStyle: boolean;
}

/** The place for files can't be used; the message says why. */
export class FilesUnusable extends Error {}

export const HEAD_BYTES = 16;

/** Where a file stands under the folder or the prefix of the store. */
export function placeOf(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
  return `${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}
