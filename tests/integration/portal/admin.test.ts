import { beforeAll, describe, expect, it } from 'vitest';
import { IDLE_MS } from '../../../portal/admin/session.ts';
import { Browser } from './adminSupport.ts';
import { ORGANISATION, PASSWORD, PEOPLE, TestDesk, usePortal } from './support.ts';

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

describe('the door of administration', () => {
  it('leads whoever is not signed in to the page of signing in, and back', async () => {
    const stranger = new Browser(held.test);
    await stranger.get('/quan-tri/don-vi?q=so');
    expect([stranger.status, stranger.location]).toEqual([
      303,
      '/quan-tri/dang-nhap?ve=%2Fquan-tri%2Fdon-vi%3Fq%3Dso',
    ]);
    await stranger.get(stranger.location);
    await stranger.post('/quan-tri/dang-nhap', { account: 'admin', password: PASSWORD });
    expect(stranger.location).toBe('/quan-tri/don-vi?q=so');
  });

  it.each([
    ['//elsewhere.example'],
    ['https://elsewhere.example/quan-tri'],
    ['/quan-tri/../../x?//y'],
    ['/khac'],
  ])('never leads back to %s', async (address) => {
    const stranger = new Browser(held.test);
    await stranger.get(`/quan-tri/dang-nhap?${new URLSearchParams({ ve: address })}`);
    expect(stranger.hidden('/quan-tri/dang-nhap').ve).toBe('/quan-tri');
  });

  it.each(Object.keys(PEOPLE).filter((id) => id !== 'admin' && id !== 'gone'))(
    'stays shut for %s, who is no administrator',
    async (account) => {
      const person = new Browser(held.test);
      await person.get('/quan-tri/dang-nhap');
      await person.post('/quan-tri/dang-nhap', { account, password: PASSWORD });
      expect(person.status).toBe(403);
      expect(person.cookies.has('soan-quan-tri')).toBe(false);
      await person.get('/quan-tri');
      expect(person.status).toBe(303);
    },
  );

  it('stays shut for a wrong password, and stops guessing together with the other door', async () => {
    const guesser = new Browser(held.test);
    await guesser.get('/quan-tri/dang-nhap');
    for (let n = 0; n < 10; n += 1) {
      await guesser.post('/quan-tri/dang-nhap', { account: 'head', password: `sai ${n}` });
      expect(guesser.status).toBe(401);
    }
    await guesser.post('/quan-tri/dang-nhap', { account: 'head', password: PASSWORD });
    expect(guesser.status).toBe(429);
    const other = await held.test.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: 'head', password: PASSWORD, deskId: 'd' },
    });
    expect(other.statusCode).toBe(429);
  });

  it('sets cookies that no script reads and no other site sends, and pages that load and frame nothing', async () => {
    const reply = await held.test.app.inject({
      url: '/quan-tri/dang-nhap',
      headers: { host: 'cong.example.vn' },
    });
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^soan-quan-tri-cua=[\w-]{43}; Path=\/quan-tri; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(reply.headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.body).not.toMatch(/<script|style=|\son\w+=/i);
  });

  it('ends a session after a while without a request, on signing out, and when the person is an administrator no more', async () => {
    const idle = await Browser.signedIn(held.test);
    held.test.clock.now += IDLE_MS + 1000;
    await idle.get('/quan-tri');
    expect(idle.status).toBe(303);
    const leaving = await Browser.signedIn(held.test);
    const kept = new Map(leaving.cookies);
    await leaving.post('/quan-tri/dang-xuat', {});
    for (const [name, value] of kept) leaving.cookies.set(name, value);
    await leaving.get('/quan-tri');
    expect(leaving.status).toBe(303);
    browser = await Browser.signedIn(held.test);
  });

  it.each([
    ['without the token', { token: '' }, {}],
    ['with a token of another session', { token: 'A'.repeat(43) }, {}],
    ['that another site sent', {}, { 'sec-fetch-site': 'cross-site' }],
    ['that another origin sent', {}, { origin: 'https://elsewhere.example' }],
  ])('refuses a form %s', async (_, fields, headers) => {
    await browser.get('/quan-tri/nguoi-dung/stranger');
    const before = await versionsOf('person:stranger');
    await browser.post('/quan-tri/nguoi-dung/stranger/hoat-dong', { active: '0', ...fields }, headers);
    expect(browser.status).toBe(403);
    expect(await versionsOf('person:stranger')).toEqual(before);
  });

  it('speaks Vietnamese first and English on demand', async () => {
    const reader = await Browser.signedIn(held.test);
    expect(reader.page).toContain('<html lang="vi">');
    await reader.get('/quan-tri/ngon-ngu/en?ve=%2Fquan-tri%2Flich');
    expect(reader.location).toBe('/quan-tri/lich');
    await reader.get('/quan-tri');
    expect(reader.page).toContain('<html lang="en">');
    expect(reader.text).toContain('Waiting for an administrator');
  });
});

