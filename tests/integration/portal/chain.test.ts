import { describe, expect, it } from 'vitest';
import {
  encodeState,
  fingerprint,
  readContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { CATEGORY, copyOf, ORGANISATION, publishArticle, sha256Of, usePortal } from './support.ts';

const held = usePortal();

describe('from a desk to the public page', () => {
  it('goes by the chain of the regulation, each step with its verdict', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: 'Lịch tiếp công dân tháng 9' });
    expect(await writer.article(id)).toMatchObject({ state: 'draft' });

    const submitted = await writer.decide(id, 'submit', doc);
    expect(submitted).toMatchObject({
      status: 'accepted',
      stateAfter: 'submitted',
      version: 1,
      verdictRef: 'VP17-6.1',
      verdictCode: null,
    });
    expect(submitted.verdictAt).toBeGreaterThan(0);
    expect(await writer.article(id)).toMatchObject({ state: 'submitted', version: 1, contributors: [] });
    expect((await writer.article(id)).submittedAt).toBe(submitted.verdictAt);

    const head = await test.as('head');
    const editor = await test.as('editor');
    const chief = await test.as('chief');
    expect(await head.decide(id, 'endorse', doc)).toMatchObject({ stateAfter: 'endorsed' });
    expect(await editor.decide(id, 'pass', doc)).toMatchObject({ stateAfter: 'in-review' });
    expect(await chief.decide(id, 'approve', doc)).toMatchObject({
      status: 'accepted',
      stateAfter: 'published',
      verdictRef: 'VP17-3.4',
    });
    const article = await chief.article(id);
    expect(article).toMatchObject({
      state: 'published',
      publicPath: '/bai/lich-tiep-cong-dan-thang-9',
      publishedFingerprint: fingerprint(readContent(doc)),
    });
    const page = await test.app.inject({ url: String(article.publicPath) });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Lịch tiếp công dân tháng 9');
  });

  it('may be sent back with a reason, which the next submission clears', async () => {
    const [writer, head] = [await held.test.as('writer'), await held.test.as('head')];
    const { id, doc } = await writer.newArticle();
    await writer.decide(id, 'submit', doc);
    expect(await head.decide(id, 'return', doc)).toMatchObject({ verdictCode: 'reason-required' });
    expect(await head.decide(id, 'return', doc, { reason: 'Thiếu nơi nhận' })).toMatchObject({
      stateAfter: 'returned',
    });
    expect(await writer.article(id)).toMatchObject({ state: 'returned', reason: 'Thiếu nơi nhận' });
    await writer.retitle(id, doc, 'Đã bổ sung nơi nhận');
    expect(await writer.decide(id, 'submit', doc)).toMatchObject({ status: 'accepted', version: 2 });
    expect(await writer.article(id)).toMatchObject({ state: 'submitted', reason: null, version: 2 });
  });
});

describe('an approval of an earlier text', () => {
  it('does not pass, is kept, and leaves the article as it was', async () => {
    const { test } = held;
    const [writer, head, editor, chief] = await Promise.all(
      (['writer', 'head', 'editor', 'chief'] as const).map((person) => test.as(person)),
    );
    if (!writer || !head || !editor || !chief) throw new Error('desks');
    const { id, doc } = await writer.newArticle({ title: 'Bản đầu' });
    await writer.decide(id, 'submit', doc);
    await head.decide(id, 'endorse', doc);
    await editor.decide(id, 'pass', doc);
    const seenByChief = copyOf(doc);
    await editor.retitle(id, doc, 'Bản sau');
    const before = await chief.article(id);

    const verdict = await chief.decide(id, 'approve', seenByChief);
    expect(verdict).toMatchObject({ status: 'refused', verdictCode: 'content-changed', stateAfter: null });
    expect(verdict.content).not.toBeNull();
    expect(await chief.article(id)).toEqual(before);
    expect(before).toMatchObject({ state: 'in-review', title: 'Bản sau', contributors: ['editor'] });

    expect(await chief.decide(id, 'approve', doc)).toMatchObject({ status: 'accepted' });
  });

  it('also when only words were taken away, which no state vector shows', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: 'Một hai ba' });
    await writer.decide(id, 'submit', doc);
    const seen = copyOf(doc);
    const before = stateVector(doc);
    titleText(doc).delete(3, 4);
    await writer.push('updates', [writer.update(id, encodeState(doc, before))]);
    const head = await test.as('head');
    expect(await head.decide(id, 'endorse', seen)).toMatchObject({
      status: 'refused',
      verdictCode: 'content-changed',
    });
    expect(await head.decide(id, 'endorse', doc)).toMatchObject({ status: 'accepted' });
  });

  it('stands apart from the page: text that comes after the approval does not show', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: 'Đã duyệt nguyên văn' });
    await publishArticle(test, id, doc);
    const { publicPath, publishedFingerprint } = await writer.article(id);
    await writer.retitle(id, doc, 'Sửa muộn');
    const page = await test.app.inject({ url: String(publicPath) });
    expect(page.body).toContain('Đã duyệt nguyên văn');
    expect(page.body).not.toContain('Sửa muộn');
    expect(await writer.article(id)).toMatchObject({ title: 'Sửa muộn', publishedFingerprint, publicPath });
  });
});

