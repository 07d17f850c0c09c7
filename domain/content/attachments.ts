import rules from './attachmentRules.json' with { type: 'json' };
import type { Issue } from './issues.ts';

/** A file as it is offered: name with extension, size in bytes, declared media type (may be empty). */
export type OfferedFile = { readonly name: string; readonly size: number; readonly type: string };

/** Why a type is refused; `mismatch` the declared type is of another kind, `name` the name is not safe. */
export type RefusedReason =
  | 'executable'
  | 'script'
  | 'web-page'
  | 'macro'
  | 'archive'
  | 'unknown'
  | 'mismatch'
  | 'name';

/** Largest attachment in bytes (512 MiB). */
export const MAX_ATTACHMENT_BYTES: number = rules.maxBytes;

const allowed = new Map<string, readonly string[]>(Object.entries(rules.allowed));
const refused = new Map<string, RefusedReason>(
  Object.entries(rules.refused).flatMap(([reason, extensions]) =>
    extensions.map((extension) => [extension, reason as RefusedReason] as const),
  ),
);
const neutral: ReadonlySet<string> = new Set(rules.neutralTypes);

/** Extensions that may be attached, lower case without the dot. */
export function allowedExtensions(): readonly string[] {
  return [...allowed.keys()];
}

/** The extension of a file name, lower case without the dot; empty if it has none. */
export function extensionOf(name: string): string {
  return /\.([a-z0-9]+)$/iu.exec(name.trim())?.[1]?.toLowerCase() ?? '';
}

/** The media type to serve a file under, by its extension; `application/octet-stream` if it is not allowed. */
export function mediaTypeOf(name: string): string {
  return allowed.get(extensionOf(name))?.[0] ?? 'application/octet-stream';
}

/**
 * Whether a file may be attached, before any byte of it is read. Codes `file-empty`, `file-too-large` (params
 * `size`, `maximum`), `file-type-refused` (params `reason`, `extension`).
 */
export function checkAttachment(file: OfferedFile): Issue[] {
  const issues: Issue[] = [];
  const reason = refusalOf(file);
  if (reason !== null)
    issues.push(refuseFile('file-type-refused', { reason, extension: extensionOf(file.name) }));
  if (!Number.isSafeInteger(file.size) || file.size <= 0) issues.push(refuseFile('file-empty', {}));
  if (file.size > MAX_ATTACHMENT_BYTES)
    issues.push(refuseFile('file-too-large', { size: file.size, maximum: MAX_ATTACHMENT_BYTES }));
  return issues;
}

function refusalOf(file: OfferedFile): RefusedReason | null {
  const extension = extensionOf(file.name);
  const known = refused.get(extension);
  if (known) return known;
  const types = allowed.get(extension);
  if (!types) return 'unknown';
  // Path separators, control characters and marks that turn the reading direction hide what a file is.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[/\\:*?"<>|\u0000-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(file.name)) return 'name';
  if (file.name.length > 255 || file.name.startsWith('.')) return 'name';
  const declared = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
  return neutral.has(declared) || types.includes(declared) ? null : 'mismatch';
}

const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
  pdf: ['25504446', 'efbbbf25504446'],
  // Offices also save RTF under this name.
  doc: ['d0cf11e0a1b11ae1', '7b5c727466'],
  xls: ['d0cf11e0a1b11ae1'],
  ppt: ['d0cf11e0a1b11ae1'],
  docx: ['504b0304'],
  xlsx: ['504b0304'],
  pptx: ['504b0304'],
  odt: ['504b0304'],
  ods: ['504b0304'],
  odp: ['504b0304'],
  rtf: ['7b5c727466'],
  jpg: ['ffd8ff'],
  jpeg: ['ffd8ff'],
  png: ['89504e470d0a1a0a'],
  gif: ['474946383761', '474946383961'],
  tif: ['49492a00', '4d4d002a'],
  tiff: ['49492a00', '4d4d002a'],
  webp: ['52494646'],
  webm: ['1a45dfa3'],
};
const EXECUTABLE = ['4d5a', '7f454c46', '2321', 'cafebabe', 'cffaedfe', 'feedfacf'];

/**
 * Whether the first bytes of a file (16 are enough) fit its name: a program renamed to `.pdf` is refused with
 * `file-type-refused`, reason `mismatch` or `executable`. Types without a signature only must be no program.
 */
export function checkFirstBytes(name: string, head: Uint8Array): Issue[] {
  const extension = extensionOf(name);
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const signatures = SIGNATURES[extension];
  const fits = signatures?.some((signature) => hex.startsWith(signature)) ?? null;
  if (fits === true) return [];
  const program = EXECUTABLE.some((signature) => hex.startsWith(signature));
  if (!program && fits === null) return [];
  return [refuseFile('file-type-refused', { reason: program ? 'executable' : 'mismatch', extension })];
}

function refuseFile(
  code: 'file-type-refused' | 'file-too-large' | 'file-empty',
  params: Record<string, string | number>,
): Issue {
  return { code, severity: 'must', fieldId: null, clause: '', ref: '', params };
}
