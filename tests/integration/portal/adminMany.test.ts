import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { Browser } from './adminSupport.ts';
import { ORGANISATION, usePortal } from './support.ts';

const held = usePortal();
const MANY = 10_000;
let browser: Browser;

beforeAll(async () => {
  const { db } = held.test.portal;
  await sql`
    insert into units (organisation_id, id, name, short_name, categories)
    select ${ORGANISATION}, 'don-vi-' || n, jsonb_build_object('vi', 'Đơn vị số ' || n, 'en', 'Unit ' || n),
      jsonb_build_object('vi', 'ĐV ' || n, 'en', 'U ' || n), '{other}'
    from generate_series(1, ${MANY}::int) n`.execute(db);
  await sql`
    insert into people (organisation_id, id, account, name, roles, unit_id, active, password_hash)
    select ${ORGANISATION}, 'nguoi-' || n, 'nguoi-' || n, jsonb_build_object('vi', 'Người số ' || n, 'en', 'Person ' || n),
      '{liaison}', 'don-vi-' || n, true, 'none'
    from generate_series(1, ${MANY}::int) n`.execute(db);
  browser = await Browser.signedIn(held.test);
});

describe('with ten thousand units and people', () => {
  it.each([
    ['/quan-tri/don-vi', '10.003 mục', 201],
    ['/quan-tri/nguoi-dung', '10.009 mục', 201],
  ])('%s comes in pages', async (path, count, pages) => {
    const page = await browser.get(path);
    expect(browser.text).toContain(count);
    expect(browser.text).toContain(`Trang 1 trên ${pages}`);
    expect(page.match(/<tr>/g)?.length).toBe(51);
    expect(page.length).toBeLessThan(60_000);
    await browser.get(`${path}?trang=${pages}`);
    expect(browser.text).toContain('Trang trước');
    expect(browser.text).not.toContain('Trang sau');
    for (const wrong of ['999999', '0', '-1', 'x', '1.5']) {
      await browser.get(`${path}?trang=${wrong}`);
      expect(browser.status).toBe(200);
    }
  });

  it('finds one of them', async () => {
    await browser.get('/quan-tri/don-vi?q=don%20vi%20so%209999');
    expect(browser.text).toContain('Có 1 mục');
    await browser.get('/quan-tri/nguoi-dung?q=nguoi-777&don-vi=don-vi-777');
    expect(browser.text).toContain('Có 1 mục');
    await browser.get('/quan-tri/nguoi-dung?vai-tro=editor-in-chief');
    expect(browser.text).toContain('Có 1 mục');
  });

  it.each(['/quan-tri/nguoi-dung/nguoi-7', '/quan-tri/don-vi/don-vi-7', '/quan-tri/nguoi-dung/moi'])(
    '%s carries no list of them all',
    async (path) => {
      await browser.get(path);
      expect(browser.status).toBe(200);
      expect(browser.page.length).toBeLessThan(60_000);
    },
  );

  it('says how many units have no liaison officer, without a line for each', async () => {
    await browser.get('/quan-tri');
    expect(browser.status).toBe(200);
    expect(browser.page.length).toBeLessThan(30_000);
  });
});
