import en from '../../assets/strings/menu.en.json' with { type: 'json' };
import vi from '../../assets/strings/menu.vi.json' with { type: 'json' };

export type MenuLanguage = 'vi' | 'en';
export type MenuStrings = typeof vi;

/** Sentences of menu and system dialogs; those of the windows are in `assets/strings/vi.json` and `en.json`. */
export const menuStrings = (language: MenuLanguage): MenuStrings => (language === 'en' ? en : vi);
