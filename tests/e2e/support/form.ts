import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { FieldRule } from '../../../domain/regulations/index.ts';
import type { Person } from './person.ts';
import { words } from './words.ts';

type Value = string | number | boolean;

const control = (person: Person, field: FieldRule): Locator =>
  person.page.locator(`[id="field-${field.id}"]`);

const optionOf = (field: FieldRule, value: Value): string =>
  field.options?.find((one) => one.id === value)?.name.vi ?? words(value === true ? 'field.yes' : 'field.no');

const typedDay = (day: Value): string => String(day).split('-').reverse().join('/');

/** Fills one field of the form, by its kind. */
export async function fillField(person: Person, field: FieldRule, value: Value): Promise<void> {
  const at = control(person, field);
  if (field.type === 'choice' || field.type === 'boolean') return choose(person, at, field, value);
  await at.fill(field.type === 'date' ? typedDay(value) : String(value));
  if (field.type === 'date') await at.blur();
}

async function choose(person: Person, at: Locator, field: FieldRule, value: Value): Promise<void> {
  const option = optionOf(field, value);
  if ((field.options?.length ?? 2) <= 3) return at.getByText(option, { exact: true }).click();
  await at.click();
  await person.page.getByRole('option', { name: option, exact: true }).click();
}

/** Attaches a file by the field of the form that it fills. */
export async function attachTo(person: Person, field: FieldRule, path: string): Promise<void> {
  const chooser = person.page.waitForEvent('filechooser');
  await control(person, field).click();
  await (await chooser).setFiles(path);
  await expect(person.page.getByRole('group', { name: field.name.vi })).toContainText(basename(path));
}

/** Gives an attached file the words that citizens see instead of its name; of a picture they are its text alternative. */
export async function describeFile(person: Person, path: string, label: string): Promise<void> {
  await person.tab('files');
  await person.button(words('files.more', { name: basename(path) })).click();
  await person.page.getByRole('menuitem', { name: words('files.describe') }).click();
  await person.dialog.getByLabel(words('files.label')).fill(label);
  await person.button(words('action.save'), person.dialog).click();
  await expect(person.dialog).toBeHidden();
}

/** Expects a value beside the name of its field on a public page. The byline names author and source. */
export async function expectShown(page: Page, field: FieldRule, value: Value): Promise<void> {
  const main = page.locator('main');
  const shown = field.type === 'choice' || field.type === 'boolean' ? optionOf(field, value) : String(value);
  if (field.id === 'author' || field.id === 'sourceOfficial')
    return expect(main.locator('.meta')).toContainText(shown);
  const at = main
    .locator('dt')
    .getByText(field.name.vi, { exact: true })
    .locator('xpath=following-sibling::dd[1]');
  await expect(at, field.id).toHaveText(field.type === 'date' ? typedDay(value) : shown);
}

/** Expects a file among the downloads of a public page under these words, byte by byte. */
export async function expectOffered(page: Page, path: string, label: string): Promise<void> {
  const href = await page
    .locator('main aside')
    .getByRole('link', { name: label, exact: true })
    .getAttribute('href');
  const answer = await page.request.get(new URL(href ?? '', page.url()).href);
  expect(answer.status()).toBe(200);
  expect(await answer.body()).toEqual(await readFile(path));
}
