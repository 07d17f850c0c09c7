import { beforeAll, describe, expect, it } from 'vitest';
import { type CalendarData, defaultCalendar } from '../../../domain/deadlines/index.ts';
import { getProfile, type RegulationProfile } from '../../../domain/regulations/index.ts';
import { Browser } from './adminSupport.ts';
import { ORGANISATION, usePortal } from './support.ts';

const held = usePortal();
let browser: Browser;
beforeAll(async () => {
  browser = await Browser.signedIn(held.test);
});

const versionsOf = (subject: string) =>
  held.test.portal.db
    .selectFrom('versions')
    .selectAll()
    .where('organisation_id', '=', ORGANISATION)
    .where('subject', '=', subject)
    .orderBy('version')
    .execute();
const calendarOf = async (): Promise<CalendarData> =>
  (await versionsOf('calendar')).at(-1)?.data as unknown as CalendarData;
const profileOf = async (): Promise<RegulationProfile> =>
  (await versionsOf('profile')).at(-1)?.data as unknown as RegulationProfile;
const indexOf = async (date: string, kind: string): Promise<string> =>
  String((await calendarOf()).rows.findIndex((row) => row.date === date && row.kind === kind));

/** A decision that must be public within 7 working days of its day (VP17 Điều 7 khoản 4), not submitted. */
async function document(issuedOn: string): Promise<string> {
  const writer = await held.test.as('writer');
  const { id } = await writer.newArticle(
    {
      meta: { categoryId: 'legal-documents', language: 'vi' },
      title: `Quyết định ngày ${issuedOn}`,
      fields: { issueDate: issuedOn },
    },
    { categoryId: 'legal-documents' },
  );
  return id;
}
const dueOf = async (id: string) =>
  (await (await held.test.as('writer')).article(id)).due as { date: string; rule: string } | null;

