import { escapeHtml } from '../../domain/document/index.ts';

/** A piece of markup that is safe as it is. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

/** Template of markup: every value is escaped unless it is markup itself; null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let out = strings[0] ?? '';
  for (const [index, value] of values.entries()) out += write(value) + (strings[index + 1] ?? '');
  return { html: out };
}

/** Markup from elsewhere that was made safe there. */
export const trusted = (text: string): Html => ({ html: text });

function write(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map(write).join('');
}
