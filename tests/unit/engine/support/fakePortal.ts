import { gunzipSync } from 'node:zlib';
import type { PersonInfo } from '../../../../domain/contracts/index.ts';
import { defaultCalendar } from '../../../../domain/deadlines/index.ts';
import { getProfile } from '../../../../domain/regulations/index.ts';

type Row = Record<string, unknown> & { id: string };

export const person = (id: string, roles: PersonInfo['roles'], unitId = 'unit-a'): PersonInfo => ({
  id,
  account: id,
  name: { vi: id, en: id },
  roles,
  unitId,
  active: true,
});

export const LIAISON = person('liaison', ['liaison']);
export const HEAD = person('head', ['unit-head']);
export const CHIEF = person('chief', ['editor-in-chief'], 'board');
export const TRANSLATOR = person('translator', ['translator'], 'board');
const PEOPLE = [LIAISON, HEAD, CHIEF, TRANSLATOR];

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });

/** What answers in place of the portal: keeps rows, gives no verdicts. `intercept` may answer first. */
export function createFakePortal() {
  const requests: SeenRequest[] = [];
  const rows = new Map<string, { row: Row; sequence: number }[]>();
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let sequence = 0;
  let tokens = 0;
  /** How much its clock is ahead of this machine's. */
  let aheadMs = 0;
  const portal = {
    requests,
    isDown: false,
    password: 'right',
    intercept: null as ((request: SeenRequest) => Promise<Response | null> | Response | null) | null,
    refusals: new Map<string, string>(),
    refreshTokens: new Set<string>(),
    rowsOf: (collection: string) => (rows.get(collection) ?? []).map((one) => one.row),
    put(collection: string, ...changed: Row[]) {
      const list = rows.get(collection) ?? [];
      for (const row of changed) {
        const at = list.findIndex((one) => one.row.id === row.id);
        if (at >= 0) list.splice(at, 1);
        sequence += 1;
        list.push({ row, sequence });
      }
      rows.set(collection, list);
      portal.tell(collection);
    },
    tell(collection: string, portalTime = Date.now() + aheadMs) {
      aheadMs = portalTime - Date.now();
      const data = JSON.stringify({ collections: [collection], portalTime });
      for (const stream of streams)
        stream.enqueue(new TextEncoder().encode(`event: changed\ndata: ${data}\n\n`));
    },
    cutStreams() {
      for (const stream of streams) stream.error(new Error('cut'));
      streams.clear();
    },
    fetch: async (url: string, init: RequestInit = {}): Promise<Response> => {
      const { pathname, searchParams, search } = new URL(url);
      const request = {
        method: init.method ?? 'GET',
        path: pathname + search,
        body:
          init.body instanceof Uint8Array && new Headers(init.headers).get('content-encoding') === 'gzip'
            ? gunzipSync(init.body).toString()
            : String(init.body ?? ''),
      };
      if (portal.isDown) throw new TypeError('fetch failed');
      requests.push(request);
      const first = await portal.intercept?.(request);
      if (first) return first;
      if (pathname === '/healthz') return json({});
      if (pathname.startsWith('/api/session')) return session(pathname, request);
      const token = new Headers(init.headers).get('authorization');
      if (!token?.startsWith('Bearer access-')) return json({ code: 'not-signed-in', message: '' }, 401);
      if (pathname === '/api/sync/stream') return stream(init.signal ?? null);
      const collection = pathname.replace('/api/sync/', '');
      if (request.method === 'POST') return push(collection, request);
      const after = Number(searchParams.get('sequence'));
      const found = (rows.get(collection) ?? [])
        .filter((one) => one.sequence > after)
        .slice(0, Number(searchParams.get('limit')));
      const last = found.at(-1);
      return json({
        documents: found.map((one) => ({ _deleted: false, ...one.row })),
        checkpoint: last ? { sequence: last.sequence, id: last.row.id } : null,
      });
    },
  };

  function session(pathname: string, request: SeenRequest): Response {
    if (request.method === 'DELETE') return json({});
    const body = JSON.parse(request.body) as { account?: string; password?: string; refreshToken?: string };
    let account = body.account;
    if (pathname.endsWith('/refresh')) {
      if (!portal.refreshTokens.delete(body.refreshToken ?? ''))
        return json({ code: 'session-expired', message: '' }, 401);
      account = body.refreshToken?.split('|')[1];
    } else if (body.password !== portal.password) return json({ code: 'wrong-password', message: '' }, 401);
    const found = PEOPLE.find((one) => one.account === account);
    if (!found) return json({ code: 'wrong-password', message: '' }, 401);
    tokens += 1;
    const refreshToken = `refresh-token-number-${tokens}|${found.account}`;
    portal.refreshTokens.add(refreshToken);
    const portalTime = Date.now();
    return json({
      accessToken: `access-${tokens}`,
      accessExpiresAt: portalTime + 600_000,
      refreshToken,
      person: found,
      organisationId: 'org',
      portalTime,
    });
  }

  function stream(signal: AbortSignal | null): Response {
    let mine: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        mine = controller;
        streams.add(controller);
        controller.enqueue(
          new TextEncoder().encode(
            `event: resync\ndata: {"collections":[],"portalTime":${Date.now() + aheadMs}}\n\n`,
          ),
        );
      },
      cancel() {
        if (mine) streams.delete(mine);
      },
    });
    signal?.addEventListener('abort', () => {
      if (mine && streams.delete(mine)) mine.error(new Error('aborted'));
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  function push(collection: string, request: SeenRequest): Response {
    const { rows: pushed } = JSON.parse(request.body) as { rows: { newDocumentState: Row }[] };
    const refused: { id: string; code: string }[] = [];
    for (const { newDocumentState } of pushed) {
      const { _deleted, ...row } = newDocumentState as Row & { _deleted?: boolean };
      const code =
        portal.refusals.get(row.id) ??
        portal.refusals.get(String(row.articleId)) ??
        portal.refusals.get(collection);
      if (code !== undefined) refused.push({ id: row.id, code });
      else if (!portal.rowsOf(collection).some((one) => one.id === row.id)) portal.put(collection, row);
    }
    return json({ conflicts: [], refused });
  }

  portal.put('directory', {
    id: 'organisation',
    kind: 'organisation',
    data: { id: 'org', name: { vi: 'O', en: 'O' }, profileId: 'VP17' },
  });
  portal.put('directory', { id: 'profile', kind: 'profile', data: getProfile('VP17') });
  portal.put('directory', { id: 'calendar', kind: 'calendar', data: defaultCalendar() });
  portal.put('directory', ...PEOPLE.map((one) => ({ id: `person:${one.id}`, kind: 'person', data: one })));
  return portal;
}
export type FakePortal = ReturnType<typeof createFakePortal>;
