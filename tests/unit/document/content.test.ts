import { $getRoot, type TextNode } from 'lexical';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  bodyRoot,
  canonicalise,
  contentBoundTo,
  createArticleDoc,
  encodeState,
  fieldsMap,
  fieldText,
  filesMap,
  fingerprint,
  inspectBody,
  loadDoc,
  metaMap,
  type NewArticle,
  readBody,
  readContent,
} from '../../../domain/document/index.ts';
import { readEditorBody } from '../../../domain/document/readEditor.ts';
import { createPeer, reloaded, settle, shown } from './support/peer.ts';
import { RICH_BODY, SAMPLE, withBody } from './support/samples.ts';

const NEW: NewArticle = {
  clientId: 42,
  meta: SAMPLE.meta,
  title: SAMPLE.title,
  summary: SAMPLE.summary,
  textFields: { author: 'Văn phòng UBND tỉnh' },
  fields: { issuedOn: '2017-08-17', pages: 12, urgent: true },
  files: Object.fromEntries(SAMPLE.files.map(({ id, ...entry }) => [id, entry])),
  body: RICH_BODY,
};

describe('creating and reading', () => {
  it('gives back what was put in', () => {
    expect(readContent(createArticleDoc(NEW).doc)).toEqual(SAMPLE);
  });

  it('gives the same bytes for the same arguments', () => {
    expect(createArticleDoc(NEW).firstUpdate).toEqual(createArticleDoc(NEW).firstUpdate);
  });

  it('has one empty paragraph and no content without a body', () => {
    const { doc } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta });
    expect(bodyRoot(doc).length).toBe(1);
    expect(readContent(doc)).toMatchObject({ title: '', summary: '', fields: {}, files: [], body: [] });
  });

  it('is shown by the editor as it was written, and opening it changes nothing', async () => {
    const peer = createPeer(7, [createArticleDoc(NEW).firstUpdate]);
    const before = encodeState(peer.doc);
    await settle();
    expect(peer.errors).toEqual([]);
    expect(shown(peer)).toEqual(RICH_BODY);
    expect(encodeState(peer.doc)).toEqual(before);
    expect(peer.binding.check()).toBe(true);
  });

  it('writes what the editor itself would write', async () => {
    const peer = createPeer(7, [createArticleDoc(NEW).firstUpdate]);
    const empty = createPeer(8, [createArticleDoc({ clientId: 9, meta: SAMPLE.meta }).firstUpdate]);
    empty.editor.setEditorState(empty.editor.parseEditorState(JSON.stringify(peer.editor.getEditorState())));
    await settle();
    expect(empty.errors).toEqual([]);
    expect(bodyRoot(empty.doc).toString()).toBe(bodyRoot(peer.doc).toString());
    expect(readBody(empty.doc)).toEqual(RICH_BODY);
    expect(reloaded(empty)).toEqual(RICH_BODY);
  });

  it('leaves texts exactly as they are, composed or not', () => {
    const decomposed = 'Tie\u0302\u0301ng Vie\u0323\u0302t';
    const { doc } = createArticleDoc({
      clientId: 1,
      meta: SAMPLE.meta,
      title: decomposed,
      body: [decomposed],
    });
    expect(readContent(doc).title).toBe(decomposed);
    expect(readBody(doc)).toEqual([{ type: 'paragraph', runs: [{ text: decomposed }] }]);
  });
});

