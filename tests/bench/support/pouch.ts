import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const peers = join(import.meta.dirname, '../peers');

/** Where both sides of PouchDB keep what they have. */
export type PouchPlace = 'memory' | 'disk';
const ADAPTER = { memory: 'memory', disk: 'leveldb' } as const;

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: peers, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** pouchdb-server in a process of its own with these documents in a database; what is missing is installed first. */
export async function startPouch(place: PouchPlace, rows: readonly { readonly _id: string }[]) {
  if (!existsSync(join(peers, 'node_modules/pouchdb-server')))
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  const folder = await mkdtemp(join(tmpdir(), 'soan-bench-pouch-'));
  await mkdir(join(folder, 'server'));
  const port = await freePort();
  const where = place === 'memory' ? ['--in-memory'] : ['--dir', join(folder, 'server')];
  const program = join(peers, 'node_modules/pouchdb-server/bin/pouchdb-server');
  const server: ChildProcess = spawn(
    process.execPath,
    [program, ...where, '--no-stdout-logs', '--host', '127.0.0.1', '--port', String(port)],
    { cwd: folder, stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let n = 0; ; n += 1) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) break;
    if (n > 300) throw new Error('pouchdb-server does not start');
    await sleep(100);
  }
  const send = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`pouchdb-server, ${method} ${path}: ${response.status}`);
    await response.arrayBuffer();
  };
  await send('PUT', '/bench');
  for (let at = 0; at < rows.length; at += 500)
    await send('POST', '/bench/_bulk_docs', {
      docs: rows.slice(at, at + 500),
    });
  let clients = 0;
  return {
    /** Milliseconds until a new client has everything. */
    async pull(batchRows: number): Promise<number> {
      clients += 1;
      const name = join(folder, `client-${clients}`);
      const child = fork(
        join(import.meta.dirname, 'pouchChild.ts'),
        [peers, `${url}/bench`, ADAPTER[place], name, String(batchRows)],
        { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
      );
      const gone = once(child, 'exit');
      const told = once(child, 'message') as Promise<[{ ms: number; rows: number }]>;
      const first = await Promise.race([told, gone.then(() => null)]);
      await gone;
      if (!first) throw new Error('the client of PouchDB ended before it had everything');
      const [{ ms, rows: got }] = first;
      if (got !== rows.length) throw new Error(`PouchDB has ${got} of ${rows.length} rows`);
      return ms;
    },
    async stop(): Promise<void> {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
