import { describe, expect, test } from 'vitest';
import { checkBeforeSubmit, contentToCheck } from '../../../domain/content/checkBeforeSubmit.ts';
import { checkWriting, todoOf, type Writing } from '../../../domain/content/checks/checkWriting.ts';
import rules from '../../../domain/content/checks/rules.json' with { type: 'json' };
import { TODOS, WRITING_CODES } from '../../../domain/content/checks/writingCodes.ts';
import { type Issue, maySubmit } from '../../../domain/content/issues.ts';
import type { Block, ContentFile } from '../../../domain/document/types.ts';
import { getProfile, profileIds } from '../../../domain/regulations/profiles.ts';
import type { RegulationProfile } from '../../../domain/regulations/types.ts';

const found = getProfile('VP17');
if (!found) throw new Error('no VP17');
const vp17: RegulationProfile = found;
const as = (id: string): RegulationProfile => ({ ...vp17, id });

const say = (...texts: string[]): Block[] => texts.map((text) => ({ type: 'paragraph', runs: [{ text }] }));
const NOTHING: Writing = {
  profile: vp17,
  categoryId: 'news-events',
  title: '',
  summary: '',
  body: [],
  fields: {},
  files: [],
};
const check = (writing: Partial<Writing>): Issue[] => checkWriting({ ...NOTHING, ...writing });
const only = (writing: Partial<Writing>): Issue => {
  const issues = check(writing);
  if (issues.length !== 1 || !issues[0]) throw new Error(JSON.stringify(issues));
  return issues[0];
};
/** The words at the place that a finding names. */
function wordsAt(issue: Issue, text: string): string {
  if (!issue.place) throw new Error('no place');
  return text.slice(issue.place.from, issue.place.to);
}

describe('the rules of the checks', () => {
  test('every code has one, with what to do, and no rule is for nothing', () => {
    expect(rules.checks.map(({ code }) => code).sort()).toEqual([...WRITING_CODES].sort());
    for (const code of WRITING_CODES)
      expect([code, TODOS.some((todo) => todo === todoOf(code))]).toEqual([code, true]);
    expect([...new Set(rules.checks.map(({ todo }) => todo))].sort()).toEqual([...TODOS].sort());
  });

  test('clauses are cited as of the regulation that they stand in', () => {
    for (const rule of rules.checks)
      for (const [id, cited] of Object.entries('clauses' in rule ? rule.clauses : {})) {
        expect(cited.ref.startsWith(`${id}-`)).toBe(true);
        expect(cited.clause).toMatch(/^Điều \d+/u);
      }
  });
});

