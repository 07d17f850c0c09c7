import { randomInt } from 'node:crypto';

/** Characters that a password has at least. */
export const MIN_PASSWORD = 12;

/** Letters and digits that are not taken for each other, in four groups: about 79 bits. */
export function oneTimePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
