import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  formatBytes,
  formatDate,
  formatInstantDate,
  formatNumber,
  formatTime,
} from '../../domain/text/index.ts';

/** How days, times and figures are written in the language of the window. Instants are milliseconds since 1970. */
export interface Format {
  /** `03/9/2026`, `3 Sep 2026`. */
  day(date: string): string;
  /** Without the year, for a list: `03/9`, `3 Sep`. */
  shortDay(date: string): string;
  /** For a list: as short as `03/9` where it is of this year, otherwise with its year. */
  nearDay(date: string): string;
  /** The day of an instant, `03/9/2026`. */
  dayOf(at: number): string;
  /** `14:36`. */
  time(at: number): string;
  /** `14:36:08`. */
  seconds(at: number): string;
  /** Time today, otherwise day and time; of another year the day alone, with its year. */
  moment(at: number): string;
  bytes(count: number): string;
  number(value: number): string;
}

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;
const yearOf = (at: number): string => new Date(at + VIETNAM_MS).toISOString().slice(0, 4);
const dayNumber = (at: number): number => Math.floor((at + VIETNAM_MS) / DAY_MS);

export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'vi';
  return useMemo(() => {
    const shortDay = (written: string) => written.replace(/[/ ]\d{4}$/, '');
    return {
      day: (date) => formatDate(date, language),
      shortDay: (date) => shortDay(formatDate(date, language)),
      nearDay: (date) => {
        const written = formatDate(date, language);
        return date.startsWith(yearOf(Date.now())) ? shortDay(written) : written;
      },
      dayOf: (at) => formatInstantDate(at, language),
      time: (at) => formatTime(at),
      seconds: (at) => formatTime(at, { seconds: true }),
      moment: (at) => {
        const daysAgo = dayNumber(Date.now()) - dayNumber(at);
        const time = formatTime(at);
        if (daysAgo === 0) return time;
        if (daysAgo === 1) return t('time.yesterday', { time });
        if (yearOf(at) !== yearOf(Date.now())) return formatInstantDate(at, language);
        return t('time.dayAndTime', { day: shortDay(formatInstantDate(at, language)), time });
      },
      bytes: (count) => formatBytes(count, language),
      number: (value) => formatNumber(value, language),
    };
  }, [language, t]);
}
