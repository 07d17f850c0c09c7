import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePortal, startTestServer, TestDesk, type TestPortal, type TestServer } from './support.ts';

let server: TestServer;
let one: TestPortal;
let two: TestPortal;
let urlOne: string;
let urlTwo: string;

beforeAll(async () => {
  server = await startTestServer();
  const first = await makePortal(server);
  const { databaseUrl } = first;
  await first.close();
  one = await makePortal(server, { databaseUrl });
  two = await makePortal(server, { databaseUrl });
  urlOne = await one.listen();
  urlTwo = await two.listen();
});
afterAll(async () => {
  await one?.close();
  await two?.close();
  await server?.stop();
});

async function open(url: string, desk: TestDesk): Promise<{ response: IncomingMessage; events: string[] }> {
  const request = get(`${url}/api/sync/stream`, { headers: desk.headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: string[] = [];
  response.setEncoding('utf8');
  response.on('data', (text: string) => events.push(...text.split('\n\n').filter(Boolean)));
  response.on('error', () => {});
  return { response, events };
}

async function until(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !condition(); n += 1) await sleep(20);
  expect(condition()).toBe(true);
}

const heard = (events: readonly string[], collection: string): boolean =>
  events.some((event) => event.startsWith('event: changed') && event.includes(`"${collection}"`));

describe('the stream', () => {
  it('begins with a resync and tells of changes, in the process that made them and in the other', async () => {
    const writer = await one.as('writer');
    const here = await open(urlOne, await TestDesk.signIn(one.app, one.clock, 'head'));
    const there = await open(urlTwo, await TestDesk.signIn(two.app, two.clock, 'colleague'));
    expect(here.response.headers['content-type']).toContain('text/event-stream');
    await until(() => here.events.length > 0 && there.events.length > 0);
    expect(here.events[0]).toMatch(/^event: resync\ndata: \{"collections":\[\],"portalTime":\d+\}$/);
    expect(there.events[0]).toContain('event: resync');
    await writer.newArticle();
    await until(() => heard(here.events, 'updates') && heard(here.events, 'articles'));
    await until(() => heard(there.events, 'updates') && heard(there.events, 'articles'));
    here.response.destroy();
    there.response.destroy();
  });

  it('makes up for a notification that was lost, by looking itself', async () => {
    const writer = await one.as('writer');
    const there = await open(urlTwo, await TestDesk.signIn(two.app, two.clock, 'head'));
    await until(() => there.events.length > 0);
    const { sql } = await import('kysely');
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'soan-portal listen' and datname = current_database()`.execute(one.portal.db);
    await writer.newArticle();
    await until(() => heard(there.events, 'articles'));
    there.response.destroy();
  });

  it('is closed to those who are not signed in', async () => {
    const reply = await one.app.inject({ url: '/api/sync/stream' });
    expect(reply.statusCode).toBe(401);
    expect(reply.json().code).toBe('not-signed-in');
  });

  it('shows a verdict given by one process to a desk of the other', async () => {
    const [writer, head] = [await one.as('writer'), await two.as('head')];
    const { id, doc } = await writer.newArticle({ title: 'Hai tiến trình' });
    await writer.decide(id, 'submit', doc);
    expect(await head.article(id)).toMatchObject({ title: 'Hai tiến trình', state: 'submitted' });
    await writer.retitle(id, doc, 'Sửa ở tiến trình một');
    expect(await head.decide(id, 'endorse', doc)).toMatchObject({ status: 'accepted' });
    expect(await writer.article(id)).toMatchObject({ state: 'endorsed', title: 'Sửa ở tiến trình một' });
  });
});
