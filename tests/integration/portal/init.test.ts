import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileIds } from '../../../domain/regulations/index.ts';
import { buildApp } from '../../../portal/app.ts';
import { initialise } from '../../../portal/init.ts';
import { openDatabase } from '../../../portal/storage/database.ts';
import { FileStore } from '../../../portal/storage/fileStore.ts';
import { seedIfEmpty } from '../../../portal/storage/seed.ts';
import { startTestServer, type TestServer } from './support.ts';

let server: TestServer;
const endings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  for (const end of endings.reverse()) await end();
  await server.stop();
});

/** A portal on a database of its own, without an organisation. */
async function emptyPortal(databaseUrl?: string) {
  const database = await openDatabase(databaseUrl ?? (await server.database()), () => {});
  const folder = await mkdtemp(join(tmpdir(), 'soan-init-'));
  const files = new FileStore(folder);
  await files.open();
  const { app, portal } = await buildApp({
    db: database.db,
    databaseUrl: null,
    files,
    tokenKey: new Uint8Array(32).fill(7),
    now: () => Date.UTC(2026, 10, 22),
    publicUrl: null,
    requestsPerMinute: 100_000,
    logger: false,
  });
  await app.ready();
  endings.push(async () => {
    await app.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { app, portal, folder };
}
type Empty = Awaited<ReturnType<typeof emptyPortal>>;

const init = ({ portal }: Empty, args: string[], input = '') =>
  initialise(portal, args, Readable.from([input]));
const signIn = ({ app }: Empty, account: string, password: string) =>
  app.inject({ method: 'POST', url: '/api/session', payload: { account, password, deskId: 'd' } });
const passwordIn = (lines: string[], account: string) =>
  new RegExp(`^account ${account}, one-time password (\\S+)`, 'mu').exec(lines.join('\n'))?.[1] ?? '';

describe('the set-up command', () => {
  it.each(profileIds())('founds an organisation on %s, whose administrator signs in', async (id) => {
    const empty = await emptyPortal();
    const lines = await init(empty, ['--profile', id, '--name', 'Cổng thử nghiệm']);
    expect(lines[0]).toMatch(new RegExp(`^founded cong-thu-nghiem on ${id} version 1`, 'u'));
    expect(lines[1]).toMatch(/^units: .*bbt$/u);
    const reply = await signIn(empty, 'quan-tri', passwordIn(lines, 'quan-tri'));
    expect(reply.statusCode).toBe(200);
    expect((await empty.portal.organisations.own())?.profile.id).toBe(id);
    expect((await empty.app.inject({ url: '/' })).statusCode).toBe(200);
  });

  it('refuses a second time, also when two start at once', async () => {
    const url = await server.database();
    const [one, other] = [await emptyPortal(url), await emptyPortal(url)];
    const args = ['--profile', 'VP17'];
    const outcomes = await Promise.allSettled([init(one, args), init(other, [...args, '--name', 'Khác'])]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(init(one, args)).rejects.toThrow(/this portal has an organisation already/u);
    const rows = await one.portal.db.selectFrom('organisations').selectAll().execute();
    expect(rows).toHaveLength(1);
  });

  it('takes a password from the input, units and people from outside, the day of signing', async () => {
    const empty = await emptyPortal();
    const file = join(empty.folder, 'people.json');
    const person = {
      id: 'p1',
      account: 'nguyen-van-a',
      name: { vi: 'Nguyễn Văn A', en: 'Nguyễn Văn A' },
      roles: ['liaison'],
      unitId: 'viec-lam',
      active: true,
    };
    await writeFile(file, JSON.stringify([person]));
    const lines = await init(
      empty,
      [
        ...['--profile', 'TB21', '--signed', '2021-05-04', '--number', '123/QĐ-SLĐTBXH'],
        ...[
          '--unit',
          'viec-lam=Phòng Việc làm|Employment division',
          '--unit',
          'bao-tro=Phòng Bảo trợ xã hội',
        ],
        ...['--people', file, '--password-stdin', '--account', 'quan-tri-so'],
      ],
      'mật khẩu rất dài\n',
    );
    expect(lines).toContain('units: viec-lam, bao-tro, bbt');
    expect(lines).toContain('account quan-tri-so, with the password that was given');
    expect(lines.filter((line) => line.startsWith('to confirm'))).toEqual([]);
    expect((await signIn(empty, 'quan-tri-so', 'mật khẩu rất dài')).statusCode).toBe(200);
    expect((await signIn(empty, 'nguyen-van-a', passwordIn(lines, 'nguyen-van-a'))).statusCode).toBe(200);
    const profile = (await empty.portal.organisations.own())?.profile;
    expect(profile).toMatchObject({
      issuedOn: '2021-05-04',
      validFrom: '2021-05-04',
      number: '123/QĐ-SLĐTBXH',
    });
  });

  it('founds a component portal, and says what a person has to confirm', async () => {
    const empty = await emptyPortal();
    const lines = await init(empty, ['--profile', 'TB11', '--kind', 'component', '--name', 'Sở Y tế']);
    expect(lines).toContain('units: co-quan, bbt');
    expect(lines.filter((line) => line.startsWith('to confirm'))).toEqual([
      "to confirm: the last word is the unit-head's, by TB11-6.1.b, which names no person",
      expect.stringMatching(/^to confirm: stttt gave way to skhcn on 2025-03-01 \(C: /u),
    ]);
    expect((await empty.portal.organisations.own())?.profile.portalKind).toBe('component');
  });

  const wrong: [what: string, args: string[], says: RegExp, input?: string][] = [
    ['no regulation', [], /--profile is none of VP17, TB21, ST19, TB11/u],
    ['an unknown one', ['--profile', 'XX99'], /--profile is none of/u],
    ['an unknown kind', ['--profile', 'TB11', '--kind', 'x'], /--kind is none of main, component/u],
    ['a kind where there is one', ['--profile', 'VP17', '--kind', 'main'], /--kind is none of/u],
    ['an unknown option', ['--profile', 'VP17', '--color'], /--color/u],
    ['31 February', ['--profile', 'TB21', '--signed', '2021-02-31'], /2021-02-31 is no day of the calendar/u],
    ['another day of signing', ['--profile', 'VP17', '--signed', '2020-01-01'], /was signed on 2017-08-17/u],
    ['a unit without a name', ['--profile', 'TB21', '--unit', 'x'], /--unit is not id=/u],
    ['a unit twice', ['--profile', 'TB21', '--unit', 'ab=A', '--unit', 'ab=B'], /names a unit twice/u],
    ['an account that is none', ['--profile', 'TB21', '--account', 'Quản trị'], /--account is no account/u],
    ['a short password', ['--profile', 'TB21', '--password-stdin'], /less than 12 characters/u, 'ngan'],
    ['no file of people', ['--profile', 'TB21', '--people', '/nowhere.json'], /--people: /u],
  ];
  it.each(wrong)('refuses %s and founds nothing', async (_what, args, says, input) => {
    const { portal, ...rest } = refused ?? (await emptyPortal());
    refused = { portal, ...rest };
    await expect(init(refused, args, input)).rejects.toThrow(says);
    expect(await portal.db.selectFrom('organisations').selectAll().execute()).toEqual([]);
  });
  let refused: Empty | undefined;
});

describe('the sample on another regulation', () => {
  it.each(['TB21', 'ST19', 'TB11'])('%s: one article is public, one a draft', async (id) => {
    const { app, portal } = await emptyPortal();
    await seedIfEmpty(portal, id);
    await seedIfEmpty(portal, id);
    const rows = await portal.db.selectFrom('articles').select(['state', 'category_id']).execute();
    expect(rows.map((row) => `${row.category_id} ${row.state}`).sort()).toEqual([
      'legal-documents published',
      'news-events draft',
    ]);
    expect((await app.inject({ url: '/' })).body).toContain('26/2017/QĐ-UBND');
  });
});

it('the command ends with what it founded, and with 1 for what it does not know', async () => {
  const url = await server.database();
  const folder = await mkdtemp(join(tmpdir(), 'soan-init-'));
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ['portal/server.ts', ...args], {
      env: { ...process.env, DATABASE_URL: url, SOAN_PORTAL_DATA: folder, SOAN_PORTAL_LOG: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  };
  try {
    expect(await run('init', '--profile', 'XX99')).toMatchObject({ code: 1 });
    const founded = await run('init', '--profile', 'TB21');
    expect(founded.output).toMatch(/^founded \S+ on TB21 version 1$/mu);
    expect(founded.code).toBe(0);
    const again = await run('init', '--profile', 'TB21');
    expect(again).toMatchObject({ code: 1 });
    expect(again.output).toContain('this portal has an organisation already');
    expect(await run('found')).toMatchObject({ code: 1 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