describe('reading what foreign programs wrote', () => {
  it('reads half a character as it arrives elsewhere', () => {
    const { doc } = createArticleDoc({
      ...NEW,
      title: 'a\ud83d',
      textFields: { x: '\ude00b' },
      body: ['c\ud83d'],
    });
    fieldsMap(doc).set('y', 'z\ud83d');
    const elsewhere = loadDoc([encodeState(doc)]);
    expect(readContent(doc)).toEqual(readContent(elsewhere));
    expect(fingerprint(readContent(doc))).toBe(fingerprint(readContent(elsewhere)));
    expect(readContent(doc)).toMatchObject({ title: 'a\ufffd', fields: { x: '\ufffdb', y: 'z\ufffd' } });
  });

  it('leaves out values of the wrong shape and keeps the rest', () => {
    const { doc } = createArticleDoc(NEW);
    fieldsMap(doc).set('bad', { a: 1 });
    fieldsMap(doc).set('nan', Number.NaN);
    fieldsMap(doc).set('list', ['a', 'b']);
    fieldsMap(doc).set('__proto__', 'x');
    filesMap(doc).set('broken', { sha256: 'no', name: 'x' });
    filesMap(doc).set('text', 'x');
    metaMap(doc).set('language', 'fr');
    metaMap(doc).set('categoryId', 5);
    const content = readContent(doc);
    expect(Object.keys(content.fields)).toEqual([
      '__proto__',
      'author',
      'issuedOn',
      'list',
      'pages',
      'urgent',
    ]);
    expect(Object.getPrototypeOf(content.fields)).toBe(Object.prototype);
    expect(content.files).toEqual(SAMPLE.files);
    expect(content.meta).toEqual({ categoryId: '', language: 'vi' });
  });

  it('finds text fields nobody named, and lets a text win over a value', () => {
    const { doc } = createArticleDoc(NEW);
    fieldText(doc, 'pages').insert(0, 'mười hai');
    fieldText(doc, 'empty');
    const loaded = loadDoc([encodeState(doc)]);
    expect(readContent(loaded).fields).toMatchObject({ pages: 'mười hai', author: 'Văn phòng UBND tỉnh' });
    expect(readContent(loaded).fields).not.toHaveProperty('empty');
  });

  it('keeps the words of unknown nodes, and names the problems', () => {
    const { doc } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body: ['trước'] });
    const text = new Y.XmlText();
    text.insert(0, 'bên trong');
    const inner = new Y.XmlElement('paragraph');
    inner.insert(0, [text]);
    const widget = new Y.XmlElement('widget');
    widget.insert(0, [inner]);
    widget.setAttribute('onclick', 'x');
    bodyRoot(doc).push([widget, new Y.XmlText('rơi')]);
    expect(readBody(doc).map((block) => ('runs' in block ? block.runs : null))).toEqual([
      [{ text: 'trước' }],
      [{ text: 'bên trong' }],
      [{ text: 'rơi' }],
    ]);
    expect(inspectBody(doc)).toEqual([{ kind: 'unknown-element', name: 'widget' }]);
  });

  it('survives a nesting of ten thousand levels', () => {
    const { doc } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta, body: ['trước'] });
    let parent = bodyRoot(doc);
    doc.transact(() => {
      for (let level = 0; level < 10_000; level += 1) {
        const child = new Y.XmlElement('quote');
        parent.insert(parent === bodyRoot(doc) ? 1 : 0, [child]);
        parent = child;
      }
    });
    expect(readBody(doc)).toHaveLength(2);
    expect(inspectBody(doc)).toEqual([{ kind: 'too-deep', name: 'quote' }]);
  });

  it.each([
    ['h1', 2],
    ['h2', 2],
    ['h3', 3],
    ['h4', 4],
    ['h6', 4],
    ['x', 2],
  ])('reads a heading %s as level %i', (tag, level) => {
    const { doc } = createArticleDoc({ clientId: 1, meta: SAMPLE.meta });
    const heading = new Y.XmlElement('heading');
    heading.setAttribute('__tag', tag);
    heading.insert(0, [new Y.XmlText('a')]);
    bodyRoot(doc).insert(0, [heading]);
    expect(readBody(doc)).toEqual([{ type: 'heading', level, runs: [{ text: 'a' }] }]);
  });
});

