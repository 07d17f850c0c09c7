import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ListMultipartUploadsOutput, MultipartUpload, S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Store } from '@tus/s3-store';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type AnnouncedUpload, HEAD_BYTES, type Uploads } from './storedFiles.ts';

/** What the library keeps of an upload, as an object `<id>.info`. */
const Info = Type.Object({
  size: Type.Optional(Type.Number()),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]))),
});
const UPLOAD_PREFIX = 'upload-';
const PARTS = /\.(info|part)$/;
const NOT_THERE: ReadonlySet<unknown> = new Set(['NotFound', 'NoSuchKey', 'NoSuchUpload', 'NoSuchBucket']);

/** Of all uploads together: each is in memory while it goes. The library's own number is 60. */
const PARTS_AT_ONCE = 4;

/** Whether the store answered that there is none. */
export function isNotThere(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('name' in error && NOT_THERE.has(error.name)) || ('Code' in error && NOT_THERE.has(error.Code));
}

/** Uploads that grow as multipart uploads of a bucket: `upload-…`, beside them `.info` and, for bytes that make no part yet, `.part`. */
export class S3Uploads implements Uploads {
  readonly tus: S3Store;
  readonly #s3: S3;
  readonly #bucket: string;
  readonly #keyOf: (sha256: string) => string;

  constructor(s3: S3, config: S3ClientConfig, bucket: string, keyOf: (sha256: string) => string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#keyOf = keyOf;
    this.tus = new S3Store({
      s3ClientConfig: { ...config, bucket },
      useTags: false,
      maxConcurrentPartUploads: PARTS_AT_ONCE,
    });
  }

  /** A prefix tells uploads from files. */
  newName(): string {
    return UPLOAD_PREFIX + randomBytes(16).toString('hex');
  }

  async announced(id: string): Promise<AnnouncedUpload | null> {
    const info = await this.#info(id);
    return info && { metadata: info.metadata ?? {}, size: info.size ?? 0 };
  }

  async offsetOf(id: string): Promise<number | null> {
    const whole = await this.#sizeOf(id);
    if (whole !== null) return whole;
    // The library takes an upload that is gone for a whole one.
    if ((await this.#multiparts(id)).length === 0) return null;
    return (await this.tus.getUpload(id)).offset;
  }

  async head(id: string): Promise<Uint8Array> {
    await this.#complete(id);
    const { Body } = await this.#s3.getObject({
      Bucket: this.#bucket,
      Key: id,
      Range: `bytes=0-${HEAD_BYTES - 1}`,
    });
    return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
  }

  async adopt(id: string, sha256: string): Promise<boolean> {
    await this.#complete(id);
    const { Body, ETag, ContentLength } = await this.#s3.getObject({ Bucket: this.#bucket, Key: id });
    if (!(Body instanceof Readable)) throw new Error('the store gave no bytes');
    const hash = createHash('sha256');
    let received = 0;
    for await (const chunk of Body) {
      hash.update(chunk);
      received += chunk.length;
    }
    if (received !== ContentLength) throw new Error('the store gave fewer bytes than it has');
    if (hash.digest('hex') !== sha256) return false;
    const key = this.#keyOf(sha256);
    await this.#s3.copyObject({
      Bucket: this.#bucket,
      Key: key,
      CopySource: `${this.#bucket}/${encodeURIComponent(id)}`,
      CopySourceIfMatch: ETag,
    });
    // A copy may fail after its answer has begun.
    if ((await this.#sizeOf(key)) !== received) throw new Error('the copy is not whole');
    await this.#s3.deleteObject({ Bucket: this.#bucket, Key: id });
    return true;
  }

  async drop(id: string): Promise<void> {
    for (const UploadId of await this.#multiparts(id))
      await this.#s3
        .abortMultipartUpload({ Bucket: this.#bucket, Key: id, UploadId })
        .catch((error: unknown) => {
          if (!isNotThere(error)) throw error;
        });
    for (const Key of [id, `${id}.part`, `${id}.info`])
      await this.#s3.deleteObject({ Bucket: this.#bucket, Key });
  }

  async list(): Promise<{ id: string; touchedAt: number }[]> {
    const touched = new Map<string, number>();
    const note = (key: string, at: Date | undefined) => {
      const id = key.replace(PARTS, '');
      touched.set(id, Math.max(at?.getTime() ?? 0, touched.get(id) ?? 0));
    };
    let token: string | undefined;
    do {
      const page = await this.#s3.listObjectsV2({
        Bucket: this.#bucket,
        Prefix: UPLOAD_PREFIX,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      for (const { Key = '', LastModified } of page.Contents ?? []) note(Key, LastModified);
      token = page.NextContinuationToken;
    } while (token !== undefined);
    for (const { Key = '', UploadId, Initiated } of await this.#listMultiparts(UPLOAD_PREFIX)) {
      note(Key, Initiated);
      for (const at of await this.#partTimes(Key, UploadId)) note(Key, at);
    }
    return [...touched].map(([id, touchedAt]) => ({ id, touchedAt }));
  }

  async hasRoomFor(): Promise<boolean> {
    return true;
  }

  async isFull(error: unknown): Promise<boolean> {
    const text = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
    const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
    return status === 507 || /StorageFull|InsufficientStorage|QuotaExceeded|EntityTooManyBytes/u.test(text);
  }

  /** Makes one object of an upload all of whose parts have come. Throws what the store says when there is no such upload. */
  async #complete(id: string): Promise<void> {
    if ((await this.#sizeOf(id)) !== null) return;
    const info = await this.#info(id);
    if (info?.size) await this.tus.write(Readable.from([]), id, info.size);
  }

  async #info(id: string) {
    try {
      const { Body } = await this.#s3.getObject({ Bucket: this.#bucket, Key: `${id}.info` });
      const info: unknown = JSON.parse((await Body?.transformToString()) ?? 'null');
      return Value.Check(Info, info) ? info : null;
    } catch (error) {
      if (isNotThere(error)) return null;
      throw error;
    }
  }

  async #sizeOf(Key: string): Promise<number | null> {
    try {
      return (await this.#s3.headObject({ Bucket: this.#bucket, Key })).ContentLength ?? null;
    } catch (error) {
      if (isNotThere(error)) return null;
      throw error;
    }
  }

  async #multiparts(id: string): Promise<string[]> {
    const found = await this.#listMultiparts(id);
    return found.flatMap(({ Key, UploadId }) => (Key === id && UploadId ? [UploadId] : []));
  }

  async #listMultiparts(Prefix: string) {
    const found: MultipartUpload[] = [];
    let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (after) {
      const page: ListMultipartUploadsOutput = await this.#s3.listMultipartUploads({
        Bucket: this.#bucket,
        Prefix,
        ...after,
      });
      found.push(...(page.Uploads ?? []));
      after = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' }
        : undefined;
    }
    return found;
  }

  async #partTimes(Key: string, UploadId: string | undefined): Promise<(Date | undefined)[]> {
    try {
      const { Parts } = await this.#s3.listParts({ Bucket: this.#bucket, Key, UploadId });
      return (Parts ?? []).map((part) => part.LastModified);
    } catch (error) {
      if (isNotThere(error)) return [];
      throw error;
    }
  }
}
