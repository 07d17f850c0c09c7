import { describe, expect, it } from 'vitest';
import {
  bodyRoot,
  createArticleDoc,
  encodeState,
  fieldsMap,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { CATEGORY, copyOf, sha256Of, usePortal } from './support.ts';

const held = usePortal();
const textOf = (title: string) =>
  createArticleDoc({ clientId: 77, meta: { categoryId: CATEGORY, language: 'vi' }, title }).firstUpdate;

describe('updates', () => {
  it('are taken once, whoever repeats them', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const before = stateVector(doc);
    titleText(doc).insert(0, 'Mới: ');
    const row = writer.update(id, encodeState(doc, before));
    expect(await writer.push('updates', [row])).toEqual({ conflicts: [], refused: [] });
    const after = await writer.article(id);
    expect(after.title).toBe('Mới: Thông báo thử');
    expect(await writer.push('updates', [row, row])).toEqual({ conflicts: [], refused: [] });
    expect(await writer.article(id)).toEqual(after);
    expect([...(await writer.pull('updates')).values()].filter((one) => one.articleId === id)).toHaveLength(
      2,
    );
  });

  it('of one request are judged one by one', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const before = stateVector(doc);
    titleText(doc).insert(0, 'A');
    const good = writer.update(id, encodeState(doc, before));
    const rows = [
      writer.update('article-nobody-declared', textOf('x')),
      writer.update(id, new Uint8Array([1, 2, 3, 250, 250])),
      writer.update(id, textOf('x'), { authorId: 'colleague' }),
      writer.update(id, textOf('x'), { held: true }),
      { ...writer.update(id, textOf('x')), extra: 1 },
      { ...writer.update(id, textOf('x')), at: 'gestern' },
      good,
    ];
    const { refused } = await writer.push('updates', rows);
    expect(refused.map((one) => [one.id, one.code])).toEqual([
      [rows[4]?.id, 'bad-request'],
      [rows[5]?.id, 'bad-request'],
      [rows[1]?.id, 'malformed-update'],
      [rows[2]?.id, 'forbidden'],
      [rows[3]?.id, 'bad-request'],
      [rows[0]?.id, 'not-declared'],
    ]);
    expect((await writer.article(id)).title).toBe('AThông báo thử');
  });

  it('under a known id with another content are refused, and the first stays', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const before = stateVector(doc);
    titleText(doc).insert(0, '1 ');
    const row = writer.update(id, encodeState(doc, before));
    await writer.push('updates', [row]);
    const other = { ...row, update: Buffer.from(textOf('2')).toString('base64') };
    expect((await writer.push('updates', [other])).refused[0]?.code).toBe('decision-conflict');
    const elsewhere = await writer.newArticle();
    expect((await writer.push('updates', [{ ...row, articleId: elsewhere.id }])).refused[0]?.code).toBe(
      'decision-conflict',
    );
    expect((await writer.pull('updates')).get(row.id)?.update).toBe(row.update);
  });

  it('for an article of another unit, or by a translator, are refused', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    for (const person of ['stranger', 'translator'] as const) {
      const desk = await held.test.as(person);
      const copy = copyOf(doc);
      titleText(copy).insert(0, 'Lạ ');
      const { refused } = await desk.push('updates', [desk.update(id, encodeState(copy))]);
      expect(refused).toMatchObject([{ code: 'forbidden', ref: 'WF21' }]);
    }
    expect((await writer.article(id)).title).toBe('Thông báo thử');
  });

  it('that bring what no editor writes are refused, the ones beside them taken', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const evil = copyOf(doc);
    const before = stateVector(doc);
    const Y = await import('yjs');
    evil.clientID = 123_456;
    bodyRoot(evil).push([new Y.XmlElement('iframe')]);
    titleText(doc).insert(0, 'Tốt ');
    const bad = writer.update(id, encodeState(evil, before));
    const { refused } = await writer.push('updates', [bad, writer.update(id, encodeState(doc, before))]);
    expect(refused).toMatchObject([{ id: bad.id, code: 'malformed-update' }]);
    expect((await writer.article(id)).title).toBe('Tốt Thông báo thử');
  });

  it('of two desks merge, whatever the order', async () => {
    const [writer, colleague] = [await held.test.as('writer'), await held.test.as('colleague')];
    const { id, doc } = await writer.newArticle({ title: 'giữa' });
    const other = copyOf(doc);
    const base = stateVector(doc);
    doc.clientID = 501;
    titleText(doc).insert(0, 'đầu ');
    other.clientID = 502;
    titleText(other).insert(titleText(other).length, ' cuối');
    await colleague.push('updates', [colleague.update(id, encodeState(other, base))]);
    await writer.push('updates', [writer.update(id, encodeState(doc, base))]);
    expect((await writer.article(id)).title).toBe('đầu giữa cuối');
    expect((await writer.article(id)).contributors).toEqual(['writer', 'colleague']);
  });

  it('that change no word make nobody a contributor', async () => {
    const [writer, colleague] = [await held.test.as('writer'), await held.test.as('colleague')];
    const { id, doc } = await writer.newArticle();
    const copy = copyOf(doc);
    const before = stateVector(copy);
    copy.clientID = 503;
    fieldsMap(copy).set('documentDate', '2026-08-20');
    await colleague.push('updates', [colleague.update(id, encodeState(copy, before))]);
    expect((await writer.article(id)).contributors).toEqual(['writer']);
  });
});

