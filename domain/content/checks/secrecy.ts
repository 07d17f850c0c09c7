import { type Hit, hasWord, sentenceAt } from './pieces.ts';
import words from './words.json' with { type: 'json' };

type SecrecyHit = Hit<'secrecy-mark' | 'secrecy-word' | 'internal-only'>;

const before: ReadonlySet<string> = new Set(words.secrecy.beforeMark);
const after: ReadonlySet<string> = new Set(words.secrecy.afterMark);

/** MẬT, TỐI MẬT, TUYỆT MẬT as a stamp is set: capitals, perhaps spaced out, alone on the line but for brackets and rules. */
const STAMP =
  /^[\s"'“”‘’()[\]{}<>*_.|:–—-]*((?:T\s*U\s*Y\s*Ệ\s*T\s+|T\s*Ố\s*I\s+)?M\s*Ậ\s*T|Tuyệt mật|Tối mật)[\s"'“”‘’()[\]{}<>*_.|:–—-]*$/u;
/** Stamps in the encodings before Unicode, as they come out of old files. */
const legacyMarks: ReadonlySet<string> = new Set(words.secrecy.legacyMarks);
const LABELLED =
  /(?<!\p{L})(?:độ mật|(?:mức|cấp) độ(?: mật)?)\s*[:：]\s*["“(]?\s*((?:tuyệt |tối )?mật)(?![\p{L}])/giu;
/** Said to be of a degree of secrecy. */
const OF_DEGREE = /(?<!\p{L})thuộc (?:mức độ|độ|loại|diện)\s+((?:tuyệt |tối )?mật)(?=\s*(?:[,.;)]|$))/giu;
/** A number of a document, or a kind of document, followed by the mark in brackets. */
const BRACKETED = /[([]\s*((?:TUYỆT |TỐI )?MẬT|Tuyệt mật|Tối mật)\s*[)\]]/gu;
const BRACKETED_AFTER_NUMBER = /\d[\p{L}\d/&-]*\s*[([]\s*(mật)\s*[)\]]/giu;
const NUMBER_LINE = /^\s*Số\s*:?\s*[\p{L}\d/&.-]+\s+((?:TUYỆT |TỐI )?MẬT)\s*$/u;
/** Kinds of document named as secret, with a number or a date: a particular one, not secrecy as a subject. */
const NAMED_DOCUMENT =
  /(?<!\p{L})(?:tài liệu|văn bản|công văn|hồ sơ|báo cáo|công điện|điện|tờ trình|kế hoạch|quyết định|phương án|bản đồ)\s+((?:tuyệt |tối )?mật)\s+(?:số\s*:?\s*\d|ngày\s+\d)/giu;
const CAPITALS = /(?<![\p{L}\d])(?:TUYỆT MẬT|TỐI MẬT|MẬT)(?![\p{L}\d])/gu;
const INTERNAL =
  /(?<!\p{L})(?:(?:tài liệu|văn bản)\s+(?:chỉ\s+)?(?:lưu hành nội bộ|nội bộ,? không phổ biến|không phổ biến)|\((?:chỉ )?lưu hành nội bộ\)|cấm sao chụp|không (?:được )?sao chụp, phổ biến|đề nghị không phổ biến|^\s*lưu hành nội bộ\s*$|thu hồi sau (?:cuộc |hội )?(?:họp|nghị)|xem xong trả lại|chỉ người có tên mới được bóc bì)(?!\p{L})/gimu;

/** No finding is without one of these; most texts are. */
const ANY_WORD = /m\s*ậ\s*t|nội bộ|phổ biến|sao chụp|thu hồi sau|xem xong|bóc bì/iu;

const isCapitals = (text: string): boolean => {
  const letters = text.replace(/[^\p{L}]/gu, '');
  return letters.length > 0 && letters === letters.toUpperCase();
};
const wordBefore = (text: string, at: number): string =>
  /([\p{L}\p{M}]+)[\s_-]*$/u.exec(text.slice(0, at))?.[1]?.toLowerCase() ?? '';
const wordAfter = (text: string, at: number): string =>
  /^[\s_-]*([\p{L}\p{M}]+)/u.exec(text.slice(at))?.[1]?.toLowerCase() ?? '';

function isPartOfOtherWord(text: string, from: number, to: number): boolean {
  return before.has(wordBefore(text, from)) || after.has(wordAfter(text, to));
}

const hitsOf = (text: string, pattern: RegExp, code: SecrecyHit['code']): SecrecyHit[] =>
  [...text.matchAll(pattern)].map((match) => ({
    code,
    from: match.index,
    to: match.index + match[0].length,
  }));

/** Capitals inside an ordinary sentence: a copied mark, unless the sentence explains the marks or is itself in capitals. */
function capitalsInSentence(text: string): SecrecyHit[] {
  return [...text.matchAll(CAPITALS)].flatMap((match): SecrecyHit[] => {
    const [from, to] = [match.index, match.index + match[0].length];
    const sentence = sentenceAt(text, from, to).text;
    const isBare = match[0] === 'MẬT';
    if (isBare && (isCapitals(sentence) || isPartOfOtherWord(text, from, to))) return [];
    if (hasWord(sentence, words.secrecy.aboutMarks)) return [];
    return [{ code: 'secrecy-word', from, to }];
  });
}

/**
 * Marks of state secrecy in a text. `secrecy-mark`: set like a stamp, or given as the degree of a document. `secrecy-word`: a
 * mark inside a sentence, or a particular document named as secret. `internal-only`: not meant for the public. Words such as
 * "bí mật", "mật ong", "mật độ" are none. In lists and tables a lone word is no stamp.
 */
export function findSecrecy(text: string, isEnumerated: boolean): SecrecyHit[] {
  if (!ANY_WORD.test(text)) return [];
  const found: SecrecyHit[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const stamp = STAMP.exec(line)?.[1] ?? NUMBER_LINE.exec(line)?.[1];
    if (stamp !== undefined && !(isEnumerated && stamp !== stamp.toUpperCase())) {
      const from = at + line.indexOf(stamp);
      found.push({ code: isEnumerated ? 'secrecy-word' : 'secrecy-mark', from, to: from + stamp.length });
    }
    at += line.length + 1;
  }
  const sentenceIsAbout = (hit: SecrecyHit) => {
    const sentence = sentenceAt(text, hit.from, hit.to);
    const rest = `${sentence.text.slice(0, sentence.from)} ${sentence.text.slice(sentence.from + hit.to - hit.from)}`;
    return hasWord(rest, words.secrecy.aboutMarks);
  };
  found.push(
    ...hitsOf(text, LABELLED, 'secrecy-mark').filter((hit) => !sentenceIsAbout(hit)),
    ...hitsOf(text, BRACKETED, 'secrecy-mark').filter((hit) => !sentenceIsAbout(hit)),
    ...hitsOf(text, BRACKETED_AFTER_NUMBER, 'secrecy-mark'),
    ...hitsOf(text, NAMED_DOCUMENT, 'secrecy-word'),
    ...hitsOf(text, OF_DEGREE, 'secrecy-word').filter((hit) => !sentenceIsAbout(hit)),
    ...capitalsInSentence(text),
    ...hitsOf(text, INTERNAL, 'internal-only'),
  );
  return withoutOverlaps(found);
}

/** Of hits that overlap the first stays: the surest patterns come first. */
function withoutOverlaps(hits: readonly SecrecyHit[]): SecrecyHit[] {
  const kept: SecrecyHit[] = [];
  for (const hit of hits)
    if (!kept.some((other) => hit.from < other.to && other.from < hit.to)) kept.push(hit);
  return kept.sort((a, b) => a.from - b.from);
}

const DOCUMENT_WORDS =
  /(?<!\p{L})(?:bc|báo cáo|cv|công văn|tt|tờ trình|kh|kế hoạch|qđ|quyết định|tài liệu|hồ sơ|văn bản|điện)(?!\p{L})/iu;
const NAME_MARK = /(?<![\p{L}\d])(?:(?:tuyệt|tối)[\s_.-]*mật|mật)(?![\p{L}\d])/giu;
/** Without marks of tone the words are ambiguous; together with "tuyet" or "toi" they hardly are. */
const NAME_FOLDED = /(?<![\p{L}\d])(?:tuyet|toi)[\s_.-]*mat(?![\p{L}\d])/giu;

/** Marks of secrecy in the name of a file, with or without tone marks. */
export function findSecrecyInName(name: string): SecrecyHit[] {
  const stem = name.replace(/\.[a-z0-9]{1,5}$/iu, '');
  const hits = [...stem.matchAll(NAME_MARK)].flatMap((match): SecrecyHit[] => {
    const [from, to] = [match.index, match.index + match[0].length];
    if (match[0].toLowerCase() !== 'mật') return [{ code: 'secrecy-mark', from, to }];
    if (isPartOfOtherWord(stem, from, to)) return [];
    const isBracketed = /[([]\s*$/u.test(stem.slice(0, from)) && /^\s*[)\]]/u.test(stem.slice(to));
    const isLoud = match[0] === 'MẬT' && !isCapitals(stem);
    if (isBracketed || isLoud) return [{ code: 'secrecy-mark', from, to }];
    const isEdge = from === 0 || to === stem.length;
    return isEdge && DOCUMENT_WORDS.test(stem) ? [{ code: 'secrecy-word', from, to }] : [];
  });
  return withoutOverlaps([...hits, ...hitsOf(stem, NAME_FOLDED, 'secrecy-word')]);
}

/** How far into an attached file a stamp stands. */
const FIRST_LINES = 40;

/** Marks of secrecy in the text of an attached file: only such as stamps and heads of documents bear. `text` is composed (NFC). */
export function findSecrecyInAttachment(text: string): SecrecyHit[] {
  const lines = text.split('\n').slice(0, FIRST_LINES);
  const found = findSecrecy(lines.join('\n'), false).filter((hit) => hit.code !== 'secrecy-word');
  let at = 0;
  for (const line of lines) {
    const from = at + line.length - line.trimStart().length;
    if (legacyMarks.has(line.trim()))
      found.push({ code: 'secrecy-mark', from, to: from + line.trim().length });
    at += line.length + 1;
  }
  return withoutOverlaps(found);
}
