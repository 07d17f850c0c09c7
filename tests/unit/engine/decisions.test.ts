import { describe, expect, it } from 'vitest';
import { titleText } from '../../../domain/document/index.ts';
import { newId, startEngine } from './support/desk.ts';
import { createFakePortal, person, type SeenRequest } from './support/fakePortal.ts';
import { openText, propose, writeWhole } from './support/writing.ts';

async function desk(account = 'liaison') {
  const portal = createFakePortal();
  const started = await startEngine({ fetch: portal.fetch });
  await started.window.must('session.signIn', { account, password: 'right' });
  await started.window.until('directory.all', {}, (all) => all.profile !== null);
  const articleId = newId('article');
  const { window } = started;
  return {
    portal,
    ...started,
    articleId,
    async whole() {
      await window.must('articles.create', { articleId, categoryId: 'other', title: 'Bài' });
      const text = await openText(window, articleId);
      await text.write(writeWhole('Nội dung.'));
      return text;
    },
    row: async () => (await window.look('articles.detail', { articleId })).row,
    refusal: async (
      action: 'declare' | 'submit' | 'endorse' | 'approve',
      fingerprint: string | null,
      reason: string | null = null,
    ) =>
      (
        await window.refusal('decisions.propose', {
          decisionId: newId('d'),
          articleId,
          action,
          fingerprint,
          reason,
        })
      ).code,
  };
}

describe('proposing without the portal', () => {
  it('applies one decision after the other to what it expects', async () => {
    const { engine, window, portal, articleId, whole, row, refusal } = await desk();
    portal.isDown = true;
    const text = await whole();
    expect(await row()).toMatchObject({ local: true, sync: 'local', projectedState: 'draft' });
    expect(await refusal('submit', text.fingerprint())).toBe('not-declared');
    await propose(window, articleId, 'declare', null);
    expect(await row()).toMatchObject({
      local: false,
      sync: 'waiting',
      projectedState: 'draft',
      pendingDecisions: 1,
    });
    expect(await refusal('declare', null)).toBe('already-declared');
    await propose(window, articleId, 'submit', text.fingerprint());
    expect(await row()).toMatchObject({
      projectedState: 'submitted',
      state: 'draft',
      pendingDecisions: 2,
      nextRoles: ['unit-head'],
      mine: false,
    });
    expect(await refusal('submit', text.fingerprint())).toBe('wrong-state');
    expect(await refusal('endorse', text.fingerprint())).toBe('wrong-role');
    const detail = await window.look('articles.detail', { articleId });
    expect(detail.mayEdit).toBe(false);
    expect(detail.actions.map((one) => one.action)).toEqual(['recall']);
    expect(detail.decisions.map((one) => [one.action, one.status])).toEqual([
      ['declare', 'proposed'],
      ['submit', 'proposed'],
    ]);
    await engine.stop();
  });

  it('binds to the text: another one than is here is refused', async () => {
    const { engine, whole, window, articleId, refusal } = await desk();
    const text = await whole();
    await propose(window, articleId, 'declare', null);
    const seen = text.fingerprint();
    await text.write((doc) => titleText(doc).insert(0, 'Khác '));
    expect(await refusal('submit', seen)).toBe('content-changed');
    await propose(window, articleId, 'submit', text.fingerprint());
    await engine.stop();
  });

  it('says what is missing before a submission', async () => {
    const { engine, window, articleId, refusal } = await desk();
    await window.must('articles.create', { articleId, categoryId: 'other', title: '' });
    await propose(window, articleId, 'declare', null);
    const text = await openText(window, articleId);
    expect(await refusal('submit', text.fingerprint())).toBe('incomplete');
    const { actions } = await window.look('articles.detail', { articleId });
    expect(actions.find((one) => one.action === 'submit')?.blockedBy.map((one) => one.code)).toEqual([
      'missing-title',
      'missing-body',
    ]);
    await engine.stop();
  });

  it('has one effect under one id', async () => {
    const { engine, window, articleId, whole } = await desk();
    await whole();
    const args = {
      decisionId: newId('d'),
      articleId,
      action: 'declare',
      fingerprint: null,
      reason: null,
    } as const;
    const first = await window.must('decisions.propose', args);
    expect(await window.must('decisions.propose', args)).toMatchObject({ savedAt: first.savedAt });
    expect((await window.look('articles.detail', { articleId })).decisions).toHaveLength(1);
    expect((await window.refusal('decisions.propose', { ...args, action: 'submit' })).code).toBe(
      'bad-request',
    );
    await engine.stop();
  });

  it('carries the content as evidence, and can compare it with the text now', async () => {
    const { engine, window, articleId, whole, portal } = await desk();
    const text = await whole();
    await propose(window, articleId, 'declare', null);
    const decisionId = await propose(window, articleId, 'submit', text.fingerprint());
    await text.write((doc) => titleText(doc).insert(0, 'Khác '));
    const difference = await window.must('decisions.compare', { articleId, decisionId });
    expect(difference).toMatchObject({
      equal: false,
      fields: [{ id: 'title', before: 'Bài', after: 'Khác Bài' }],
    });
    expect((await window.refusal('decisions.compare', { articleId, decisionId: 'none' })).code).toBe(
      'not-found',
    );
    await engine.settled();
    expect(portal.rowsOf('decisions').map((row) => row.position)).toEqual([0, 1]);
    await engine.stop();
  });
});