describe('declarations', () => {
  it('open the article with its row', async () => {
    const writer = await held.test.as('writer');
    const { id } = await writer.newArticle();
    expect(await writer.article(id)).toMatchObject({
      unitId: 'mot',
      channel: 'vi',
      categoryId: CATEGORY,
      state: 'draft',
      version: 0,
      title: 'Thông báo thử',
      summary: 'Tóm tắt ngắn',
      createdBy: 'writer',
      submittedAt: null,
      due: null,
    });
  });

  it('bring the time limit of their category, counted from the field with the legal event', async () => {
    const writer = await held.test.as('writer');
    const { id } = await writer.newArticle(
      { meta: { categoryId: 'legal-documents', language: 'vi' }, fields: { issueDate: '2026-08-03' } },
      { categoryId: 'legal-documents' },
    );
    expect(await writer.article(id)).toMatchObject({
      due: { date: '2026-08-12', clause: 'Điều 7 khoản 4', ref: 'VP17-7.4', rule: 'VP17-7.4@1' },
    });
  });

  it.each([
    ['for another unit', { unitId: 'hai' }, 'wrong-unit'],
    ['for a unit that is not there', { unitId: 'khong-co' }, 'bad-request'],
    ['in a category that is not there', { categoryId: 'khong-co' }, 'category-unknown'],
    ['in English by a liaison officer', { channel: 'en' }, 'wrong-role'],
    ['in Vietnamese with a source', { sourceArticleId: 'x' }, 'bad-request'],
  ] as const)('%s do not pass', async (_, declaration, code) => {
    const writer = await held.test.as('writer');
    const row = writer.declaration(`article-bad-${code}-${Math.random()}`, declaration);
    const { conflicts } = await writer.push('decisions', [row]);
    expect(conflicts).toMatchObject([{ id: row.id, status: 'refused', verdictCode: code }]);
    expect((await writer.pull('articles')).has(row.articleId)).toBe(false);
    expect((await writer.pull('decisions')).get(row.id)).toMatchObject({ status: 'refused' });
    const stranger = await held.test.as('stranger');
    expect((await stranger.pull('decisions')).has(row.id)).toBe(false);
  });

  it('WF26 of a unit that has ended are refused by the day of the portal, those of its heir pass', async () => {
    const { portal } = held.test;
    const stranger = await held.test.as('stranger');
    const ends = (validTo: string | null) =>
      portal.db
        .updateTable('units')
        .set({ valid_to: validTo, successor_ids: validTo === null ? [] : ['mot'] })
        .where('id', '=', 'hai')
        .execute();
    await ends('2026-08-27');
    const onLastDay = await stranger.newArticle();
    expect(await stranger.article(onLastDay.id)).toMatchObject({ unitId: 'hai', state: 'draft' });
    await ends('2026-08-26');
    const late = stranger.declaration('article-of-ended-unit');
    expect((await stranger.push('decisions', [late])).conflicts).toMatchObject([
      { id: late.id, status: 'refused', verdictCode: 'unit-ended', verdictRef: 'WF26' },
    ]);
    expect((await stranger.pull('articles')).has(late.articleId)).toBe(false);
    const heir = await held.test.as('writer');
    expect(await heir.article((await heir.newArticle()).id)).toMatchObject({ unitId: 'mot' });
    await ends(null);
  });

  it('of an English version wait for nothing: before the approval they are refused', async () => {
    const writer = await held.test.as('writer');
    const { id } = await writer.newArticle();
    const translator = await held.test.as('translator');
    const row = translator.declaration('article-en-early', { channel: 'en', sourceArticleId: id });
    const { conflicts } = await translator.push('decisions', [row]);
    expect(conflicts).toMatchObject([{ verdictCode: 'source-not-approved' }]);
  });
});

