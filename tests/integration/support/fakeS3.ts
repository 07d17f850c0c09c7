import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  at: Date;
}
interface Multipart {
  readonly key: string;
  readonly initiated: Date;
  readonly parts: Map<number, StoredObject>;
}

/** What a request came for: `PutObject`, `UploadPart`, … */
type Operation = string;

const BUCKET = 'soan-test';
/** The smallest part of S3, save the last. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const CREDENTIALS = { accessKeyId: 'soan', secretAccessKey: 'only for tests' };
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const xml = (name: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${name}>${body}</${name}>`;
const tag = (name: string, text: string | number): string => `<${name}>${escapeXml(String(text))}</${name}>`;

class S3Error extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

/**
 * An S3-compatible store in memory, as far as the portal uses one, over real HTTP: objects, ranges, copies, multipart uploads with S3's smallest
 * part, lists in pages. `fault` may refuse a request before it has an effect, or lose the answer after it.
 */
export async function startFakeS3() {
  const objects = new Map<string, StoredObject>();
  const multiparts = new Map<string, Multipart>();
  const seen: Operation[] = [];
  const store = {
    place: { bucket: BUCKET, endpoint: '', region: 'us-east-1', credentials: CREDENTIALS, pathStyle: true },
    objects,
    multiparts,
    seen,
    /** A code to refuse with, `lost` to do it and cut the answer off, or null. */
    fault: (_operation: Operation, _key: string): string | null => null,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  const object = (key: string): StoredObject => {
    const found = objects.get(key);
    if (!found) throw new S3Error('NoSuchKey', 404);
    return found;
  };
  const multipart = (id: string | null, key: string): Multipart => {
    const found = multiparts.get(id ?? '');
    if (!found || found.key !== key) throw new S3Error('NoSuchUpload', 404);
    return found;
  };
  const put = (key: string, bytes: Buffer, metadata: Record<string, string> = {}): StoredObject => {
    const made = { bytes, etag: etagOf(bytes), metadata, at: new Date() };
    objects.set(key, made);
    return made;
  };

  const operations: Readonly<
    Record<Operation, (request: Asked, response: ServerResponse) => string | Buffer | undefined>
  > = {
    HeadBucket: () => '',
    PutObject: ({ key, body, headers }, response) => {
      const metadata = Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)]] : [],
        ),
      );
      response.setHeader('etag', put(key, body, metadata).etag);
      return '';
    },
    CopyObject: ({ key, headers }) => {
      const source = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\/?[^/]+\//, '');
      const found = object(source);
      const wanted = headers['x-amz-copy-source-if-match'];
      if (wanted !== undefined && wanted !== found.etag) throw new S3Error('PreconditionFailed', 412);
      return xml('CopyObjectResult', tag('ETag', put(key, found.bytes).etag));
    },
    HeadObject: ({ key }, response) => describe(object(key), response),
    GetObject: ({ key, headers }, response) => {
      const found = object(key);
      describe(found, response);
      const range = /^bytes=(\d+)-(\d+)$/.exec(String(headers.range ?? ''));
      if (!range) return found.bytes;
      const [start, end] = [Number(range[1]), Math.min(Number(range[2]), found.bytes.length - 1)];
      if (start > end) throw new S3Error('InvalidRange', 416);
      response.statusCode = 206;
      response.setHeader('content-range', `bytes ${start}-${end}/${found.bytes.length}`);
      response.setHeader('content-length', end - start + 1);
      return found.bytes.subarray(start, end + 1);
    },
    DeleteObject: ({ key }, response) => {
      objects.delete(key);
      response.statusCode = 204;
      return '';
    },
    ListObjectsV2: ({ query }) => {
      const prefix = query.get('prefix') ?? '';
      const after = query.get('continuation-token') ?? '';
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      // Small pages, so that whoever lists has to turn them.
      const page = keys.slice(0, 3);
      const contents = page.map((key) => {
        const { at, bytes } = object(key);
        return `<Contents>${tag('Key', key)}${tag('LastModified', at.toISOString())}${tag('Size', bytes.length)}</Contents>`;
      });
      const next = keys.length > page.length ? tag('NextContinuationToken', page.at(-1) ?? '') : '';
      return xml('ListBucketResult', `${contents.join('')}${tag('IsTruncated', String(next !== ''))}${next}`);
    },
    CreateMultipartUpload: ({ key }) => {
      const id = randomUUID();
      multiparts.set(id, { key, initiated: new Date(), parts: new Map() });
      return xml(
        'InitiateMultipartUploadResult',
        tag('Bucket', BUCKET) + tag('Key', key) + tag('UploadId', id),
      );
    },
    UploadPart: ({ key, query, body }, response) => {
      const part = { bytes: body, etag: etagOf(body), metadata: {}, at: new Date() };
      multipart(query.get('uploadId'), key).parts.set(Number(query.get('partNumber')), part);
      response.setHeader('etag', part.etag);
      return '';
    },
    ListParts: ({ key, query }) => {
      const { parts } = multipart(query.get('uploadId'), key);
      const after = Number(query.get('part-number-marker') ?? 0);
      const numbers = [...parts.keys()].sort((a, b) => a - b).filter((number) => number > after);
      const page = numbers.slice(0, 4);
      const items = page.map((number) => {
        const part = parts.get(number);
        return `<Part>${tag('PartNumber', number)}${tag('ETag', part?.etag ?? '')}${tag('Size', part?.bytes.length ?? 0)}${tag('LastModified', part?.at.toISOString() ?? '')}</Part>`;
      });
      const isCut = numbers.length > page.length;
      const next = isCut ? tag('NextPartNumberMarker', page.at(-1) ?? 0) : '';
      return xml('ListPartsResult', `${items.join('')}${tag('IsTruncated', String(isCut))}${next}`);
    },
    CompleteMultipartUpload: ({ key, query, body }) => {
      const id = query.get('uploadId') ?? '';
      const { parts } = multipart(id, key);
      const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map((match) =>
        Number(match[1]),
      );
      const bytes = named.map((number) => {
        const part = parts.get(number);
        if (!part) throw new S3Error('InvalidPart', 400);
        return part.bytes;
      });
      if (bytes.slice(0, -1).some((part) => part.length < MIN_PART_BYTES))
        throw new S3Error('EntityTooSmall', 400);
      const made = put(key, Buffer.concat(bytes));
      multiparts.delete(id);
      return xml('CompleteMultipartUploadResult', tag('Key', key) + tag('ETag', made.etag));
    },
    AbortMultipartUpload: ({ key, query }, response) => {
      multipart(query.get('uploadId'), key);
      multiparts.delete(query.get('uploadId') ?? '');
      response.statusCode = 204;
      return '';
    },
    ListMultipartUploads: ({ query }) => {
      const prefix = query.get('prefix') ?? '';
      const found = [...multiparts].filter(([, { key }]) => key.startsWith(prefix));
      const items = found.map(
        ([id, { key, initiated }]) =>
          `<Upload>${tag('Key', key)}${tag('UploadId', id)}${tag('Initiated', initiated.toISOString())}</Upload>`,
      );
      return xml('ListMultipartUploadsResult', `${items.join('')}<IsTruncated>false</IsTruncated>`);
    },
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = read(request, Buffer.concat(chunks));
    const operation = operationOf(asked);
    seen.push(operation);
    try {
      if (!String(request.headers.authorization).includes(`Credential=${CREDENTIALS.accessKeyId}/`))
        throw new S3Error('AccessDenied', 403);
      if (asked.bucket !== BUCKET) throw new S3Error('NoSuchBucket', 404);
      const fault = store.fault(operation, asked.key);
      if (fault !== null && fault !== 'lost')
        throw new S3Error(fault, fault.endsWith('StorageFull') ? 507 : 500);
      const work = operations[operation];
      if (!work) throw new S3Error('NotImplemented', 501);
      const body = work(asked, response) ?? '';
      if (fault === 'lost') {
        response.destroy();
        return;
      }
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      response.statusCode = error.status;
      response.removeHeader('content-length');
      response.end(request.method === 'HEAD' ? undefined : xml('Error', tag('Code', error.code)));
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  store.place.endpoint = `http://127.0.0.1:${address.port}`;
  return store;
}
export type FakeS3 = Awaited<ReturnType<typeof startFakeS3>>;

