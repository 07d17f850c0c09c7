import type { Block } from '../../document/types.ts';
import { findCategory } from '../../regulations/profiles.ts';
import type { RegulationProfile } from '../../regulations/types.ts';
import { detectLegacyEncoding } from '../../text/legacyEncoding.ts';
import { extensionOf } from '../attachments.ts';
import type { Issue } from '../issues.ts';
import type { FieldValues } from '../validateFields.ts';
import { findPersonalData } from './personal.ts';
import { bodyPieces, type Hit, type Piece, plainPiece } from './pieces.ts';
import rules from './rules.json' with { type: 'json' };
import { findSecrecy, findSecrecyInAttachment, findSecrecyInName } from './secrecy.ts';
import { findBlinking, findColourOnly, findComplaints, findPoorLinks, findQuotations } from './wording.ts';
import words from './words.json' with { type: 'json' };
import { TODOS, type Todo, WRITING_CODES, type WritingCode } from './writingCodes.ts';

/** A file as the checks see it; `text` are its words, where somebody has read them. */
export interface WrittenFile {
  readonly name: string;
  /** Caption, which is also the text alternative of a picture; undefined where it is not known. */
  readonly label?: string;
  readonly text?: string;
}

/** What somebody wrote, in its places. */
export interface Writing {
  readonly profile: RegulationProfile;
  readonly categoryId: string;
  readonly title: string;
  readonly summary: string;
  readonly body: readonly Block[];
  readonly fields: FieldValues;
  readonly files: readonly WrittenFile[];
}

interface Rule {
  readonly code: string;
  readonly severity: string;
  readonly todo: string;
  readonly onlyWithClause?: boolean;
  readonly clauseOf?: string;
  readonly severityIn?: Readonly<Record<string, string | undefined>>;
  readonly clauses?: Readonly<Record<string, { clause: string; ref: string } | undefined>>;
}
const ruleOf: ReadonlyMap<string, Rule> = new Map(
  rules.checks.map((rule): [string, Rule] => [rule.code, rule]),
);

/** What is to be done about a finding: a code of `rules.json`, or null for checks that say it themselves. */
export function todoOf(code: string): Todo | null {
  const todo = ruleOf.get(code)?.todo;
  return TODOS.find((one) => one === todo) ?? null;
}

/** Most findings of one code that are listed; a document with more has one cause. */
const MOST_OF_A_KIND = 5;

/**
 * Reads what was written: marks of secrecy, personal data, complaints in questions, quotations without a source, links,
 * pictures, colours, spelling of letters. Each finding has its clause, what to do, and the place with the range of characters.
 * Order of the form; at most five of a kind.
 */
export function checkWriting(writing: Writing): Issue[] {
  const pieces = piecesOf(writing);
  const found = [
    ...pieces.flatMap((piece) => textHits(piece, writing).map((hit) => issueOf(hit, piece, writing.profile))),
    ...sourceIssues(pieces, writing),
    ...mailIssues(writing),
    ...writing.files.flatMap((file) => fileIssues(file, writing.profile)),
  ].filter((issue) => issue !== null);
  return WRITING_CODES.flatMap((code) =>
    found.filter((issue) => issue.code === code).slice(0, MOST_OF_A_KIND),
  ).sort((a, b) => found.indexOf(a) - found.indexOf(b));
}

const SCANNED_FIELDS: ReadonlySet<string> = new Set(['text', 'longText', 'person']);

function piecesOf({ profile, categoryId, title, summary, body, fields }: Writing): Piece[] {
  const known = [...(findCategory(profile, categoryId)?.fields ?? []), ...profile.commonFields];
  const values = known
    .filter(({ type }) => SCANNED_FIELDS.has(type))
    .flatMap(({ id }) => {
      const value = fields[id];
      const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
      return texts.length === 0 ? [] : [plainPiece({ kind: 'field', fieldId: id }, texts.join('\n'))];
    });
  return [
    plainPiece({ kind: 'field', fieldId: 'title' }, title),
    plainPiece({ kind: 'field', fieldId: 'summary' }, summary),
    ...bodyPieces(body),
    ...values,
  ].filter(({ text }) => text.trim() !== '');
}

/** Categories in which people ask. */
const QUESTIONS: ReadonlySet<string> = new Set(['qa']);

function textHits(piece: Piece, { categoryId }: Writing): Hit<WritingCode>[] {
  const text = piece.text.normalize('NFC');
  const encoding = detectLegacyEncoding(text);
  const whole = { from: 0, to: piece.text.length };
  if (encoding) return [{ code: 'legacy-encoding', ...whole, params: { encoding: encoding.toUpperCase() } }];
  const hits: Hit<WritingCode>[] = [
    ...findSecrecy(text, piece.isEnumerated),
    ...findPersonalData(text),
    ...(QUESTIONS.has(categoryId) ? findComplaints(text) : []),
    ...findColourOnly(text),
    ...findBlinking(text),
  ].map((hit) => ({ ...hit, params: { excerpt: excerptOf(text, hit) } }));
  // Ranges of the composed text do not fit the text as it is.
  const isComposed = text === piece.text;
  const placed = isComposed ? hits : hits.map((hit) => ({ ...hit, ...whole }));
  return [
    ...placed,
    ...findPoorLinks(piece),
    ...(isComposed ? [] : [{ code: 'not-nfc' as const, ...whole }]),
  ];
}