describe('places', () => {
  test('VP17-15.1 a stamp in the body: paragraph and range', () => {
    const text = '  TỐI MẬT ';
    const issue = only({ body: say('Mở đầu.', text) });
    expect(issue).toMatchObject({
      code: 'secrecy-mark',
      severity: 'must',
      fieldId: 'body',
      ref: 'VP17-15.1',
      place: { kind: 'paragraph', block: 1, path: 'body.1' },
    });
    expect(wordsAt(issue, text)).toBe('TỐI MẬT');
  });

  test.each(['title', 'summary'] as const)('a stamp in the %s', (fieldId) => {
    const text = 'Báo cáo (MẬT)';
    const issue = only({ [fieldId]: text });
    expect(issue).toMatchObject({ code: 'secrecy-mark', fieldId, place: { kind: 'field', fieldId } });
    expect(wordsAt(issue, text)).toBe('(MẬT)');
  });

  test('in a list inside a list and in a cell of a table', () => {
    const id = { runs: [{ text: 'CCCD 026085001234' }] };
    const body: Block[] = [
      {
        type: 'list',
        kind: 'bullet',
        items: [{ runs: [], lists: [{ type: 'list', kind: 'bullet', items: [id] }] }],
      },
      { type: 'table', rows: [[{ blocks: say('STT') }, { blocks: say('CCCD 026085001235') }]] },
    ];
    expect(check({ body }).map(({ place }) => place)).toEqual([
      { kind: 'paragraph', block: 0, path: 'body.0.item.0.list.0.item.0', from: 5, to: 17 },
      { kind: 'paragraph', block: 1, path: 'body.1.row.0.cell.1.0', from: 5, to: 17 },
    ]);
  });

  test('in a field of the category, and not in one of another kind', () => {
    const fields = { fullName: 'Nguyễn Văn A', workUnit: 'CCCD 026085001234', phoneFax: '0912345678' };
    expect(only({ categoryId: 'contact-officials', fields })).toMatchObject({
      code: 'personal-id',
      fieldId: 'workUnit',
      place: { kind: 'field', fieldId: 'workUnit', from: 5, to: 17 },
    });
  });

  test('in the name, the caption and the text of a file', () => {
    const files = [
      { name: 'KH 07 (MẬT).docx', label: 'Kế hoạch', text: 'BỘ CHỈ HUY\nTUYỆT MẬT\nKế hoạch' },
      { name: 'anh.jpg', label: 'TỐI MẬT' },
    ];
    expect(check({ files }).map(({ code, place, params }) => [code, place, params?.excerpt])).toEqual([
      [
        'secrecy-mark',
        { kind: 'attachment', name: 'KH 07 (MẬT).docx', part: 'name', from: 7, to: 10 },
        'MẬT',
      ],
      [
        'secrecy-mark',
        { kind: 'attachment', name: 'KH 07 (MẬT).docx', part: 'text', from: 11, to: 20 },
        'TUYỆT MẬT',
      ],
      ['secrecy-mark', { kind: 'attachment', name: 'anh.jpg', part: 'label', from: 0, to: 7 }, 'TỐI MẬT'],
    ]);
  });

  test('a number is shown by its ends only', () => {
    expect(only({ body: say('CCCD 026085001234') }).params?.excerpt).toBe('026…34');
  });

  test('an illness: from the person to the illness, no further', () => {
    const text = 'Hôm qua anh Giàng A Páo bị ung thư phổi, gia đình rất khó khăn.';
    const issue = only({ body: say(text) });
    expect(wordsAt(issue, text)).toBe('anh Giàng A Páo bị ung thư');
  });

  test('decomposed letters: the whole paragraph, and what is found in it still is', () => {
    const text = 'Độ mật: Tối mật'.normalize('NFD');
    const issues = check({ body: say(text) });
    expect(issues.map(({ code, place }) => [code, place?.from, place?.to])).toEqual([
      ['secrecy-mark', 0, text.length],
      ['not-nfc', 0, text.length],
    ]);
  });

  test('at most five of a kind', () => {
    const lines = Array.from({ length: 9 }, (_, index) => `CCCD 02608500123${index}`);
    expect(check({ body: say(...lines) })).toHaveLength(5);
  });
});

describe('clauses and levels of the regulation in force', () => {
  const letter = { categoryId: 'qa', body: say('Tôi tố cáo ông Nguyễn Văn X nhận tiền của dân.') };
  test('TB21-5.3 complaints in questions are found there only', () => {
    expect(only({ ...letter, profile: as('TB21') })).toMatchObject({
      code: 'complaint-in-question',
      severity: 'should',
      ref: 'TB21-5.3',
      clause: 'Điều 5 khoản 3',
    });
    expect(check(letter)).toEqual([]);
    expect(check({ ...letter, profile: as('TB21'), categoryId: 'news-events' })).toEqual([]);
  });

  test('ST19-8 pictures need their words there, elsewhere they should have them', () => {
    const files = [{ name: 'anh.jpg', label: '' }];
    expect(only({ files, profile: as('ST19') })).toMatchObject({ severity: 'must', ref: 'ST19-8' });
    expect(only({ files })).toMatchObject({ code: 'image-without-text', severity: 'should', ref: '' });
  });

  test.each([
    ['TB21', 'TB21-5.4'],
    ['VP17', 'VP17-3.3'],
    ['TB11', ''],
  ])('%s: a quotation without a source cites %s', (id, ref) => {
    expect(only({ profile: as(id), body: say('Theo Báo Nhân dân, mùa vụ thuận lợi.') })).toMatchObject({
      code: 'quoted-without-source',
      severity: 'should',
      ref,
    });
  });

  test.each([{ reused: true }, { sourceOfficial: 'Báo Nhân dân' }, { source: 'Báo Nhân dân' }])(
    'VP17-3.3 with %o the source is not asked for again',
    (fields) => {
      expect(check({ fields, body: say('Theo Báo Nhân dân, mùa vụ thuận lợi.') })).toEqual([]);
    },
  );
});

