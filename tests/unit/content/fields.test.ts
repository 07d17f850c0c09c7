import { describe, expect, test } from 'vitest';
import { type ContentToCheck, checkBeforeSubmit } from '../../../domain/content/checkBeforeSubmit.ts';
import { classifyDocumentNumber, normaliseDocumentNumber } from '../../../domain/content/documentNumber.ts';
import { fieldsFor } from '../../../domain/content/fields.ts';
import { type Issue, maySubmit } from '../../../domain/content/issues.ts';
import { readMoney, readNumber, validateFields } from '../../../domain/content/validateFields.ts';
import type { Block } from '../../../domain/document/types.ts';
import { getProfile } from '../../../domain/regulations/profiles.ts';
import type { RegulationProfile } from '../../../domain/regulations/types.ts';

function vp17(): RegulationProfile {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 is missing');
  return profile;
}

const text = (words: string): Block[] => [{ type: 'paragraph', runs: [{ text: words }] }];

const short = (issues: readonly Issue[]): string[] =>
  issues.map(({ code, severity, fieldId, ref }) => `${severity} ${code} ${fieldId ?? '-'} ${ref}`.trim());

const CONTACT = {
  fullName: 'Cán bộ đầu mối',
  position: 'Chuyên viên',
  workUnit: 'Sở Tư pháp',
  phoneFax: '0211 3862 480',
  officialEmail: 'sotuphap@vinhphuc.gov.vn',
};
const DOCUMENT = {
  documentForm: 'decision',
  issuingAuthority: 'Ủy ban nhân dân tỉnh',
  documentNumber: '26/2017/QĐ-UBND',
  issueDate: '2017-08-17',
  effectiveDate: '2017-08-27',
  abstract: 'Ban hành Quy chế',
};
const QA = { questionClass: 'in-competence', answeringAgency: 'Sở', receivedDate: '2026-11-20' };
const CONSULTATION = {
  commentDeadline: '2026-12-31',
  receivingUnit: 'Sở Tư pháp',
  receivingAddress: 'Vĩnh Yên',
  receivingEmail: 'sotuphap@vinhphuc.gov.vn',
};
const SCIENCE = {
  name: 'Đề tài',
  code: 'ĐT-01',
  managementLevel: 'Tỉnh',
  field: 'Nông nghiệp',
  leadUnit: 'Sở',
  duration: '24 tháng',
  approvalDate: '2026-01-05',
};

