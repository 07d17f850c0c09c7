import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../../electron/source/shell/chromium.ts';
import { ensureSystemPackages } from '../../electron/systemPackages.ts';

/** A citizen with a browser. */
export interface Reader {
  readonly page: Page;
  /** Finds an article by its title on the front page of a channel, opens it, and gives its address. */
  find(portalUrl: string, title: string, channel: 'vi' | 'en'): Promise<string>;
  close(): Promise<void>;
}

export async function openReader(): Promise<Reader> {
  ensureSystemPackages();
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  return {
    page,
    find: async (portalUrl, title, channel) => {
      const deadline = Date.now() + 30_000;
      for (;;) {
        await page.goto(`${portalUrl}${channel === 'vi' ? '/' : '/en/'}`);
        const link = page.locator('main').getByRole('link', { name: title }).first();
        if (await link.isVisible()) {
          await link.click();
          return page.url();
        }
        if (Date.now() > deadline) throw new Error(`Not public: ${title}`);
        await page.waitForTimeout(500);
      }
    },
    close: () => browser.close(),
  };
}