describe('standing in for somebody', () => {
  it('WF24 offers what the other may do, as soon as the portal says so', async () => {
    const { engine, window, portal, articleId, whole, refusal } = await desk();
    const text = await whole();
    await propose(window, articleId, 'declare', null);
    await propose(window, articleId, 'submit', text.fingerprint());
    expect(await refusal('endorse', text.fingerprint())).toBe('wrong-role');
    const data = {
      id: 'd1',
      fromPersonId: 'head',
      toPersonId: 'liaison',
      roles: ['unit-head'],
      from: '2000-01-01',
      to: '2199-12-31',
      basis: '',
    };
    portal.put('directory', { id: 'delegation:d1', kind: 'delegation', data });
    const detail = await window.until('articles.detail', { articleId }, ({ row }) => row.mine);
    expect(detail.actions.map((one) => one.action)).toContain('endorse');
    await propose(window, articleId, 'endorse', text.fingerprint());
    expect((await window.look('articles.detail', { articleId })).row.projectedState).toBe('endorsed');
    await engine.stop();
  });
});

describe('WF26 a unit that has ended', () => {
  const days = (portal: Awaited<ReturnType<typeof desk>>['portal'], validTo?: string) =>
    portal.put(
      'directory',
      ...['unit-a', 'unit-b'].map((id) => ({
        id: `unit:${id}`,
        kind: 'unit',
        data: {
          id,
          name: { vi: id, en: id },
          shortName: { vi: id, en: id },
          categories: [],
          ...(id === 'unit-a' && validTo !== undefined ? { validTo, successorIds: ['unit-b'] } : {}),
        },
      })),
    );

  it('opens nothing and declares nothing; whose account went over declares for the heir', async () => {
    const { engine, window, portal, articleId, whole, refusal } = await desk();
    await whole();
    days(portal, '2020-06-30');
    await window.until('directory.all', {}, (all) => all.units.some((unit) => unit.validTo !== undefined));
    const fresh = { articleId: newId('article'), categoryId: 'other', title: 'Mới' };
    expect(await window.refusal('articles.create', fresh)).toMatchObject({
      code: 'unit-ended',
      detail: { unitId: 'unit-a', heirIds: 'unit-b' },
    });
    expect(await refusal('declare', null)).toBe('unit-ended');
    const { obstacles } = await window.look('planning.standing', { articleId });
    expect(obstacles).toContainEqual(expect.objectContaining({ code: 'unit-ended', stopsNext: true }));
    const { actions } = await window.look('articles.detail', { articleId });
    expect(actions.find((one) => one.action === 'declare')?.blockedBy).toMatchObject([
      { code: 'unit-ended' },
    ]);

    portal.put('directory', {
      id: 'person:liaison',
      kind: 'person',
      data: person('liaison', ['liaison'], 'unit-b'),
    });
    await window.until('directory.all', {}, (all) =>
      all.people.some((one) => one.id === 'liaison' && one.unitId === 'unit-b'),
    );
    await propose(window, articleId, 'declare', null);
    await engine.settled();
    expect(portal.rowsOf('decisions')).toMatchObject([
      { action: 'declare', declaration: { unitId: 'unit-b' } },
    ]);
    await engine.stop();
  });
});

