import type { i18n } from 'i18next';

/**
 * React Aria has no Vietnamese. It takes its few sentences from a table on the window when there is one, each a text
 * or a function, so functions make them follow the language at run time. Must run before the first component.
 */
export function provideAriaStrings(i18next: i18n): void {
  const say = (key: 'aria.dismiss' | 'aria.suggestions' | 'aria.showSuggestions' | 'aria.selectItem') => () =>
    i18next.t(key);
  const count = (variables: { optionCount?: number }) =>
    i18next.t('aria.optionCount', { count: variables.optionCount ?? 0 });
  const text = (variables: { optionText?: string }) => variables.optionText ?? '';
  const silent = () => '';
  const packages: Record<string, Record<string, unknown>> = {
    '@react-aria/overlays': { dismiss: say('aria.dismiss') },
    '@react-aria/combobox': {
      focusAnnouncement: text,
      countAnnouncement: count,
      selectedAnnouncement: text,
      buttonLabel: say('aria.showSuggestions'),
      listboxLabel: say('aria.suggestions'),
    },
    '@react-aria/autocomplete': { collectionLabel: say('aria.suggestions') },
    '@react-aria/menu': { longPressMessage: silent },
    'react-aria-components': { selectPlaceholder: say('aria.selectItem') },
  };
  const table = window as unknown as Record<symbol, unknown>;
  table[Symbol.for('react-aria.i18n.locale')] = 'vi-VN';
  table[Symbol.for('react-aria.i18n.strings')] = packages;
}
