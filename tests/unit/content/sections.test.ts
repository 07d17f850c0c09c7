import { describe, expect, it } from 'vitest';
import {
  mandatorySections,
  type SectionPiece,
  sectionFacts,
  unitsBoundTo,
} from '../../../domain/content/index.ts';
import { dateInVietnam } from '../../../domain/deadlines/index.ts';
import { findCategory, getProfile, profileIds } from '../../../domain/regulations/index.ts';

const TODAY = '2026-11-20';
const at = (day: string) => Date.parse(`${day}T09:00:00+07:00`);
const dayOf = (instant: number) => dateInVietnam(new Date(instant).toISOString());
const vp17 = getProfile('VP17');
if (!vp17) throw new Error('VP17 does not ship');
const section = (id: string) => {
  const found = findCategory(vp17, id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
/** To be updated regularly, without a number (VP17 Điều 7 khoản 1). */
const regular = section('introduction');
/** Within seven working days (VP17 Điều 7 khoản 4). */
const counted = section('legal-documents');

const piece = (more: Partial<SectionPiece> = {}): SectionPiece => ({
  categoryId: 'x',
  unitId: 'vpubnd',
  publishedAt: null,
  openDue: null,
  isFinished: false,
  ...more,
});
const published = (day: string) => piece({ publishedAt: at(day), isFinished: true });

describe('a section', () => {
  it.each<[string, typeof regular, SectionPiece[], number | null, string]>([
    ['without anything is empty', regular, [], 90, 'empty'],
    ['with drafts alone is empty', regular, [piece()], 90, 'empty'],
    ['that was updated within the reminder is fine', regular, [published('2026-08-22')], 90, 'ok'],
    ['that was not is worth a look', regular, [published('2026-08-21')], 90, 'review'],
    ['is not, where no reminder is wanted', regular, [published('2020-01-01')], null, 'ok'],
    ['with a number of days needs no reminder', counted, [published('2020-01-01')], 90, 'ok'],
    [
      'is late with a piece past its limit',
      counted,
      [published('2026-11-01'), piece({ openDue: '2026-11-19' })],
      90,
      'late',
    ],
    [
      'is not late on the last day',
      counted,
      [published('2026-11-01'), piece({ openDue: '2026-11-20' })],
      90,
      'ok',
    ],
    [
      'is not late for what is finished',
      counted,
      [published('2026-11-01'), piece({ openDue: '2026-11-01', isFinished: true })],
      90,
      'ok',
    ],
    // Requirement TB21-9.1.a: never shown as overdue by law.
    ['to be updated regularly is never late for being old', regular, [published('2020-01-01')], 30, 'review'],
  ])('%s', (_name, category, pieces, reminder, status) => {
    expect(sectionFacts(category, pieces, TODAY, dayOf, reminder).status).toBe(status);
  });

  it('counts what is public, in progress and late, and knows the last update', () => {
    const pieces = [
      published('2026-10-01'),
      published('2026-11-02'),
      piece({ openDue: '2026-11-01' }),
      piece({ openDue: '2026-12-01' }),
      // A correction of what is public: both.
      piece({ publishedAt: at('2026-09-01') }),
    ];
    expect(sectionFacts(counted, pieces, TODAY, dayOf, 90)).toEqual({
      published: 3,
      lastPublishedAt: at('2026-11-02'),
      open: 3,
      late: 1,
      status: 'late',
    });
  });
});

describe('who must keep up a section', () => {
  it('are the units that the regulation names for it, or all', () => {
    const units = ['vpubnd', 'skhdt', 'stnmt'];
    expect(unitsBoundTo(vp17, 'land-use-planning', units)).toEqual(['stnmt']);
    const everybodys = vp17.everyUnit[0]?.categoryId ?? '';
    expect(unitsBoundTo(vp17, everybodys, units)).toEqual(units);
    expect(unitsBoundTo(vp17, 'no-such-section', units)).toEqual([]);
  });

  it.each(profileIds())('%s has sections to keep up, headings left out', (id) => {
    const profile = getProfile(id);
    if (!profile) throw new Error(id);
    const sections = mandatorySections(profile);
    expect(sections.length).toBeGreaterThan(5);
    expect(sections.filter((one) => !one.drafting)).toEqual([]);
  });
});