describe('values of fields', () => {
  const cases: [name: string, category: string, values: Record<string, unknown>, issues: string[]][] = [
    ['VP17-4.1 a whole contact', 'contact-officials', CONTACT, []],
    [
      'VP17-4.1 an empty contact',
      'contact-officials',
      {},
      ['fullName', 'position', 'workUnit', 'phoneFax', 'officialEmail'].map(
        (id) => `must missing ${id} VP17-4.1`,
      ),
    ],
    [
      'VP17-4.1 blanks are not filled',
      'contact-officials',
      { ...CONTACT, position: ' \u00A0 ' },
      ['must missing position VP17-4.1'],
    ],
    [
      'VP17-4.1 an address without its part after @',
      'contact-officials',
      { ...CONTACT, officialEmail: 'sotuphap@vinhphuc' },
      ['must bad-email officialEmail VP17-4.1'],
    ],
    [
      'VP17-4.1 letters for a telephone',
      'contact-officials',
      { ...CONTACT, phoneFax: 'gọi trực tiếp' },
      ['must bad-phone phoneFax VP17-4.1'],
    ],
    [
      'VP17-4.1 telephone and fax',
      'contact-officials',
      { ...CONTACT, phoneFax: '(0211) 3.862.480; fax: 0211 3862 481' },
      [],
    ],
    ['VP17-4.6 a whole document', 'legal-documents', DOCUMENT, []],
    [
      'VP17-4.6 a date that does not exist',
      'legal-documents',
      { ...DOCUMENT, issueDate: '2017-02-31' },
      ['must no-such-day issueDate VP17-4.6'],
    ],
    [
      'VP17-4.6 a date before 1900',
      'legal-documents',
      { ...DOCUMENT, issueDate: '1017-08-17' },
      ['must date-out-of-range issueDate VP17-4.6'],
    ],
    [
      'VP17-4.6 a date that is none',
      'legal-documents',
      { ...DOCUMENT, issueDate: 'hôm nay' },
      ['must bad-date issueDate VP17-4.6'],
    ],
    [
      'VP17-4.6 in force before it was issued: a warning',
      'legal-documents',
      { ...DOCUMENT, effectiveDate: '2017-08-16' },
      ['should dates-out-of-order effectiveDate VP17-4.6'],
    ],
    [
      'VP17-4.6 in force on the day of issue',
      'legal-documents',
      { ...DOCUMENT, effectiveDate: '2017-08-17' },
      [],
    ],
    [
      'VP17-4.6 an unusual number: a warning',
      'legal-documents',
      { ...DOCUMENT, documentNumber: 'số 26' },
      ['should document-number-form documentNumber VP17-4.6'],
    ],
    [
      'VP17-4.6 a form that is not offered',
      'legal-documents',
      { ...DOCUMENT, documentForm: 'Quyết định' },
      ['must unknown-option documentForm VP17-4.6'],
    ],
    [
      'VP17-4.6 a wrong address of the national database',
      'legal-documents',
      { ...DOCUMENT, nationalDatabaseUrl: 'javascript:alert(1)' },
      ['must bad-url nationalDatabaseUrl VP17-4.6'],
    ],
    [
      'a value of another kind',
      'legal-documents',
      { ...DOCUMENT, abstract: { toString: () => 'x' } },
      ['must bad-value abstract VP17-4.6'],
    ],
    [
      'a text far too long',
      'legal-documents',
      { ...DOCUMENT, issuingAuthority: 'Ủ'.repeat(1001) },
      ['must too-long issuingAuthority VP17-4.6'],
    ],
    [
      'VP17-4.7 one abstract of several is empty',
      'official-gazette',
      {
        gazetteNumber: '12',
        issueDate: '2026-01-05',
        documentList: 'a',
        documentAbstract: ['Một', '', 'Hai'],
      },
      [],
    ],
    [
      'VP17-4.11.b reports before acceptance',
      'science-programmes',
      { ...SCIENCE, summaryReport: 'f1' },
      ['must precondition-unmet acceptanceDate VP17-4.11.b'],
    ],
    [
      'VP17-4.11.b accepted before it was approved: a warning',
      'science-programmes',
      { ...SCIENCE, acceptanceDate: '2025-12-01' },
      ['should dates-out-of-order acceptanceDate VP17-7.6'],
    ],
    ['VP17-4.13.b the reply mode', 'qa', QA, ['must missing replyMode VP17-4.13.b']],
    [
      'VP17-5.1.c a report that may not be made public',
      'socio-economic-reports',
      { period: 'month', publicationAllowed: false },
      ['must precondition-unmet publicationAllowed VP17-5.1.c'],
    ],
    [
      'VP17-5.13 the area is a number',
      'industrial-zones',
      { scale: 'Lớn', area: 'rộng', objective: 'Thu hút đầu tư' },
      ['must bad-number area VP17-5.13'],
    ],
    [
      'VP17-9.1 a service of level 3 without a guide',
      'online-public-services',
      { serviceLevel: 3 },
      [
        'sector',
        'process',
        'dossier',
        'receivingPlace',
        'handler',
        'handlerContact',
        'processingTime',
        'fee',
        'charge',
      ]
        .map((id) => `must missing ${id} VP17-4.9`)
        .concat('must missing userGuide VP17-9.1', 'must missing concernsForeigners VP17-4.15.d'),
    ],
    [
      'VP17-3.3 re-used content names its source',
      'other',
      { reused: true },
      ['must missing sourceOfficial VP17-3.3', 'must missing sourceAuthorOrAgency VP17-3.3'],
    ],
    ['VP17-3.3 own content needs none', 'other', { reused: false }, []],
    [
      'VP17-7.8 without the decision to publish',
      'statistics',
      { method: 'x', surveyTime: 'y' },
      ['must missing releaseDecisionDate VP17-7.8'],
    ],
    ['fields of another profile are left alone', 'other', { eventDate: 'x' }, []],
    ['a category that does not exist', 'nothing', {}, ['must unknown-category -']],
  ];
  test.each(cases)('%s', (_name, category, values, issues) => {
    expect(short(validateFields(vp17(), category, values))).toEqual(issues);
  });

  test('every issue on a field of the regulation carries its clause', () => {
    for (const category of vp17().categories) {
      for (const issue of validateFields(vp17(), category.id, { reused: true })) {
        expect(issue.clause).toMatch(/^Điều \d+/u);
        expect(issue.ref).toMatch(/^VP17-\d+/u);
      }
    }
  });

  test.each([
    ['1.500.000', 1_500_000],
    ['1 500 000 đồng', 1_500_000],
    ['15000đ', 15_000],
    [0, 0],
    ['0', 0],
    [12.5, null],
    [-1, null],
    ['1.50', null],
    ['miễn phí', null],
    [Number.NaN, null],
    ['9'.repeat(20), null],
  ])('money %o is %o', (value, expected) => {
    expect(readMoney(value)).toBe(expected);
  });

  test.each([
    ['12,5', 12.5],
    ['12.5', 12.5],
    [7, 7],
    ['-3', -3],
    ['1e9', null],
    [' ', null],
    [Number.POSITIVE_INFINITY, null],
  ])('number %o is %o', (value, expected) => {
    expect(readNumber(value)).toBe(expected);
  });
});