describe('the calendar', () => {
  it('shows what nobody has confirmed, and counts none of it', async () => {
    await browser.get('/quan-tri/lich');
    expect(browser.location).toBe('/quan-tri/lich/2026');
    await browser.get(browser.location);
    expect(browser.text).toContain('Chờ xác nhận');
    expect(browser.text).toMatch(/thứ Hai, 31\/8\/2026 Nghỉ hoán đổi Nghỉ hoán đổi Chờ xác nhận/);
    const due = await dueOf(await document('2026-08-27'));
    expect(due).toMatchObject({ date: '2026-09-09', rule: 'VP17-7.4@1' });
  });

  it('is confirmed by a person who names the paper, says first which deadlines would move, and then moves them', async () => {
    const [moved, still] = [await document('2026-08-27'), await document('2026-08-03')];
    const before = await dueOf(still);
    await browser.get('/quan-tri/lich/2026');
    const rows = [await indexOf('2026-08-31', 'exchange-off'), await indexOf('2026-08-22', 'exchange-work')];
    await browser.post('/quan-tri/lich/2026', { action: 'confirm', rows, source: 'Thông báo 6150/TB-BNV' });
    expect(browser.status, browser.text).toBe(200);
    expect(browser.text).toContain('Chưa có gì thay đổi');
    expect(browser.text).toContain('Quyết định ngày 2026-08-27 09/9/2026 10/9/2026 31/8/2026');
    expect(browser.text).not.toContain('Quyết định ngày 2026-08-03');
    expect(await dueOf(moved)).toMatchObject({ date: '2026-09-09' });
    await browser.post('/quan-tri/lich/2026/ap-dung', {});
    expect(browser.location).toMatch(/^\/quan-tri\/lich-su\/\d+\?xong=applied$/);
    await browser.get(browser.location);
    expect(browser.text).toContain('Quyết định ngày 2026-08-27 09/9/2026 10/9/2026');
    expect(browser.text).toContain('Thông báo 6150/TB-BNV');
    expect(await dueOf(moved)).toMatchObject({ date: '2026-09-10', rule: 'VP17-7.4@1' });
    expect(await dueOf(still)).toEqual(before);
    const version = (await versionsOf('calendar')).at(-1);
    expect(version).toMatchObject({ version: 2, action: 'confirm', changed_by: 'admin' });
    const row = (await calendarOf()).rows.find((one) => one.date === '2026-08-31');
    expect(row).toMatchObject({ status: 'confirmed', source: 'Thông báo 6150/TB-BNV' });
    const writer = await held.test.as('writer');
    expect((await writer.pull('directory')).get('calendar')?.data).toEqual(await calendarOf());
  });

  it('counts at once for text that comes afterwards', async () => {
    expect(await dueOf(await document('2026-08-27'))).toMatchObject({ date: '2026-09-10' });
  });

  const ADD = {
    action: 'add',
    date: '2026-09-04',
    kind: 'holiday',
    nameVi: 'Ngày riêng',
    nameEn: 'Own day',
    addSource: 'TB 1',
  };
  it.each([
    [
      'a row that contradicts another',
      { date: '2026-09-02', kind: 'exchange-work' },
      '02/9/2026: không thể vừa là “Làm bù” vừa là “Nghỉ lễ”',
    ],
    ['a row that is there', { date: '2026-09-02' }, 'đã có dòng như vậy'],
    ['31 February', { date: '2026-02-31' }, '2026-02-31 không có trong lịch'],
    ['a day before 1900', { date: '1899-05-01' }, 'ngoài các năm 1900 đến 2199'],
    ['no day', { date: 'mai' }, '“mai” không phải là ngày'],
    ['no kind', { kind: 'feast' }, 'Hãy chọn một mục'],
    ['no source', { addSource: ' ' }, 'Hãy nêu căn cứ'],
    ['a name in one language', { nameEn: '' }, 'Hãy ghi tên bằng cả hai thứ tiếng'],
  ])('refuses %s and stays as it was', async (_, change, said) => {
    await browser.get('/quan-tri/lich/2026');
    const before = await versionsOf('calendar');
    await browser.post('/quan-tri/lich/2026', { ...ADD, ...change });
    expect(browser.status).toBe(422);
    expect(browser.text).toContain(said);
    expect(await versionsOf('calendar')).toHaveLength(before.length);
  });

  it('refuses a draft that was tampered with on the way', async () => {
    await browser.get('/quan-tri/lich/2026');
    await browser.post('/quan-tri/lich/2026', ADD);
    const draft = JSON.parse(browser.hidden('/quan-tri/lich/2026/ap-dung').draft ?? '{}');
    draft.rows.push({ date: '2026-09-04', kind: 'exchange-work', status: 'confirmed' });
    await browser.post('/quan-tri/lich/2026/ap-dung', { draft: JSON.stringify(draft) });
    expect(browser.status).toBe(422);
    await browser.post('/quan-tri/lich/2026/ap-dung', { draft: 'không phải JSON' });
    expect(browser.status).toBe(422);
  });

  it('gets days of its own and loses days, each with a source', async () => {
    await browser.get('/quan-tri/lich/2026');
    await browser.post('/quan-tri/lich/2026', { ...ADD, own: '1' });
    await browser.post('/quan-tri/lich/2026/ap-dung', {});
    expect(browser.location).toMatch(/applied$/);
    expect((await calendarOf()).rows.find((one) => one.date === '2026-09-04')).toMatchObject({
      own: true,
      status: 'confirmed',
    });
    await browser.get('/quan-tri/lich/2026');
    await browser.post('/quan-tri/lich/2026', {
      action: 'remove',
      rows: [await indexOf('2026-09-04', 'holiday')],
      source: 'TB 2',
    });
    await browser.post('/quan-tri/lich/2026/ap-dung', {});
    expect((await calendarOf()).rows.some((one) => one.date === '2026-09-04')).toBe(false);
    await browser.get('/quan-tri/lich/2026');
    await browser.post('/quan-tri/lich/2026', { action: 'remove', source: 'TB 2' });
    expect(browser.text).toContain('Hãy chọn ít nhất một ngày');
  });

  it('is not overwritten by somebody who saw an older version', async () => {
    const late = await Browser.signedIn(held.test);
    await late.get('/quan-tri/lich/2026');
    await late.post('/quan-tri/lich/2026', ADD);
    await browser.get('/quan-tri/lich/2026');
    await browser.post('/quan-tri/lich/2026', { ...ADD, date: '2026-12-31' });
    await browser.post('/quan-tri/lich/2026/ap-dung', {});
    await late.post('/quan-tri/lich/2026/ap-dung', {});
    expect(late.status).toBe(409);
    expect((await calendarOf()).rows.some((one) => one.date === '2026-09-04')).toBe(false);
  });

  it('is asked about only within its years', async () => {
    for (const year of ['1899', '2100', 'nam']) {
      await browser.get(`/quan-tri/lich/${year}`);
      expect(browser.status).toBe(404);
    }
  });
});

