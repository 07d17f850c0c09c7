import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A new client of PouchDB in a process of its own, as a new desk is one: pulls a database whole, tells how long that took, and ends. */
interface Pouch {
  info(): Promise<{ readonly doc_count: number }>;
}
interface PouchStatic {
  new (name: string, options: object): Pouch;
  plugin(plugin: unknown): PouchStatic;
  replicate(source: Pouch, target: Pouch, options: object): Promise<unknown>;
}

const [, , peers = '', remoteUrl = '', adapter = '', name = '', batchRows = ''] = process.argv;
const require = createRequire(join(peers, 'package.json'));
const PouchDB = (require('pouchdb-core') as PouchStatic)
  .plugin(require(`pouchdb-adapter-${adapter}`))
  .plugin(require('pouchdb-adapter-http'))
  .plugin(require('pouchdb-replication'));

const remote = new PouchDB(remoteUrl, { adapter: 'http' });
const local = new PouchDB(name, { adapter });
const startedAt = performance.now();
await PouchDB.replicate(remote, local, { batch_size: Number(batchRows) });
const ms = performance.now() - startedAt;
const { doc_count: rows } = await local.info();
process.send?.({ ms, rows }, () => process.exit(0));