describe('a proposal that came before its text', () => {
  it('waits, with the later ones of its desk behind it, and is judged when the text is there', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle();
    const before = stateVector(doc);
    doc.clientID = 700_001;
    titleText(doc).insert(0, 'Viết thêm: ');
    const submit = writer.decision(id, 'submit', doc);
    const next = writer.decision(id, 'submit', doc);
    const { conflicts } = await writer.push('decisions', [submit, next]);
    expect(conflicts).toMatchObject([
      { id: submit.id, status: 'proposed', verdictCode: 'waiting-for-text', verdictAt: null },
    ]);
    expect((await writer.pull('decisions')).get(next.id)).toMatchObject({
      status: 'proposed',
      verdictCode: null,
    });
    await writer.push('updates', [writer.update(id, encodeState(doc, before))]);
    const decisions = await writer.pull('decisions');
    expect(decisions.get(submit.id)).toMatchObject({ status: 'accepted', verdictCode: null });
    expect(decisions.get(next.id)).toMatchObject({ status: 'refused', verdictCode: 'wrong-state' });
    expect(await writer.article(id)).toMatchObject({ state: 'submitted' });
  });

  it('passes when nothing but words that were taken away came before it', async () => {
    const { test } = held;
    const [writer, head] = [await test.as('writer'), await test.as('head')];
    const { id, doc } = await writer.newArticle({ title: 'Bỏ một chữ' });
    await writer.decide(id, 'submit', doc);
    const before = stateVector(doc);
    titleText(doc).delete(0, 3);
    await head.push('updates', [head.update(id, encodeState(doc, before))]);
    expect(await head.decide(id, 'endorse', doc)).toMatchObject({ status: 'accepted' });
    expect(await head.article(id)).toMatchObject({ state: 'endorsed', title: 'một chữ' });
  });

  it('waits for its files as well', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const bytes = Buffer.from('nội dung tệp đính kèm');
    const { id, doc } = await writer.newArticle({
      files: {
        f1: {
          sha256: sha256Of(bytes),
          name: 'phu-luc.txt',
          size: bytes.byteLength,
          type: 'text/plain',
          role: 'attachment',
          label: '',
        },
      },
    });
    const waiting = await writer.decide(id, 'submit', doc);
    expect(waiting).toMatchObject({ status: 'proposed', verdictCode: 'waiting-for-files' });
    const { fileStored } = await import('../../../portal/files/finishUpload.ts');
    await writer.push('files', [writer.fileRow(id, bytes)]);
    expect(await test.portal.files.put(bytes)).toBe(sha256Of(bytes));
    await fileStored(test.portal, 'thu-nghiem', sha256Of(bytes));
    expect((await writer.pull('decisions')).get(waiting.id)).toMatchObject({ status: 'accepted' });
    expect((await writer.pull('files')).get(`${id}.${sha256Of(bytes)}`)?.storedAt).toBeGreaterThan(0);
  });
});

describe('rules that the text decides', () => {
  it('a text with open checks is not submitted', async () => {
    const writer = await held.test.as('writer');
    const { id, doc } = await writer.newArticle({ title: '' });
    expect(await writer.decide(id, 'submit', doc)).toMatchObject({
      status: 'refused',
      verdictCode: 'incomplete',
    });
  });

  it('who changed it after the submission does not approve it', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle();
    await writer.decide(id, 'submit', doc);
    await (await test.as('head')).decide(id, 'endorse', doc);
    await (await test.as('editor')).decide(id, 'pass', doc);
    const chief = await test.as('chief');
    await chief.retitle(id, doc, 'Sửa bởi Trưởng ban');
    expect(await chief.decide(id, 'approve', doc)).toMatchObject({ verdictCode: 'four-eyes' });
  });
});

