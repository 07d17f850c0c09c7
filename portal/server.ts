import { once } from 'node:events';
import { buildApp } from './app.ts';
import { ConfigError, type PortalConfig, readConfig } from './config.ts';
import { initialise } from './init.ts';
import { DatabaseUnusable, openDatabase } from './storage/database.ts';
import { FolderInUse, lockFolder, openDataFolder } from './storage/dataFolder.ts';
import { startEmbedded } from './storage/embedded.ts';
import { FileStore } from './storage/fileStore.ts';
import { seedIfEmpty } from './storage/seed.ts';
import { FilesUnusable, type StoredFiles } from './storage/storedFiles.ts';

/** What must be ended, last begun first. */
const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;

function end(code: number): Promise<void> {
  ending ??= (async () => {
    for (const step of endings.reverse()) {
      try {
        await step();
      } catch (error) {
        console.error('portal:', error);
        process.exitCode = 1;
      }
    }
    process.exit(process.exitCode ?? code);
  })();
  return ending;
}

async function databaseUrl(config: PortalConfig, password: string): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const lock = await lockFolder(config.dataFolder);
  endings.push(() => lock.release());
  const log = (line: string) => console.error('postgres:', line);
  const server = await startEmbedded({ folder: config.dataFolder, password, log });
  endings.push(() => server.stop());
  server.onDeath((words) => {
    if (ending) return;
    console.error('portal: its PostgreSQL ended:', words);
    process.exitCode = 1;
    void end(1);
  });
  return server.url;
}

/** The S3 client is loaded only where it is wanted. */
async function openFiles({ dataFolder, s3 }: PortalConfig): Promise<StoredFiles> {
  const files =
    s3 === null ? new FileStore(dataFolder) : new (await import('./storage/s3FileStore.ts')).S3FileStore(s3);
  await files.open();
  return files;
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const secrets = await openDataFolder(config.dataFolder);
  const database = await openDatabase(await databaseUrl(config, secrets.databasePassword), (line) =>
    console.error('database:', line),
  );
  endings.push(() => database.close());
  const files = await openFiles(config);
  const { app, portal } = await buildApp({
    db: database.db,
    databaseUrl: database.url,
    files,
    tokenKey: secrets.tokenKey,
    now: Date.now,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    requestsPerMinute: config.requestsPerMinute,
    logger: { level: config.logLevel, stream: process.stderr },
  });
  endings.push(() => app.close());
  const [command, ...args] = process.argv.slice(2);
  if (command === 'init') {
    for (const line of await initialise(portal, args, process.stdin)) console.log(line);
    return end(0);
  }
  if (command !== undefined) throw new ConfigError(`no command ${command}; there is: init`);
  if (config.sample) await seedIfEmpty(portal, config.sampleProfile);
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  console.log(`portal ready http://${host}:${port}`);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => void end(0));
}
// Started by another program over a channel, it does not outlive it.
process.on('disconnect', () => void end(0));

try {
  await main();
} catch (error) {
  const isExpected =
    error instanceof ConfigError ||
    error instanceof FolderInUse ||
    error instanceof DatabaseUnusable ||
    error instanceof FilesUnusable;
  console.error('portal:', isExpected ? error.message : error);
  process.exitCode = 1;
  await end(1);
  await once(process, 'exit');
}
