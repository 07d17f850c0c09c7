import type { Language } from '../document/types.ts';

/** Vietnam is UTC+7 all year. */
export const VIETNAM_OFFSET_MINUTES = 420;

const ENGLISH_MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const pad = (value: number): string => String(value).padStart(2, '0');

function format(year: number, month: number, day: number, language: Language): string {
  if (language === 'en') return `${day} ${ENGLISH_MONTHS[month - 1]} ${year}`;
  return `${pad(day)}/${month < 3 ? pad(month) : month}/${year}`;
}

/**
 * Writes a day given as `YYYY-MM-DD`. Vietnamese as administrative documents do: days below 10 and
 * the months 1 and 2 get a zero, so `03/9/2026` and `03/02/2026` (NĐ 30/2020/NĐ-CP, Phụ lục I); English
 * `3 Sep 2026`. Anything else: an empty string.
 */
export function formatDate(date: string, language: Language): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return '';
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const checked = new Date(Date.UTC(year, month - 1, day));
  if (checked.getUTCMonth() !== month - 1 || checked.getUTCDate() !== day) return '';
  return format(year, month, day, language);
}

function shifted(instant: string | number, offsetMinutes: number): Date | null {
  const time = typeof instant === 'number' ? instant : Date.parse(instant);
  return Number.isFinite(time) ? new Date(time + offsetMinutes * 60_000) : null;
}

/** Writes the day of an instant (ISO 8601 or milliseconds) like `formatDate`, in Vietnam unless told otherwise. */
export function formatInstantDate(
  instant: string | number,
  language: Language,
  offsetMinutes = VIETNAM_OFFSET_MINUTES,
): string {
  const date = shifted(instant, offsetMinutes);
  if (date === null) return '';
  return format(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), language);
}

/** Writes the time of an instant as `14:36`, or `14:36:08` with seconds. Not an instant: an empty string. */
export function formatTime(
  instant: string | number,
  options: { seconds?: boolean; offsetMinutes?: number } = {},
): string {
  const date = shifted(instant, options.offsetMinutes ?? VIETNAM_OFFSET_MINUTES);
  if (date === null) return '';
  const parts = [
    date.getUTCHours(),
    date.getUTCMinutes(),
    ...(options.seconds ? [date.getUTCSeconds()] : []),
  ];
  return parts.map(pad).join(':');
}
