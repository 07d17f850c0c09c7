import { crc32 } from 'node:zlib';
import type { RxDocumentData } from 'rxdb';
import { StoreError } from './errors.ts';
import { fromBinaryOrder } from './keys.ts';
import type { Sealer } from './seal.ts';

/** What {@link Payloads} reads of a row. Bytes: the checksum is over them, and SQLite would make a string that has to be undone for it. */
export const ROW = 'id, CAST(data AS BLOB), sum';

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const [OPENING, COMMA, CLOSING] = [...Buffer.from('[,]')] as [number, number, number];
const scratch = Buffer.allocUnsafeSlow(65_536);

/** The columns `data` and `sum` of a row. */
export type Payload = [data: Uint8Array, sum: number];

/** An attachment as it lies in its table; `name` and the rest tell nothing when sealed. */
export type StoredFile = [
  name: string | Uint8Array,
  type: string,
  digest: string,
  data: Uint8Array,
  sum: number,
];

type FileFacts = { readonly type: string; readonly digest: string; readonly data: Uint8Array<ArrayBuffer> };

/**
 * The form of what one collection version keeps. The only place that knows it.
 *
 * Plain: JSON with a checksum over it and the row's id. Sealed: AES-256-GCM, bound to database, collection,
 * schema version and id (and the attachment's name), so a row put in another's place does not open. Either
 * way what was changed behind our back is `STORE_DAMAGED`, never an answer.
 */
export class Payloads {
  private readonly sealer: Sealer | undefined;
  private readonly collection: string;
  private readonly place: string;

  constructor(sealer: Sealer | undefined, database: string, collection: string, version: number) {
    this.sealer = sealer;
    this.collection = `${collection} version ${version}`;
    this.place = `${JSON.stringify([database, collection, version])}:`;
  }

  /** How {@link encode}'s bytes go into the column `data`: JSON stays text there. */
  get placeholder(): string {
    return this.sealer ? '?' : 'CAST(? AS TEXT)';
  }

  encode(key: string, document: object): Payload {
    const json = JSON.stringify(document);
    if (this.sealer) return [this.sealer.seal(json, this.place + key), 0];
    const bytes = Buffer.from(json);
    return [bytes, this.sum(key, bytes)];
  }

  /** Checksum of a plain row. */
  sum(key: string, json: string | Uint8Array): number {
    return crc32(key, crc32(json));
  }

  /** The document of a row of {@link ROW}, a fresh object for every call; `STORE_DAMAGED` if the row is not what was written. */
  decode<T>(row: readonly unknown[]): RxDocumentData<T> {
    return JSON.parse(UTF8.decode(this.open(row))) as RxDocumentData<T>;
  }

  /** The documents of rows, in their order. Many small ones are parsed as one text: half the cost of one by one. */
  decodeAll<T>(rows: readonly (readonly unknown[])[]): RxDocumentData<T>[] {
    const found: RxDocumentData<T>[] = [];
    let end = 0;
    const parse = () => {
      if (end === 0) return;
      scratch[0] = OPENING;
      scratch[end] = CLOSING;
      const documents = JSON.parse(UTF8.decode(scratch.subarray(0, end + 1))) as RxDocumentData<T>[];
      for (const document of documents) found.push(document);
      end = 0;
    };
    for (const row of rows) {
      const json = this.open(row);
      if (end + json.length + 2 > scratch.length) parse();
      if (json.length + 2 > scratch.length) {
        found.push(JSON.parse(UTF8.decode(json)) as RxDocumentData<T>);
        continue;
      }
      scratch[end] = COMMA;
      scratch.set(json, end + 1);
      end += json.length + 1;
    }
    parse();
    return found;
  }

  /** The JSON of a row; `STORE_DAMAGED` if the row is not what was written. */
  open([key, data, sum]: readonly unknown[]): Uint8Array {
    if (typeof key !== 'string') throw this.damaged(String(key));
    if (this.sealer) {
      const json = this.sealer.open(data, this.place + key);
      if (!json) throw this.damaged(key);
      return json;
    }
    if (!(data instanceof Uint8Array) || this.sum(key, data) !== sum) throw this.damaged(key);
    return data;
  }

  /** The same payload under the current key. */
  reseal(key: string, data: unknown): Uint8Array {
    const about = this.place + key;
    const plain = this.sealer?.open(data, about);
    if (!plain || !this.sealer) throw this.damaged(key);
    return this.sealer.seal(plain, about);
  }

  encodeFile(key: string, name: string, type: string, digest: string, data: Uint8Array): StoredFile {
    if (!this.sealer) return [name, type, digest, data, fileSum(key, name, type, digest, data)];
    const hidden = this.sealer.hide(this.sealer.current, this.fileName(key, name));
    const facts = Buffer.from(JSON.stringify({ name, type, digest }));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(facts.length);
    return [
      hidden,
      '',
      '',
      this.sealer.seal(Buffer.concat([head, facts, data]), this.fileAbout(key, hidden)),
      0,
    ];
  }

  /** Every name that the attachment may be stored under. */
  fileNames(key: string, name: string): (string | Uint8Array)[] {
    const { sealer } = this;
    if (!sealer) return [name];
    return sealer.versions.map((version) => sealer.hide(version, this.fileName(key, name)));
  }

  decodeFile(key: string, [name, type, digest, data, sum]: readonly unknown[]): FileFacts {
    if (!(data instanceof Uint8Array)) throw this.damaged(key, 'attachment');
    if (this.sealer) {
      const { facts, bytes } = this.openFile(key, name, data);
      return { type: facts.type, digest: facts.digest, data: bytes };
    }
    if (fileSum(key, String(name), String(type), String(digest), data) !== sum) {
      throw this.damaged(key, 'attachment');
    }
    return { type: String(type), digest: String(digest), data: data as Uint8Array<ArrayBuffer> };
  }

  /** The same attachment under the current key. */
  resealFile(key: string, name: unknown, data: unknown): StoredFile {
    const { facts, bytes } = this.openFile(key, name, data);
    return this.encodeFile(key, facts.name, facts.type, facts.digest, bytes);
  }

  private openFile(key: string, name: unknown, data: unknown) {
    const hidden = name instanceof Uint8Array ? name : new Uint8Array();
    const plain = this.sealer?.open(data, this.fileAbout(key, hidden));
    if (!plain) throw this.damaged(key, 'attachment');
    const end = 4 + plain.readUInt32BE(0);
    const facts = JSON.parse(plain.toString('utf8', 4, end)) as Record<'name' | 'type' | 'digest', string>;
    return { facts, bytes: plain.subarray(end) as Uint8Array<ArrayBuffer> };
  }

  private fileName(key: string, name: string): string {
    return `${this.place}${key.length}:${key}${name}`;
  }

  private fileAbout(key: string, hidden: Uint8Array): string {
    return `file:${Buffer.from(hidden).toString('hex')}:${this.place}${key}`;
  }

  private damaged(key: string, what = 'document'): StoreError {
    const documentId = fromBinaryOrder(key);
    return new StoreError('STORE_DAMAGED', `${what} of ${this.collection}, id ${documentId}`, undefined, {
      documentId,
      collection: this.collection,
    });
  }
}

function fileSum(key: string, name: string, type: string, digest: string, data: Uint8Array): number {
  return crc32(data, crc32(JSON.stringify([key, name, type, digest])));
}
