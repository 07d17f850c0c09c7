import { addDays } from './dates.ts';

/**
 * The Vietnamese lunar calendar (âm lịch), reckoned: a month begins on the day of a new moon, the eleventh month holds the
 * winter solstice, and of thirteen months between two solstices the first without a principal term is the leap month. Days
 * are those of UTC+7 (Decision 121-CP of 1967), so that Tết can fall on another day than in China (1985, 2007, 2030).
 * Astronomy: Jean Meeus, Astronomical Algorithms, 2nd edition, chapters 25 (sun, 0.01°) and 49 (new moon, seconds); ΔT after
 * Espenak and Meeus.
 */

const RAD = Math.PI / 180;
const sin = (degrees: number): number => Math.sin(degrees * RAD);

/** Hours east of Greenwich whose midnight divides the days. */
const VIETNAM = 7;
const UNIX_EPOCH_JD = 2440587.5;
const SYNODIC_MONTH = 29.530588861;

/** Seconds that dynamical time is ahead of universal time, by year; measured, then predicted. */
const DELTA_T: readonly (readonly [year: number, seconds: number])[] = [
  [1900, -2.8],
  [1920, 21.2],
  [1940, 24.3],
  [1960, 33.2],
  [1980, 50.5],
  [2000, 63.8],
  [2020, 69.4],
  [2050, 93],
  [2100, 203],
  [2200, 442],
];

function deltaT(year: number): number {
  const at = DELTA_T.findIndex(([upTo]) => year < upTo);
  const [from, to] = [DELTA_T[Math.max(0, at - 1)], DELTA_T[at]];
  if (!from || !to) return DELTA_T.at(-1)?.[1] ?? 0;
  return from[0] === to[0] ? to[1] : from[1] + ((to[1] - from[1]) * (year - from[0])) / (to[0] - from[0]);
}

/** Terms of the moment of new moon: days, power of the eccentricity, multiples of M, M′ and F. */
const NEW_MOON: readonly (readonly [number, number, number, number, number])[] = [
  [-0.4072, 0, 0, 1, 0],
  [0.17241, 1, 1, 0, 0],
  [0.01608, 0, 0, 2, 0],
  [0.01039, 0, 0, 0, 2],
  [0.00739, 1, -1, 1, 0],
  [-0.00514, 1, 1, 1, 0],
  [0.00208, 2, 2, 0, 0],
  [-0.00111, 0, 0, 1, -2],
  [-0.00057, 0, 0, 1, 2],
  [0.00056, 1, 1, 2, 0],
  [-0.00042, 0, 0, 3, 0],
  [0.00042, 1, 1, 0, 2],
  [0.00038, 1, 1, 0, -2],
  [-0.00024, 1, -1, 2, 0],
  [-0.00007, 0, 2, 1, 0],
  [0.00004, 0, 0, 2, -2],
  [0.00004, 0, 3, 0, 0],
  [0.00003, 0, 1, 1, -2],
  [0.00003, 0, 0, 2, 2],
  [-0.00003, 0, 1, 1, 2],
  [0.00003, 0, -1, 1, 2],
  [-0.00002, 0, -1, 1, -2],
  [-0.00002, 0, 1, 3, 0],
  [0.00002, 0, 0, 4, 0],
];

/** Planetary terms: days, degrees at k = 0, degrees per month. */
const PLANETS: readonly (readonly [number, number, number])[] = [
  [0.000325, 299.77, 0.107408],
  [0.000165, 251.88, 0.016321],
  [0.000164, 251.83, 26.651886],
  [0.000126, 349.42, 36.412478],
  [0.00011, 84.66, 18.206239],
  [0.000062, 141.74, 53.303771],
  [0.00006, 207.14, 2.453732],
  [0.000056, 154.84, 7.30686],
  [0.000047, 34.52, 27.261239],
  [0.000042, 207.19, 0.121824],
  [0.00004, 291.34, 1.844379],
  [0.000037, 161.72, 24.198154],
  [0.000035, 239.56, 25.513099],
  [0.000023, 331.55, 3.592518],
];

