/**
 * Lunar new year reckoned from new moons and solar terms (Meeus, Astronomical Algorithms, chapters 25 and 49, shortened),
 * for a time zone in hours. An independent check of the dates that the product keeps as data.
 */
const RAD = Math.PI / 180;

/** Julian day (UT) of the new moon number k after January 2000. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const mean = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t;
  const sun = (2.5534 + 29.1053567 * k) * RAD;
  const moon = (201.5643 + 385.81693528 * k) * RAD;
  const latitude = (160.7108 + 390.67050284 * k) * RAD;
  const node = (124.7746 - 1.56375588 * k) * RAD;
  const correction =
    -0.4072 * Math.sin(moon) +
    0.17241 * Math.sin(sun) +
    0.01608 * Math.sin(2 * moon) +
    0.01039 * Math.sin(2 * latitude) +
    0.00739 * Math.sin(moon - sun) -
    0.00514 * Math.sin(moon + sun) +
    0.00208 * Math.sin(2 * sun) -
    0.00111 * Math.sin(moon - 2 * latitude) -
    0.00057 * Math.sin(moon + 2 * latitude) +
    0.00056 * Math.sin(2 * moon + sun) -
    0.00042 * Math.sin(3 * moon) +
    0.00042 * Math.sin(sun + 2 * latitude) +
    0.00038 * Math.sin(sun - 2 * latitude) -
    0.00024 * Math.sin(2 * moon - sun) -
    0.00017 * Math.sin(node);
  const deltaT = (62.92 + 32.217 * t + 55.89 * t * t) / 86400;
  return mean + correction - deltaT;
}

/** Apparent longitude of the sun in degrees at a Julian day. */
function sunLongitude(day: number): number {
  const t = (day - 2451545) / 36525;
  const anomaly = (357.52911 + 35999.05029 * t) * RAD;
  const centre =
    (1.914602 - 0.004817 * t) * Math.sin(anomaly) +
    (0.019993 - 0.000101 * t) * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly);
  const node = (125.04 - 1934.136 * t) * RAD;
  const longitude = 280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * Math.sin(node);
  return ((longitude % 360) + 360) % 360;
}

const civil = (day: number, zone: number): number => Math.floor(day + 0.5 + zone / 24);
const iso = (day: number): string => new Date((day - 2440588) * 86_400_000).toISOString().slice(0, 10);
/** Which of the twelve sectors of 30° the sun is in at local midnight of a civil day. */
const sector = (day: number, zone: number): number => Math.floor(sunLongitude(day - 0.5 - zone / 24) / 30);

/** First days of the lunar months from the eleventh of the year before, with the number of each (leap: same). */
function months(year: number, zone: number): { first: number; number: number }[] {
  const eleventh = (of: number): number => {
    let k = Math.floor((Date.UTC(of, 11, 31) / 86_400_000 + 2440588 - 2451550) / 29.530588861) + 1;
    while (civil(newMoon(k), zone) > civil(Date.UTC(of, 11, 31) / 86_400_000 + 2440587.5, 0)) k -= 1;
    return sector(civil(newMoon(k), zone), zone) >= 9 ? k - 1 : k;
  };
  const from = eleventh(year - 1);
  const count = eleventh(year) - from;
  const firsts = Array.from({ length: count + 1 }, (_, index) => civil(newMoon(from + index), zone));
  let leapSeen = count === 12;
  let number = 10;
  return firsts.slice(0, count).map((first, index) => {
    const next = firsts[index + 1] ?? first + 30;
    const leap = !leapSeen && index > 0 && sector(first, zone) === sector(next, zone);
    if (leap) leapSeen = true;
    else number = (number % 12) + 1;
    return { first, number };
  });
}

/** Date of a day of a lunar month (not the leap one) of a lunar year, `YYYY-MM-DD`. */
export function lunarDate(year: number, month: number, day: number, zone: number): string {
  const list = [...months(year, zone), ...months(year + 1, zone)];
  const newYear = list.findIndex((entry) => entry.number === 1);
  const found = list.slice(newYear).find((entry) => entry.number === month);
  if (!found) throw new RangeError(`no lunar month ${month}`);
  return iso(found.first + day - 1);
}
