import type { i18n } from 'i18next';

/**
 * React Aria has no Vietnamese. It takes its few sentences from a table on the window when there is one, each a text
 * or a function, so functions make them follow the language at run time. Once there is a table, every package whose
 * components are used must be in it. Must run before the first component.
 */
export function provideAriaStrings(i18next: i18n): void {
  const packages: Record<string, Record<string, () => string>> = {
    '@react-aria/overlays': { dismiss: () => i18next.t('aria.dismiss') },
    '@react-aria/autocomplete': { collectionLabel: () => i18next.t('aria.suggestions') },
    '@react-aria/searchfield': { 'Clear search': () => i18next.t('aria.clearSearch') },
    '@react-aria/menu': { longPressMessage: () => '' },
    'react-aria-components': { selectPlaceholder: () => i18next.t('aria.selectItem') },
  };
  const table = window as unknown as Record<symbol, unknown>;
  table[Symbol.for('react-aria.i18n.locale')] = 'vi-VN';
  table[Symbol.for('react-aria.i18n.strings')] = packages;
}
