import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Id, Nullable, Strict } from '../../../domain/contracts/define.ts';
import { PersonInfo } from '../../../domain/contracts/rows.ts';
import { readJson, writeDurably } from '../durableFile.ts';

const StoredSession = Strict({
  /** Name of this desk towards the portal. */
  deskId: Id,
  /** The portal chosen by hand; null: the one the app was started for. */
  chosenPortal: Nullable(Type.String()),
  lastAccount: Nullable(Type.String()),
  signedIn: Nullable(
    Strict({
      portalUrl: Type.String(),
      person: PersonInfo,
      organisationId: Type.String(),
      /** Protected by the system's key store, base64; null when the session has run out. */
      refreshToken: Nullable(Type.String()),
    }),
  ),
});
export type StoredSession = Static<typeof StoredSession>;

/**
 * The session as it is on disk. A damaged file is put aside and a new one begun: the person signs in again and
 * finds everything, because the store does not depend on it.
 */
export async function openSessionFile(userData: string): Promise<{
  readonly value: StoredSession;
  readonly wasDamaged: boolean;
  /** Durable when the promise resolves. */
  write(value: StoredSession): Promise<void>;
}> {
  const path = join(userData, 'session.json');
  const found = await readJson(path);
  const sound = Value.Check(StoredSession, found);
  const fresh = { deskId: randomUUID(), chosenPortal: null, lastAccount: null, signedIn: null };
  const value: StoredSession = sound ? found : fresh;
  if (!sound) {
    if (found !== undefined) await rename(path, `${path}.damaged-${Date.now()}`);
    await writeDurably(path, JSON.stringify(value));
  }
  return {
    value,
    wasDamaged: !sound && found !== undefined,
    write: (next) => writeDurably(path, JSON.stringify(next)),
  };
}
