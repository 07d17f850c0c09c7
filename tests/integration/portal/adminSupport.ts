import { expect } from 'vitest';
import { PASSWORD, type TestPortal } from './support.ts';

/** An administrator's browser without a window: cookies, forms as the pages have them. */
export class Browser {
  readonly #test: TestPortal;
  readonly cookies = new Map<string, string>();
  /** What was shown last. */
  page = '';
  status = 0;

  constructor(test: TestPortal) {
    this.#test = test;
  }

  static async signedIn(test: TestPortal, account = 'admin'): Promise<Browser> {
    const browser = new Browser(test);
    await browser.get('/quan-tri/dang-nhap');
    await browser.post('/quan-tri/dang-nhap', { account, password: PASSWORD });
    expect(browser.status, browser.page).toBe(303);
    await browser.get('/quan-tri');
    return browser;
  }

  get headers(): Record<string, string> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  async get(url: string): Promise<string> {
    return this.#keep(await this.#test.app.inject({ url, headers: this.headers }));
  }

  /** Sends a form with the hidden fields of the page that is shown. */
  async post(
    url: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const body = new URLSearchParams();
    const all = { ...this.hidden(url), ...fields };
    for (const [name, value] of Object.entries(all))
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
    return this.#keep(
      await this.#test.app.inject({
        method: 'POST',
        url,
        headers: { ...this.headers, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: body.toString(),
      }),
    );
  }

  /** The same as `multipart/form-data`, with a file. */
  async upload(
    url: string,
    fields: Readonly<Record<string, string>>,
    file: string | null = null,
  ): Promise<string> {
    const mark = '----------------------------7d83e2d7a141e';
    const part = (name: string, value: string, more = '') =>
      `--${mark}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const all = { ...this.hidden(url), ...fields };
    const text = Object.entries(all).map(([name, value]) => part(name, value));
    if (file !== null) text.push(part('file', file, '; filename="quy-che.json"'));
    return this.#keep(
      await this.#test.app.inject({
        method: 'POST',
        url,
        headers: { ...this.headers, 'content-type': `multipart/form-data; boundary=${mark}` },
        payload: `${text.join('')}--${mark}--\r\n`,
      }),
    );
  }

  /** Hidden fields of the form that goes to an address, or of the first one. */
  hidden(url: string): Record<string, string> {
    const forms = [...this.page.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
    const form = forms.find(([, action]) => action === url) ?? forms[0];
    const found: Record<string, string> = {};
    for (const [, name = '', value = ''] of form?.[2]?.matchAll(
      /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
    ) ?? [])
      found[name] = unescaped(value);
    return found;
  }

  /** What the page says, without its markup. */
  get text(): string {
    return unescaped(this.page.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
  }

  location = '';

  #keep(reply: {
    statusCode: number;
    body: string;
    headers: Record<string, unknown>;
    cookies: { name: string; value: string }[];
  }): string {
    for (const { name, value } of reply.cookies) this.cookies.set(name, value);
    this.status = reply.statusCode;
    this.location = String(reply.headers.location ?? '');
    if (reply.statusCode !== 303) this.page = reply.body;
    return this.page;
  }
}

const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
