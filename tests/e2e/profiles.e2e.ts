import { join } from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { type FieldRule, isRequired } from '../../domain/regulations/index.ts';
import { Desk } from './support/desk.ts';
import { categoryOf, found, PROFILE_IDS, roadOf, sampleValue } from './support/founding.ts';
import { Person } from './support/person.ts';
import { Portal } from './support/portal.ts';
import { openReader } from './support/reader.ts';
import { words } from './support/words.ts';

/** A news item through the real windows of one desk, at which everybody of the chain works in turn. Other kinds: `integration/profiles`. */
async function fill(person: Person, field: FieldRule): Promise<void> {
  const control = person.page.locator(`[id="field-${field.id}"]`);
  const value = sampleValue(field);
  if (field.type === 'choice' || field.type === 'boolean') return choose(person, control, field, value);
  if (field.type !== 'date') return control.fill(String(value));
  const [year, month, day] = String(value).split('-');
  await control.fill(`${day}/${month}/${year}`);
  await control.blur();
}

async function choose(person: Person, control: Locator, field: FieldRule, value: unknown): Promise<void> {
  const option = field.options?.find((one) => one.id === value)?.name.vi ?? words('field.yes');
  if ((field.options?.length ?? 2) <= 3) return control.getByText(option, { exact: true }).click();
  await control.click();
  await person.page.getByRole('option', { name: option, exact: true }).click();
}

for (const profileId of PROFILE_IDS) {
  test(`${profileId}: news goes from an empty desk through the whole chain to the public page`, async ({}, info) => {
    test.setTimeout(300_000);
    const data = join(info.project.outputDir, `profile-${profileId}`);
    const founded = await found(profileId, data);
    const { profile, people, passwordOf } = founded;
    const portal = new Portal({ data, env: { SOAN_SAMPLE: '' } });
    await portal.start();
    const desk = await Desk.open({ userData: info.outputPath('desk'), portalUrl: portal.url });
    const reader = await openReader();
    try {
      const unitId = people.find((one) => one.roles.includes('liaison'))?.unitId ?? '';
      const category = categoryOf(profile, 'news-events');
      const title = `Tin đầu tiên của ${profileId}`;
      let signedIn: Person | null = null;
      const road = roadOf(founded, unitId);
      // Who comes after the unit is on the button.
      const submits = road.some((step) => step.action === 'endorse') ? 'submit' : 'submitBoard';
      for (const { action, actor } of road) {
        await signedIn?.signOut();
        const person: Person = await Person.at(desk, actor.account, passwordOf(actor.account));
        signedIn = person;
        if (action === 'submit') {
          await person.button(words('desk.new')).first().waitFor();
          await person.create(category.name.vi, title);
          await person.page.locator('#field-summary').fill('Tóm tắt của tin.');
          await person.body.click();
          await person.page.keyboard.insertText(`Tin viết trên bàn làm việc theo quy chế ${profileId}.`);
          await person.tab('info');
          for (const field of [...category.fields, ...profile.commonFields])
            if (isRequired(field, {})) await fill(person, field);
          await person.saved();
        } else await person.review(title);
        await person.decide(action === 'submit' ? submits : action);
        await person.hasSentAll();
      }
      await reader.find(portal.url, title, 'vi');
      const page = reader.page.locator('main');
      await expect(page).toContainText(`theo quy chế ${profileId}.`);
      await expect(page).toContainText(category.name.vi);
    } finally {
      await reader.close();
      await desk.close().catch(() => undefined);
      await portal.end('SIGTERM');
    }
  });
}
