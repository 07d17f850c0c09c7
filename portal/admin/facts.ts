import { administer, latestVersion, recordVersion } from '../storage/versions.ts';
import type { Visit } from './visit.ts';

/** Facts that no text settles and a person has confirmed: kept as versions of `fact:<name>`. */

export async function isConfirmed({ portal, organisation }: Visit, name: string): Promise<boolean> {
  return (await latestVersion(portal.db, organisation.id, `fact:${name}`)) !== undefined;
}

/** Keeps who confirmed what, when and by which paper. */
export async function confirmFact(
  { portal, organisation, person }: Visit,
  name: string,
  data: Readonly<Record<string, string>>,
  basis: string,
): Promise<void> {
  await administer(portal, organisation.id, async (tx) => {
    const subject = `fact:${name}`;
    await recordVersion(tx, organisation.id, {
      subject,
      action: 'confirm',
      data,
      basis,
      by: person.id,
      at: portal.now(),
    });
  });
}
