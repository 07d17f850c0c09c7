import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolders, type Started, startProbe, until } from './support/probe.ts';

let started: Started;
beforeAll(async () => {
  started = await startProbe();
});
afterAll(async () => {
  await started.app.close();
  removeFolders();
});
const page = () => started.page;
const log = () => started.app.evaluate(() => probe.log);

describe('a custom scheme', () => {
  it('is answered by the handler, with method, body, headers and status', async () => {
    const answer = await page().evaluate(async () => {
      const response = await fetch('/echo', {
        method: 'POST',
        body: 'Nội dung',
        headers: { 'x-probe': 'sent' },
      });
      return {
        status: response.status,
        header: response.headers.get('x-answer'),
        body: await response.json(),
      };
    });
    expect(answer).toEqual({
      status: 201,
      header: 'yes',
      body: { method: 'POST', body: 'Nội dung', header: 'sent' },
    });
    expect(await log()).toContain('request POST probe://desk/echo');
  });
  it('gets bytes as they were sent', async () => {
    const body = await page().evaluate(async () => {
      const response = await fetch('/echo', { method: 'POST', body: new Uint8Array([0, 255, 128, 10]) });
      return (await response.json()).body as string;
    });
    expect(body).toBe(new TextDecoder().decode(new Uint8Array([0, 255, 128, 10])));
  });
  it('is a secure context with an origin of its own', async () => {
    expect(
      await page().evaluate(() => [isSecureContext, crypto.subtle !== undefined, origin !== 'null']),
    ).toEqual([true, true, true]);
  });
  it('passes on what the handler could not find', async () => {
    expect(await page().evaluate(async () => (await fetch('/missing')).status)).toBe(404);
  });
  it('is answered in the shell too, unless the handlers are passed by', async () => {
    const answers = await started.app.evaluate(async ({ net }) => {
      const answer = await net.fetch('probe://desk/echo', { method: 'POST', body: 'shell' });
      const passedBy = await net.fetch('probe://desk/echo', { bypassCustomProtocolHandlers: true }).then(
        () => 'answered',
        () => 'refused',
      );
      return [answer.status, ((await answer.json()) as { body: string }).body, passedBy];
    });
    expect(answers).toEqual([201, 'shell', 'refused']);
  });
  it('is closed to fetch without the privilege', async () => {
    await started.app.evaluate(() => {
      probe.policy = "default-src 'none'; script-src 'self'; connect-src 'self' quiet:";
    });
    await page().reload();
    await page().waitForFunction(() => 'fromPage' in window);
    const messages = await page().evaluate(async () => {
      const target = location.origin.replace('probe', 'quiet');
      return fetch(target, { mode: 'no-cors' }).then(
        () => 'answered',
        (error: Error) => error.name,
      );
    });
    expect(messages).toBe('TypeError');
  });
  it('must be registered before the app is ready, as standard and secure', async () => {
    const messages = await started.app.evaluate(({ protocol }) =>
      [
        () =>
          protocol.registerSchemesAsPrivileged([
            { scheme: 'late', privileges: { standard: true, secure: true } },
          ]),
        () => protocol.handle('unknown', () => new Response('')),
        () => protocol.handle('probe', () => new Response('')),
      ].map((attempt) => {
        try {
          attempt();
          return 'accepted';
        } catch (error) {
          return (error as Error).message;
        }
      }),
    );
    expect(messages).toEqual([
      'protocol.registerSchemesAsPrivileged should be called before app is ready',
      expect.stringContaining('not registered as privileged'),
      expect.stringContaining('Failed to register protocol'),
    ]);
  });
});

describe('the content security policy of the handler', () => {
  it('keeps inline scripts and eval from running', async () => {
    const result = await page().evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      // The page's own timers compile text, which the policy forbids; a debugger's evaluation would not be asked.
      setTimeout('window.evaluated = true' as unknown as () => void);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { injected: 'injected' in window, evaluated: 'evaluated' in window, violations };
    });
    expect(result).toEqual({
      injected: false,
      evaluated: false,
      violations: ['script-src-elem', 'script-src'],
    });
  });
});

describe('the network', () => {
  it('is out of reach for the page, even where the policy would allow it', async () => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits += 1;
      response.end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await started.app.evaluate(() => {
      probe.policy = "default-src *; script-src 'self'";
    });
    await page().reload();
    await page().waitForFunction(() => 'fromPage' in window);
    const outcome = await page().evaluate(async (target) => {
      const attempts = [
        fetch(target, { mode: 'no-cors' }).then(
          () => 'reached',
          () => 'refused',
        ),
        new Promise<string>((resolve) => {
          const image = new Image();
          image.onload = () => resolve('reached');
          image.onerror = () => resolve('refused');
          image.src = target;
        }),
        new Promise<string>((resolve) => {
          const socket = new WebSocket(target.replace('http', 'ws'));
          socket.onopen = () => resolve('reached');
          socket.onerror = () => resolve('refused');
        }),
        new Promise<string>((resolve) => {
          const frame = document.createElement('iframe');
          frame.onload = () => resolve('refused');
          frame.src = target;
          document.body.append(frame);
        }),
      ];
      navigator.sendBeacon(target, 'x');
      return Promise.all(attempts);
    }, url);
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(hits).toBe(0);
    server.close();
  });
});

