import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  bodyRoot,
  fieldText,
  setField,
  setFile,
  summaryText,
  titleText,
  writeBody,
} from '../../../domain/document/index.ts';
import { getProfile, profileIds } from '../../../domain/regulations/index.ts';
import { categoryOf, filled, found, KINDS, PROFILE_IDS, roadOf } from '../../e2e/support/founding.ts';
import { Portal } from '../../e2e/support/portal.ts';
import { newFolder, newId, startEngine, type TestWindow } from '../../unit/engine/support/desk.ts';
import { openArrivedText, openText, propose } from '../../unit/engine/support/writing.ts';

/** Each of the four regulations, set up by the command, carries three kinds of content to their public pages through its own chain. */

const SAMPLE_FILE = join(import.meta.dirname, '../../../portal/sample/files/quyet-dinh-26-2017-qd-ubnd.docx');
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

const TEXTS = new Set(['text', 'longText', 'email', 'phone', 'url', 'person']);

async function attach(window: TestWindow, articleId: string, name: string, type: string, bytes: Uint8Array) {
  const uploadId = newId('upload');
  await window.must('files.begin', { uploadId, articleId, name, type, size: bytes.length });
  await window.must('files.chunk', { uploadId, offset: 0, bytes });
  return window.must('files.finish', { uploadId });
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

it('the kinds are three, and the last is as no other regulation has it', () => {
  expect([...PROFILE_IDS].sort()).toEqual([...profileIds()].sort());
  for (const id of PROFILE_IDS) {
    const own = KINDS[id][2];
    const fieldsOf = (profileId: string) =>
      getProfile(profileId)
        ?.categories.find((category) => category.id === own)
        ?.fields.map((field) => field.id)
        .join();
    for (const other of PROFILE_IDS.filter((one) => one !== id))
      expect([other, own, fieldsOf(other)]).not.toEqual([other, own, fieldsOf(id)]);
  }
});

describe.each(PROFILE_IDS)('%s', (profileId) => {
  it('carries news, a legal document and a kind of its own from draft to public page', async () => {
    const data = await newFolder();
    const founded = await found(profileId, data);
    const portal = new Portal({ data, env: { SOAN_SAMPLE: '' } });
    await portal.start();
    endings.push(() => portal.end('SIGTERM'));
    const { profile, people, passwordOf } = founded;
    const unitId = people.find((one) => one.roles.includes('liaison'))?.unitId ?? '';
    const road = roadOf(founded, unitId);
    expect(road.map((step) => step.action)).toEqual([
      ...new Set(['submit', ...road.map((step) => step.action), 'approve']),
    ]);
    const items = KINDS[profileId].map((categoryId) => ({
      articleId: newId('article'),
      category: categoryOf(profile, categoryId),
      title: `Bài thử ${profileId} mục ${categoryId}`,
      proof: '',
      fileName: '',
    }));
    let publicPaths = new Map<string, string>();

    for (const { action, actor } of road) {
      const { engine, window } = await startEngine({ fetch, portalUrl: portal.url });
      try {
        await window.must('session.signIn', { account: actor.account, password: passwordOf(actor.account) });
        await window.until('directory.all', {}, (all) => all.profile !== null);
        for (const item of items) {
          const { articleId, category, title } = item;
          if (action === 'submit') {
            await window.must('articles.create', { articleId, categoryId: category.id, title });
            const text = await openText(window, articleId);
            const whole = filled(profile, category);
            const files = await Promise.all(
              whole.files.map(async (role) => {
                const formats = category.fields.find((field) => field.id === role)?.formats;
                const isImage = formats?.includes('png') ?? category.id === 'event-images';
                const name = isImage ? `${role}.png` : `${role}.docx`;
                const type = isImage ? 'image/png' : DOCX;
                const bytes = isImage ? PNG : await readFile(SAMPLE_FILE);
                return { role, name, type, ...(await attach(window, articleId, name, type, bytes)) };
              }),
            );
            await text.write((doc) => {
              if (titleText(doc).length === 0) titleText(doc).insert(0, title);
              summaryText(doc).insert(0, 'Tóm tắt của bài thử.');
              bodyRoot(doc).delete(0, bodyRoot(doc).length);
              writeBody(doc, ['Thân bài thử, đủ để trình.']);
              for (const [id, value] of Object.entries(whole.values)) {
                const field = whole.fields.find((one) => one.id === id);
                if (field && TEXTS.has(field.type) && !field.multiple) {
                  fieldText(doc, id).insert(0, String(value));
                  if (category.fields.includes(field)) item.proof = String(value);
                } else setField(doc, id, field?.multiple ? [String(value)] : value, null);
              }
              for (const { role, name, type, sha256, size } of files) {
                item.fileName = name;
                const entry = { sha256, size, name, type, role, label: `Tệp ${role}` };
                setFile(doc, newId('file'), entry, null);
              }
            });
            const { checks } = await window.look('articles.detail', { articleId });
            expect(checks.filter((check) => check.severity === 'must')).toEqual([]);
            await propose(window, articleId, 'declare', null);
            await propose(window, articleId, 'submit', text.fingerprint());
          } else {
            await window.until(
              'articles.list',
              { view: 'mine', sort: 'due', offset: 0, count: 50 },
              ({ rows }) => rows.some((row) => row.id === articleId),
              60_000,
            );
            const seen = await openArrivedText(window, articleId);
            await propose(window, articleId, action, seen.fingerprint());
          }
        }
        const settled = await Promise.all(
          items.map(({ articleId }) =>
            window.until(
              'articles.detail',
              { articleId },
              ({ row, decisions }) =>
                row.pendingDecisions === 0 &&
                decisions.some((one) => one.action === action && one.status !== 'proposed') &&
                (action !== 'approve' || row.publicPath !== null),
              60_000,
            ),
          ),
        );
        for (const { decisions, row } of settled) {
          const refused = decisions.filter((one) => one.status === 'refused');
          expect(refused.map((one) => [one.action, one.verdictCode, row.categoryId])).toEqual([]);
        }
        publicPaths = new Map(settled.map(({ row }) => [row.id, row.publicPath ?? '']));
      } finally {
        await engine.stop();
      }
    }

    const get = async (path: string) => {
      const answer = await fetch(`${portal.url}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    const front = await get('/');
    for (const { articleId, title, category, proof, fileName } of items) {
      const page = await get(publicPaths.get(articleId) ?? '/nowhere');
      expect([category.id, page.status]).toEqual([category.id, 200]);
      const shown = [title, 'Thân bài thử, đủ để trình.', category.name.vi, 'name="DC.title"', proof];
      expect(shown.filter((text) => !page.text.includes(text.replaceAll('&', '&amp;')))).toEqual([]);
      if (fileName !== '') {
        const href = /href="([^"]*\/tep\/[^"]+)"/u.exec(page.text)?.[1] ?? '';
        expect((await fetch(new URL(href, portal.url))).status).toBe(200);
      }
      expect(front.text.includes(title)).toBe(true);
    }
  }, 300_000);
});
