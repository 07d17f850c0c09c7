import { PortalError } from '../errors.ts';

/** What a form sent. Text is composed (NFC) and trimmed; a field that is not there is empty. */
export class Form {
  readonly #fields: ReadonlyMap<string, readonly string[]>;
  readonly #files: ReadonlyMap<string, Buffer>;

  constructor(fields: Iterable<readonly [string, string]>, files: ReadonlyMap<string, Buffer> = new Map()) {
    const all = new Map<string, string[]>();
    for (const [name, value] of fields) all.set(name, [...(all.get(name) ?? []), value]);
    this.#fields = all;
    this.#files = files;
  }

  text(name: string): string {
    return this.raw(name).normalize('NFC').trim();
  }

  /** As it was typed: passwords. */
  raw(name: string): string {
    return this.#fields.get(name)?.at(-1) ?? '';
  }

  /** Of boxes that were ticked, those with that name. */
  all(name: string): string[] {
    return (this.#fields.get(name) ?? []).map((value) => value.normalize('NFC').trim());
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** A whole number of at most nine digits, or null. */
  number(name: string): number | null {
    const text = this.text(name);
    return /^\d{1,9}$/.test(text) ? Number(text) : null;
  }

  /** The bytes of a file that was chosen; null when none was. */
  file(name: string): Buffer | null {
    const bytes = this.#files.get(name);
    return bytes && bytes.byteLength > 0 ? bytes : null;
  }
}

/** Reads the body of a form sent as `application/x-www-form-urlencoded`. */
export const readForm = (body: string): Form => new Form(new URLSearchParams(body));

/**
 * Reads the body of a form sent as `multipart/form-data` (RFC 7578). Throws `bad-request` for a body that is none or has more
 * than 200 parts.
 */
export function readMultipart(body: Buffer, contentType: string): Form {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new PortalError('bad-request');
  const fields: [string, string][] = [];
  const files = new Map<string, Buffer>();
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  if (at < 0) throw new PortalError('bad-request');
  for (let parts = 0; ; parts += 1) {
    const start = at + mark.byteLength;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return new Form(fields, files);
    const end = body.indexOf(`\r\n--${boundary}`, start, 'utf8');
    const head = body.indexOf('\r\n\r\n', start, 'latin1');
    if (parts === 200 || end < 0 || head < 0 || head > end) throw new PortalError('bad-request');
    const { name, isFile } = disposition(body.subarray(start, head).toString('utf8'));
    const content = body.subarray(head + 4, end);
    if (isFile) files.set(name, content);
    else fields.push([name, content.toString('utf8')]);
    at = end + 2;
  }
}

function disposition(head: string): { name: string; isFile: boolean } {
  const line = head.split('\r\n').find((one) => /^content-disposition:\s*form-data/i.test(one));
  const name = /;\s*name="([^"]*)"/i.exec(line ?? '')?.[1];
  if (line === undefined || name === undefined) throw new PortalError('bad-request');
  return { name, isFile: /;\s*filename\*?=/i.test(line) };
}
