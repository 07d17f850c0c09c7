import type { Language } from '../document/types.ts';

const NO_BREAK_SPACE = '\u00a0';

/**
 * Writes a number as the language does: `1.154,6` in Vietnamese, `1,154.6` in English; rounded to
 * at most `maxDecimals`, without trailing zeros. Not finite: an empty string.
 */
export function formatNumber(value: number, language: Language, maxDecimals = 2): string {
  if (!Number.isFinite(value)) return '';
  const [group, decimal] = language === 'vi' ? ['.', ','] : [',', '.'];
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(maxDecimals).split('.');
  const digits = whole.replace(/\B(?=(?:\d{3})+$)/g, group);
  const rest = fraction.replace(/0+$/, '');
  const text = rest === '' ? digits : `${digits}${decimal}${rest}`;
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Writes a size in bytes, counting by 1,024 as Windows does: `6,6 MB`. The blank does not break. */
export function formatBytes(byteLength: number, language: Language): string {
  let value = Math.max(0, byteLength);
  let unit = 0;
  while (unit < UNITS.length - 1 && (unit < 2 ? Math.round(value) : Math.round(value * 10) / 10) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  const decimals = unit < 2 ? 0 : 1;
  return `${formatNumber(value, language, decimals)}${NO_BREAK_SPACE}${UNITS[unit]}`;
}