describe('leaving the app', () => {
  it('by a link or by script is asked for and can be refused', async () => {
    const before = page().url();
    await page().locator('#away').click();
    await page().evaluate(() => {
      location.href = 'https://elsewhere.example/by-script';
    });
    await until(
      async () => (await log()).includes('navigate https://elsewhere.example/by-script'),
      'the second event',
    );
    expect(await log()).toContain('navigate https://elsewhere.example/');
    expect(page().url()).toBe(before);
    expect(await page().evaluate(() => probe.twice?.(2))).toBe(4);
  });
  it('by a redirect is asked for', async () => {
    const refused = await started.app.evaluate(async () => {
      const window = probe.open();
      const seen: string[] = [];
      window.webContents.on('will-redirect', (event) => {
        seen.push(event.url);
        event.preventDefault();
      });
      const failed = await window.loadURL('probe://desk/moved').then(
        () => 'loaded',
        (error: { code: string }) => error.code,
      );
      window.destroy();
      return [...seen, failed];
    });
    expect(refused).toEqual(['probe://desk/page.html', 'ERR_ABORTED']);
  });
  it('by new windows is asked for and refused', async () => {
    expect(await page().evaluate(() => window.open('https://elsewhere.example/popup'))).toBeNull();
    await page().locator('#blank').click();
    await page()
      .locator('#away')
      .click({ modifiers: ['Control'] });
    await until(async () => (await log()).includes('open https://elsewhere.example/'), 'three refusals');
    expect((await log()).filter((line) => line.startsWith('open '))).toEqual([
      'open https://elsewhere.example/popup',
      'open https://elsewhere.example/blank',
      'open https://elsewhere.example/',
    ]);
    await until(() => started.app.windows().length === 1, 'the end of the stray pages');
  });
  it('by loading what no handler serves fails with a code', async () => {
    const error = await started.app.evaluate(async () => {
      const window = probe.open();
      const code = await window
        .loadURL('https://elsewhere.example/')
        .catch((reason: { code: string }) => reason.code);
      window.destroy();
      return code;
    });
    expect(error).toBe('ERR_BLOCKED_BY_CLIENT');
  });
});

describe('permissions', () => {
  const state = () =>
    page().evaluate(async () => {
      const names = ['geolocation', 'notifications', 'clipboard-write'] as PermissionName[];
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
    });
  const reload = async () => {
    await page().reload();
    await page().waitForFunction(() => 'fromPage' in window);
  };
  it('are denied unless the app’s handlers grant them', async () => {
    expect(await state()).toEqual(['denied', 'denied', 'denied']);
    await started.app.evaluate(({ session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) => {
        callback(permission === 'clipboard-sanitized-write');
      });
    });
    await reload();
    expect(await state()).toEqual(['denied', 'denied', 'granted']);
    await started.app.evaluate(({ session }) => {
      session.defaultSession.setPermissionCheckHandler(() => false);
    });
    await reload();
    expect(await state()).toEqual(['denied', 'denied', 'denied']);
  });
});

describe('windows', () => {
  it.each([
    ['sandbox', false],
    ['contextIsolation', false],
    ['nodeIntegration', true],
    ['webSecurity', false],
    ['webviewTag', true],
  ])('are not made with %s: %s', async (name, value) => {
    const message = await started.app.evaluate(
      ({ BrowserWindow }, [key, setting]) => {
        try {
          new BrowserWindow({ webPreferences: { [key]: setting } });
          return 'made';
        } catch (error) {
          return (error as Error).message;
        }
      },
      [name, value] as [string, boolean],
    );
    expect(message).toContain(`webPreferences.${name}`);
  });
  it.each([
    ['an ES module', 'bad-module.mjs', 'Cannot use import statement'],
    ['missing', 'nowhere.cjs', 'ENOENT'],
    ['in need of Node', 'bad-require.cjs', 'module not found: node:fs'],
  ])('show their page without a preload that is %s, and tell', async (_name, preload, expected) => {
    const outcome = await started.app.evaluate(async (_electron, file) => {
      const window = probe.open({ preload: file });
      const problem = new Promise<string>((resolve) => {
        window.webContents.on('preload-error', (_event, _path, error) => resolve(error.message));
      });
      await window.loadURL('probe://desk/page.html');
      const exposed = await window.webContents.executeJavaScript('typeof probe');
      const message = await problem;
      window.destroy();
      return { message, exposed: exposed as string };
    }, preload);
    expect(outcome).toEqual({ message: expect.stringContaining(expected), exposed: 'undefined' });
  });
  it('throw for what the stand-in does not have', async () => {
    const messages = await started.app.evaluate((electron) => {
      const window = probe.window as unknown as Record<string, () => void>;
      return [
        () => (electron as unknown as { Tray: unknown }).Tray,
        () => window.setVibrancy?.(),
        () => (electron.app as unknown as Record<string, unknown>).dock,
      ].map((attempt) => {
        try {
          attempt();
          return 'nothing happened';
        } catch (error) {
          return (error as Error).message;
        }
      });
    });
    expect(messages).toEqual([
      expect.stringContaining('electron.Tray'),
      expect.stringContaining('BrowserWindow.setVibrancy'),
      expect.stringContaining('app.dock'),
    ]);
  });
});
