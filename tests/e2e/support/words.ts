import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };

export type Language = 'vi' | 'en';
type Tree = { readonly [key: string]: string | Tree };

/** The sentence of a key as it stands in `assets/strings`, with its values put in. */
export function words(
  key: string,
  values: Readonly<Record<string, string | number>> = {},
  language: Language = 'vi',
): string {
  let node: string | Tree | undefined = language === 'vi' ? vi : en;
  for (const part of key.split('.')) node = typeof node === 'object' ? node[part] : undefined;
  if (typeof node !== 'string') throw new Error(`No sentence ${key}.`);
  return node.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(values[name] ?? `{{${name}}}`));
}

/** All sentences of a language without places for values. */
export function leaves(language: Language): string[] {
  const found: string[] = [];
  const walk = (node: string | Tree): void => {
    if (typeof node !== 'string') for (const child of Object.values(node)) walk(child);
    else if (!node.includes('{{')) found.push(node);
  };
  walk(language === 'vi' ? vi : en);
  return found;
}