describe('the regulation', () => {
  it('is shown with its clauses', async () => {
    await browser.get('/quan-tri/quy-che');
    for (const said of [
      '26/2017/QĐ-UBND',
      'Điều 7 khoản 4',
      'Quyết định cuối cùng Trưởng Ban Biên tập Điều 11 khoản 3',
    ])
      expect(browser.text).toContain(said);
  });

  it('has a limit adjusted after a look at what moves; deadlines keep the version of their rule', async () => {
    const [open, old] = [await document('2026-08-10'), await document('2026-08-11')];
    expect(await dueOf(open)).toMatchObject({ date: '2026-08-19', rule: 'VP17-7.4@1' });
    await browser.get('/quan-tri/quy-che/chuyen-muc/legal-documents');
    const required = [...browser.page.matchAll(/name="required" value="([^"]+)" checked/g)].map(
      ([, id]) => id ?? '',
    );
    expect(required.length).toBeGreaterThan(3);
    await browser.post('/quan-tri/quy-che/chuyen-muc/legal-documents', {
      workingDays: '3',
      clause: 'Điều 7 khoản 4',
      quote: 'ba ngày',
      required,
    });
    expect(browser.status, browser.text).toBe(200);
    expect(browser.text).toContain('categories/legal-documents/deadline/workingDays 7 3');
    expect(browser.text).toContain('Quyết định ngày 2026-08-10 19/8/2026 13/8/2026');
    expect(await dueOf(open)).toMatchObject({ date: '2026-08-19' });
    await browser.upload('/quan-tri/quy-che/ap-dung', { basis: 'Quyết định sửa đổi 1' });
    expect(browser.status, browser.text).toBe(303);
    expect(await dueOf(open)).toMatchObject({ date: '2026-08-13', rule: 'VP17-7.4@2' });
    expect(await dueOf(old)).toMatchObject({ rule: 'VP17-7.4@2' });
    expect(await profileOf()).toMatchObject({ id: 'VP17', version: 2 });
    const writer = await held.test.as('writer');
    expect((await writer.pull('directory')).get('profile')?.data).toEqual(await profileOf());
  });

  it.each(['0', '367', '', 'ba'])('has no limit of %s working days', async (workingDays) => {
    await browser.get('/quan-tri/quy-che/chuyen-muc/legal-documents');
    await browser.post('/quan-tri/quy-che/chuyen-muc/legal-documents', {
      workingDays,
      clause: 'Điều 7 khoản 4',
    });
    expect([browser.status, browser.text.includes('Từ 1 đến 366 ngày làm việc')]).toEqual([422, true]);
  });

  type Draft = { -readonly [K in keyof RegulationProfile]: RegulationProfile[K] };
  const broken: [what: string, said: RegExp, change: (draft: Draft) => void][] = [
    [
      'a missing clause',
      /categories\/0: thiếu clause/,
      (d) => Reflect.deleteProperty(d.categories[0] ?? {}, 'clause'),
    ],
    [
      'a circular chain',
      /quy trình vi: vòng lặp .+ → /,
      (d) => {
        const submit = d.chain.vi.find((step) => step.action === 'endorse');
        if (submit) submit.to = 'submitted';
      },
    ],
    [
      'a category without the deadline that a clause demands',
      /chuyên mục legal-documents: thiếu thời hạn mà VP17-7\.4 đặt ra/,
      (d) =>
        Object.assign(d.categories.find((one) => one.id === 'legal-documents')?.deadline ?? {}, {
          mode: 'notStated',
          workingDays: null,
          eventField: null,
          event: null,
          clause: null,
          ref: null,
        }),
    ],
    [
      '31 February',
      /\/validFrom: 2026-02-31 không có trong lịch/,
      (d) => Object.assign(d, { validFrom: '2026-02-31' }),
    ],
    [
      'a day before 1900',
      /\/issuedOn: 1899-01-01 ngoài các năm/,
      (d) => Object.assign(d, { issuedOn: '1899-01-01' }),
    ],
    [
      'a property that nobody knows',
      /có mục mà phần mềm không biết: colour/,
      (d) => Object.assign(d, { colour: 'red' }),
    ],
    [
      'a foreign citation',
      /TB21-8: điều khoản không thuộc VP17/,
      (d) => Object.assign(d.lastWord, { ref: 'TB21-8' }),
    ],
  ];
  it.each(broken)(
    'is not replaced by one with %s: place and reason are named, the former stays',
    async (_, said, change) => {
      const draft = structuredClone(await profileOf()) as Draft;
      change(draft);
      const before = await versionsOf('profile');
      await browser.get('/quan-tri/quy-che/thay');
      await browser.upload('/quan-tri/quy-che/thay', {}, JSON.stringify(draft));
      expect(browser.status).toBe(422);
      expect(browser.text).toMatch(said);
      expect(browser.text).toContain('Bản 2 vẫn có hiệu lực');
      // The same by the door that applies, past the preview.
      await browser.upload('/quan-tri/quy-che/ap-dung', {
        draft: JSON.stringify(draft),
        basis: 'x',
        version: '2',
      });
      expect(browser.status).toBe(422);
      expect(await versionsOf('profile')).toHaveLength(before.length);
      const writer = await held.test.as('writer');
      expect((await writer.pull('directory')).get('profile')?.data).toMatchObject({ version: 2 });
    },
  );

  it('is not replaced by nothing, by what is no JSON, or by what would strand articles', async () => {
    await browser.get('/quan-tri/quy-che/thay');
    await browser.upload('/quan-tri/quy-che/thay', {});
    expect(browser.text).toContain('Chưa có tệp hay nội dung nào');
    await browser.upload('/quan-tri/quy-che/thay', {}, '{"id":');
    expect(browser.text).toContain('Nội dung không phải JSON');
    const other = getProfile('TB21');
    const lost = (await profileOf()).categories.find(
      (one) => one.drafting && !other?.categories.some((kept) => kept.id === one.id),
    );
    await (await held.test.as('writer')).newArticle(
      { meta: { categoryId: lost?.id ?? '', language: 'vi' } },
      { categoryId: lost?.id ?? '' },
    );
    await browser.upload('/quan-tri/quy-che/thay', {
      draft: JSON.stringify({ ...other, issuedOn: '2021-05-01', validFrom: '2021-05-01' }),
    });
    expect(browser.status).toBe(422);
    expect(browser.text).toMatch(/còn 1 bài, nhưng quy chế mới không có chuyên mục này/);
    expect(await profileOf()).toMatchObject({ id: 'VP17', version: 2 });
  });

  it('has what its text leaves open confirmed by a person, with a basis', async () => {
    await browser.get('/quan-tri/quy-che');
    expect(browser.text).toContain('Không điều khoản nào nêu đích danh người quyết định cuối cùng');
    await browser.post('/quan-tri/quy-che/xac-nhan', { what: 'last-word', 'basis-last-word': '' });
    expect(browser.status).toBe(422);
    await browser.get('/quan-tri/quy-che');
    await browser.post('/quan-tri/quy-che/xac-nhan', {
      what: 'last-word',
      'basis-last-word': 'Quyết định thành lập Ban',
    });
    expect(browser.location).toBe('/quan-tri/quy-che?xong=confirmed');
    await browser.get('/quan-tri/quy-che');
    expect(browser.text).not.toContain('Không điều khoản nào nêu đích danh');
    await browser.get('/quan-tri/lich-su?loai=fact');
    expect(browser.text).toContain('Quyết định thành lập Ban');
    await browser.get('/quan-tri/quy-che');
    const { unitId } = (await profileOf()).successions[0] ?? { unitId: '' };
    await browser.post('/quan-tri/quy-che/xac-nhan', {
      what: `succession:${unitId}`,
      [`basis-succession-${unitId}`]: 'NQ 12',
    });
    expect(browser.status, browser.text).toBe(303);
    expect(await profileOf()).toMatchObject({ version: 3 });
    expect((await profileOf()).units.find((unit) => unit.id === unitId)?.successorIds).toHaveLength(1);
  });
});

it('what ships is never counted before somebody has confirmed it', () => {
  const { rows } = defaultCalendar();
  expect(rows.filter((row) => row.kind.startsWith('exchange')).map((row) => row.status)).not.toContain(
    'confirmed',
  );
  expect(
    rows.filter((row) => row.kind.startsWith('exchange')).every((row) => row.status === 'proposed'),
  ).toBe(true);
});