interface Asked {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function read(request: IncomingMessage, body: Buffer): Asked {
  const url = new URL(request.url ?? '/', 'http://store');
  const [, bucket = '', ...rest] = decodeURIComponent(url.pathname).split('/');
  if (String(request.headers['content-encoding']).includes('aws-chunked'))
    throw new Error('a body in pieces, which stores other than Amazon’s do not read');
  const { method = 'GET', headers } = request;
  return { method, bucket, key: rest.join('/'), query: url.searchParams, headers, body };
}

function operationOf({ method, key, query, headers }: Asked): Operation {
  const has = (name: string) => query.has(name);
  if (key === '') {
    if (method === 'HEAD') return 'HeadBucket';
    return has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2';
  }
  if (method === 'POST') return has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  if (method === 'PUT') {
    if (has('partNumber')) return 'UploadPart';
    return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
  }
  if (method === 'DELETE') return has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
  if (method === 'HEAD') return 'HeadObject';
  return has('uploadId') ? 'ListParts' : 'GetObject';
}

function describe({ bytes, etag, at, metadata }: StoredObject, response: ServerResponse): string {
  response.setHeader('etag', etag);
  response.setHeader('content-length', bytes.length);
  response.setHeader('last-modified', at.toUTCString());
  for (const [name, value] of Object.entries(metadata)) response.setHeader(`x-amz-meta-${name}`, value);
  return '';
}