describe('units', () => {
  const UNIT = {
    id: 'so-noi-vu',
    nameVi: 'Sở Nội vụ',
    nameEn: 'Department of Home Affairs',
    shortVi: '',
    shortEn: '',
    validFrom: '2025-03-01',
    validTo: '',
    successors: '',
    former: '2025-02-28 | Sở Lao động | Department of Labour',
    categories: ['other'],
    basis: 'Nghị quyết 12',
  };

  it('are made, sent to desks, and kept with who and when', async () => {
    await browser.get('/quan-tri/don-vi/moi');
    await browser.post('/quan-tri/don-vi/moi', UNIT);
    expect([browser.status, browser.location]).toEqual([303, '/quan-tri/don-vi/so-noi-vu?xong=created']);
    const writer = await held.test.as('writer');
    expect((await writer.pull('directory')).get('unit:so-noi-vu')?.data).toMatchObject({
      id: 'so-noi-vu',
      name: { vi: 'Sở Nội vụ' },
      shortName: { vi: 'Sở Nội vụ' },
      formerNames: [{ name: { vi: 'Sở Lao động' }, until: '2025-02-28' }],
    });
    const [version] = await versionsOf('unit:so-noi-vu');
    expect(version).toMatchObject({
      version: 1,
      action: 'create',
      changed_by: 'admin',
      basis: 'Nghị quyết 12',
    });
  });

  it('are found by a former name without marks', async () => {
    await browser.get('/quan-tri/don-vi?q=so%20lao%20dong');
    expect(browser.text).toContain('Sở Nội vụ');
    expect(browser.text).not.toContain('Sở hai');
    await browser.get('/quan-tri/don-vi?q=kh%C3%B4ng%20c%C3%B3');
    expect(browser.text).toContain('Không có mục nào khớp với “không có”');
  });

  it.each([
    ['an id that another has', { id: 'mot' }, 'Đã có đơn vị mang mã này'],
    ['a malformed id', { id: 'Sở' }, 'Mã có 2 đến 40 chữ thường'],
    ['a name in one language', { nameEn: '' }, 'Hãy ghi tên bằng cả hai thứ tiếng'],
    ['31 February', { validFrom: '2026-02-31' }, 'Ngày không có trong lịch'],
    ['a day before 1900', { validFrom: '1899-12-31' }, 'ngoài các năm 1900 đến 2199'],
    ['an end before the beginning', { validTo: '2025-01-01', former: '' }, 'Ngày kết thúc đứng trước'],
    ['a successor without an end', { successors: 'mot' }, 'phải có ngày kết thúc'],
    ['an unknown successor', { validTo: '2026-01-01', successors: 'khong' }, 'Không có đơn vị kế thừa'],
    [
      'itself as successor',
      { id: 'vong', validTo: '2026-01-01', successors: 'vong' },
      'kế thừa của chính nó',
    ],
    ['a former name that is none', { former: 'Sở cũ' }, 'Dòng này không đúng dạng'],
  ])('are refused with %s, beside the field', async (_, change, said) => {
    await browser.get('/quan-tri/don-vi/moi');
    await browser.post('/quan-tri/don-vi/moi', { ...UNIT, id: 'don-vi-moi', ...change });
    expect(browser.status).toBe(422);
    expect(browser.text).toContain(said);
    expect(browser.page).toContain('aria-invalid="true"');
    expect(browser.page).toContain('value="Sở Nội vụ"');
    expect(await versionsOf('unit:don-vi-moi')).toEqual([]);
  });

  it('are not overwritten by somebody who saw an older version', async () => {
    await browser.get('/quan-tri/don-vi/so-noi-vu');
    const late = await Browser.signedIn(held.test);
    await late.get('/quan-tri/don-vi/so-noi-vu');
    await browser.post('/quan-tri/don-vi/so-noi-vu', { ...UNIT, nameEn: 'Home Affairs' });
    expect(browser.status).toBe(303);
    await late.post('/quan-tri/don-vi/so-noi-vu', { ...UNIT, nameEn: 'Something else' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('admin đã thay đổi mục này');
    expect((await versionsOf('unit:so-noi-vu')).map((one) => one.version)).toEqual([1, 2]);
  });

  it('don’t end while people are in them; people and unfinished articles are handed over, what is seen follows', async () => {
    const stranger = await held.test.as('stranger');
    const { id } = await stranger.newArticle();
    await browser.get('/quan-tri/don-vi/hai');
    const end = {
      nameVi: 'Sở hai',
      nameEn: 'Department hai',
      validTo: '2026-08-01',
      successors: 'so-noi-vu',
    };
    await browser.post('/quan-tri/don-vi/hai', end);
    expect(browser.status).toBe(422);
    expect(browser.text).toContain('Đơn vị còn tài khoản đang dùng');
    await browser.post('/quan-tri/don-vi/hai/ban-giao', { to: 'so-noi-vu', handOverBasis: '' });
    expect(browser.status).toBe(422);
    await browser.post('/quan-tri/don-vi/hai/ban-giao', { to: 'so-noi-vu', handOverBasis: 'Nghị quyết 12' });
    expect(browser.location).toBe('/quan-tri/don-vi/hai?xong=moved');
    expect(await stranger.article(id)).toMatchObject({ unitId: 'so-noi-vu' });
    expect((await stranger.pull('updates')).size).toBeGreaterThan(0);
    await browser.get('/quan-tri/don-vi/hai');
    await browser.post('/quan-tri/don-vi/hai', end);
    expect(browser.status, browser.text).toBe(303);
    await browser.get('/quan-tri/don-vi?q=hai');
    expect(browser.text).toContain('Nay là: Sở Nội vụ');
  });
});

describe('the first page', () => {
  it('TB21-18.2 names a unit without a liaison officer, until it has one', async () => {
    await browser.get('/quan-tri/don-vi/moi');
    await browser.post('/quan-tri/don-vi/moi', {
      id: 'so-y-te',
      nameVi: 'Sở Y tế',
      nameEn: 'Department of Health',
      categories: ['other'],
    });
    expect(browser.status, browser.text).toBe(303);
    await browser.get('/quan-tri');
    expect(browser.text).toContain('Sở Y tế chưa có cán bộ đầu mối');
    expect(browser.text).not.toContain('Sở mot chưa có cán bộ đầu mối');
    await browser.get('/quan-tri/nguoi-dung/moi');
    const person = { nameVi: 'Y Tế', nameEn: 'Y Tế', account: 'y-te', unitId: 'so-y-te', roles: ['liaison'] };
    await browser.post('/quan-tri/nguoi-dung/moi', person);
    await browser.get('/quan-tri');
    expect(browser.text).not.toContain('Sở Y tế chưa có cán bộ đầu mối');
  });

  it('says what waits for a confirmation', async () => {
    await browser.get('/quan-tri');
    expect(browser.text).toMatch(/Lịch năm 2026: \d+ ngày chưa được ai xác nhận/);
    expect(browser.text).toContain('Đơn vị nêu trong quy chế có thể đã sáp nhập');
  });
});

describe('people', () => {
  const PERSON = {
    nameVi: 'Người Mới',
    nameEn: 'New Person',
    account: 'nguoi-moi',
    unitId: 'mot',
    roles: ['liaison'],
  };

  it('get an account and a password that is shown once, with which they sign in', async () => {
    await browser.get('/quan-tri/nguoi-dung/moi');
    await browser.post('/quan-tri/nguoi-dung/moi', PERSON);
    const password = /<p class="secret"><code>([^<]+)<\/code>/.exec(browser.page)?.[1] ?? '';
    expect(password).toMatch(/^(?:[a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const reply = await held.test.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { account: 'nguoi-moi', password, deskId: 'moi' },
    });
    expect(reply.json().person).toMatchObject({ id: 'nguoi-moi', roles: ['liaison'], unitId: 'mot' });
    await browser.get('/quan-tri/nguoi-dung/nguoi-moi');
    expect(browser.page).not.toContain(password);
    expect(JSON.stringify(await versionsOf('person:nguoi-moi'))).not.toContain(password);
    expect((await (await held.test.as('writer')).pull('directory')).get('person:nguoi-moi')).toBeTruthy();
  });

  it.each([
    ['an account that somebody has', { account: 'writer' }, 'Đã có người dùng tài khoản này'],
    ['a malformed account', { account: 'Người' }, 'Tài khoản có 3 đến 64'],
    ['no role', { roles: [] }, 'Hãy chọn ít nhất một vai trò'],
    ['an unknown role', { roles: ['king'] }, 'Hãy chọn ít nhất một vai trò'],
    ['an unknown unit', { unitId: 'khong' }, 'Không có đơn vị này'],
    ['no name', { nameVi: ' ' }, 'Hãy điền mục này'],
  ])('are refused with %s', async (_, change, said) => {
    await browser.get('/quan-tri/nguoi-dung/moi');
    await browser.post('/quan-tri/nguoi-dung/moi', { ...PERSON, account: 'nguoi-khac', ...change });
    expect(browser.status).toBe(422);
    expect(browser.text).toContain(said);
    expect(await versionsOf('person:nguoi-khac')).toEqual([]);
  });

  it('lose all sessions and the former password with a new one', async () => {
    const colleague = await held.test.as('colleague');
    await browser.get('/quan-tri/nguoi-dung/colleague');
    await browser.post('/quan-tri/nguoi-dung/colleague/mat-khau', {});
    expect(browser.page).toContain('class="secret"');
    const me = await held.test.app.inject({ url: '/api/me', headers: colleague.headers });
    expect(me.json().code).toBe('session-expired');
    const payload = { account: 'colleague', password: PASSWORD, deskId: 'x' };
    expect((await held.test.app.inject({ method: 'POST', url: '/api/session', payload })).statusCode).toBe(
      401,
    );
    expect((await versionsOf('person:colleague')).at(-1)?.action).toBe('password');
  });

  it('are switched off and on again', async () => {
    await browser.get('/quan-tri/nguoi-dung/nguoi-moi');
    await browser.post('/quan-tri/nguoi-dung/nguoi-moi/hoat-dong', {});
    await browser.get('/quan-tri/nguoi-dung/nguoi-moi');
    expect(browser.text).toContain('Đã ngừng');
    await browser.post('/quan-tri/nguoi-dung/nguoi-moi/hoat-dong', {});
    expect((await versionsOf('person:nguoi-moi')).map((one) => one.action)).toEqual([
      'create',
      'deactivate',
      'activate',
    ]);
  });

  it('never change their own rights, nor take away the last administrator', async () => {
    await browser.get('/quan-tri/nguoi-dung/admin');
    const own = { nameVi: 'Quản trị', nameEn: 'Administrator', account: 'admin', unitId: 'bbt' };
    await browser.post('/quan-tri/nguoi-dung/admin', { ...own, roles: ['administrator', 'editor-in-chief'] });
    expect([browser.status, browser.text.includes('Không ai tự đổi quyền của mình')]).toEqual([422, true]);
    await browser.post('/quan-tri/nguoi-dung/admin/hoat-dong', { active: '0' });
    expect(browser.status).toBe(422);
    await browser.get('/quan-tri/nguoi-dung/admin');
    await browser.post('/quan-tri/nguoi-dung/admin', { ...own, roles: ['administrator'] });
    expect(browser.status, browser.text).toBe(303);
  });

  it('change their own password only with the present one', async () => {
    const own = await Browser.signedIn(held.test);
    await own.get('/quan-tri/mat-khau');
    await own.post('/quan-tri/mat-khau', { former: 'sai', next: 'ngắn', again: 'khác' });
    expect(own.status).toBe(422);
    for (const said of ['Tài khoản hoặc mật khẩu không đúng', 'Mật khẩu cần từ 12', 'không giống nhau'])
      expect(own.text).toContain(said);
    const next = 'mật khẩu mới dài hơn';
    await own.post('/quan-tri/mat-khau', { former: PASSWORD, next, again: next });
    expect(own.status).toBe(303);
    await own.get('/quan-tri');
    expect(own.status).toBe(200);
    await browser.get('/quan-tri');
    expect(browser.status).toBe(303);
    await own.get('/quan-tri/mat-khau');
    await own.post('/quan-tri/mat-khau', { former: next, next: PASSWORD, again: PASSWORD });
    browser = await Browser.signedIn(held.test);
  });
});

describe('delegations', () => {
  const GIVEN = {
    giver: 'writer',
    taker: 'head',
    roles: ['liaison'],
    from: '2026-08-20',
    to: '2026-09-20',
    basis: 'QĐ 1',
  };

  it('are given, decide at the portal, and are withdrawn but never deleted', async () => {
    await browser.get('/quan-tri/uy-quyen/moi');
    await browser.post('/quan-tri/uy-quyen/moi', GIVEN);
    expect(browser.status, browser.text).toBe(303);
    const id = browser.location.replace(/^.*\/|\?.*$/g, '');
    const writer = await held.test.as('writer');
    const row = (await writer.pull('directory')).get(`delegation:${id}`);
    expect(row?.data).toMatchObject({ fromPersonId: 'writer', toPersonId: 'head', roles: ['liaison'] });
    await browser.get(browser.location);
    expect(browser.text).toContain('Đang có hiệu lực');
    held.test.clock.now += 16 * 60_000;
    const { app, clock } = held.test;
    const head = await TestDesk.signIn(app, clock, 'head');
    const author = await TestDesk.signIn(app, clock, 'writer');
    const { id: article, doc } = await author.newArticle();
    expect(await head.decide(article, 'submit', doc)).toMatchObject({ status: 'accepted' });
    expect(await author.decide(article, 'recall', doc, { reason: 'sửa lại' })).toMatchObject({
      status: 'accepted',
    });
    await browser.get(`/quan-tri/uy-quyen/${id}`);
    await browser.post(`/quan-tri/uy-quyen/${id}/rut`, {});
    await browser.get(`/quan-tri/uy-quyen/${id}`);
    expect(browser.text).toContain('Đã rút');
    expect((await author.pull('directory')).get(`delegation:${id}`)?.data).toMatchObject({ withdrawn: true });
    expect((await versionsOf(`delegation:${id}`)).map((one) => one.action)).toEqual(['create', 'withdraw']);
    expect(await head.decide(article, 'submit', doc)).toMatchObject({
      status: 'refused',
      verdictCode: 'wrong-role',
    });
  });

  it.each([
    ['to oneself', { taker: 'writer' }, 'Không ai ủy quyền cho chính mình'],
    ['to somebody unknown', { taker: 'khong' }, 'Không có tài khoản này'],
    ['to an account that is off', { taker: 'gone' }, 'Tài khoản đã ngừng'],
    ['of a role that is not held', { roles: ['unit-head'] }, 'không có vai trò này'],
    [
      'of the last word',
      { giver: 'chief', taker: 'editor', roles: ['editor-in-chief'] },
      'Quyền quyết định cuối cùng không được ủy quyền',
    ],
    ['to another unit', { taker: 'editor' }, 'hai đơn vị khác nhau'],
    ['until a day before its first', { from: '2026-09-21' }, 'Ngày cuối đứng trước ngày đầu'],
    ['on 31 February', { from: '2027-02-31', to: '2027-03-31' }, 'Ngày không có trong lịch'],
    ['before 1900', { from: '1899-01-01' }, 'trước năm 1900'],
    ['in the past', { from: '2026-01-01', to: '2026-01-02' }, 'Ngày này đã qua'],
    ['without a paper', { basis: '' }, 'Hãy nêu căn cứ'],
    ['of no role', { roles: [] }, 'Hãy chọn ít nhất một vai trò'],
  ])('are refused %s', async (_, change, said) => {
    await browser.get('/quan-tri/uy-quyen/moi');
    const before = await held.test.portal.db.selectFrom('versions').select('id').execute();
    await browser.post('/quan-tri/uy-quyen/moi', { ...GIVEN, ...change });
    expect(browser.status).toBe(422);
    expect(browser.text).toContain(said);
    expect(await held.test.portal.db.selectFrom('versions').select('id').execute()).toHaveLength(
      before.length,
    );
  });

  it('of one role to two people at once are refused', async () => {
    await browser.get('/quan-tri/uy-quyen/moi');
    await browser.post('/quan-tri/uy-quyen/moi', GIVEN);
    expect(browser.status).toBe(303);
    await browser.get('/quan-tri/uy-quyen/moi');
    await browser.post('/quan-tri/uy-quyen/moi', {
      ...GIVEN,
      taker: 'colleague',
      from: '2026-09-20',
      to: '2026-10-01',
    });
    expect([browser.status, browser.text.includes('đã được ủy quyền cho người khác')]).toEqual([422, true]);
    await browser.post('/quan-tri/uy-quyen/moi', {
      ...GIVEN,
      taker: 'colleague',
      from: '2026-09-21',
      to: '2026-10-01',
    });
    expect(browser.status).toBe(303);
  });
});

describe('the history', () => {
  it('shows every change with who and when, of one kind on demand, with what differs', async () => {
    await browser.get('/quan-tri/lich-su');
    expect(browser.text).toContain('Đơn vị: Sở Nội vụ');
    expect(browser.text).toContain('Lúc thiết lập Cổng');
    await browser.get('/quan-tri/lich-su?loai=unit');
    expect(browser.text).not.toContain('Người dùng:');
    const second = (await versionsOf('unit:so-noi-vu'))[1];
    await browser.get(`/quan-tri/lich-su/${second?.id}`);
    expect(browser.text).toContain('Tên tiếng Anh Department of Home Affairs Home Affairs');
    expect(browser.page).toContain('<del>Department of Home Affairs</del>');
    expect(browser.page).toContain('<ins>Home Affairs</ins>');
    await browser.get('/quan-tri/lich-su/999999');
    expect(browser.status).toBe(404);
  });

  it('can’t be rewritten, not even in the database', async () => {
    const { db } = held.test.portal;
    await expect(db.updateTable('versions').set({ basis: 'khác' }).execute()).rejects.toThrow(
      /versions are kept/,
    );
    await expect(db.deleteFrom('versions').execute()).rejects.toThrow(/versions are kept/);
  });
});
