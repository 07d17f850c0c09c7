import type { ProfileFault } from '../../domain/regulations/faults.ts';
import { t, type Visit } from './visit.ts';

/** A fault of a profile as an administrator reads it. Ids, modes and roles are named as they stand in the file. */
export function sayProfileFault(
  visit: Pick<Visit, 'language'>,
  { place, code, values }: ProfileFault,
): string {
  const where = place.map(({ kind, id }) => t(visit, `profileFault.place.${kind}`, { id })).join(', ');
  return t(visit, 'profileFault.at', {
    place: where,
    reason: t(visit, `profileFault.${code}`, { ...values }),
  });
}
