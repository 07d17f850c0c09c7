import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PresenceBody, PresenceEvent } from '../../../domain/contracts/index.ts';
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

const open: IncomingMessage[] = [];
afterEach(() => {
  for (const response of open.splice(0)) response.destroy();
});

async function openStream(url: string, desk: TestDesk): Promise<IncomingMessage> {
  const request = get(`${url}/api/sync/stream`, { headers: desk.headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  open.push(response);
  response.on('error', () => {});
  return response;
}

/** A desk with an open stream, and what it heard of others. */
async function listening(portal: TestPortal, url: string, who: Parameters<typeof TestDesk.signIn>[2]) {
  const desk = await TestDesk.signIn(portal.app, portal.clock, who);
  const response = await openStream(url, desk);
  const heard: PresenceEvent[] = [];
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks)
      if (block.startsWith('event: presence')) heard.push(JSON.parse(block.split('data: ')[1] ?? ''));
  });
  const tell = (articleId: string, more: Partial<PresenceBody> = {}) =>
    portal.app.inject({
      method: 'POST',
      url: '/api/sync/presence',
      headers: desk.headers,
      payload: { articleId, windowId: 'window-1', isHere: true, isNew: true, place: null, ...more },
    });
  return { desk, response, heard, tell };
}

async function until(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 1000 && !condition(); n += 1) await sleep(20);
  expect(condition()).toBe(true);
}

const place = { anchor: 'AAE=', focus: 'AAI=' };

describe('presence', () => {
  it('is passed on to the desks that have the article open, in this process and the other, and to nobody else', async () => {
    const writer = await listening(one, urlOne, 'writer');
    const { id } = await writer.desk.newArticle();
    const head = await listening(two, urlTwo, 'head');
    const colleague = await listening(one, urlOne, 'colleague');
    expect((await writer.tell(id)).statusCode).toBe(200);
    expect((await head.tell(id)).statusCode).toBe(200);
    await until(() => writer.heard.length === 1);
    expect(writer.heard[0]).toMatchObject({ articleId: id, isHere: true, isNew: true, place: null });
    await writer.tell(id, { isNew: false, place });
    await until(() => head.heard.some((event) => event.place !== null));
    expect(head.heard.at(-1)).toMatchObject({ articleId: id, isNew: false, place });
    expect(head.heard.at(-1)?.personId).not.toBe(writer.heard[0]?.personId);
    await writer.tell(id, { isHere: false, isNew: false });
    await until(() => head.heard.some((event) => !event.isHere));
    await colleague.tell(id);
    await until(() => head.heard.some((event) => event.isNew && event.personId === 'colleague'));
    expect(writer.heard).toHaveLength(1);
    expect(colleague.heard).toEqual([]);
  });

  it('ends with the stream, and not while a new one is opened', async () => {
    const writer = await listening(one, urlOne, 'writer');
    const { id } = await writer.desk.newArticle();
    const head = await listening(two, urlTwo, 'head');
    const colleague = await listening(two, urlTwo, 'colleague');
    await writer.tell(id);
    await head.tell(id);
    await colleague.tell(id);
    await until(() => writer.heard.length === 2);
    const keyOf = (personId: string) => writer.heard.find((event) => event.personId === personId)?.key;
    const [headKey, colleagueKey] = [keyOf('head'), keyOf('colleague')];
    await openStream(urlTwo, head.desk);
    head.response.destroy();
    colleague.response.destroy();
    await until(() => writer.heard.length === 3);
    expect(writer.heard[2]).toMatchObject({ key: colleagueKey, isHere: false });
    expect(headKey).not.toBe(colleagueKey);
  });

  it('refuses who may not see the article, an unknown article, and anything but a place', async () => {
    const writer = await listening(one, urlOne, 'writer');
    const { id } = await writer.desk.newArticle();
    const stranger = await listening(one, urlOne, 'editor');
    const foreign = await stranger.tell(id);
    expect([foreign.statusCode, foreign.json().code]).toEqual([404, 'article-unknown']);
    expect((await writer.tell('no-such-article')).json().code).toBe('article-unknown');
    const bad = { anchor: '<b>', focus: 'AAE=' };
    expect((await writer.tell(id, { place: bad })).json().code).toBe('bad-request');
    expect((await writer.tell(id, { place: { ...place, anchor: 'A'.repeat(401) } })).statusCode).toBe(400);
    const anonymous = await one.app.inject({
      method: 'POST',
      url: '/api/sync/presence',
      payload: { articleId: id, windowId: 'w', isHere: true, isNew: true, place: null },
    });
    expect(anonymous.json().code).toBe('not-signed-in');
  });
});
