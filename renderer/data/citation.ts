import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../app/i18n.ts';
import { useDirectory } from './directory.ts';

/** A rule as the contracts name it: `clause` for people, Vietnamese, and `ref` for machines. Either may be empty. */
export interface Rule {
  readonly clause?: string | null;
  readonly ref?: string | null;
}

const REF = /^([A-Z]{2}\d{2})-(\d+)(?:\.(\d+))?(?:\.([a-zđ]))?$/u;

/**
 * The place in a regulation that a reference names, without the regulation: `VP17-7.4` is `Điều 7 khoản 4` or
 * `Art. 7(4)`. Empty for what is no reference to a regulation, such as a rule of the product.
 */
export function placeOf(ref: string | null | undefined, language: Language): string {
  const [, , article, clause, point] = REF.exec(ref ?? '') ?? [];
  if (!article) return '';
  if (language === 'en') return `Art. ${article}${clause ? `(${clause})` : ''}${point ? `(${point})` : ''}`;
  return [`Điều ${article}`, clause ? `khoản ${clause}` : '', point ? `điểm ${point}` : '']
    .filter(Boolean)
    .join(' ');
}

/** Writes a clause in the language of the window, `Điều 7 khoản 4`; empty when there is none. */
export function useClause(): (rule: Rule) => string {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'vi';
  return useCallback(
    ({ clause, ref }) =>
      (language === 'en' ? placeOf(ref, 'en') || clause : clause || placeOf(ref, 'vi')) ?? '',
    [language],
  );
}

/** Writes a clause with its regulation, `VP17 Điều 7 khoản 4`; empty when there is none. */
export function useCitation(): (rule: Rule) => string {
  const { profile } = useDirectory();
  const clauseOf = useClause();
  return useCallback(
    (rule) => {
      const clause = clauseOf(rule);
      const id = REF.exec(rule.ref ?? '')?.[1] ?? profile?.id;
      return clause === '' || !id ? clause : `${id} ${clause}`;
    },
    [clauseOf, profile],
  );
}
