import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Instant, Nullable, Strict } from '../../domain/contracts/define.ts';
import { readJson, writeDurably } from './durableFile.ts';

/** Why reading and deciding are locked until the portal has been reached. */
export type LockedBy = 'offline-too-long' | 'account-inactive';

const Contact = Strict({
  /** When the portal last took this person's token. */
  contactAt: Instant,
  /** The latest time that this machine's clock has shown: setting it back gains nothing. */
  clockAt: Instant,
  /** The portal's last word about the account. */
  ended: Nullable(Type.Literal('account-inactive')),
});

const DAY_MS = 86_400_000;
const WRITE_EVERY_MS = 10 * 60_000;

export interface OfflineTerm {
  lockedBy(): LockedBy | null;
  /** The portal answered this person. */
  reached(): void;
  /** The portal said that the account is switched off. */
  ended(): void;
  /** Looks at the clock. */
  look(): void;
}

/**
 * For how long this desk may go on without the portal. After the term that the portal set, reading and deciding wait for the next contact;
 * what was written stays and is sent then.
 */
export async function openOfflineTerm(options: {
  readonly folder: string;
  readonly now: () => number;
  /** The term, in days. */
  readonly days: () => number;
  readonly onChange: () => void;
  readonly onFailed: (error: unknown) => void;
}): Promise<OfflineTerm> {
  const { now, onChange } = options;
  const path = join(options.folder, 'contact.json');
  const found = await readJson(path);
  const known = Value.Check(Contact, found) ? found : { contactAt: now(), clockAt: now(), ended: null };
  let contact = { ...known, clockAt: Math.max(known.clockAt, now()) };
  let writtenAt = now();
  let writing: Promise<void> = writeDurably(path, JSON.stringify(contact)).catch(options.onFailed);
  await writing;

  const lockedBy = (): LockedBy | null => {
    if (contact.ended !== null) return contact.ended;
    const away = Math.max(now(), contact.clockAt) - contact.contactAt;
    return away > options.days() * DAY_MS ? 'offline-too-long' : null;
  };
  let shown = lockedBy();

  const change = (next: typeof contact, isUrgent = false) => {
    contact = next;
    const is = lockedBy();
    const hasChanged = is !== shown;
    shown = is;
    if (hasChanged) onChange();
    if (!hasChanged && !isUrgent && now() - writtenAt < WRITE_EVERY_MS && now() >= writtenAt) return;
    writtenAt = now();
    writing = writing.then(() => writeDurably(path, JSON.stringify(contact))).catch(options.onFailed);
  };

  return {
    lockedBy,
    reached: () => change({ contactAt: now(), clockAt: now(), ended: null }),
    ended: () => {
      if (contact.ended === null) change({ ...contact, ended: 'account-inactive' }, true);
    },
    look: () => change({ ...contact, clockAt: Math.max(contact.clockAt, now()) }),
  };
}
