import { describe, expect, test } from 'vitest';
import { checkWriting } from '../../../domain/content/checks/checkWriting.ts';
import { WRITING_CODES } from '../../../domain/content/checks/writingCodes.ts';
import type { Block } from '../../../domain/document/types.ts';
import { getProfile } from '../../../domain/regulations/profiles.ts';
import type { RegulationProfile } from '../../../domain/regulations/types.ts';
import sentences from '../../fixtures/content/sentences.json' with { type: 'json' };

/** How well the checks read Vietnamese: our own sentences, each with the findings that a careful reader would have. */

/** `missed`: the checks are known to overlook it; where it stands in the figures it counts as overlooked. */
type Sentence = {
  readonly text: string;
  readonly codes: readonly string[];
  readonly at?: string;
  readonly missed?: boolean;
};

function profileTB21(): RegulationProfile {
  const profile = getProfile('TB21') ?? getProfile('VP17');
  if (!profile) throw new Error('no profile');
  // The only regulation with a rule on complaints in questions, whether or not it ships yet.
  return { ...profile, id: 'TB21' };
}
const profile = profileTB21();
const paragraph = (text: string, href?: string): Block => ({
  type: 'paragraph',
  runs: [href === undefined ? { text } : { text, href }],
});

function bodyOf({ text, at }: Sentence): Block[] {
  if (at === 'filename' || at === 'attachment') return [];
  if (at === 'link') return [paragraph(text, 'https://vinhphuc.gov.vn/trang/1')];
  if (at === 'item') return [{ type: 'list', kind: 'bullet', items: [{ runs: [{ text }] }] }];
  return [paragraph(text)];
}

function codesOf(sentence: Sentence): string[] {
  const { text, at } = sentence;
  const file =
    at === 'filename' ? { name: text } : at === 'attachment' ? { name: 'van-ban.pdf', text } : null;
  const issues = checkWriting({
    profile,
    categoryId: at === 'question' ? 'qa' : 'news-events',
    title: '',
    summary: '',
    body: bodyOf(sentence),
    fields: {},
    files: file ? [file] : [],
  });
  return [...new Set(issues.map(({ code }) => code))];
}

const judged = (sentences as readonly Sentence[]).map((sentence) => ({
  ...sentence,
  found: codesOf(sentence),
}));
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

function measure(code: string | null) {
  const of = (codes: readonly string[]) => codes.filter((one) => code === null || one === code);
  const right = judged.reduce(
    (sum, { found, codes }) => sum + of(found).filter((one) => codes.includes(one)).length,
    0,
  );
  const raised = judged.reduce((sum, { found }) => sum + of(found).length, 0);
  const wanted = judged.reduce((sum, { codes }) => sum + of(codes).length, 0);
  return { precision: share(right, raised), recall: share(right, wanted), wanted };
}

describe('reading Vietnamese', () => {
  test('the sentences are many, and as many again are harmless', () => {
    const harmless = judged.filter(({ codes }) => codes.length === 0).length;
    expect(judged.length).toBeGreaterThanOrEqual(150);
    expect(harmless).toBeGreaterThanOrEqual(75);
    expect(new Set(judged.map(({ text, at }) => `${at} ${text}`)).size).toBe(judged.length);
  });

  test('every finding has a sentence that calls for it', () => {
    const tested = new Set(judged.flatMap(({ codes }) => codes));
    const elsewhere = ['email-not-official', 'image-without-text', 'media-without-text'];
    expect(WRITING_CODES.filter((code) => !tested.has(code) && !elsewhere.includes(code))).toEqual([]);
  });

  test('few false alarms, little overlooked', () => {
    const rows = WRITING_CODES.map((code) => ({ code, ...measure(code) })).filter(({ wanted }) => wanted > 0);
    const all = measure(null);
    const harmless = judged.filter(({ codes }) => codes.length === 0);
    const alarms = harmless.filter(({ found }) => found.length > 0);
    const wrong = judged.filter(({ found, codes }) => [...found].sort().join() !== [...codes].sort().join());
    console.info(
      [
        `sentences ${judged.length}, precision ${percent(all.precision)}, recall ${percent(all.recall)}, false alarms on harmless ${alarms.length} of ${harmless.length}`,
        ...rows.map(
          (row) =>
            `  ${row.code}: precision ${percent(row.precision)}, recall ${percent(row.recall)} (${row.wanted})`,
        ),
        ...wrong.map(
          ({ text, codes, found }) => `  ! ${text.slice(0, 70)} | wanted ${codes} | found ${found}`,
        ),
      ].join('\n'),
    );
    expect(all.precision).toBeGreaterThanOrEqual(0.99);
    expect(all.recall).toBeGreaterThanOrEqual(0.95);
    expect(alarms.length / harmless.length).toBeLessThanOrEqual(0.01);
    expect(wrong.map(({ text }) => text)).toEqual(
      judged.filter(({ missed }) => missed).map(({ text }) => text),
    );
    for (const row of rows)
      expect([row.code, row.precision >= 0.9 && row.recall >= 0.8]).toEqual([row.code, true]);
  });
});
