import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Strict } from '../../../domain/contracts/define.ts';
import { PersonInfo } from '../../../domain/contracts/rows.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import { makeFolder, syncFolder } from '../durableFile.ts';
import { describe, type Log } from '../log.ts';
import { diskCode } from '../refused.ts';
import { type KeysFile, readKeys, writeKeys } from './keysFile.ts';
import { deriveKey, openBytes, SCRYPT_COST, sealBytes, unwrapByPassword, wrapByPassword } from './wrap.ts';

/** The key of one desk, open. */
export interface DeskKey {
  readonly version: number;
  readonly bytes: Uint8Array;
  /** Counts how often the store of this desk went back in time. */
  readonly generation: number;
}

/** Whose desk it is, as its file of keys has it. */
const Profile = Strict({ person: PersonInfo, organisationId: Type.String() });
export type Profile = Static<typeof Profile>;

export interface Entry extends Profile {
  readonly portalUrl: string;
  /** What the portal has just accepted. */
  readonly password: string;
  /** The password of an earlier sign-in here, when the one of now opens nothing. */
  readonly formerPassword?: string | undefined;
  /** The person chose to put aside a desk that can't be opened, and to begin anew. */
  readonly afresh?: boolean | undefined;
}

/** Keeps the data keys of the desks of this machine: random, on disk only wrapped. */
export interface Custody {
  /** The key without asking anybody; null when only the person's password opens it. */
  keyOf(folder: string): Promise<DeskKey | null>;
  /**
   * After the portal accepted the password: opens the desk's key, or makes one for a new desk, and sees that this password
   * opens it from now on. Codes: `former-password`, `former-password-wrong`, `key-missing` (nothing was changed), `disk-full`, `not-saved`.
   */
  enter(entry: Entry): Promise<Result<void>>;
  /** Without the portal. Null when no desk of this account is here; `wrong-password-here`. */
  enterOffline(at: {
    readonly portalUrl: string;
    readonly account: string;
    readonly password: string;
  }): Promise<Result<Profile> | null>;
  /** Whether there is a desk of this portal here. */
  hasDeskOf(portalUrl: string): Promise<boolean>;
  /** Notes durably that the store is about to go back in time. */
  nextGeneration(folder: string): Promise<void>;
  /** Forgets the open key: the person signed out. */
  leave(folder: string): void;
}

export interface CustodyOptions {
  readonly userData: string;
  readonly log: Log;
  /** By the system's key store; reject where it offers no real protection. */
  readonly protect: (text: string) => Promise<string>;
  readonly unprotect: (base64: string) => Promise<string>;
  /** Has the shell keep a secret in its memory, for an engine that is started again; null lets go. */
  readonly hold: (name: string, value: string | null) => void;
  /** What the shell kept. */
  readonly held: Readonly<Record<string, string>>;
  /** scrypt's N for new wraps; lower in tests. */
  readonly scryptCost?: number | undefined;
}

const DESK_NAME = /^[0-9a-f]{32}$/;
const KEY_BYTES = 32;
const SystemKey = Strict({ desk: Type.String(), version: Type.Integer(), key: Type.String() });

/** The folder of one person at one portal: what another person at this machine does never gets there. */
export const folderOf = (userData: string, portalUrl: string, personId: string): string =>
  join(
    userData,
    'desks',
    createHash('sha256').update(`${portalUrl}\n${personId}`).digest('hex').slice(0, 32),
  );

