import { beforeAll, describe, expect, test } from 'vitest';
import { checkFirstBytes } from '../../../domain/content/attachments.ts';
import { checkBeforeSubmit } from '../../../domain/content/checkBeforeSubmit.ts';
import { maySubmit } from '../../../domain/content/issues.ts';
import type { Block } from '../../../domain/document/types.ts';
import { unitExistsOn } from '../../../domain/people/types.ts';
import { categoriesForUnit, getProfile } from '../../../domain/regulations/profiles.ts';
import { type SampleArticle, sampleArticles } from '../../../portal/sample/articles.ts';
import { sampleOrganisation } from '../../../portal/sample/organisation.ts';
import { readZipEntry } from './readZip.ts';

const organisation = sampleOrganisation();
const found = getProfile(organisation.profileId);
if (!found) throw new Error(`no profile ${organisation.profileId}`);
const profile = found;
const paragraphs = (text: string): Block[] =>
  text.split('\n').map((line) => ({ type: 'paragraph', runs: line === '' ? [] : [{ text: line }] }));
const person = (id: string) => organisation.people.find((entry) => entry.id === id);

let articles: SampleArticle[] = [];
beforeAll(async () => {
  articles = await sampleArticles();
});
function articleOf(id: string): SampleArticle {
  const article = articles.find((entry) => entry.id === id);
  if (!article) throw new Error(`no article ${id}`);
  return article;
}

describe('the sample organisation', () => {
  test('VP17-5 every unit of the regulation is there, with a liaison officer and one head', () => {
    for (const { id, name } of profile.units) {
      expect(organisation.units.find((unit) => unit.id === id)?.name).toEqual(name);
      const roles = organisation.people
        .filter((entry) => entry.unitId === id)
        .map((entry) => entry.roles.join());
      expect(roles.filter((role) => role === 'unit-head')).toHaveLength(1);
      expect(roles.filter((role) => role === 'liaison').length).toBeGreaterThan(0);
    }
  });

  test('VP17-11.2 the board has head, deputy, two editors, a translator and an administrator', () => {
    const board = organisation.people.filter((entry) => entry.unitId === 'bbt');
    expect(board.map((entry) => `${entry.account} ${entry.roles.join()}`)).toEqual([
      'bien-tap-vien-1 editor',
      'bien-tap-vien-2 editor',
      'pho-truong-ban editor',
      'truong-ban editor-in-chief',
      'bien-dich translator',
      'quan-tri administrator',
    ]);
  });

  test('one unit has two liaison officers, for work side by side', () => {
    expect([person('dau-moi.sldtbxh')?.unitId, person('dau-moi-2.sldtbxh')?.unitId]).toEqual([
      'sldtbxh',
      'sldtbxh',
    ]);
  });

  test('accounts and ids are unique, units and parents exist, every unit has a short name', () => {
    const { people, units } = organisation;
    expect(new Set(people.map((entry) => entry.account)).size).toBe(people.length);
    expect(new Set(people.map((entry) => entry.id)).size).toBe(people.length);
    const ids = new Set(units.map((unit) => unit.id));
    expect(people.filter((entry) => !ids.has(entry.unitId))).toEqual([]);
    expect(units.filter((unit) => unit.parentId !== null && !ids.has(unit.parentId))).toEqual([]);
    expect(units.filter((unit) => unit.shortName === undefined)).toEqual([]);
    expect(units.every((unit) => unitExistsOn(unit, '2026-11-22'))).toBe(true);
  });

  test('a unit exists only between its days', () => {
    const unit = {
      id: 'cu',
      name: { vi: 'Cũ', en: 'Old' },
      parentId: null,
      validFrom: '2017-08-27',
      validTo: '2025-06-30',
    };
    const days = ['2017-08-26', '2017-08-27', '2025-06-30', '2025-07-01'];
    expect(days.map((day) => unitExistsOn(unit, day))).toEqual([false, true, true, false]);
  });
});