describe('proposals', () => {
  it('in another name, with a verdict of their own, or without their text are refused', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const forged = [
      writer.decision(id, 'submit', doc, { actorId: 'head' }),
      writer.decision(id, 'submit', doc, { status: 'accepted', stateAfter: 'submitted' }),
      writer.decision(id, 'submit', doc, { fingerprint: 'a'.repeat(64) }),
      writer.decision(id, 'submit', doc, { content: Buffer.from('rubbish').toString('base64') }),
      writer.decision(id, 'endorse', null),
      writer.decision(id, 'submit', doc, { declaration: writer.declaration(id).declaration }),
    ];
    const { refused, conflicts } = await writer.push('decisions', forged);
    expect(Object.fromEntries(refused.map((one) => [one.id, one.code]))).toEqual({
      [String(forged[0]?.id)]: 'forbidden',
      [String(forged[1]?.id)]: 'bad-request',
      [String(forged[2]?.id)]: 'fingerprint-mismatch',
      [String(forged[3]?.id)]: 'fingerprint-mismatch',
      [String(forged[4]?.id)]: 'bad-request',
      [String(forged[5]?.id)]: 'bad-request',
    });
    expect(conflicts).toEqual([]);
    expect(await writer.article(id)).toMatchObject({ state: 'draft' });
    expect([...(await writer.pull('decisions')).values()].filter((one) => one.articleId === id)).toHaveLength(
      1,
    );
  });

  it('with content whose digest is right but whose form is not canonical are refused', async () => {
    const { deflateRawSync } = await import('node:zlib');
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const text = ' {"form":"soan-content/1"} ';
    const row = writer.decision(id, 'submit', doc, {
      fingerprint: sha256Of(Buffer.from(text)),
      content: deflateRawSync(text).toString('base64'),
    });
    expect((await writer.push('decisions', [row])).refused[0]?.code).toBe('fingerprint-mismatch');
  });

  it('that would blow up when inflated are refused, and the portal stands', async () => {
    const { deflateRawSync } = await import('node:zlib');
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const row = writer.decision(id, 'submit', doc, {
      content: deflateRawSync(Buffer.alloc(200 * 1024 * 1024)).toString('base64'),
    });
    expect((await writer.push('decisions', [row])).refused[0]?.code).toBe('fingerprint-mismatch');
  });

  it('repeated change nothing and are answered with the verdict', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const row = writer.decision(id, 'submit', doc);
    const first = await writer.push('decisions', [row]);
    expect(first.conflicts).toMatchObject([{ id: row.id, status: 'accepted', version: 1 }]);
    const article = await writer.article(id);
    const again = await writer.push('decisions', [row]);
    expect(again).toEqual(first);
    expect(await writer.article(id)).toEqual(article);
    const other = await writer.push('decisions', [{ ...row, reason: 'khác' }]);
    expect(other.refused).toMatchObject([{ id: row.id, code: 'decision-conflict' }]);
  });

  it('of one desk are judged in its order, even when they come the other way round', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const submit = writer.decision(id, 'submit', doc);
    const second = writer.decision(id, 'submit', doc);
    const { conflicts } = await writer.push('decisions', [second, submit]);
    expect(Object.fromEntries(conflicts.map((one) => [one.id, one.status]))).toEqual({
      [submit.id]: 'accepted',
      [second.id]: 'refused',
    });
  });

  it('of a person without the role, the unit or the state are judged so', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const chief = await held.test.as('chief');
    const stranger = await held.test.as('stranger');
    expect(await chief.decide(id, 'submit', doc)).toMatchObject({
      status: 'refused',
      verdictCode: 'wrong-role',
    });
    expect(await stranger.decide(id, 'submit', doc)).toMatchObject({ verdictCode: 'wrong-unit' });
    expect(await chief.decide(id, 'approve', doc)).toMatchObject({ verdictCode: 'wrong-state' });
    expect(await writer.article(id)).toMatchObject({ state: 'draft', version: 0 });
  });
});