export function createCustody(options: CustodyOptions): Custody {
  const { userData, log, hold, scryptCost = SCRYPT_COST } = options;
  const held = new Map(Object.entries(options.held));
  const desks = join(userData, 'desks');
  const open = new Map<string, Uint8Array>();

  const holdName = (folder: string) => `key:${basename(folder)}`;
  const aboutOf = (folder: string, version: number) => `${basename(folder)} ${version}`;
  const keyBytes = (base64: string | undefined): Uint8Array | null => {
    const bytes = Buffer.from(base64 ?? '', 'base64');
    return bytes.byteLength === KEY_BYTES ? bytes : null;
  };

  const openBySystem = async (folder: string, keys: KeysFile): Promise<Uint8Array | null> => {
    if (keys.system === null) return null;
    try {
      const found: unknown = JSON.parse(await options.unprotect(keys.system));
      const fits = Value.Check(SystemKey, found) && found.desk === basename(folder);
      return fits && found.version === keys.version ? keyBytes(found.key) : null;
    } catch (error) {
      log('warn', 'custody.key-store-does-not-open', describe(error));
      return null;
    }
  };
  const wrapBySystem = async (folder: string, version: number, key: Uint8Array) => {
    try {
      return await options.protect(
        JSON.stringify({ desk: basename(folder), version, key: Buffer.from(key).toString('base64') }),
      );
    } catch (error) {
      log('info', 'custody.no-key-store', describe(error));
      return null;
    }
  };

  const remember = (folder: string, key: Uint8Array, isKeptBySystem: boolean) => {
    open.set(folder, key);
    // Else an engine that is started again would have to ask the person.
    hold(holdName(folder), isKeptBySystem ? null : Buffer.from(key).toString('base64'));
  };
  const openWithoutAsking = async (folder: string, keys: KeysFile): Promise<Uint8Array | null> =>
    open.get(folder) ?? keyBytes(held.get(holdName(folder))) ?? (await openBySystem(folder, keys));

  const sealProfile = (folder: string, version: number, key: Uint8Array, profile: Profile) =>
    sealBytes(
      deriveKey(key, 'profile'),
      Buffer.from(JSON.stringify(profile)),
      `profile ${aboutOf(folder, version)}`,
    );
  const profileOf = (folder: string, keys: KeysFile, key: Uint8Array): Profile | null => {
    const bytes = openBytes(
      deriveKey(key, 'profile'),
      keys.profile,
      `profile ${aboutOf(folder, keys.version)}`,
    );
    if (!bytes) return null;
    const found: unknown = JSON.parse(Buffer.from(bytes).toString());
    return Value.Check(Profile, found) ? found : null;
  };

  const asideOf = async (folder: string): Promise<number> =>
    (await readdir(desks)).filter((name) => name.startsWith(`${basename(folder)}.aside-`)).length;

  const make = async (folder: string, entry: Entry): Promise<Result<void>> => {
    const { person, organisationId, portalUrl, password } = entry;
    const key = randomBytes(KEY_BYTES);
    const version = 1;
    await makeFolder(folder);
    const system = await wrapBySystem(folder, version, key);
    await writeKeys(folder, {
      format: 1,
      version,
      generation: await asideOf(folder),
      portalUrl,
      account: person.account,
      system,
      password: await wrapByPassword(key, password, aboutOf(folder, version), scryptCost),
      profile: sealProfile(folder, version, key, { person, organisationId }),
    });
    remember(folder, key, system !== null);
    log('info', 'custody.key-made', { keyStore: system !== null });
    return ok(undefined);
  };

  /** Moves a desk that can't be opened out of the way, whole; nothing of it is deleted. */
  const putAside = async (folder: string) => {
    const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
    await rename(folder, `${folder}.aside-${stamp}`);
    await syncFolder(desks);
    log('warn', 'custody.desk-put-aside', { desk: basename(folder) });
  };

  /** From now on this password and this machine's key store open the desk. A failure does not keep the person out. */
  const renew = async (
    folder: string,
    keys: KeysFile,
    key: Uint8Array,
    now: {
      readonly password: string;
      readonly opens: boolean;
      readonly profile: Profile;
    },
  ) => {
    const { version } = keys;
    const isKept = (await openBySystem(folder, keys)) !== null;
    const system = isKept ? keys.system : await wrapBySystem(folder, version, key);
    const before = profileOf(folder, keys, key);
    const isSame = JSON.stringify(before) === JSON.stringify(now.profile);
    if (!now.opens || !isSame || system !== keys.system) {
      try {
        await writeKeys(folder, {
          ...keys,
          account: now.profile.person.account,
          system,
          password: now.opens
            ? keys.password
            : await wrapByPassword(key, now.password, aboutOf(folder, version), scryptCost),
          profile: isSame ? keys.profile : sealProfile(folder, version, key, now.profile),
        });
        log('info', 'custody.wrapped-anew', { password: !now.opens, keyStore: system !== keys.system });
      } catch (error) {
        if (diskCode(error) === null) throw error;
        log('warn', 'custody.not-wrapped-anew', describe(error));
      }
    }
    remember(folder, key, system !== null);
  };

  const enter = async (entry: Entry): Promise<Result<void>> => {
    const { person, organisationId, portalUrl, password, formerPassword, afresh = false } = entry;
    const folder = folderOf(userData, portalUrl, person.id);
    await makeFolder(desks);
    const keys = await readKeys(folder);
    if (keys === undefined && !(await hasStore(folder))) return make(folder, entry);
    if (!keys) {
      log('error', 'custody.key-missing', { desk: basename(folder), damaged: keys === null });
      if (!afresh) return refuse('key-missing');
      await putAside(folder);
      return make(folder, entry);
    }
    const about = aboutOf(folder, keys.version);
    const byPassword = await unwrapByPassword(keys.password, password, about);
    let key = byPassword ?? (await openWithoutAsking(folder, keys));
    if (!key && formerPassword !== undefined)
      key = await unwrapByPassword(keys.password, formerPassword, about);
    if (!key) {
      if (!afresh) return refuse(formerPassword === undefined ? 'former-password' : 'former-password-wrong');
      await putAside(folder);
      return make(folder, entry);
    }
    await renew(folder, keys, key, {
      password,
      opens: byPassword !== null,
      profile: { person, organisationId },
    });
    return ok(undefined);
  };

  return {
    async keyOf(folder) {
      const keys = await readKeys(folder);
      const key = keys && (await openWithoutAsking(folder, keys));
      if (!keys || !key) return null;
      open.set(folder, key);
      return { version: keys.version, bytes: key, generation: keys.generation };
    },
    async enter(entry) {
      try {
        return await enter(entry);
      } catch (error) {
        const code = diskCode(error);
        if (code === null) throw error;
        log('error', 'custody.not-entered', describe(error));
        return refuse(code);
      }
    },
    async enterOffline({ portalUrl, account, password }) {
      let refusal: Result<Profile> | null = null;
      for (const folder of await desksOf(desks)) {
        const keys = await readKeys(folder);
        if (keys?.portalUrl !== portalUrl || keys.account.toLowerCase() !== account.toLowerCase()) continue;
        const key = await unwrapByPassword(keys.password, password, aboutOf(folder, keys.version));
        if (!key) {
          refusal = refuse('wrong-password-here');
          continue;
        }
        const profile = profileOf(folder, keys, key);
        if (!profile || folderOf(userData, portalUrl, profile.person.id) !== folder)
          return refuse('key-missing');
        await renew(folder, keys, key, { password, opens: true, profile });
        return ok(profile);
      }
      return refusal;
    },
    async hasDeskOf(portalUrl) {
      for (const folder of await desksOf(desks))
        if ((await readKeys(folder))?.portalUrl === portalUrl) return true;
      return false;
    },
    async nextGeneration(folder) {
      const keys = await readKeys(folder);
      if (keys) await writeKeys(folder, { ...keys, generation: keys.generation + 1 });
    },
    leave(folder) {
      open.delete(folder);
      held.delete(holdName(folder));
      hold(holdName(folder), null);
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const desksOf = async (desks: string): Promise<string[]> =>
  (await namesIn(desks)).filter((name) => DESK_NAME.test(name)).map((name) => join(desks, name));

/** Anything of a store is there: then a key was made for it once. */
const hasStore = async (folder: string): Promise<boolean> =>
  (await namesIn(folder)).some((name) => name.startsWith('desk.sqlite'));