const EXCERPT = 60;

/** The words in question, shortened; of numbers only the ends, so that a list of findings does not spread them. */
function excerptOf(text: string, { code, from, to }: Hit): string {
  const words = text.slice(from, to).replace(/\s+/gu, ' ');
  if (code.startsWith('personal-id') || code === 'private-phone')
    return `${words.slice(0, 3)}…${words.slice(-2)}`;
  return words.length > EXCERPT ? `${words.slice(0, EXCERPT - 1)}…` : words;
}

function issueOf(hit: Hit<WritingCode>, piece: Pick<Piece, 'at'>, profile: RegulationProfile): Issue | null {
  const rule = ruleOf.get(hit.code);
  const cited =
    rule?.clauseOf === 'secrecy' ? profile.secrecy : (rule?.clauses?.[profile.id] ?? { clause: '', ref: '' });
  if (!rule || (rule.onlyWithClause && cited.ref === '')) return null;
  const { code, from, to, params } = hit;
  return {
    code,
    severity: (rule.severityIn?.[profile.id] ?? rule.severity) === 'must' ? 'must' : 'should',
    fieldId: piece.at.kind === 'field' ? piece.at.fieldId : piece.at.kind === 'paragraph' ? 'body' : null,
    clause: cited.clause,
    ref: cited.ref,
    ...(params ? { params } : {}),
    place: { ...piece.at, from, to },
  };
}

/** A quotation is in order once any source is named; otherwise the first one is shown. */
function sourceIssues(pieces: readonly Piece[], { profile, fields }: Writing): (Issue | null)[] {
  const isNamed = words.sources.fields.some((id) => String(fields[id] ?? '').trim() !== '');
  if (isNamed || fields.reused === true) return [];
  for (const piece of pieces) {
    if (piece.at.kind === 'field' && words.sources.fields.includes(piece.at.fieldId)) continue;
    const text = piece.text.normalize('NFC');
    const [hit] = findQuotations(text);
    if (hit) return [issueOf({ ...hit, params: { excerpt: excerptOf(text, hit) } }, piece, profile)];
  }
  return [];
}

function mailIssues({ profile, categoryId, fields }: Writing): (Issue | null)[] {
  const known = findCategory(profile, categoryId)?.fields ?? [];
  return known
    .filter(({ type }) => type === 'email')
    .flatMap((field): (Issue | null)[] => {
      const value = fields[field.id];
      const host = typeof value === 'string' ? (value.trim().toLowerCase().split('@')[1] ?? '') : '';
      if (!words.mail.privateHosts.includes(host)) return [];
      const at = plainPiece({ kind: 'field', fieldId: field.id }, String(value));
      const hit = { code: 'email-not-official' as const, from: 0, to: at.text.length, params: { host } };
      const issue = issueOf(hit, at, profile);
      return [issue && { ...issue, clause: field.clause, ref: field.ref }];
    });
}

const IMAGES: ReadonlySet<string> = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp', 'tif', 'tiff']);
const MEDIA: ReadonlySet<string> = new Set(['mp3', 'm4a', 'mp4', 'webm']);

/** A caption that says nothing: none, the name of the file, a camera's number, "ảnh". */
function saysNothing(label: string, name: string): boolean {
  const said = label
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[.\s\d_-]+$/u, '');
  const stem = name.toLowerCase().replace(/\.[a-z0-9]+$/u, '');
  return (
    said === '' ||
    label.trim().toLowerCase() === stem ||
    label.trim().toLowerCase() === name.toLowerCase() ||
    /^(?:img|dsc|dscn|image|photo|screenshot|scan)$/u.test(said) ||
    words.images.emptyDescriptions.includes(said)
  );
}

function fileIssues(file: WrittenFile, profile: RegulationProfile): (Issue | null)[] {
  const { name, label } = file;
  const text = file.text?.normalize('NFC');
  const at = (part: 'name' | 'label' | 'text') => ({ at: { kind: 'attachment' as const, name, part } });
  const say = (hit: Hit<WritingCode>, part: 'name' | 'label' | 'text'): Issue | null =>
    issueOf({ ...hit, params: { ...hit.params, name } }, at(part), profile);
  const issues = findSecrecyInName(name.normalize('NFC')).map((hit) =>
    say({ ...hit, params: { excerpt: name.slice(hit.from, hit.to) } }, 'name'),
  );
  if (text !== undefined)
    issues.push(
      ...findSecrecyInAttachment(text).map((hit) =>
        say({ ...hit, params: { excerpt: excerptOf(text, hit) } }, 'text'),
      ),
    );
  if (label !== undefined) {
    const extension = extensionOf(name);
    const code = IMAGES.has(extension)
      ? 'image-without-text'
      : MEDIA.has(extension)
        ? 'media-without-text'
        : null;
    if (code && saysNothing(label, name)) issues.push(say({ code, from: 0, to: label.length }, 'label'));
    issues.push(
      ...findSecrecy(label, false).map((hit) => say({ ...hit, params: { excerpt: label } }, 'label')),
    );
  }
  return issues;
}
