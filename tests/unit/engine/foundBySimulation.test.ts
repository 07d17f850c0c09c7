import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DecisionRow } from '../../../domain/contracts/index.ts';
import { createDisk } from '../../../main/engine/documents/disk.ts';
import { keepTimesRising } from '../../../main/engine/writeTimes.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';
import { propose } from './support/writing.ts';

/** Faults that the simulation found, each by itself. */

describe('times of writing', () => {
  interface Doc {
    readonly id: string;
    readonly _meta: { lwt: number };
  }
  type Instance = Parameters<typeof keepTimesRising>[0];

  const store = (known: readonly Doc[]) => {
    const written: Doc[] = [];
    const instance = {
      bulkWrite: async (rows: { document: Doc }[]) => {
        written.push(...rows.map(({ document }) => document));
        return { error: [] };
      },
      getChangedDocumentsSince: async (limit: number, checkpoint: { lwt: number; id: string }) => {
        const documents = known.filter(({ _meta }) => _meta.lwt > checkpoint.lwt).slice(0, limit);
        const last = documents.at(-1);
        return { documents, checkpoint: last ? { id: last.id, lwt: last._meta.lwt } : checkpoint };
      },
    };
    return { written, instance: instance as unknown as Instance };
  };
  const write = async (instance: Instance, ...lwt: number[]) => {
    const rows = lwt.map((time, at) => ({ document: { id: `d${at}`, _meta: { lwt: time } } }));
    await instance.bulkWrite(rows as never, 'test');
  };

  it('go on from the latest that is in the store, though the clock was set back', async () => {
    const tomorrow = Date.now() + 86_400_000;
    const known = Array.from({ length: 1500 }, (_, at) => ({ id: `k${at}`, _meta: { lwt: tomorrow + at } }));
    const { written, instance } = store(known);
    await keepTimesRising(instance);
    await write(instance, Date.now());
    await write(instance, Date.now(), Date.now());
    const times = written.map(({ _meta }) => _meta.lwt);
    expect(times[0]).toBeGreaterThan(tomorrow + 1499);
    expect(times[1]).toBeGreaterThan(times[0] ?? 0);
  });

  it('stay as they are while the clock goes forward', async () => {
    const { written, instance } = store([{ id: 'k', _meta: { lwt: Date.now() - 1000 } }]);
    await keepTimesRising(instance);
    const times = [Date.now() + 1, Date.now() + 2];
    for (const time of times) await write(instance, time);
    expect(written.map(({ _meta }) => _meta.lwt)).toEqual(times);
  });
});

describe('a disk that takes one write and not the next', () => {
  afterEach(() => void vi.useRealTimers());

  it('lets the exchange begin anew only when no write failed for a while', () => {
    vi.useFakeTimers();
    const onRecovered = vi.fn();
    const full = Object.assign(new Error('full'), { code: 'STORE_FULL' });
    const disk = createDisk({
      folder: '/nowhere',
      now: Date.now,
      log: () => undefined,
      onChange: () => undefined,
      onRecovered,
      probeMs: 5000,
    });
    for (let at = 0; at < 50; at += 1) {
      disk.failed(full);
      vi.advanceTimersByTime(100);
      disk.worked();
      expect(disk.unsavedSince()).toBeNull();
      vi.advanceTimersByTime(100);
    }
    expect(onRecovered).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5000);
    expect(onRecovered).toHaveBeenCalledTimes(1);
    disk.stop();
  });
});

async function signedIn() {
  const portal = createFakePortal();
  const started = await startEngine({ fetch: portal.fetch });
  await started.window.must('session.signIn', { account: 'liaison', password: 'right' });
  await started.window.until('directory.all', {}, (all) => all.profile !== null);
  return { portal, ...started };
}

it('ending does not wait for a token that nobody renews', async () => {
  const portal = createFakePortal();
  const first = await startEngine({ fetch: portal.fetch });
  await first.window.must('session.signIn', { account: 'liaison', password: 'right' });
  await first.engine.stop();
  const asked = Promise.withResolvers<void>();
  portal.intercept = (request) => {
    if (!request.path.startsWith('/api/session/refresh')) return null;
    asked.resolve();
    return new Promise<Response>(() => undefined);
  };
  const { engine } = await startEngine({ fetch: portal.fetch, userData: first.userData });
  await asked.promise;
  await engine.stop();
});

it('a verdict that comes while its proposal is still on its way is not overlooked', async () => {
  const { portal, engine, window } = await signedIn();
  const articleId = newId('article');
  await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
  const looking = Promise.withResolvers<void>();
  const mayLook = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<DecisionRow>();
  const mayAnswer = Promise.withResolvers<void>();
  portal.intercept = async ({ method, path, body }) => {
    if (!path.startsWith('/api/sync/decisions')) return null;
    if (method === 'GET') {
      looking.resolve();
      await mayLook.promise;
      return null;
    }
    arrived.resolve(JSON.parse(body).rows[0].newDocumentState);
    await mayAnswer.promise;
    return Response.json({ conflicts: [], refused: [] });
  };
  portal.tell('decisions');
  await looking.promise;
  await propose(window, articleId, 'declare', null);
  const row = await arrived.promise;
  const verdict = { status: 'accepted', verdictAt: 5, stateAfter: 'draft', version: 0 } as const;
  portal.put('decisions', { ...row, ...verdict });
  portal.put('decisions', { ...row, ...verdict, id: 'another', deskId: 'elsewhere' });
  mayLook.resolve();
  await vi.waitFor(async () => {
    const { decisions } = await window.look('articles.detail', { articleId });
    expect(decisions.map(({ id }) => id)).toContain('another');
  });
  mayAnswer.resolve();
  await window.until('outbox.list', {}, ({ items }) =>
    items.some((item) => item.kind === 'decision' && item.state === 'accepted'),
  );
  await engine.stop();
});
