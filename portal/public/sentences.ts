import adminEn from '../../assets/strings/admin.en.json' with { type: 'json' };
import adminVi from '../../assets/strings/admin.vi.json' with { type: 'json' };
import deskEn from '../../assets/strings/en.json' with { type: 'json' };
import en from '../../assets/strings/public.en.json' with { type: 'json' };
import vi from '../../assets/strings/public.vi.json' with { type: 'json' };
import deskVi from '../../assets/strings/vi.json' with { type: 'json' };

/** Languages of the two channels, and of the interface's messages. */
export type Language = 'vi' | 'en';

type Strings = { readonly [key: string]: string | Strings };

const STRINGS: Readonly<Record<Language, Strings>> = {
  vi: { ...vi, ...adminVi, role: deskVi.role, state: deskVi.state },
  en: { ...en, ...adminEn, role: deskEn.role, state: deskEn.state },
};

/**
 * A sentence of `assets/strings/public.<language>.json` or `admin.<language>.json` by its key, parts joined by dots. `{{name}}` is replaced by
 * the value of that name. Throws for a key that is not there: a test holds both files to the keys that are used.
 */
export function sentence(
  language: Language,
  key: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  let found: string | Strings | undefined = STRINGS[language];
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
  if (typeof found !== 'string') throw new Error(`no sentence ${key} in ${language}`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The language that an `Accept-Language` header prefers; Vietnamese is the first one. */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
      return { tag: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((one) => one.tag === 'vi' || one.tag === 'en')
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.tag === 'en' && wanted[0].quality > 0 ? 'en' : 'vi';
}
