import * as Y from 'yjs';
import { bodyRoot, fieldsMap, fieldText, summaryText, titleText } from '../../../domain/document/index.ts';
import type { Random } from '../random.ts';

/** Edits of a text as an editor makes them. */

const paragraphs = (doc: Y.Doc): Y.XmlElement[] =>
  (bodyRoot(doc).toArray() as unknown[]).filter((node) => node instanceof Y.XmlElement);

function bodyTexts(doc: Y.Doc): Y.XmlText[] {
  return paragraphs(doc).flatMap((paragraph) =>
    (paragraph.toArray() as unknown[]).filter((node) => node instanceof Y.XmlText),
  );
}

function addParagraph(doc: Y.Doc, random: Random, words: string): void {
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  text.insert(0, words);
  paragraph.insert(0, [text]);
  bodyRoot(doc).insert(random.below(bodyRoot(doc).length + 1), [paragraph]);
}

/** One change of the document; `mark` is part of whatever is written, and of nothing else. */
export function edit(doc: Y.Doc, random: Random, mark: string): string {
  const what = random.weighted({
    title: 10,
    summary: 10,
    body: 40,
    paragraph: 14,
    field: 8,
    cut: 16,
    'text-field': 2,
  });
  doc.transact(() => {
    if (what === 'title') write(titleText(doc), random, mark);
    else if (what === 'summary') write(summaryText(doc), random, mark);
    else if (what === 'text-field') write(fieldText(doc, 'note'), random, mark);
    else if (what === 'field')
      fieldsMap(doc).set('documentDate', `2026-08-${String(1 + random.below(28)).padStart(2, '0')}`);
    else if (what === 'cut') cut(doc, random);
    else {
      const texts = bodyTexts(doc);
      if (what === 'paragraph' || texts.length === 0) addParagraph(doc, random, `${mark} `);
      else write(random.pick(texts), random, mark);
    }
  });
  return what;
}

function write(text: Y.Text, random: Random, mark: string): void {
  // Most people write at the end or where others write too; the same place is the interesting one.
  const at = random.chance(0.4) ? text.length : random.chance(0.3) ? 0 : random.below(text.length + 1);
  text.insert(at, `${mark} `);
}

function cut(doc: Y.Doc, random: Random): void {
  const texts = [summaryText(doc), ...bodyTexts(doc)].filter((text) => text.length > 3);
  if (texts.length === 0) {
    addParagraph(doc, random, '…');
    return;
  }
  const text = random.pick(texts);
  const from = random.below(text.length - 2);
  text.delete(from, 1 + random.below(Math.min(12, text.length - from - 1)));
}

/** What an article needs before it can be submitted. */
export function fill(doc: Y.Doc, random: Random, mark: string): void {
  doc.transact(() => {
    if (titleText(doc).length === 0) titleText(doc).insert(0, `Bài ${mark}`);
    summaryText(doc).insert(0, `Tóm tắt ${mark} `);
    addParagraph(doc, random, `Đoạn ${mark}. `);
  });
}