describe('what is not declared', () => {
  const mentions = (requests: readonly SeenRequest[], articleId: string) =>
    requests.filter((one) => one.path.includes(articleId) || one.body.includes(articleId));

  it('never leaves the machine, and goes after its declaration', async () => {
    const { engine, window, articleId, whole, portal } = await desk();
    const text = await whole();
    for (let n = 0; n < 5; n += 1) await text.write((doc) => titleText(doc).insert(0, `${n} `));
    portal.tell('updates');
    await engine.settled();
    await window.must('connection.retry', {});
    await engine.settled();
    expect(mentions(portal.requests, articleId)).toEqual([]);
    expect(await window.look('connection.state', {})).toMatchObject({ heldHere: 1, waiting: 0 });
    await propose(window, articleId, 'declare', null);
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.kind === 'text' && item.state === 'accepted'),
    );
    const paths = mentions(portal.requests, articleId).map((one) => one.path);
    expect(paths[0]).toBe('/api/sync/decisions');
    expect(paths).toContain('/api/sync/updates');
    expect(portal.rowsOf('updates')).toHaveLength(7);
    expect(JSON.stringify(portal.rowsOf('updates'))).not.toContain('opens');
    await engine.stop();
  });

  it('waits behind a declaration that is not answered yet', async () => {
    const { engine, window, articleId, whole, portal } = await desk();
    await whole();
    await engine.settled();
    portal.intercept = (request) =>
      request.path === '/api/sync/decisions' && request.method === 'POST'
        ? new Response('{}', { status: 500 })
        : null;
    await propose(window, articleId, 'declare', null);
    await window.until('connection.state', {}, (state) => state.problem === 'portal-error');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(portal.rowsOf('updates')).toEqual([]);
    portal.intercept = null;
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.kind === 'text' && item.state === 'accepted'),
    );
    await engine.stop();
  });

  it('stays here again when the portal refuses the declaration, and goes after the next', async () => {
    const { engine, window, articleId, whole, portal, row } = await desk();
    await whole();
    await engine.settled();
    portal.refusals.set(articleId, 'not-declared');
    await propose(window, articleId, 'declare', null);
    await window.until(
      'articles.detail',
      { articleId },
      (one) => one.row.local && one.row.problem === 'not-declared' && one.row.pendingUpdates === 2,
    );
    portal.refusals.clear();
    const before = portal.rowsOf('updates').length;
    await engine.settled();
    expect(portal.rowsOf('updates')).toHaveLength(before);
    await propose(window, articleId, 'declare', null);
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.kind === 'text' && item.state === 'accepted'),
    );
    expect(await row()).toMatchObject({ local: false, problem: null });
    expect(portal.rowsOf('updates')).toHaveLength(2);
    await engine.stop();
  });
});

describe('a refusal of the portal', () => {
  it('of text is kept, shown with its code, and not sent again for ever', async () => {
    const { engine, window, articleId, whole, portal } = await desk();
    const text = await whole();
    await propose(window, articleId, 'declare', null);
    await window.until('outbox.list', {}, ({ items }) =>
      items.some((item) => item.kind === 'text' && item.state === 'accepted'),
    );
    portal.refusals.set('updates', 'forbidden');
    await text.write((doc) => titleText(doc).insert(0, 'Không nhận '));
    const { items } = await window.until('outbox.list', {}, (one) =>
      one.items.some((item) => item.state === 'refused'),
    );
    expect(items[0]).toMatchObject({ kind: 'text', state: 'refused', code: 'forbidden' });
    const detail = await window.until('articles.detail', { articleId }, ({ row }) => row.sync === 'refused');
    expect(detail.row.problem).toBe('forbidden');
    const pushes = portal.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(portal.requests.length).toBe(pushes);
    await text.reload();
    expect(titleText(text.doc).toString()).toContain('Không nhận');
    await engine.stop();
  });
});
