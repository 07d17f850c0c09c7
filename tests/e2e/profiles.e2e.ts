import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Desk } from './support/desk.ts';
import { attachTo, describeFile, expectOffered, expectShown, fillField } from './support/form.ts';
import {
  categoryOf,
  type Founded,
  filled,
  found,
  KINDS,
  PROFILE_IDS,
  type ProfileId,
  type RoadStep,
  roadOf,
  writingUnitOf,
} from './support/founding.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { openReader } from './support/reader.ts';

/**
 * News, a legal document and a kind of the regulation's own through the real windows of one desk, at which everybody of
 * the chain works in turn on all three.
 */

const DOCUMENT = join(import.meta.dirname, '../../portal/sample/files/quyet-dinh-26-2017-qd-ubnd.docx');
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function itemsOf(profileId: ProfileId, founded: Founded, picture: string) {
  const { profile } = founded;
  return KINDS[profileId].map((kind) => {
    const category = categoryOf(profile, kind);
    const { fields, values, files } = filled(profile, category);
    const isPicture = kind === 'event-images';
    return {
      category,
      road: roadOf(founded, writingUnitOf(founded, kind)),
      title: `${kind} của ${profileId}`,
      body: `Viết trên bàn làm việc: ${kind} theo quy chế ${profileId}.`,
      texts: fields.flatMap((field) => {
        const value = values[field.id];
        return value === undefined ? [] : [{ field, value }];
      }),
      files: fields
        .filter((field) => files.includes(field.id))
        .map((field) => ({
          field,
          path: isPicture ? picture : DOCUMENT,
          // A picture goes nowhere without words for who doesn't see it.
          label: isPicture ? 'Lãnh đạo Sở trao quyết định tại lễ công bố' : '',
        })),
    };
  });
}

type Item = ReturnType<typeof itemsOf>[number];

async function write(person: Person, { category, title, body, texts, files }: Item): Promise<void> {
  const { page } = person;
  await person.create(category.name.vi, title);
  await page.locator('#field-summary').fill(`Tóm tắt: ${title}.`);
  await person.body.click();
  await page.keyboard.insertText(body);
  await person.tab('info');
  for (const { field, value } of texts) await fillField(person, field, value);
  for (const { field, path } of files) await attachTo(person, field, path);
  for (const { path, label } of files) if (label !== '') await describeFile(person, path, label);
  await person.saved();
}

async function take(person: Person, item: Item, { action }: RoadStep): Promise<void> {
  if (action !== 'submit') {
    await person.review(item.title);
    return person.decide(action);
  }
  await write(person, item);
  // Who comes after the unit is on the button.
  await person.decide(item.road[1]?.action === 'endorse' ? 'submit' : 'submitBoard');
}

for (const profileId of PROFILE_IDS) {
  test(`${profileId}: ${KINDS[profileId].join(', ')} go from an empty desk through the whole chain to the public page`, async ({}, info) => {
    test.setTimeout(300_000);
    const data = join(info.project.outputDir, `profile-${profileId}`);
    const founded = await found(profileId, data);
    const { passwordOf } = founded;
    const portal = new Portal({ data, env: { SOAN_SAMPLE: '' } });
    await portal.start();
    const desk = await Desk.open({ userData: info.outputPath('desk'), portalUrl: portal.url });
    const reader = await openReader();
    try {
      const picture = info.outputPath('le-cong-bo.png');
      await writeFile(picture, Buffer.from(PNG, 'base64'));
      const items = itemsOf(profileId, founded, picture).map((item) => ({ ...item, ahead: [...item.road] }));
      for (let person: Person | null = null; ; ) {
        const next = items.flatMap(({ ahead }) => ahead[0]?.actor ?? [])[0];
        if (!next) break;
        await person?.signOut();
        person = await Person.at(desk, next.account, passwordOf(next.account));
        for (const item of items) {
          for (let step = item.ahead[0]; step?.actor === next; step = item.ahead[0]) {
            await take(person, item, step);
            item.ahead.shift();
          }
        }
        await person.hasSentAll();
      }
      for (const { category, title, body, texts, files } of items) {
        await reader.find(portal.url, title, 'vi');
        const page = reader.page.locator('main');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
        await expect(page).toContainText(body);
        await expect(page).toContainText(category.name.vi);
        for (const { field, value } of texts) await expectShown(reader.page, field, value);
        for (const { path, label } of files) await expectOffered(reader.page, path, label || basename(path));
      }
    } finally {
      await reader.close();
      await desk.close().catch(() => undefined);
      await portal.end('SIGTERM');
    }
  });
}
