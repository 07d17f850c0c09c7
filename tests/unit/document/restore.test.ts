// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  type ArticleContent,
  type Block,
  bodyRoot,
  canonicalise,
  createArticleDoc,
  encodeState,
  fieldText,
  fingerprint,
  inspectBody,
  loadDoc,
  nameVersion,
  readContent,
  readVersions,
  restoreContent,
  stateVector,
  titleText,
} from '../../../domain/document/index.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import { bindEditor } from '../../../renderer/features/editor/binding/index.ts';
import { createBodyEditor } from '../../../renderer/features/editor/body/createBodyEditor.ts';
import { seeded } from './support/random.ts';
import { RICH_BODY, SAMPLE } from './support/samples.ts';

const TEXT_FIELDS = ['author', 'note'];

function docOf(content: ArticleContent, clientId: number): Y.Doc {
  const texts = Object.entries(content.fields).filter(([id]) => TEXT_FIELDS.includes(id));
  return createArticleDoc({
    clientId,
    meta: content.meta,
    title: content.title,
    summary: content.summary,
    textFields: Object.fromEntries(texts.map(([id, value]) => [id, String(value)])),
    fields: Object.fromEntries(Object.entries(content.fields).filter(([id]) => !TEXT_FIELDS.includes(id))),
    body: content.body,
    files: Object.fromEntries(content.files.map(({ id, ...entry }) => [id, entry])),
  }).doc;
}

const paragraph = (text: string): Block => ({ type: 'paragraph', runs: text === '' ? [] : [{ text }] });

/** Another article out of the pieces of the sample. */
function randomContent(seed: number): ArticleContent {
  const random = seeded(seed);
  const pool: readonly Block[] = [
    ...RICH_BODY,
    paragraph('Công dân nộp hồ sơ tại Bộ phận Một cửa của Sở, trong giờ hành chính.'),
    paragraph('Công dân nộp hồ sơ trực tuyến trên Cổng dịch vụ công, bất kỳ lúc nào.'),
    paragraph(''),
    { type: 'paragraph', runs: [{ text: 'Đậm cả đoạn này từ đầu đến cuối', marks: ['bold'] }] },
  ];
  const body = Array.from({ length: random.below(9) }, () => random.pick(pool));
  while (body.at(-1)?.type === 'paragraph' && JSON.stringify(body.at(-1)).includes('"runs":[]')) body.pop();
  const fields: ArticleContent['fields'] = {};
  if (random.below(2)) fields.author = random.pick(['Văn phòng', 'Sở Tư pháp']);
  if (random.below(2)) fields.issuedOn = random.pick(['2026-01-02', '2026-02-03']);
  if (random.below(2)) fields.urgent = true;
  if (random.below(2)) fields.note = 'ghi chú';
  const sorted = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...SAMPLE,
    title: random.pick(['Quyết định', 'Quyết định mới', '']),
    summary: random.pick(['', 'Tóm tắt']),
    fields: sorted,
    files: SAMPLE.files.filter(() => random.below(2) === 0),
    body,
  };
}