describe('the English version', () => {
  it('is opened for a published article once, approved, and linked from it', async () => {
    const { test } = held;
    const [writer, translator, editor, chief] = await Promise.all(
      (['writer', 'translator', 'editor', 'chief'] as const).map((person) => test.as(person)),
    );
    if (!writer || !translator || !editor || !chief) throw new Error('desks');
    const { id, doc } = await writer.newArticle({ title: 'Giới thiệu dịch vụ mới' });
    await publishArticle(test, id, doc);
    const english = await translator.newArticle(
      {
        meta: { categoryId: CATEGORY, language: 'en' },
        title: 'A new service is introduced',
        body: ['It works.'],
        fields: {},
      },
      { unitId: 'mot', channel: 'en', sourceArticleId: id },
    );
    expect(await writer.article(id)).toMatchObject({ counterpartId: english.id });
    const second = translator.declaration('second-translation', {
      unitId: 'mot',
      channel: 'en',
      sourceArticleId: id,
    });
    expect((await translator.push('decisions', [second])).conflicts).toMatchObject([
      { verdictCode: 'article-exists' },
    ]);
    expect(await translator.decide(english.id, 'submit', english.doc)).toMatchObject({
      stateAfter: 'submitted',
    });
    expect(await editor.decide(english.id, 'pass', english.doc)).toMatchObject({ stateAfter: 'in-review' });
    expect(await chief.decide(english.id, 'approve', english.doc)).toMatchObject({ stateAfter: 'published' });
    const vi = await test.app.inject({ url: '/bai/gioi-thieu-dich-vu-moi' });
    const en = await test.app.inject({ url: '/en/article/a-new-service-is-introduced' });
    expect(vi.body).toContain('href="/en/article/a-new-service-is-introduced"');
    expect(en.body).toContain('href="/bai/gioi-thieu-dich-vu-moi"');
    expect(en.body).toContain('<html lang="en">');
    expect(en.body).toContain('20 Aug 2026');
  });
});

describe('a withdrawal', () => {
  it('takes the page down, says so at its address, and keeps what was published', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const { id, doc } = await writer.newArticle({ title: 'Sẽ bị gỡ' });
    await publishArticle(test, id, doc);
    const chief = await test.as('chief');
    expect(await chief.decide(id, 'withdraw', doc, { reason: 'Nhầm văn bản' })).toMatchObject({
      stateAfter: 'withdrawn',
    });
    expect(await writer.article(id)).toMatchObject({
      state: 'withdrawn',
      publicPath: null,
      reason: 'Nhầm văn bản',
    });
    expect((await test.app.inject({ url: '/bai/se-bi-go' })).statusCode).toBe(410);
    expect((await test.app.inject({ url: '/' })).body).not.toContain('Sẽ bị gỡ');
    const kept = await test.portal.db
      .selectFrom('publications')
      .select(['current', 'withdrawn_at'])
      .where('article_id', '=', id)
      .execute();
    expect(kept).toHaveLength(1);
    expect(kept[0]?.current).toBe(false);
  });
});

