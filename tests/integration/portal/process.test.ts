import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../portal/storage/dataFolder.ts';
import { startEmbedded } from '../../../portal/storage/embedded.ts';

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
  /** Ends it and answers its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const started: ChildProcess[] = [];
let outer: string;
let folder: string;

beforeEach(async () => {
  // Inside a folder that only root may enter, as below /root.
  outer = await mkdtemp(join(tmpdir(), 'soan-portal-process-'));
  folder = join(outer, 'data');
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(outer, { recursive: true, force: true });
});

function launch(env: Record<string, string>): { child: ChildProcess; output(): string } {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['portal/server.ts'], {
    env: { ...inherited, SOAN_PORTAL_PORT: '0', SOAN_PORTAL_DATA: folder, SOAN_PORTAL_LOG: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return { child, output: () => text };
}

async function start(env: Record<string, string> = {}): Promise<Running> {
  const { child, output } = launch(env);
  const ended = once(child, 'exit');
  for (;;) {
    const url = /^portal ready (http:\/\/\S+)$/m.exec(output())?.[1];
    if (url) {
      return {
        child,
        url,
        output,
        async end(signal) {
          // As from a terminal: Ctrl+C goes to all processes of the group.
          if (signal === 'SIGINT' && child.pid) process.kill(-child.pid, signal);
          else child.kill(signal);
          const [code] = (await ended) as [number | null];
          return code;
        },
      };
    }
    if (child.exitCode !== null) throw new Error(`the portal ended: ${output()}`);
    await sleep(20);
  }
}

async function failure(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(env);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** Process ids of the PostgreSQL servers of this test's folder. */
async function servers(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (command[0]?.endsWith('postgres') && command.includes(join(folder, 'postgres')))
      found.push(Number(name));
  }
  return found;
}

const signIn = async (url: string) =>
  fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'truong-ban', password: 'Soan-mau-2026', deskId: 'd' }),
  });

describe('the portal as a process', () => {
  it('loads the sample, survives kill -9, leaves no orphan, and has everything at the next start', async () => {
    const first = await start({ SOAN_SAMPLE: '1' });
    const session = await (await signIn(first.url)).json();
    const home = await (await fetch(`${first.url}/`)).text();
    expect(home).toContain('26/2017/QĐ-UBND');
    const path = /href="(\/bai\/[^"]+)"/.exec(home)?.[1] ?? '';
    const file = /href="(\/tep\/[^"]+)"/.exec(await (await fetch(first.url + path)).text())?.[1] ?? '';
    const bytes = Buffer.from(await (await fetch(first.url + file)).arrayBuffer());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(await first.end('SIGKILL')).toBe(null);

    const second = await start({ SOAN_SAMPLE: '1' });
    expect(await servers()).toHaveLength(1);
    const me = await fetch(`${second.url}/api/me`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect(me.status).toBe(200);
    expect(await (await fetch(`${second.url}/`)).text()).toContain('26/2017/QĐ-UBND');
    const pulled = await fetch(`${second.url}/api/sync/articles`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    const { documents } = await pulled.json();
    expect(documents.map((row: { state: string }) => row.state).sort()).toEqual([
      'in-review',
      'published',
      'submitted',
    ]);
    expect(await second.end('SIGTERM')).toBe(0);
    expect(await servers()).toEqual([]);
    expect(await stat(join(folder, 'postgres', 'postmaster.pid')).catch(() => null)).toBeNull();
  });

  it('starts several times in a row, with fsync on, listening on loopback alone, secrets unreadable to others', async () => {
    for (let n = 0; n < 3; n += 1) {
      const portal = await start();
      const [pid] = await servers();
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      expect(command).toContain('fsync=on');
      expect(command).toContain('listen_addresses=127.0.0.1');
      expect(await portal.end('SIGINT')).toBe(0);
    }
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('says that it is not set up when it has no organisation', async () => {
    const portal = await start();
    const page = await fetch(`${portal.url}/`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('Cổng chưa được thiết lập');
    expect((await signIn(portal.url)).status).toBe(401);
  });

  it('stops a PostgreSQL that an earlier portal left behind', async () => {
    const { databasePassword } = await openDataFolder(folder);
    const orphan = await startEmbedded({ folder, password: databasePassword, log: () => {} });
    const portal = await start();
    expect(portal.output()).toContain(`process ${orphan.pid}`);
    expect(await servers()).toHaveLength(1);
    expect(await servers()).not.toContain(orphan.pid);
  });

  it('starts over the leavings of a power cut: a foreign process id, half an initdb', async () => {
    const first = await start();
    await first.end('SIGTERM');
    await writeFile(
      join(folder, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${join(folder, 'postgres')}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`,
    );
    await mkdir(join(folder, 'postgres.new-cafe', 'base'), { recursive: true });
    await writeFile(join(folder, 'portal.lock'), `${process.pid} 1`);
    await start();
    expect(await readdir(folder)).not.toContain('postgres.new-cafe');
  });

  it('refuses a data folder that another portal uses', async () => {
    await start();
    const { code, output } = await failure({});
    expect(code).toBe(1);
    expect(output).toContain('in use by the portal with process id');
    expect(await servers()).toHaveLength(1);
  });

  it('ends when its PostgreSQL ends, instead of going on without', async () => {
    const portal = await start();
    const ended = once(portal.child, 'exit');
    for (const pid of await servers()) process.kill(pid, 'SIGKILL');
    const [code] = (await ended) as [number];
    expect(code).toBe(1);
    expect(portal.output()).toContain('its PostgreSQL ended');
  });
});

describe('a wrong setting', () => {
  it.each([
    ['an address where nothing listens', 'postgres://u:geheim@127.0.0.1:9/x', '127.0.0.1:9/x'],
    ['no address', 'hello', 'DATABASE_URL'],
    ['an empty one', '', 'DATABASE_URL'],
    ['another kind of database', 'mysql://127.0.0.1/x', 'DATABASE_URL'],
  ])(
    'as DATABASE_URL, %s, ends the portal loudly and starts no other database',
    async (_, address, words) => {
      const { code, output } = await failure({ DATABASE_URL: address });
      expect(code).toBe(1);
      expect(output).toContain(words);
      expect(output).not.toContain('geheim');
      expect(output).not.toContain('portal ready');
      expect(await servers()).toEqual([]);
      expect(await stat(join(folder, 'postgres')).catch(() => null)).toBeNull();
    },
  );

  it('as port is named', async () => {
    const { code, output } = await failure({ SOAN_PORTAL_PORT: 'eighty' });
    expect(code).toBe(1);
    expect(output).toContain('SOAN_PORTAL_PORT');
  });
});
