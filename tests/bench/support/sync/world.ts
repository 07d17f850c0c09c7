import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { API_VERSION } from '../../../../domain/contracts/index.ts';
import { DeskProcess } from '../../../integration/chaos/desk.ts';
import { Relay } from '../../../integration/chaos/relay.ts';
import { PortalProcess, startPostgres } from '../../../integration/chaos/servers.ts';
import { PASSWORD } from '../../../integration/engine/support/portal.ts';

/** A row as the portal's feed gives it. */
export type FeedRow = Readonly<Record<string, unknown>> & { readonly id: string };

const ACCOUNT = 'dau-moi.sldtbxh';
const TEMPLATE = 'article-of-the-benchmark';

/** Portals as real processes on one PostgreSQL, articles of one unit in it, and a line to them that can be cut. */
export async function startWorld(portalCount: number) {
  const folder = await mkdtemp(join(tmpdir(), 'soan-bench-sync-'));
  const postgres = await startPostgres(join(folder, 'database'));
  const portals = Array.from(
    { length: portalCount },
    () => new PortalProcess(postgres.directUrl, join(folder, 'portal')),
  );
  for (const portal of portals) await portal.start();
  const line = new Relay(() => portals.map((portal) => portal.port));
  const lineUrl = `http://127.0.0.1:${await line.start()}`;
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  const desks: DeskProcess[] = [];
  const direct = (n: number) => `http://127.0.0.1:${portals[n % portals.length]?.port}`;

  /** `isDirect`: not over the line, so that nothing but desk and portal is measured. */
  const newDesk = async (name: string, isDirect = false): Promise<DeskProcess> => {
    const desk = new DeskProcess(ACCOUNT, join(folder, name), isDirect ? direct(0) : lineUrl);
    desks.push(desk);
    await desk.start();
    return desk;
  };

  const signedIn = await fetch(`${direct(0)}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: ACCOUNT, password: PASSWORD, deskId: 'bench' }),
  });
  const { accessToken } = (await signedIn.json()) as { accessToken: string };
  const headers = { authorization: `Bearer ${accessToken}`, 'x-soan-api': String(API_VERSION) };

  const first = await newDesk('first');
  await first.tell({ do: 'create', articleId: TEMPLATE, title: 'Thông báo lịch tiếp công dân' });
  await first.tell({ do: 'quiet' });
  await first.stop();
  let made = 0;
  const copySnapshot = (from: number, to: number) =>
    sql.query(
      `insert into snapshots select made.* from snapshots t, generate_series($2::int, $3::int) n,
         lateral jsonb_populate_record(t, jsonb_build_object(
           'id', 'bench-' || n, 'article_id', 'bench-' || n, 'sequence', nextval('feed_sequence'))) made
       where t.article_id = $1`,
      [TEMPLATE, from, to],
    );
  /** Otherwise the database does its housekeeping by itself in the middle of what is measured next. */
  const rest = () => sql.query('vacuum (analyze) articles, updates, snapshots');

  return {
    line,
    portals,
    headers,
    direct,
    newDesk,
    /** Copies of one written article with its first text, until there are so many. */
    async fill(count: number): Promise<void> {
      await sql.query(
        `insert into articles select made.* from articles t, generate_series($2::int, $3::int) n,
           lateral jsonb_populate_record(t, jsonb_build_object(
             'id', 'bench-' || n, 'title', t.title || ' ' || n, 'sequence', nextval('feed_sequence'))) made
         where t.id = $1`,
        [TEMPLATE, made, count - 1],
      );
      await sql.query(
        `insert into updates overriding system value select made.* from updates t, generate_series($2::int, $3::int) n,
           lateral jsonb_populate_record(t, jsonb_build_object(
             'id', t.id || '-' || n, 'article_id', 'bench-' || n,
             'arrival', nextval(pg_get_serial_sequence('updates', 'arrival')),
             'sequence', nextval('feed_sequence'))) made
         where t.article_id = $1`,
        [TEMPLATE, made, count - 1],
      );
      await copySnapshot(made, count - 1);
      await rest();
      made = count;
    },
    /**
     * A month without new text goes by: the portal puts a snapshot in the place of the template's updates, and its copies get a copy of that.
     */
    async gather(): Promise<void> {
      const month = 31 * 24 * 3_600_000;
      await sql.query('update updates set arrived_at = arrived_at - $1 where article_id = $2', [
        month,
        TEMPLATE,
      ]);
      for (const portal of portals) {
        await portal.stop();
        await portal.start();
      }
      const isGathered = async () =>
        (await sql.query('select 1 from snapshots where article_id = $1', [TEMPLATE])).rowCount === 1;
      for (let n = 0; !(await isGathered()); n += 1) {
        if (n > 600) throw new Error('the portal gathers nothing');
        await pause(100);
      }
      await copySnapshot(0, made - 1);
      await sql.query(`delete from updates where article_id like 'bench-%'`);
      await rest();
    },
    /** Changes rows at the portal's database itself. */
    query: (text: string, values: unknown[]) => sql.query(text, values),
    /** Gives so many articles a new title, as the last rows of the feed. */
    async change(count: number, mark: string): Promise<void> {
      await sql.query(
        `update articles set title = $1 || ' ' || id, sequence = nextval('feed_sequence')
         where id in (select 'bench-' || n from generate_series(0, $2::int - 1) n)`,
        [mark, count],
      );
    },
    /** Everything of a collection that a new desk gets, and where that ends. */
    async pullAll(
      collection: string,
    ): Promise<{ readonly rows: FeedRow[]; readonly checkpoint: Record<string, unknown> }> {
      const rows: FeedRow[] = [];
      let checkpoint: Record<string, unknown> = {};
      for (;;) {
        const query = new URLSearchParams({ limit: '1000' });
        for (const [key, value] of Object.entries(checkpoint)) query.set(key, String(value));
        const response = await fetch(`${direct(0)}/api/sync/${collection}?${query}`, { headers });
        if (!response.ok) throw new Error(`${collection}: ${response.status} ${await response.text()}`);
        const page = (await response.json()) as {
          documents: FeedRow[];
          checkpoint: Record<string, unknown> | null;
          more?: boolean;
        };
        rows.push(...page.documents);
        checkpoint = page.checkpoint ?? checkpoint;
        if (page.documents.length < 1000 && !page.more) return { rows, checkpoint };
      }
    },
    async stop(): Promise<void> {
      for (const desk of desks) await desk.kill();
      await sql.end();
      await line.stop();
      for (const portal of portals) await portal.kill();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;

/** An event stream by plain HTTP, as light as it can be; tells each event's arrival. */
export function openStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  onEvent: (block: string) => void,
): Promise<{ close(): void }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, agent: false }, (response: IncomingMessage) => {
      if (response.statusCode !== 200) reject(new Error(`stream: ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) if (block.startsWith('event:')) onEvent(block);
      });
      response.on('error', () => {});
      resolve({ close: () => request.destroy() });
    });
    request.on('error', reject);
    request.end();
  });
}
