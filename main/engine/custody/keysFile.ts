import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Nullable, Strict } from '../../../domain/contracts/define.ts';
import { makeFolder, readJson, writeDurably } from '../durableFile.ts';
import { PasswordWrap } from './wrap.ts';

/** `keys.json` of a desk: whose it is, and its data key, wrapped. */
const KeysFile = Strict({
  format: Type.Literal(1),
  /** Version of the data key. */
  version: Type.Integer({ minimum: 1, maximum: 0xffffffff }),
  /** Counts how often the store went back in time or was begun anew: what must outlive the store. */
  generation: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  portalUrl: Type.String(),
  account: Type.String(),
  /** By the system's key store, base64; null where it offers no real protection. */
  system: Nullable(Type.String()),
  password: PasswordWrap,
  /** The person and the organisation, sealed under the data key. */
  profile: Type.String(),
});
export type KeysFile = Static<typeof KeysFile>;

const NAME = 'keys.json';
const placesOf = (folder: string): readonly string[] => [join(folder, NAME), join(folder, 'backups', NAME)];

/** The file, or its copy when it is missing or damaged; undefined when there is neither, null when neither can be read. */
export async function readKeys(folder: string): Promise<KeysFile | undefined | null> {
  let isThere = false;
  for (const place of placesOf(folder)) {
    const found = await readJson(place);
    if (Value.Check(KeysFile, found)) return found;
    isThere ||= found !== undefined;
  }
  return isThere ? null : undefined;
}

/** Writes the file and its copy: without either the desk can't be opened. Durable when the promise resolves. */
export async function writeKeys(folder: string, keys: KeysFile): Promise<void> {
  await makeFolder(join(folder, 'backups'));
  for (const place of placesOf(folder)) await writeDurably(place, JSON.stringify(keys));
}