describe('number and symbol of documents', () => {
  test.each([
    ['26/2017/QĐ-UBND', 'normative'],
    ['18/2025/NQ-HĐND', 'normative'],
    ['43/2011/NĐ-CP', 'normative'],
    ['19/2012/TTLT-BTC-BKH&ĐT-BTTTT', 'normative'],
    ['134/2016/QH13', 'normative'],
    ['1673/QĐ-UBND', 'administrative'],
    ['2002/QĐ-UBND', 'administrative'],
    ['574/QĐ-TTg', 'administrative'],
    ['1778/BTTTT-THH', 'administrative'],
    ['80-NQ/TW', 'party'],
    [' 26 /2017/QÐ – UBND ', 'normative'],
    ['26/17/QĐ-UBND', null],
    ['QĐ-UBND', null],
    ['26/2017/qđ-ubnd', null],
    ['', null],
  ])('%o is %o', (text, kind) => {
    expect(classifyDocumentNumber(text)).toBe(kind);
  });

  test('the usual spelling', () => {
    expect(normaliseDocumentNumber(' 26 /2017/QÐ – UBND ')).toBe('26/2017/QĐ-UBND');
  });
});

describe('fields of a form', () => {
  test('own fields first, then author and source; labels in the language asked for', () => {
    const vi = fieldsFor(vp17(), 'legal-documents', 'vi');
    expect(vi[0]).toMatchObject({
      id: 'documentForm',
      label: 'Hình thức văn bản',
      common: false,
      inEnglish: null,
    });
    expect(vi.filter((field) => field.common).map((field) => field.id)).toEqual(
      vp17().commonFields.map((field) => field.id),
    );
    expect(fieldsFor(vp17(), 'legal-documents', 'en')[0]?.label).toBe('Document form');
  });

  test('VP17-4.15.c of a contact only post and unit are translated', () => {
    const translated = fieldsFor(vp17(), 'contact-officials', 'en').filter(
      (field) => !field.common && field.inEnglish === 'translate',
    );
    expect(translated.map((field) => field.id)).toEqual(['position', 'workUnit']);
  });

  test('an unknown category has the common fields', () => {
    expect(fieldsFor(vp17(), 'nothing', 'vi').every((field) => field.common)).toBe(true);
  });
});

