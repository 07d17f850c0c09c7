import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The part of PouchDB that is used here; its own types are not installed. */
interface Pouch {
  bulkDocs(docs: readonly object[]): Promise<unknown>;
  put(doc: object): Promise<unknown>;
  info(): Promise<{ readonly doc_count: number }>;
  destroy(): Promise<unknown>;
}
interface PouchStatic {
  new (name: string, options?: object): Pouch;
  plugin(plugin: unknown): PouchStatic;
  replicate(source: Pouch, target: Pouch, options: object): Promise<unknown>;
}

const folder = join(import.meta.dirname, '../peers');

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
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

/** pouchdb-server in a process of its own, in memory, and PouchDB here; what is missing is installed first. */
export async function startPouch() {
  if (!existsSync(join(folder, 'node_modules/pouchdb-server')))
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  const require = createRequire(join(folder, 'package.json'));
  const PouchDB = (require('pouchdb-core') as PouchStatic)
    .plugin(require('pouchdb-adapter-memory'))
    .plugin(require('pouchdb-adapter-http'))
    .plugin(require('pouchdb-replication'));
  const port = await freePort();
  const server: ChildProcess = spawn(
    process.execPath,
    [
      'node_modules/pouchdb-server/bin/pouchdb-server',
      '--in-memory',
      '--no-stdout-logs',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
    ],
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
  let number = 0;
  return {
    /** A database on the server with these rows; `id` becomes its key. */
    async fill(rows: Iterable<{ readonly id: string }>): Promise<Pouch> {
      number += 1;
      const remote = new PouchDB(`${url}/bench-${number}`, { adapter: 'http' });
      let batch: object[] = [];
      for (const row of rows) {
        batch.push({ _id: row.id, ...row });
        if (batch.length < 500) continue;
        await remote.bulkDocs(batch);
        batch = [];
      }
      if (batch.length > 0) await remote.bulkDocs(batch);
      return remote;
    },
    local(): Pouch {
      number += 1;
      return new PouchDB(`local-${number}`, { adapter: 'memory' });
    },
    /** Milliseconds until everything is here. */
    async pull(remote: Pouch, local: Pouch): Promise<number> {
      const started = performance.now();
      await PouchDB.replicate(remote, local, { batch_size: 500 });
      return performance.now() - started;
    },
    async stop(): Promise<void> {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
}