describe('file rows', () => {
  it('are taken of those who may write, under the id that their bytes give them', async () => {
    const writer = await held.test.as('writer');
    const stranger = await held.test.as('stranger');
    const { id } = await writer.newArticle();
    const bytes = Buffer.from('một tệp');
    const row = writer.fileRow(id, bytes);
    expect(await writer.push('files', [row])).toEqual({ conflicts: [], refused: [] });
    expect(await writer.push('files', [row])).toEqual({ conflicts: [], refused: [] });
    expect((await writer.pull('files')).get(row.id)).toMatchObject({ storedAt: null });
    const bad = [
      stranger.fileRow(id, bytes),
      { ...stranger.fileRow(id, Buffer.from('x')), addedBy: 'writer' },
      { ...stranger.fileRow(id, Buffer.from('y')), id: 'another.id' },
      stranger.fileRow('nobody-declared', bytes),
      { ...stranger.fileRow(id, Buffer.from('z')), size: 999_999_999_999 },
    ];
    const { refused } = await stranger.push('files', bad);
    const codes = Object.fromEntries(refused.map((one) => [one.id, one.code]));
    expect(bad.map((one) => codes[one.id])).toEqual([
      'forbidden',
      'forbidden',
      'bad-request',
      'not-declared',
      'file-too-large',
    ]);
  });

  it('of the same bytes by two people: the first stays, the second learns of it', async () => {
    const [writer, colleague] = [await held.test.as('writer'), await held.test.as('colleague')];
    const { id } = await writer.newArticle();
    const bytes = Buffer.from('cùng một tệp');
    await writer.push('files', [writer.fileRow(id, bytes)]);
    const { conflicts, refused } = await colleague.push('files', [colleague.fileRow(id, bytes)]);
    expect(refused).toEqual([]);
    expect(conflicts).toMatchObject([{ addedBy: 'writer', _deleted: false }]);
  });
});

describe('requests as a whole', () => {
  it.each([
    ['articles', 404],
    ['directory', 404],
    ['nothing', 404],
  ])('to push %s are refused', async (collection, status) => {
    const writer = await held.test.as('writer');
    const reply = await held.test.app.inject({
      method: 'POST',
      url: `/api/sync/${collection}`,
      headers: writer.headers,
      payload: { rows: [] },
    });
    expect(reply.statusCode).toBe(status);
  });

  it('need a sign-in, and the shape of a push', async () => {
    const writer = await held.test.as('writer');
    const post = (payload: unknown, headers = writer.headers) =>
      held.test.app.inject({ method: 'POST', url: '/api/sync/updates', headers, payload: payload as object });
    expect((await post({ rows: [] }, {} as typeof writer.headers)).json().code).toBe('not-signed-in');
    expect((await post([])).json().code).toBe('bad-request');
    expect((await post({ rows: [{}] })).json().code).toBe('bad-request');
    expect((await post({ rows: [{ newDocumentState: { id: 7 } }] })).json().code).toBe('bad-request');
  });
});
