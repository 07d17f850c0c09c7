import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../../assets/strings/en.json' with { type: 'json' };
import vi from '../../assets/strings/vi.json' with { type: 'json' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof vi };
    enableSelector: false;
  }
}

export type Language = 'vi' | 'en';

/** The window's sentences, ready at once; Vietnamese until the preference has been read. */
export function startI18n(): i18n {
  void i18next.use(initReactI18next).init({
    resources: { vi: { translation: vi }, en: { translation: en } },
    lng: 'vi',
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  applyLanguage('vi');
  return i18next;
}

/** Switches language at run time; screen readers and hyphenation follow `lang` of the page. */
export function applyLanguage(language: Language): void {
  if (i18next.language !== language) void i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
