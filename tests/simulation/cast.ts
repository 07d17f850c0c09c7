import type { Role } from '../../domain/people/roles.ts';

export const ORGANISATION = 'mo-phong';
export const PASSWORD = 'mat-khau-mo-phong';
/** A category whose articles need little: a title, a body and a date. */
export const CATEGORY = 'other';
export const UNITS = ['mot', 'hai', 'bbt'] as const;

/** Everybody there is; a seed puts some of them at desks. */
export const CAST = {
  writer: { roles: ['liaison'], unitId: 'mot' },
  colleague: { roles: ['liaison'], unitId: 'mot' },
  head: { roles: ['unit-head'], unitId: 'mot' },
  stranger: { roles: ['liaison', 'unit-head'], unitId: 'hai' },
  editor: { roles: ['editor'], unitId: 'bbt' },
  chief: { roles: ['editor-in-chief'], unitId: 'bbt' },
  translator: { roles: ['translator'], unitId: 'bbt' },
  board: { roles: ['editor', 'editor-in-chief'], unitId: 'bbt' },
} as const satisfies Record<string, { readonly roles: readonly Role[]; readonly unitId: string }>;

export type PersonId = keyof typeof CAST;
