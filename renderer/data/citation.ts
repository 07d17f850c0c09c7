import { useCallback } from 'react';
import { useDirectory } from './directory.ts';

/** Writes a clause with its regulation, `VP17 Điều 7 khoản 4`; empty when there is none. */
export function useCitation(): (rule: { readonly clause: string; readonly ref?: string | null }) => string {
  const { profile } = useDirectory();
  return useCallback(
    ({ clause, ref }) => {
      if (clause === '') return '';
      const named = ref?.split('-')[0];
      const id = named && /^[A-Z]{2}\d{2}$/.test(named) ? named : profile?.id;
      return id ? `${id} ${clause}` : clause;
    },
    [profile],
  );
}