describe('a correction after publication', () => {
  it('WF16 leaves the page as it is until the new text is approved, and the page says when it was corrected', async () => {
    const { test } = held;
    const [writer, head, editor, chief] = await Promise.all(
      (['writer', 'head', 'editor', 'chief'] as const).map((person) => test.as(person)),
    );
    if (!writer || !head || !editor || !chief) throw new Error('nobody signed in');
    const { id, doc } = await writer.newArticle({ title: 'Bài có lỗi' });
    await publishArticle(test, id, doc);
    const page = async () => (await test.app.inject({ url: '/bai/bai-co-loi' })).body;
    expect(await page()).not.toContain('Sửa và đăng lại');

    expect(await writer.decide(id, 'correct', doc, { reason: 'Sai ngày' })).toMatchObject({
      status: 'accepted',
      stateAfter: 'correcting',
    });
    await writer.retitle(id, doc, 'Bài đã sửa');
    expect(await writer.decide(id, 'submit', doc)).toMatchObject({ stateAfter: 'submitted', version: 2 });
    expect(await head.decide(id, 'endorse', doc)).toMatchObject({ stateAfter: 'endorsed' });
    expect(await page()).toContain('<h1>Bài có lỗi</h1>');
    expect(await writer.article(id)).toMatchObject({ state: 'endorsed', publicPath: '/bai/bai-co-loi' });
    const translator = await test.as('translator');
    expect((await translator.pull('articles')).get(id)).toMatchObject({ _deleted: false });

    expect(await editor.decide(id, 'pass', doc)).toMatchObject({ stateAfter: 'in-review' });
    test.clock.now += 60_000;
    expect(await chief.decide(id, 'approve', doc)).toMatchObject({ stateAfter: 'published' });
    expect(await page()).toContain('<h1>Bài đã sửa</h1>');
    expect(await page()).toContain('Sửa và đăng lại');
    const kept = await test.portal.db
      .selectFrom('publications')
      .select(['revision', 'title', 'current', 'first_published_at', 'published_at'])
      .where('article_id', '=', id)
      .orderBy('revision')
      .execute();
    expect(kept.map((row) => [row.revision, row.title, row.current])).toEqual([
      [1, 'Bài có lỗi', false],
      [2, 'Bài đã sửa', true],
    ]);
    expect(kept[1]?.published_at).toBeGreaterThan(kept[1]?.first_published_at ?? 0);
  });

  it('WF16 WF17 a refused one changes nothing in public, and what is public can be taken down meanwhile', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const chief = await test.as('chief');
    const { id, doc } = await writer.newArticle({ title: 'Bài không sửa được' });
    await publishArticle(test, id, doc);
    const correct = () => writer.decide(id, 'correct', doc, { reason: 'Thử sửa' });
    expect(await correct()).toMatchObject({ stateAfter: 'correcting' });
    expect(await writer.decide(id, 'recall', doc, { reason: 'Không cần nữa' })).toMatchObject({
      stateAfter: 'published',
    });
    await correct();
    await writer.decide(id, 'submit', doc);
    await (await test.as('head')).decide(id, 'endorse', doc);
    await (await test.as('editor')).decide(id, 'pass', doc);
    expect(await chief.decide(id, 'refuse', doc, { reason: 'Bản cũ đúng' })).toMatchObject({
      stateAfter: 'published',
    });
    expect((await test.app.inject({ url: '/bai/bai-khong-sua-duoc' })).statusCode).toBe(200);
    await correct();
    await writer.decide(id, 'submit', doc);
    expect(await chief.decide(id, 'withdraw', doc, { reason: 'Trái luật' })).toMatchObject({
      stateAfter: 'withdrawn',
    });
    expect((await test.app.inject({ url: '/bai/bai-khong-sua-duoc' })).statusCode).toBe(410);
    const editor = await test.as('editor');
    expect(await editor.decide(id, 'archive', doc, { reason: 'Xong' })).toMatchObject({
      stateAfter: 'archived',
    });
    expect(await chief.decide(id, 'reopen', doc, { reason: 'Làm lại' })).toMatchObject({
      stateAfter: 'draft',
    });
  });
});

describe('standing in for somebody', () => {
  it('WF24 endorses for the head between the days of the delegation, and never has the last word', async () => {
    const { test } = held;
    const writer = await test.as('writer');
    const colleague = await test.as('colleague');
    const today = new Date(test.clock.now + 7 * 3_600_000).toISOString().slice(0, 10);
    const give = async (id: string, from: string, to: string, more: object) => {
      const data = { id, from: today, to: today, basis: 'Giấy số 1', ...more };
      await test.portal.db
        .insertInto('directory')
        .values({
          organisation_id: ORGANISATION,
          id: `delegation:${id}`,
          kind: 'delegation',
          data: JSON.stringify({ ...data, fromPersonId: from, toPersonId: to }),
        })
        .execute();
    };
    const { id, doc } = await writer.newArticle({ title: 'Bài do người thay xác nhận' });
    await writer.decide(id, 'submit', doc);
    expect(await colleague.decide(id, 'endorse', doc)).toMatchObject({ verdictCode: 'wrong-role' });
    await give('past', 'head', 'colleague', { roles: ['unit-head'], from: '2020-01-01', to: '2020-01-31' });
    expect(await colleague.decide(id, 'endorse', doc)).toMatchObject({ verdictCode: 'wrong-role' });
    await give('now', 'head', 'colleague', { roles: ['unit-head'] });
    expect(await colleague.decide(id, 'endorse', doc)).toMatchObject({
      status: 'accepted',
      stateAfter: 'endorsed',
      onBehalfOf: 'head',
    });
    const editor = await test.as('editor');
    expect(await editor.decide(id, 'pass', doc)).toMatchObject({ status: 'accepted', onBehalfOf: null });
    // A delegation that has ended changes nothing of what was decided under it.
    await test.portal.db.deleteFrom('directory').where('id', '=', 'delegation:now').execute();
    const kept = [...(await writer.pull('decisions')).values()].filter((row) => row.articleId === id);
    expect(kept.find((row) => row.action === 'endorse' && row.status === 'accepted')).toMatchObject({
      actorId: 'colleague',
      onBehalfOf: 'head',
    });
    await give('last', 'chief', 'editor', { roles: ['editor-in-chief'] });
    expect(await editor.decide(id, 'approve', doc)).toMatchObject({ verdictCode: 'wrong-role' });
  });
});