describe('before submission', () => {
  const pdf = { name: 'qd26.pdf', size: 1000, type: 'application/pdf', role: 'documentFile' };
  const whole: ContentToCheck = {
    profile: vp17(),
    categoryId: 'legal-documents',
    language: 'vi',
    title: 'Quyết định số 26/2017/QĐ-UBND',
    summary: 'Ban hành Quy chế',
    fields: DOCUMENT,
    files: [pdf],
    body: text('Điều 1.'),
  };
  const news = { ...whole, categoryId: 'news-events', fields: { mediaKind: 'news' }, files: [] };
  const cases: [name: string, content: ContentToCheck, issues: string[]][] = [
    ['a whole document', whole, []],
    [
      'without title and summary',
      { ...whole, title: '  ', summary: '' },
      ['must missing-title title', 'should missing-summary summary'],
    ],
    ['a title too long', { ...whole, title: 'a'.repeat(501) }, ['must too-long title']],
    ['VP17-4.6 without its file', { ...whole, files: [] }, ['must missing-file documentFile VP17-4.6']],
    [
      'VP17-4.6 an illustration is not the document',
      { ...whole, files: [{ ...pdf, role: 'illustration' }] },
      ['must missing-file documentFile VP17-4.6'],
    ],
    [
      'VP17-4.6 a file attached without naming its field',
      { ...whole, files: [{ ...pdf, role: 'attachment' }] },
      [],
    ],
    ['VP17-4.6 a record needs no body', { ...whole, body: [] }, []],
    ['VP17-4.2 news without a body', { ...news, body: text(' \n') }, ['must missing-body body']],
    [
      'VP17-4.3 a directive opinion without the issued document',
      {
        ...whole,
        categoryId: 'direction-administration',
        fields: { directiveOpinion: 'Yêu cầu' },
        files: [],
      },
      ['must missing-file issuedDocument VP17-4.3'],
    ],
    [
      'VP17-4.3 a work schedule needs no document',
      { ...whole, categoryId: 'direction-administration', fields: { leaderSchedule: 'Thứ Hai' }, files: [] },
      [],
    ],
    [
      'VP17-4.1 an introduction about nothing the clause names',
      { ...whole, categoryId: 'introduction', fields: {}, files: [] },
      ['should missing-section - VP17-4.1'],
    ],
    [
      'VP17-4.1 a map is enough',
      { ...whole, categoryId: 'introduction', fields: {}, files: [{ ...pdf, role: 'boundaryMap' }] },
      [],
    ],
    [
      'VP17-4.13.b a direct answer comes with its .doc',
      { ...whole, categoryId: 'qa', fields: { ...QA, replyMode: 'direct' }, files: [] },
      ['must missing-file answerSoftCopy VP17-4.13.b'],
    ],
    [
      'VP17-4.13.b not as a PDF',
      {
        ...whole,
        categoryId: 'qa',
        fields: { ...QA, replyMode: 'direct' },
        files: [{ ...pdf, role: 'answerSoftCopy' }],
      },
      ['must file-format answerSoftCopy VP17-4.13.b'],
    ],
    [
      'VP17-4.12.c a consultation without the whole text',
      { ...whole, categoryId: 'public-consultation', fields: CONSULTATION, files: [], body: [] },
      ['must missing-body body'],
    ],
    [
      'VP17-4.12.c the whole text as a file',
      { ...whole, categoryId: 'public-consultation', fields: CONSULTATION, body: [] },
      [],
    ],
    [
      'VP17-4.13 an answer is its body',
      { ...whole, categoryId: 'qa', fields: { ...QA, replyMode: 'portal' }, files: [], body: [] },
      ['must missing-body body'],
    ],
    [
      'VP17-4.11.b a report among the files before acceptance',
      {
        ...whole,
        categoryId: 'science-programmes',
        fields: SCIENCE,
        files: [{ ...pdf, role: 'summaryReport' }],
      },
      ['must precondition-unmet acceptanceDate VP17-4.11.b'],
    ],
    [
      'VP17-4.11.b after acceptance both reports',
      {
        ...whole,
        categoryId: 'science-programmes',
        fields: { ...SCIENCE, acceptanceDate: '2026-05-04' },
        files: [{ ...pdf, role: 'summaryReport' }],
      },
      ['must missing-file applicationReport VP17-4.11.b'],
    ],
    [
      'VP17-4.15.c an English contact is its fields',
      {
        ...whole,
        categoryId: 'contact-officials',
        language: 'en',
        fields: { position: 'Officer', workUnit: 'Justice' },
        files: [],
        body: [],
      },
      [],
    ],
    [
      'VP17-4.14.b figures, report and analysis are files',
      {
        ...whole,
        categoryId: 'statistics',
        fields: { method: 'a', surveyTime: 'b', releaseDecisionDate: '2026-11-20' },
        files: [{ ...pdf, role: 'data' }],
      },
      ['must missing-file statisticalReport VP17-4.14.b', 'must missing-file analysis VP17-4.14.b'],
    ],
    [
      'a program among the files',
      { ...whole, files: [pdf, { name: 'a.exe', size: 5, type: '', role: 'attachment' }] },
      ['must file-type-refused -'],
    ],
    ['a register is no article', { ...whole, categoryId: 'feedback-petitions' }, ['must not-an-article -']],
    ['a category that does not exist', { ...whole, categoryId: 'nothing' }, ['must unknown-category -']],
    [
      'VP17-4.15 the English version takes over dates, numbers and files',
      {
        ...whole,
        language: 'en',
        fields: { issuingAuthority: 'People’s Committee', abstract: 'Regulation' },
        files: [],
      },
      [],
    ],
    [
      'VP17-4.15 but its words are its own',
      { ...whole, language: 'en', fields: {}, files: [] },
      ['must missing issuingAuthority VP17-4.6', 'must missing abstract VP17-4.6'],
    ],
  ];
  test.each(cases)('%s', (_name, content, issues) => {
    expect(short(checkBeforeSubmit(content))).toEqual(issues);
  });

  test('warnings alone do not hold it back', () => {
    expect(maySubmit(checkBeforeSubmit({ ...whole, summary: '' }))).toBe(true);
    expect(maySubmit(checkBeforeSubmit({ ...whole, title: '' }))).toBe(false);
  });

  test('a refused file is named', () => {
    const [issue] = checkBeforeSubmit({ ...whole, files: [pdf, { ...pdf, name: 'b.docm' }] });
    expect(issue?.params).toMatchObject({ name: 'b.docm', reason: 'macro' });
  });
});
