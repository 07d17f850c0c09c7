import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { DESK } from '../../domain/contracts/desk.ts';
import type { ToWindow } from '../../domain/contracts/wire.ts';
import { Desk } from './support/desk.ts';
import { words } from './support/words.ts';

let desk: Desk;
let server: Server;
let elsewhere = '';
const hits: string[] = [];

test.beforeAll(async ({}, info) => {
  server = createServer((request, response) => {
    hits.push(String(request.url));
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('reached');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(String(request.url));
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Nothing listens on this port: the engine must not be what is counted.
  desk = await Desk.open({
    userData: `${info.project.outputDir}/security-desk`,
    portalUrl: 'http://127.0.0.1:9',
  });
  await expect(desk.page.getByRole('heading', { name: words('signIn.title') })).toBeVisible();
});
test.afterAll(async () => {
  await desk?.close();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends a request over the bridge as a page could. */
const ask = (page: Page, area: string, verb: string, args: unknown): Promise<ToWindow> =>
  page.evaluate(
    ([a, v, given]) => {
      const { soan } = globalThis as unknown as {
        soan: Record<string, Record<string, (id: string, args: unknown) => Promise<ToWindow>>>;
      };
      const call = soan[a]?.[v];
      if (!call) throw new Error(`no ${a}.${v}`);
      return call(crypto.randomUUID(), given);
    },
    [area, verb, args] as const,
  );

test('the window has nothing of Node or Electron, and a bridge of exactly the contract, frozen', async () => {
  const found = await desk.page.evaluate(() => {
    const soan = (globalThis as unknown as { soan: Record<string, Record<string, unknown>> }).soan;
    const attempt = (change: () => void): string => {
      try {
        change();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    };
    return {
      globals: [
        'process',
        'require',
        'Buffer',
        'module',
        'exports',
        'global',
        '__dirname',
        'electron',
        'ipcRenderer',
      ].filter((name) => name in globalThis),
      names: Object.fromEntries(
        Object.entries(soan).map(([area, verbs]) => [area, Object.keys(verbs).sort()]),
      ),
      frozen: Object.isFrozen(soan) && Object.values(soan).every((area) => Object.isFrozen(area)),
      changed: [
        attempt(() => {
          (soan as Record<string, unknown>).extra = 1;
        }),
        'extra' in soan ? 'extra' : '',
      ],
      replaced: attempt(() => {
        (globalThis as unknown as { soan: unknown }).soan = 1;
      }),
      stillThere: typeof (globalThis as unknown as { soan: { session?: unknown } }).soan.session,
    };
  });
  expect(found.globals).toEqual([]);
  expect(found.frozen).toBe(true);
  expect(found.changed[1]).toBe('');
  expect(found.stillThere).toBe('object');
  const contract = Object.fromEntries(
    Object.entries(DESK).map(([area, verbs]) => [area, Object.keys(verbs).sort()]),
  );
  expect(found.names).toEqual({
    ...contract,
    engine: ['onConnected', 'unwatch'],
    shell: ['info', 'onClosing', 'openPublicPage', 'print', 'setLanguage', 'setTheme', 'showDeskFolder'],
  });
});

test('the window reaches nobody: no request, socket, stream, beacon, picture, frame or form', async () => {
  const outcomes = await desk.page.evaluate(async (target) => {
    const settled = (work: Promise<unknown>): Promise<string> =>
      Promise.race([
        work.then(
          () => 'reached',
          () => 'refused',
        ),
        new Promise<string>((resolve) => setTimeout(() => resolve('silent'), 3_000)),
      ]);
    const loads = (element: HTMLElement): Promise<unknown> =>
      new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = reject;
        document.body.append(element);
      });
    const events = (source: EventTarget): Promise<unknown> =>
      new Promise((resolve, reject) => {
        source.addEventListener('open', resolve);
        source.addEventListener('load', resolve);
        source.addEventListener('error', reject);
      });
    const attempt = (make: () => Promise<unknown>): Promise<string> => {
      try {
        return settled(make());
      } catch {
        return Promise.resolve('refused');
      }
    };
    const xhr = new XMLHttpRequest();
    const result = {
      fetch: await attempt(() => fetch(`${target}/fetch`, { mode: 'no-cors' })),
      own: await attempt(() => fetch('/index.html')),
      xhr: await attempt(() => {
        const done = events(xhr);
        xhr.open('GET', `${target}/xhr`);
        xhr.send();
        return done;
      }),
      socket: await attempt(() => events(new WebSocket(`${target.replace('http', 'ws')}/socket`))),
      stream: await attempt(() => events(new EventSource(`${target}/stream`))),
      picture: await attempt(() => loads(Object.assign(new Image(), { src: `${target}/picture` }))),
      script: await attempt(() =>
        loads(Object.assign(document.createElement('script'), { src: `${target}/script.js` })),
      ),
    };
    navigator.sendBeacon(`${target}/beacon`, 'x');
    const frame = Object.assign(document.createElement('iframe'), { src: `${target}/frame` });
    document.body.append(frame);
    const form = Object.assign(document.createElement('form'), { action: `${target}/form`, method: 'post' });
    document.body.append(form);
    form.submit();
    await new Promise((resolve) => setTimeout(resolve, 500));
    frame.remove();
    form.remove();
    return result;
  }, elsewhere);
  expect(new Set(Object.values(outcomes)), JSON.stringify(outcomes)).toEqual(new Set(['refused']));
  expect(hits).toEqual([]);
});

test('text never becomes code: no eval, inline script or handler', async () => {
  const found = await desk.page.evaluate(async () => {
    const violations: string[] = [];
    const note = (event: SecurityPolicyViolationEvent): void =>
      void violations.push(event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = "script"';
    const button = document.createElement('button');
    button.setAttribute('onclick', 'globalThis.ran = "handler"');
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(script, button, style);
    button.click();
    // The page's own timers compile text; a debugger's evaluation would not be asked.
    setTimeout('globalThis.ran = "timer"' as unknown as () => void);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const shown = getComputedStyle(document.body).display;
    for (const element of [script, button, style]) element.remove();
    document.removeEventListener('securitypolicyviolation', note);
    return { ran: (globalThis as unknown as { ran?: string }).ran ?? null, shown, violations };
  });
  expect(found.ran).toBeNull();
  expect(found.shown).not.toBe('none');
  expect([...new Set(found.violations)].sort()).toEqual([
    'script-src',
    'script-src-attr',
    'script-src-elem',
    'style-src-elem',
  ]);
});

test('the window goes nowhere, opens nothing and is granted nothing', async () => {
  const { page, app } = desk;
  const before = page.url();
  const outcome = await page.evaluate(async (target) => {
    const opened = window.open(`${target}/opened`);
    const link = Object.assign(document.createElement('a'), { href: `${target}/link`, target: '_blank' });
    document.body.append(link);
    link.click();
    link.remove();
    location.href = `${target}/went`;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const states: Record<string, string> = {};
    for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'])
      states[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
    const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'refused',
    );
    return { opened: opened !== null, states, media, notification: await Notification.requestPermission() };
  }, elsewhere);
  expect(outcome.opened).toBe(false);
  expect(new Set(Object.values(outcome.states)), JSON.stringify(outcome.states)).toEqual(new Set(['denied']));
  expect(outcome.media).toBe('refused');
  expect(outcome.notification).toBe('denied');
  expect(page.url()).toBe(before);
  await expect(page.getByRole('heading', { name: words('signIn.title') })).toBeVisible();
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(hits).toEqual([]);
});

test('the scheme serves the window’s own files with a strict policy, and nothing beside them', async () => {
  const answers = await desk.app.evaluate(async ({ net }) => {
    const get = async (url: string, method = 'GET') => {
      const answer = await net.fetch(url, { method });
      return {
        status: answer.status,
        policy: answer.headers.get('content-security-policy'),
        sniffing: answer.headers.get('x-content-type-options'),
        length: (await answer.text()).length,
      };
    };
    const outside = [
      'soan://desk/',
      'soan://desk/../package.json',
      'soan://desk/../../package.json',
      'soan://desk/..%2fpackage.json',
      'soan://desk/..%2f..%2fpackage.json',
      'soan://desk/%2e%2e%2fpackage.json',
      'soan://desk/assets/..%2f..%2fpackage.json',
      'soan://desk/..%5cpackage.json',
      'soan://desk/%2fetc%2fpasswd',
      'soan://desk/%00.html',
      'soan://desk/%',
      'soan://other/index.html',
      'soan://desk/missing.html',
    ];
    return {
      home: await get('soan://desk/index.html'),
      posted: (await get('soan://desk/index.html', 'POST')).status,
      outside: await Promise.all(outside.map(async (url) => [url, await get(url)] as const)),
    };
  });
  expect(answers.home.status).toBe(200);
  expect(answers.home.sniffing).toBe('nosniff');
  const policy = new Map(
    (answers.home.policy ?? '').split('; ').map((line) => {
      const [name = '', ...sources] = line.split(' ');
      return [name, sources.join(' ')];
    }),
  );
  expect(Object.fromEntries(policy)).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self' blob: data:",
    'connect-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
  expect(answers.posted).toBe(404);
  for (const [url, { status, length }] of answers.outside)
    expect([url, status, length]).toEqual([url, 404, 0]);
});

test('bad arguments are answered with their code, and the engine goes on', async () => {
  const { page } = desk;
  const bad: [area: string, verb: string, args: unknown][] = [
    ['session', 'signIn', null],
    ['session', 'signIn', { account: 5, password: 'x' }],
    ['session', 'signIn', { account: 'a', password: 'b', also: 'this' }],
    ['session', 'signIn', { account: 'a'.repeat(10_000), password: 'b' }],
    ['articles', 'create', { articleId: '', categoryId: 'x', title: 'x' }],
    ['documents', 'append', { articleId: 'a', updateId: 'b', update: 'no bytes' }],
    ['documents', 'open', ['a']],
    ['files', 'begin', { uploadId: 'a', articleId: 'b', name: 'c', type: 'd', size: -1 }],
    ['files', 'chunk', { uploadId: 'a', offset: 0.5, bytes: new Array(3).fill(0) }],
    ['decisions', 'propose', { decisionId: 'a', articleId: 'b', action: 'publish-now' }],
    ['preferences', 'set', { language: 'fr' }],
    ['preferences', 'set', { language: 'vi', password: 'x' }],
    ['preferences', 'set', { constructor: 1 }],
  ];
  for (const [area, verb, args] of bad)
    expect(await ask(page, area, verb, args), `${area}.${verb} ${JSON.stringify(args)}`).toMatchObject({
      kind: 'reply',
      ok: false,
      error: { code: 'bad-request' },
    });
  const shell = await page.evaluate(async (target) => {
    const { openPublicPage } = (
      globalThis as unknown as { soan: { shell: { openPublicPage(path: unknown): Promise<boolean> } } }
    ).soan.shell;
    const paths = [
      '//example.invalid/',
      'javascript:alert(1)',
      `${target}/x`,
      'file:///etc/passwd',
      '/\\example.invalid',
      5,
      null,
    ];
    return Promise.all(paths.map((path) => openPublicPage(path)));
  }, elsewhere);
  expect(shell).toEqual(shell.map(() => false));
  const folders = await page.evaluate(() => {
    const { showDeskFolder } = (
      globalThis as unknown as { soan: { shell: { showDeskFolder(folder: unknown): Promise<boolean> } } }
    ).soan.shell;
    const names = ['', '.', '..', '../../..', '/etc', 'a'.repeat(31), `${'a'.repeat(32)}/..`, {}, null];
    return Promise.all(names.map((name) => showDeskFolder(name)));
  });
  expect(folders).toEqual(folders.map(() => false));
  expect(await ask(page, 'preferences', 'set', { density: 'compact' })).toMatchObject({
    ok: true,
    value: { density: 'compact' },
  });
});
