import { type Locator, type Page, expect as plainExpect } from '@playwright/test';
import { Desk, type DeskOptions } from './desk.ts';
import { words } from './words.ts';

const expect = plainExpect.configure({ timeout: 15_000 });
export const PASSWORD = 'Soan-mau-2026';

/** Somebody at a desk: does with the window what a person does, by what the person reads. */
export class Person {
  readonly account: string;
  readonly desk: Desk;

  private constructor(account: string, desk: Desk) {
    this.account = account;
    this.desk = desk;
  }

  /** Starts a desk and signs in; needs the portal. */
  static async signIn(account: string, options: DeskOptions): Promise<Person> {
    return Person.at(await Desk.open(options), account, PASSWORD);
  }

  /** Signs in at a desk that is open already. */
  static async at(desk: Desk, account: string, password: string): Promise<Person> {
    const person = new Person(account, desk);
    await person.signInAs(account, password);
    await expect(person.page.getByRole('navigation', { name: words('frame.rail') })).toBeVisible();
    return person;
  }

  get page(): Page {
    return this.desk.page;
  }

  async signInAs(account: string, password: string): Promise<void> {
    const { page } = this;
    await page.getByLabel(words('signIn.account')).fill(account);
    await page.getByLabel(words('signIn.password'), { exact: true }).fill(password);
    await page.getByRole('button', { name: words('signIn.submit') }).click();
  }

  /** Leaves the desk to somebody else. */
  async signOut(): Promise<void> {
    await this.go('account');
    await this.button(words('account.signOut')).click();
    await this.button(words('account.signOut'), this.dialog).click();
    await expect(this.page.getByLabel(words('signIn.account'))).toBeVisible();
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name });
  }

  get strip(): Locator {
    return this.page.locator('footer.strip');
  }

  get body(): Locator {
    return this.page.locator('#field-body');
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  async go(module: 'desk' | 'review' | 'translation' | 'outbox' | 'account'): Promise<void> {
    await this.page
      .getByRole('navigation', { name: words('frame.rail') })
      .getByRole('button', { name: words(`rail.${module}`) })
      .click();
  }

  /** Opens an article from the list of everything on this desk. */
  async open(title: string): Promise<void> {
    await this.go('desk');
    await this.button(
      words('view.all'),
      this.page.getByRole('navigation', { name: words('desk.views') }),
    ).click();
    await this.page.getByRole('row').filter({ hasText: title }).click();
    await expect(this.page.locator('#field-title')).toHaveValue(new RegExp(escapePattern(title)));
  }

  async create(category: string, title: string): Promise<void> {
    await this.go('desk');
    await this.button(words('desk.new')).first().click();
    await this.dialog.getByRole('searchbox').fill(category);
    await this.dialog.getByRole('option').first().click();
    await this.dialog.getByLabel(words('new.articleTitle')).fill(title);
    await this.button(words('new.create'), this.dialog).click();
    await expect(this.page.locator('#field-title')).toHaveValue(title);
  }

  /** Puts the cursor at the end of the body. */
  async toEndOfBody(): Promise<void> {
    await this.body.click();
    // The editor takes a moved cursor over with the browser's next selection event, as slow as a person is.
    await this.page.waitForTimeout(150);
    await this.page.keyboard.press('Control+End');
    await this.page.waitForTimeout(150);
  }

  async format(button: string): Promise<void> {
    await this.page
      .getByRole('toolbar', { name: words('toolbar.label') })
      .getByLabel(words(`toolbar.${button}`))
      .click();
  }

  async setBlock(block: string): Promise<void> {
    await this.page
      .getByRole('toolbar', { name: words('toolbar.label') })
      .getByLabel(words('toolbar.block'))
      .click();
    await this.page
      .getByRole('menuitemradio', { name: words(`toolbar.blocks.${block}`), exact: true })
      .click();
  }

  /** Waits until the window says that everything typed is on the disk of this machine. */
  async saved(): Promise<void> {
    await expect(this.page.locator('[data-saved="saved"]')).toBeVisible();
  }

  async tab(name: 'info' | 'checks' | 'files' | 'history'): Promise<void> {
    await this.page.getByRole('tab', { name: words(`panel.${name}`) }).click();
  }

  async attach(file: string): Promise<void> {
    await this.tab('files');
    const chooser = this.page.waitForEvent('filechooser');
    await this.button(words('files.choose')).click();
    await (await chooser).setFiles(file);
  }

  /** Declares that the article holds no state secret, without submitting it. */
  async declare(): Promise<void> {
    await this.button(words('declare.open')).click();
    await this.dialog
      .locator('label')
      .filter({ has: this.page.getByRole('checkbox') })
      .click();
    await this.button(words('declare.only'), this.dialog).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Presses the primary action and confirms it where it asks. */
  async decide(action: 'endorse' | 'pass' | 'approve' | 'submit' | 'submitBoard'): Promise<void> {
    const start = words(`action.${action}`).replace(/ \{\{.*$/, '');
    const bar = this.page.getByRole('region', { name: words('decision.bar') });
    await this.button(start, bar).click();
    await this.confirm(start);
  }

  /** Submits an English version. */
  async submitEnglish(): Promise<void> {
    const bar = this.page.getByRole('region', { name: words('decision.bar') });
    await this.button(words('action.submitEnglish'), bar).click();
    await this.confirm(words('action.submitEnglish'));
  }

  private async confirm(start: string): Promise<void> {
    await expect(this.dialog).toBeVisible();
    const consent = this.dialog.locator('label').filter({ has: this.page.getByRole('checkbox') });
    if ((await consent.count()) > 0) await consent.click();
    const declare = this.button(words('declare.andSubmit'), this.dialog);
    await ((await declare.count()) > 0 ? declare : this.button(start, this.dialog)).click();
    await expect(this.dialog).toBeHidden();
  }

  async sendBack(reason: string): Promise<void> {
    const bar = this.page.getByRole('region', { name: words('decision.bar') });
    await this.button(words('action.returnWithReason'), bar).click();
    await this.dialog.getByRole('textbox').fill(reason);
    await this.button(words('action.return'), this.dialog).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Opens an article of the review queue. */
  async review(title: string): Promise<void> {
    await this.go('review');
    await this.page
      .getByRole('navigation', { name: words('review.queue') })
      .getByRole('button', { name: title })
      .click();
    await expect(this.page.getByRole('region', { name: words('decision.bar') })).toBeVisible();
  }

  async isOnline(): Promise<void> {
    await expect(this.strip).toContainText(words('strip.online'), { timeout: 30_000 });
  }

  async isOffline(): Promise<void> {
    await expect(this.strip).toContainText(words('strip.offline'), { timeout: 30_000 });
  }

  /** Online, and the portal has everything. */
  async hasSentAll(): Promise<void> {
    const retry = this.strip.getByRole('button', { name: words('strip.retry') });
    // The desk may come online by itself in this very moment, and the button with it go.
    if (await retry.isVisible()) await retry.click({ timeout: 2_000 }).catch(() => undefined);
    await this.isOnline();
    await expect(this.strip).toContainText(words('strip.nothingWaits'), { timeout: 60_000 });
  }
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
