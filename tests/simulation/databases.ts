import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { sql } from 'kysely';
import { defaultCalendar } from '../../domain/deadlines/index.ts';
import { getProfile } from '../../domain/regulations/index.ts';
import { openDatabase } from '../../portal/storage/database.ts';
import { openDataFolder } from '../../portal/storage/dataFolder.ts';
import { startEmbedded } from '../../portal/storage/embedded.ts';
import { foundOrganisation } from '../../portal/storage/foundOrganisation.ts';
import { CAST, CATEGORY, ORGANISATION, PASSWORD, UNITS } from './cast.ts';

/** Databases for seeds, each a copy of one that has the organisation. */
export interface Databases {
  create(): Promise<string>;
  drop(url: string): Promise<void>;
  close(): Promise<void>;
}

const TEMPLATE = 'simulation_template';

/** Memory where the system offers it as a folder: nothing of a simulation has to outlive it. */
export const scratchFolder = async (name: string): Promise<string> => {
  const made = await mkdtemp(join(process.platform === 'linux' ? '/dev/shm' : tmpdir(), name)).catch(() =>
    mkdtemp(join(tmpdir(), name)),
  );
  await chmod(made, 0o755);
  return made;
};

const address = (server: string, name: string) => server.replace(/\/postgres$/, `/${name}`);

/** Starts a PostgreSQL server with a database that has the organisation. */
export async function startServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = await scratchFolder('soan-simulation-pg-');
  const { databasePassword: password } = await openDataFolder(folder);
  const server = await startEmbedded({ folder, password, log: () => {} });
  const main = await openDatabase(server.url, () => {});
  await sql.raw(`create database ${TEMPLATE}`).execute(main.db);
  await main.close();
  await found(address(server.url, TEMPLATE));
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes and drops databases on such a server, for one process. */
export async function openDatabases(server: string): Promise<Databases> {
  const main = await openDatabase(server, () => {});
  let count = 0;
  return {
    async create() {
      count += 1;
      const name = `seed_${process.pid}_${count}`;
      await sql.raw(`create database ${name} template ${TEMPLATE}`).execute(main.db);
      return address(server, name);
    },
    async drop(url) {
      await sql.raw(`drop database ${new URL(url).pathname.slice(1)} with (force)`).execute(main.db);
    },
    close: () => main.close(),
  };
}

async function found(url: string): Promise<void> {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 does not ship');
  const database = await openDatabase(url, () => {});
  const bilingual = (text: string) => ({ vi: text, en: text });
  await foundOrganisation({ db: database.db, announce: () => {}, now: () => 1 } as never, {
    id: ORGANISATION,
    name: bilingual('Cổng mô phỏng'),
    profile,
    calendar: defaultCalendar(),
    units: UNITS.map((id) => ({ id, name: bilingual(id), shortName: bilingual(id), categories: [CATEGORY] })),
    people: Object.entries(CAST).map(([id, { roles, unitId }]) => ({
      id,
      account: id,
      name: bilingual(id),
      roles: [...roles],
      unitId,
      active: true,
      password: PASSWORD,
    })),
  });
  // The strength of password hashes is not what is tried here, and every seed signs in all its desks.
  const cheap = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await database.db.updateTable('people').set({ password_hash: cheap }).execute();
  await database.close();
}
