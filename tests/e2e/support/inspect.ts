import { AxeBuilder } from '@axe-core/playwright';
import type { ConsoleMessage, Page } from '@playwright/test';
import type { Preferences } from '../../../domain/contracts/desk.ts';

/** Width and height of a window in CSS pixels: ordinary, at 125 %, and at 200 % zoom of an ordinary one. */
export const SIZES = [
  [1366, 768],
  [1093, 614],
  [683, 384],
] as const;

/** What axe calls serious or critical on the page as it stands, one line each with the first places. */
export async function violations(page: Page): Promise<string[]> {
  // Without frames nothing needs a second page, which a desk's window can't open.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`)
          .join(' | ')}`,
    );
}

/** What sticks out of the window at the sides, at each size; one line each. */
export async function sidewaysOverflow(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(120);
    const here = await page.evaluate(() => {
      const root = document.documentElement;
      const out: string[] = [];
      if (root.scrollWidth > root.clientWidth + 1) out.push(`the page is ${root.scrollWidth} wide`);
      const isHeld = (element: Element): boolean => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
          const { overflowX } = getComputedStyle(at);
          const { left, right } = at.getBoundingClientRect();
          if (overflowX !== 'visible' && left >= -1 && right <= innerWidth + 1) return true;
        }
        return false;
      };
      for (const element of document.querySelectorAll('body *')) {
        const { left, right, width: wide, height: high } = element.getBoundingClientRect();
        if (wide < 2 || high < 2 || getComputedStyle(element).visibility !== 'visible') continue;
        // The link that skips the navigation waits outside until it has the focus.
        if (element.closest('.skip')) continue;
        if ((right > innerWidth + 1 || left < -1) && !isHeld(element))
          out.push(`${element.outerHTML.slice(0, 120)} from ${Math.round(left)} to ${Math.round(right)}`);
      }
      return out.slice(0, 3);
    });
    found.push(...here.map((line) => `${width}×${height}: ${line}`));
  }
  const [width, height] = SIZES[0];
  await page.setViewportSize({ width, height });
  return found;
}

/** Collects errors of the page and whatever its content security policy refuses. */
export class Complaints {
  readonly all: string[] = [];

  /** Reloads the page, so that nothing of its start is missed. */
  static async of(page: Page): Promise<Complaints> {
    const complaints = new Complaints();
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error' || /Refused to|Content Security Policy/i.test(message.text()))
        complaints.all.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.all.push(`thrown: ${error.stack ?? error.message}`));
    await page.reload();
    return complaints;
  }
}

/** Sets how the window looks and speaks, wherever it stands, and waits until it does. */
export async function prefer(page: Page, language: 'vi' | 'en', theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(
    (preferences) =>
      (
        globalThis as unknown as {
          soan: { preferences: { set(id: string, args: Partial<Preferences>): Promise<unknown> } };
        }
      ).soan.preferences.set(crypto.randomUUID(), preferences),
    { language, theme } satisfies Partial<Preferences>,
  );
  await page.locator(`html[lang="${language}"][data-theme="${theme}"]`).waitFor();
  // Colours change over a moment.
  await page.waitForTimeout(250);
}