describe('canonical form and fingerprint', () => {
  it('has this form', () => {
    const content = withBody(
      { type: 'heading', level: 2, runs: [{ text: 'Điều 1' }] },
      {
        type: 'paragraph',
        runs: [
          { text: 'a "b"\n', marks: ['bold'] },
          { text: 'c', href: 'https://x.vn' },
        ],
      },
    );
    expect(canonicalise({ ...content, fields: { b: 1, a: ['x'], c: true } })).toBe(
      '{"body":[{"level":2,"runs":[{"text":"Điều 1"}],"type":"heading"},' +
        '{"runs":[{"marks":["bold"],"text":"a \\"b\\"\\n"},{"href":"https://x.vn","text":"c"}],"type":"paragraph"}],' +
        '"fields":{"a":["x"],"b":1,"c":true},' +
        `"files":[{"id":"f1","label":"Quyết định 26/2017/QĐ-UBND","name":"QĐ 26.pdf","role":"signedDocument","sha256":"${'a'.repeat(64)}","size":1234,"type":"application/pdf"}],` +
        '"form":"soan-content/1","meta":{"categoryId":"directive-information","language":"vi"},' +
        '"summary":"Ban hành quy chế.","title":"Quyết định về Cổng thông tin"}',
    );
  });

  it('has this fingerprint, on every machine and in every version', () => {
    expect(fingerprint(SAMPLE)).toBe('dcb4717eaa40b7769033503f6ab769a4bfc559297e1845b98d9b3eebdbb98084');
  });

  it('does not depend on client ids, order of keys or lone surrogates', () => {
    const other = createArticleDoc({ ...NEW, clientId: 4_000_000_000 }).doc;
    expect(fingerprint(readContent(other))).toBe(fingerprint(SAMPLE));
    const { title, ...rest } = SAMPLE;
    expect(fingerprint({ ...rest, title })).toBe(fingerprint(SAMPLE));
    expect(fingerprint({ ...SAMPLE, title: 'a\ud800' })).not.toBe(
      fingerprint({ ...SAMPLE, title: 'a\ufffd' }),
    );
  });

  it('joins what reads the same: text nodes divided by a mark that was taken away again', async () => {
    const peer = createPeer(7, [createArticleDoc({ ...NEW, body: ['một hai ba'] }).firstUpdate]);
    const before = fingerprint(readContent(peer.doc));
    const toggle = () => $getRoot().getFirstDescendant<TextNode>()?.splitText(3)[0]?.toggleFormat('bold');
    peer.editor.update(toggle, { discrete: true });
    await settle();
    expect(fingerprint(readContent(peer.doc))).not.toBe(before);
    peer.editor.update(() => $getRoot().getFirstDescendant<TextNode>()?.toggleFormat('bold'), {
      discrete: true,
    });
    await settle();
    expect(fingerprint(readContent(peer.doc))).toBe(before);
  });

  it.each([
    ['title', { title: 'Quyết định về Cổng thông tin.' }],
    ['summary', { summary: '' }],
    ['a field', { fields: { ...SAMPLE.fields, pages: 13 } }],
    ['a file', { files: SAMPLE.files.map((file) => ({ ...file, sha256: 'b'.repeat(64) })) }],
    ['a label', { files: SAMPLE.files.map((file) => ({ ...file, label: 'khác' })) }],
    ['the category', { meta: { ...SAMPLE.meta, categoryId: 'other' } }],
    ['the body', { body: RICH_BODY.slice(1) }],
  ])('changes with %s', (_, change) => {
    const changed = { ...SAMPLE, ...change };
    expect(contentBoundTo(changed, fingerprint(SAMPLE))).toBe(false);
    expect(contentBoundTo(SAMPLE, fingerprint(SAMPLE))).toBe(true);
  });
});

it('reads an empty editor as an empty body', () => {
  const peer = createPeer(7, [createArticleDoc({ clientId: 1, meta: SAMPLE.meta }).firstUpdate]);
  expect(readEditorBody(peer.editor.getEditorState())).toEqual([]);
});
