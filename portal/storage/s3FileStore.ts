import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ListObjectsV2Output, S3, type S3ClientConfig } from '@aws-sdk/client-s3';
import { isNotThere, S3Uploads } from './s3Uploads.ts';
import { type ByteRange, FilesUnusable, placeOf, type S3Place, type StoredFiles } from './storedFiles.ts';

const PREFIX = 'files/';

/** Files as objects `files/ab/cdef…` of a bucket. An object that was answered for is durable; a copy within the bucket is all or nothing. */
export class S3FileStore implements StoredFiles {
  readonly uploads: S3Uploads;
  readonly #s3: S3;
  readonly #place: S3Place;

  constructor(place: S3Place) {
    this.#place = place;
    const config = configOf(place);
    this.#s3 = new S3(config);
    this.uploads = new S3Uploads(this.#s3, config, place.bucket, keyOf);
  }

  async open(): Promise<void> {
    const { bucket: Bucket, endpoint } = this.#place;
    try {
      await this.#s3.headBucket({ Bucket });
    } catch (error) {
      const where = endpoint === null ? '' : ` at ${endpoint}`;
      const reason = isNotThere(error) ? 'there is none of that name' : String(error);
      throw new FilesUnusable(`the bucket ${Bucket}${where} can't be used: ${reason}`, { cause: error });
    }
  }

  async sizeOf(sha256: string): Promise<number | null> {
    try {
      const found = await this.#s3.headObject({ Bucket: this.#place.bucket, Key: keyOf(sha256) });
      return found.ContentLength ?? null;
    } catch (error) {
      if (isNotThere(error)) return null;
      throw error;
    }
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    const { Body } = await this.#s3.getObject({
      Bucket: this.#place.bucket,
      Key: keyOf(sha256),
      ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
    });
    if (!(Body instanceof Readable)) throw new Error('the store gave no bytes');
    return Body;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await this.#s3.putObject({ Bucket: this.#place.bucket, Key: keyOf(sha256), Body: bytes });
    return sha256;
  }

  async remove(sha256: string): Promise<void> {
    await this.#s3.deleteObject({ Bucket: this.#place.bucket, Key: keyOf(sha256) });
  }

  async *list(): AsyncGenerator<{ readonly sha256: string; readonly since: number }> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2Output = await this.#s3.listObjectsV2({
        Bucket: this.#place.bucket,
        Prefix: PREFIX,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        const sha256 = Key.slice(PREFIX.length).replace('/', '');
        if (/^[0-9a-f]{64}$/.test(sha256) && LastModified) yield { sha256, since: LastModified.getTime() };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }
}

const keyOf = (sha256: string): string => PREFIX + placeOf(sha256);

function configOf({ endpoint, region, credentials, pathStyle }: S3Place): S3ClientConfig {
  return {
    region,
    forcePathStyle: pathStyle,
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
    // Stores other than Amazon's know no checksums in trailers; the SHA-256 of the whole is verified anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}