describe('the sample articles', () => {
  test('VP17 itself is published, the others are on their way', () => {
    expect(articles.map((article) => `${article.id} ${article.state}`)).toEqual([
      'sample-vp17 published',
      'sample-st19 in-review',
      'sample-tb11 submitted',
      'sample-tb21 draft',
    ]);
  });

  test('every step is one the chain allows, by somebody who may take it, and leads to the state', () => {
    for (const article of articles) {
      let state: string = 'draft';
      for (const [index, { action, actorId }] of article.steps.entries()) {
        const actor = person(actorId);
        if (action === 'declare') {
          expect([index, actorId]).toEqual([0, article.authorId]);
          continue;
        }
        const step = profile.chain[article.channel].find(
          (entry) =>
            entry.action === action &&
            entry.from.some((from) => from === state) &&
            entry.roles.some((role) => actor?.roles.includes(role)) &&
            (!entry.sameUnit || actor?.unitId === article.unitId),
        );
        expect([article.id, action, step?.action]).toEqual([article.id, action, action]);
        state = step?.to ?? state;
      }
      expect([article.id, state === 'approved' ? 'published' : state]).toEqual([article.id, article.state]);
    }
  });

  test('every article is in a category of its unit, and what was submitted passes the check', () => {
    for (const article of articles) {
      const ids = categoriesForUnit(profile, article.unitId).map((category) => category.id);
      expect(ids).toContain(article.categoryId);
      const issues = checkBeforeSubmit({
        ...article,
        profile,
        language: article.channel,
        fields: { ...article.textFields, ...article.fields },
        files: article.files.map((file) => ({ ...file, size: file.bytes.length })),
        body: paragraphs(article.body),
      });
      expect([article.id, maySubmit(issues)]).toEqual([article.id, article.state !== 'draft']);
      if (article.state !== 'draft') expect(issues).toEqual([]);
    }
  });

  test('the texts are clean: composed form, no marks of the scan', () => {
    const slips =
      /Vinh Phúc|VINH PHÚC|điện tử tinh\b|Công (?:TTĐT|[Tt]hông tin)|khiêu nại|[Tt]iêu sử|Handwritten|LuatVietnam|✓|\u00A0/u;
    for (const { id, body } of articles) {
      expect([id, slips.exec(body)?.[0]]).toEqual([id, undefined]);
      expect(body).toBe(body.normalize('NFC'));
      expect((body.match(/\*\*/gu) ?? []).length % 2).toBe(0);
    }
  });

  test.each([
    ['sample-vp17', 4, 20],
    ['sample-st19', 5, 31],
    ['sample-tb11', 4, 16],
    ['sample-tb21', 6, 19],
  ])('%s has %i chapters and %i articles, clauses numbered without a gap', (id, chapters, articleCount) => {
    const lines = articleOf(id).body.split('\n');
    expect(lines.filter((line) => /^## Chương [IVX]+/iu.test(line))).toHaveLength(chapters);
    const numbers = lines.flatMap((line) => /^### Điều (\d+)\. /u.exec(line)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(Array.from({ length: articleCount }, (_, index) => index + 1));
    let previous = 0;
    for (const line of lines) {
      if (line.startsWith('#')) previous = 0;
      const clause = /^(\d+)\. /u.exec(line)?.[1];
      if (clause === undefined) continue;
      expect([line.slice(0, 40), Number(clause)]).toEqual([line.slice(0, 40), previous + 1]);
      previous = Number(clause);
    }
  });
});

describe('the DOCX of VP17', () => {
  const textOf = (xml: string) =>
    [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/gu)]
      .map((match) => match[1])
      .join('')
      .replaceAll('&amp;', '&')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'");

  test('holds every line of the text', () => {
    const { files, body } = articleOf('sample-vp17');
    const bytes = Buffer.from(files[0]?.bytes ?? []);
    expect(checkFirstBytes(files[0]?.name ?? '', bytes)).toEqual([]);
    const text = textOf(readZipEntry(bytes, 'word/document.xml'));
    const lines = body
      .split('\n')
      .map((line) =>
        line
          .replace(/^#+ |^\d+\. /u, '')
          .replace(/\[([^\]]+)\]\([^)]+\)/gu, '$1')
          .replaceAll('*', ''),
      )
      .filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(150);
    expect(lines.filter((line) => !text.includes(line))).toEqual([]);
  });

  test('has real headings, and clauses numbered anew in each article', () => {
    const bytes = Buffer.from(articleOf('sample-vp17').files[0]?.bytes ?? []);
    const xml = readZipEntry(bytes, 'word/document.xml');
    expect(xml.match(/<w:pStyle w:val="Heading1"\/>/gu)).toHaveLength(5);
    expect(xml.match(/<w:pStyle w:val="Heading2"\/>/gu)).toHaveLength(20);
    const lists = new Set([...xml.matchAll(/<w:numId w:val="(\d+)"\/>/gu)].map((match) => match[1]));
    const body = articleOf('sample-vp17').body.split(/^### /mu).slice(1);
    expect(lists.size).toBe(body.filter((article) => /^\d+\. /mu.test(article)).length);
  });
});
