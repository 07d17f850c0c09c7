import provinces from './idProvinces.json' with { type: 'json' };
import { type Hit, hasWord, sentenceAt } from './pieces.ts';
import words from './words.json' with { type: 'json' };

type PersonalHit = Hit<'personal-id' | 'personal-id-likely' | 'private-phone' | 'health-data'>;

/** Digits enough for any of the numbers that are looked for. */
const NUMBER = /\d(?:[ .-]?\d){6}/u;

const places: ReadonlySet<string> = new Set(provinces.codes);
const LABEL_REACH = 60;
const TWELVE = /(?<![\p{L}\d.,/=&?#_-])\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d/_]|[.,]\d|-[\p{L}\d])/gu;
const NINE = /(?<![\d.,/])\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,]\d)/gu;
const PASSPORT = /(?<![\p{L}\d])[A-Z]\d{7,8}(?![\p{L}\d])/gu;

/** Place of registration, century and gender, year of birth: the structure of a citizen's identity number. */
function isCitizenId(digits: string): boolean {
  const century = Number(digits[3]);
  const year = Number(digits.slice(4, 6));
  // 0 and 1: born 1900 to 1999; 2 and 3: from 2000 on.
  return places.has(digits.slice(0, 3)) && (century <= 1 || (century <= 3 && year <= 40));
}

/** Units behind a number: it counts something. */
const COUNTS = /^\s*(?:đồng|đ|VNĐ|VND|USD|m²|m2|m³|kg|tấn|lượt)(?![\p{L}])/u;

const leadOf = (text: string, at: number): string => text.slice(Math.max(0, at - LABEL_REACH), at);

function findIds(text: string): PersonalHit[] {
  const found: PersonalHit[] = [];
  for (const match of text.matchAll(TWELVE)) {
    const [from, to] = [match.index, match.index + match[0].length];
    const digits = match[0].replace(/\D/gu, '');
    if (!isCitizenId(digits)) continue;
    const lead = leadOf(text, from);
    const isLabelled = hasWord(lead, words.personal.idLabels);
    const isOther = hasWord(lead, words.personal.otherNumbers) || COUNTS.test(text.slice(to));
    if (isLabelled) found.push({ code: 'personal-id', from, to });
    else if (!isOther && match[0] === digits) found.push({ code: 'personal-id-likely', from, to });
  }
  const labelled: [RegExp, readonly string[]][] = [
    [NINE, words.personal.oldIdLabels],
    [PASSPORT, words.personal.passportLabels],
  ];
  for (const [pattern, labels] of labelled)
    for (const match of text.matchAll(pattern)) {
      const [from, to] = [match.index, match.index + match[0].length];
      const isTaken = found.some((hit) => from < hit.to && hit.from < to);
      if (!isTaken && hasWord(leadOf(text, from), labels)) found.push({ code: 'personal-id', from, to });
    }
  return found;
}

const PHONE = /(?<![\d+/.,])(?:\+?84|0)(?:[ .-]?\d){9}(?!\d|[.,/]\d)/gu;
const MOBILE = /^0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}$/u;

/** Mobile numbers that stand by a private person; numbers of offices, hotlines and officials are meant to be called. */
function findPhones(text: string): PersonalHit[] {
  return [...text.matchAll(PHONE)].flatMap((match): PersonalHit[] => {
    const [from, to] = [match.index, match.index + match[0].length];
    const digits = match[0].replace(/\D/gu, '').replace(/^84/u, '0');
    if (!MOBILE.test(digits)) return [];
    const around = sentenceAt(text, from, to).text;
    const isPrivate = hasWord(around, words.personal.privateContext);
    return isPrivate && !hasWord(around, words.personal.officeContext)
      ? [{ code: 'private-phone', from, to }]
      : [];
  });
}

const PERSON =
  /(?<!\p{L})(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]háu|[Ee]m|[Bb]ệnh nhân|[Nn]ạn nhân|[Bb]é)\s+\p{Lu}\p{L}*(?:\s+\p{Lu}[\p{L}.]*)*/gu;
/** How far the illness may stand behind the name. */
const ILLNESS_REACH = 90;
const ILLNESS_NEAR_VERB = 40;

/** A named person and an illness said of that person, in one sentence. */
function findHealth(text: string): PersonalHit[] {
  return [...text.matchAll(PERSON)].flatMap((match): PersonalHit[] => {
    const from = match.index;
    const end = from + match[0].length;
    const sentence = sentenceAt(text, from, end);
    const rest = sentence.text.slice(
      sentence.from + match[0].length,
      sentence.from + match[0].length + ILLNESS_REACH,
    );
    const illness = words.personal.healthVerbs
      .map((word) => indexOfWord(rest, word))
      .filter((at) => at >= 0)
      .sort((one, other) => one - other)
      .map((at) => ({ at, length: lengthToIllness(rest.slice(at, at + ILLNESS_NEAR_VERB)) }))
      .find(({ length }) => length > 0);
    if (!illness || hasWord(rest.slice(0, illness.at), words.personal.notAboutThePerson)) return [];
    return [{ code: 'health-data', from, to: end + illness.at + illness.length }];
  });
}

/** Characters up to the end of the first illness named; 0 if none is. */
function lengthToIllness(text: string): number {
  const ends = words.personal.healthWords.flatMap((word) => {
    const at = indexOfWord(text, word);
    return at < 0 ? [] : [at + word.length];
  });
  return ends.length === 0 ? 0 : Math.min(...ends);
}

function indexOfWord(text: string, word: string): number {
  const lower = text.toLowerCase();
  const at = lower.indexOf(word);
  return at >= 0 && hasWord(lower.slice(Math.max(0, at - 1), at + word.length + 1), [word]) ? at : -1;
}

/**
 * Personal data that has no place on a public page: identity and passport numbers (`personal-id` when the text says what they
 * are, `personal-id-likely` when only their structure does), mobile numbers of private persons, illnesses of named persons.
 * Masked numbers are none.
 */
export function findPersonalData(text: string): PersonalHit[] {
  const numbers = NUMBER.test(text) ? [...findIds(text), ...findPhones(text)] : [];
  return [...numbers, ...findHealth(text)].sort((a, b) => a.from - b.from);
}