describe('pictures, recordings, links, mailboxes', () => {
  test.each([
    ['anh.jpg', '', true],
    ['anh.jpg', 'anh.jpg', true],
    ['IMG_1234.JPG', 'IMG_1234', true],
    ['a.png', 'Ảnh 1', true],
    ['a.png', 'hình ảnh', true],
    ['a.png', 'Lãnh đạo Sở trao quà cho gia đình chính sách', false],
    ['a.png', undefined, false],
    ['van-ban.pdf', '', false],
  ])('%s described as %o: %s', (name, label, expected) => {
    const codes = check({ files: [{ name, ...(label === undefined ? {} : { label }) }] }).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(expected ? ['image-without-text'] : []);
  });

  test('a recording without a summary', () => {
    expect(only({ files: [{ name: 'phat-thanh.mp3', label: '' }] }).code).toBe('media-without-text');
  });

  test('a link of several runs is one', () => {
    const href = 'https://vinhphuc.gov.vn';
    const body: Block[] = [
      {
        type: 'paragraph',
        runs: [{ text: 'Mẫu đơn ' }, { text: 'tại ', href }, { text: 'đây', href, marks: ['bold'] }],
      },
    ];
    const issue = only({ body });
    expect(issue).toMatchObject({ code: 'link-text-vague', params: { text: 'tại đây' } });
    expect(issue.place).toMatchObject({ from: 8, to: 15 });
  });

  test('words that are no link may say "tại đây"', () => {
    expect(
      check({ body: say('Hồ sơ nộp tại đây từ 8 giờ.', 'Trang: https://vinhphuc.gov.vn/tin/1') }),
    ).toEqual([]);
  });

  test('VP17-4.1 a private mailbox as the official one', () => {
    const categoryId = 'contact-officials';
    expect(only({ categoryId, fields: { officialEmail: 'van.a@Gmail.com' } })).toMatchObject({
      code: 'email-not-official',
      severity: 'should',
      fieldId: 'officialEmail',
      ref: 'VP17-4.1',
      params: { host: 'gmail.com' },
    });
    expect(check({ categoryId, fields: { officialEmail: 'sotuphap@vinhphuc.gov.vn' } })).toEqual([]);
  });
});

describe('as part of what stands before a submission', () => {
  const file: ContentFile = {
    id: 'f1',
    sha256: 'a'.repeat(64),
    name: 'phu-luc.pdf',
    size: 10,
    type: 'application/pdf',
    role: 'attachment',
    label: '',
  };
  const article = (body: Block[], more: object = {}) => ({
    ...contentToCheck(
      vp17,
      { categoryId: 'news-events', channel: 'vi' as const },
      { title: 'Tin', summary: 'Tóm tắt', fields: { mediaKind: 'news' }, files: [file], body },
    ),
    ...more,
  });

  test('a stamp holds the submission back, a hint does not', () => {
    expect(
      checkBeforeSubmit(article(say('Nội dung.'))).filter(({ severity }) => severity === 'must'),
    ).toEqual([]);
    expect(maySubmit(checkBeforeSubmit(article(say('MẬT'))))).toBe(false);
    const hint = checkBeforeSubmit(article(say('Theo TTXVN, mưa lớn kéo dài.')));
    expect(hint.map(({ code }) => code)).toEqual(['quoted-without-source']);
    expect(maySubmit(hint)).toBe(true);
  });

  test('the words of an attached file count once somebody has read them', () => {
    const attachedTexts = new Map([[file.sha256, 'ỦY BAN NHÂN DÂN\nTỐI MẬT\nBáo cáo']]);
    const issues = checkBeforeSubmit(article(say('Nội dung.'), { attachedTexts }));
    expect(issues).toMatchObject([{ code: 'secrecy-mark', place: { kind: 'attachment', part: 'text' } }]);
  });

  test.each(profileIds())('%s: an ordinary text raises nothing', (id) => {
    const profile = getProfile(id) ?? vp17;
    const text = 'Sáng 12/11, Sở tổ chức hội nghị tập huấn công tác bảo vệ bí mật nhà nước cho 120 cán bộ.';
    expect(check({ profile, title: 'HỘI NGHỊ BẢO VỆ BÍ MẬT NHÀ NƯỚC', body: say(text) })).toEqual([]);
  });

  test('a long text is read in one pass without growing costs', () => {
    const nasty = `${'M Ậ '.repeat(2_000)} ${'Số: '.repeat(2_000)} ${'0 '.repeat(2_000)} ${'tôi xin '.repeat(2_000)}`;
    expect(() => check({ profile: as('TB21'), categoryId: 'qa', body: say(nasty) })).not.toThrow();
  });
});
