import type { ReactNode } from 'react';

/** The name of a key. Screen readers get it from the button's own description, not read out as text. */
export const Kbd = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="kbd" aria-hidden>
    {children}
  </kbd>
);
