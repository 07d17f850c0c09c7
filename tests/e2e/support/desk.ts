import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { electronExecutable } from '../../electron/locate.ts';

const root = join(import.meta.dirname, '../../..');

export interface DeskOptions {
  /** Profile of this desk; kept between starts. */
  readonly userData: string;
  readonly portalUrl: string;
  /** The packaged app's executable, instead of the bundles in `dist/`. */
  readonly packaged?: string;
  /** False: the system has no key store. On Linux real Electron needs one of the session (`gnome-keyring-daemon`) otherwise. */
  readonly keyring?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** One desk: the app's production bundles in a real window, with a profile of its own. */
export class Desk {
  readonly #options: DeskOptions;
  app: ElectronApplication;
  page: Page;

  private constructor(options: DeskOptions, app: ElectronApplication, page: Page) {
    this.#options = options;
    this.app = app;
    this.page = page;
  }

  static async open(options: DeskOptions): Promise<Desk> {
    const { app, page } = await launch(options);
    return new Desk(options, app, page);
  }

  /** Closes the app as a person does, and waits until it has ended. */
  async close(): Promise<void> {
    await this.app.close();
  }

  /** Starts the closed app again with the same profile. */
  async reopen(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { app, page } = await launch({ ...this.#options, env: { ...this.#options.env, ...env } });
    this.app = app;
    this.page = page;
  }
}

async function launch(options: DeskOptions): Promise<{ app: ElectronApplication; page: Page }> {
  const { keyring = true } = options;
  const executable = options.packaged ?? (await electronExecutable()).path;
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: executable,
    args: [
      ...(options.packaged ? [] : [join(root, 'dist')]),
      `--user-data-dir=${options.userData}`,
      // What makes real Electron say that there is no key store.
      ...(keyring ? [] : ['--password-store=basic']),
      ...asRoot,
    ],
    env: {
      ...(process.env as Record<string, string>),
      SOAN_PORTAL_URL: options.portalUrl,
      ELECTRON_STAND_IN_KEYRING: keyring ? 'gnome_libsecret' : 'basic_text',
      ...options.env,
    },
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  // A window may be reported before it has begun to load its page.
  await page.waitForURL((url) => url.href !== 'about:blank');
  await page.waitForLoadState('load');
  return { app, page };
}