describe('an earlier content comes back', () => {
  it('whatever there was in between, as new edits beside all that was there', () => {
    for (let seed = 1; seed <= 250; seed += 1) {
      const [first, second] = [randomContent(seed), randomContent(seed + 1000)];
      const doc = docOf(first, 1);
      expect(restoreContent(doc, second, null), `seed ${seed}`).toBe(true);
      expect(canonicalise(readContent(doc)), `seed ${seed}`).toBe(canonicalise(second));
      const before = stateVector(doc);
      expect(restoreContent(doc, first, null), `seed ${seed}`).toBe(true);
      expect(fingerprint(readContent(doc))).toBe(fingerprint(first));
      expect(inspectBody(doc)).toEqual([]);
      // Nothing of the past is taken out: another desk reaches the same text from what it had.
      const other = loadDoc([Y.encodeStateAsUpdateV2(docOf(first, 1))]);
      expect(restoreContent(other, second, null)).toBe(true);
      const behind = loadDoc([encodeState(doc)]);
      Y.applyUpdateV2(behind, Y.encodeStateAsUpdateV2(doc, before));
      expect(fingerprint(readContent(behind))).toBe(fingerprint(first));
    }
  });

  it('with no edit at all where nothing differs', () => {
    const doc = docOf(SAMPLE, 1);
    const before = encodeState(doc);
    expect(restoreContent(doc, readContent(doc), null)).toBe(true);
    expect(encodeState(doc)).toEqual(before);
  });

  it('keeps what somebody else writes meanwhile in a paragraph that is only edited', () => {
    const old = { ...SAMPLE, body: [paragraph('Công dân nộp hồ sơ tại Sở'), paragraph('Hết')] };
    const doc = docOf(old, 1);
    const now = { ...old, body: [paragraph('Công dân nộp hồ sơ tại Sở và nộp lệ phí'), paragraph('Hết')] };
    expect(restoreContent(doc, now, null)).toBe(true);
    const away = loadDoc([encodeState(doc)], 9);
    const first = bodyRoot(away).get(0) as Y.XmlElement;
    const text = first.get(0) as Y.XmlText;
    text.insert(0, 'Lưu ý: ');
    restoreContent(doc, old, null);
    Y.applyUpdateV2(doc, encodeState(away));
    expect(readContent(doc).body[0]).toEqual(paragraph('Lưu ý: Công dân nộp hồ sơ tại Sở'));
  });

  it('text fields stay shared texts, and what the article is stays', () => {
    const doc = docOf({ ...SAMPLE, fields: { author: 'Văn phòng' } }, 1);
    restoreContent(doc, { ...SAMPLE, fields: {} }, null);
    restoreContent(
      doc,
      { ...SAMPLE, meta: { categoryId: 'x', language: 'en' }, fields: { author: 'Sở' } },
      null,
    );
    expect(fieldText(doc, 'author').toString()).toBe('Sở');
    expect(readContent(doc).meta).toEqual(SAMPLE.meta);
  });

  it('an open editor shows it', async () => {
    const body = RICH_BODY.filter((block) => block.type !== 'table');
    const doc = docOf({ ...SAMPLE, body: [paragraph('một'), paragraph('hai ba bốn năm')] }, 1);
    const editor = createBodyEditor(true);
    const element = document.createElement('div');
    element.contentEditable = 'true';
    document.body.append(element);
    editor.setRootElement(element);
    bindEditor({ editor, doc, onReport: () => {} });
    const elsewhere = loadDoc([encodeState(doc)], 5);
    expect(restoreContent(elsewhere, { ...SAMPLE, body }, null)).toBe(true);
    Y.applyUpdateV2(doc, encodeState(elsewhere));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(readEditorBody(editor.getEditorState())).toEqual(readContent(doc).body);
    expect(readContent(doc).body).toEqual(body);
  });
});

describe('named versions', () => {
  const version = { id: 'v1', name: 'Trước khi cắt', at: 5, authorId: 'a', content: 'AAAA' };

  it('travel with the document and are no content', () => {
    const doc = docOf(SAMPLE, 1);
    const before = fingerprint(readContent(doc));
    nameVersion(doc, version, null);
    nameVersion(doc, { ...version, name: 'Khác' }, null);
    expect(readVersions(loadDoc([encodeState(doc)]))).toEqual([version]);
    expect(fingerprint(readContent(doc))).toBe(before);
  });

  it('of another shape are left out', () => {
    const doc = docOf(SAMPLE, 1);
    for (const [id, value] of Object.entries({
      a: 'x',
      b: { ...version, at: -1 },
      c: { ...version, name: '' },
      d: { ...version, content: 7 },
      e: null,
    }))
      doc.getMap('versions').set(id, value);
    expect(readVersions(doc)).toEqual([]);
    expect(titleText(doc).toString()).toBe(SAMPLE.title);
  });
});