/** Julian date (universal time) of the k-th new moon, counted from January 2000. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const mean =
    2451550.09766 + SYNODIC_MONTH * k + 0.00015437 * t ** 2 - 0.00000015 * t ** 3 + 7.3e-10 * t ** 4;
  const eccentricity = 1 - 0.002516 * t - 0.0000074 * t ** 2;
  const sun = 2.5534 + 29.1053567 * k - 0.0000014 * t ** 2 - 0.00000011 * t ** 3;
  const moon = 201.5643 + 385.81693528 * k + 0.0107582 * t ** 2 + 0.00001238 * t ** 3 - 5.8e-8 * t ** 4;
  const latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t ** 2 - 0.00000227 * t ** 3 + 1.1e-8 * t ** 4;
  const node = 124.7746 - 1.56375588 * k + 0.0020672 * t ** 2 + 0.00000215 * t ** 3;
  const terms = NEW_MOON.map(
    ([days, power, m, moons, f]) => days * eccentricity ** power * sin(m * sun + moons * moon + f * latitude),
  );
  const planets = PLANETS.map(
    ([days, start, step], index) => days * sin(start + step * k - (index === 0 ? 0.009173 * t ** 2 : 0)),
  );
  const sum = [...terms, ...planets].reduce((total, term) => total + term, -0.00017 * sin(node));
  return mean + sum - deltaT(2000 + t * 100) / 86_400;
}

/** Apparent longitude of the sun in degrees, 0 to 360, at a Julian date of universal time. */
function sunLongitude(julian: number): number {
  const universal = (julian - 2451545) / 36525;
  const t = universal + deltaT(2000 + universal * 100) / 86_400 / 36525;
  const anomaly = 357.52911 + 35999.05029 * t - 0.0001537 * t ** 2;
  const centre =
    (1.914602 - 0.004817 * t - 0.000014 * t ** 2) * sin(anomaly) +
    (0.019993 - 0.000101 * t) * sin(2 * anomaly) +
    0.000289 * sin(3 * anomaly);
  const mean = 280.46646 + 36000.76983 * t + 0.0003032 * t ** 2;
  const longitude = mean + centre - 0.00569 - 0.00478 * sin(125.04 - 1934.136 * t);
  return ((longitude % 360) + 360) % 360;
}

/** Days are counted from 1 January 1970, as local days of the zone. */
const dayOf = (julian: number, zone: number): number => Math.floor(julian - UNIX_EPOCH_JD + zone / 24);
const startOf = (day: number, zone: number): number => day + UNIX_EPOCH_JD - zone / 24;
const newMoonDay = (k: number, zone: number): number => dayOf(newMoon(k), zone);
/** The last principal term (trung khí) before a day begins: twelfths of the sun's way, from the March equinox. */
const term = (day: number, zone: number): number => Math.floor(sunLongitude(startOf(day, zone)) / 30);
const WINTER_SOLSTICE = 9;

/** Number of the new moon that begins the month of the winter solstice of a year. */
function eleventhMonth(year: number, zone: number): number {
  const lastDay = Date.UTC(year, 11, 31) / 86_400_000;
  let k = Math.round((lastDay + UNIX_EPOCH_JD - 2451550) / SYNODIC_MONTH) + 1;
  while (newMoonDay(k, zone) > lastDay) k -= 1;
  return term(newMoonDay(k, zone), zone) >= WINTER_SOLSTICE ? k - 1 : k;
}

/** The first days of the twelve or thirteen months from the eleventh of the year before; a leap month has its predecessor's number. */
function monthsFrom(year: number, zone: number): { firstDay: number; number: number; isLeap: boolean }[] {
  const from = eleventhMonth(year - 1, zone);
  const count = eleventhMonth(year, zone) - from;
  const days = Array.from({ length: count + 1 }, (_, index) => newMoonDay(from + index, zone));
  const hasTerm = (index: number) => term(days[index] ?? 0, zone) !== term(days[index + 1] ?? 0, zone);
  const leapAt = count === 13 ? days.findIndex((_, index) => index > 0 && !hasTerm(index)) : count;
  return days.slice(0, count).map((firstDay, index) => {
    const months = index - (index >= leapAt ? 1 : 0);
    return { firstDay, number: ((months + 10) % 12) + 1, isLeap: index === leapAt };
  });
}

/**
 * The civil date (`YYYY-MM-DD`) of a day of a lunar month, never of the leap one, in the lunar year that begins in `year`.
 * Tết is `(year, 1, 1)`, Giỗ Tổ Hùng Vương `(year, 3, 10)`. Meant for 1968 to 2199; other zones than Vietnam's are for
 * comparison only.
 */
export function lunarDate(year: number, month: number, day: number, zoneHours: number = VIETNAM): string {
  const months = [...monthsFrom(year, zoneHours), ...monthsFrom(year + 1, zoneHours)];
  const newYear = months.findIndex((entry) => entry.number === 1);
  const found = months.slice(newYear).find((entry) => entry.number === month && !entry.isLeap);
  if (!found) throw new RangeError(`no lunar month ${month}`);
  return addDays('1970-01-01', found.firstDay + day - 1);
}
