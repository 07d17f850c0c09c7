import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DatedUnit, endedUnit } from '../../../domain/people/unitRules.ts';
import { getProfile, profileIds, type RegulationProfile } from '../../../domain/regulations/index.ts';
import { type Actor, decide, standingOf } from '../../../domain/workflow/index.ts';

/** `tests/fixtures/regulations/units.md` against every regulation, by one's own right and in somebody's place. */

const text = readFileSync(join(import.meta.dirname, '../../fixtures/regulations/units.md'), 'utf8');
const rowsOf = (title: string): string[][] => {
  const section = text.split(/^## /mu).find((part) => part.startsWith(title)) ?? '';
  return [...section.matchAll(/^\| (?!unit |---)(.+) \|$/gmu)].map((match) =>
    (match[1] ?? '').split(' | ').map((cell) => (cell === '-' ? '' : cell)),
  );
};
const list = (cell: string): string[] => cell.split(', ').filter((id) => id !== '');

const UNITS = rowsOf('Units').map(
  ([id = '', validFrom = '', validTo = '', heirs = '']): DatedUnit => ({
    id,
    name: { vi: id, en: id },
    ...(validFrom === '' ? {} : { validFrom }),
    ...(validTo === '' ? {} : { validTo }),
    ...(heirs === '' ? {} : { successorIds: list(heirs) }),
  }),
);
const ANSWERS = rowsOf('Answers').map(([unitId = '', day = '', channel = '', answer = '', heirs = '']) => ({
  unitId,
  day,
  channel: channel as 'vi' | 'en',
  answer,
  heirs: list(heirs),
}));

const PROFILES = profileIds().map((id): [string, RegulationProfile] => {
  const profile = getProfile(id);
  if (!profile) throw new Error(id);
  return [id, profile];
});

function declares(profile: RegulationProfile, { unitId, day, channel }: (typeof ANSWERS)[number]) {
  const roles = profile.chain[channel].filter((step) => step.action === 'submit').flatMap((one) => one.roles);
  const declaration = {
    unitId,
    channel,
    categoryId: profile.categories[0]?.id ?? '',
    sourceArticleId: channel === 'en' ? 'v' : null,
    createdAt: 1,
  };
  const around = {
    profile,
    sourceState: 'published',
    openChecks: 0,
    textArrived: true,
    filesArrived: true,
    endedUnit: endedUnit(unitId, UNITS, day),
  } as const;
  const own: Actor = { id: 'own', roles, unitId, active: true };
  const instead: Actor = {
    id: 'instead',
    roles: ['administrator'],
    unitId: 'so-khac',
    active: true,
    standsInFor: [{ personId: 'own', roles, unitId }],
  };
  const proposal = { action: 'declare', fingerprint: null, reason: null, declaration } as const;
  return [own, instead].map((actor) => ({
    verdict: decide(null, proposal, actor, around),
    standing: standingOf({
      subject: null,
      declaration,
      around,
      people: [actor],
      unsent: { edits: 0, decisions: 0, notTaken: null },
    }),
  }));
}

it('the table holds every kind of answer', () => {
  expect(new Set(ANSWERS.map(({ answer, heirs }) => `${answer} ${Math.min(heirs.length, 2)}`))).toEqual(
    new Set(['opens 0', 'unit-ended 0', 'unit-ended 1', 'unit-ended 2']),
  );
});

describe.each(PROFILES)('WF26 %s', (_, profile) => {
  const rows = ANSWERS.filter(({ channel }) => profile.chain[channel].length > 0);
  it.each(rows)('$unitId on $day in $channel: $answer $heirs', (row) => {
    for (const { verdict, standing } of declares(profile, row)) {
      const stands = standing.obstacles.find((one) => one.code === 'unit-ended');
      if (row.answer === 'opens') {
        expect(verdict).toMatchObject({ ok: true, value: { stateAfter: 'draft' } });
        expect(stands).toBeUndefined();
        continue;
      }
      expect(verdict).toMatchObject({
        ok: false,
        error: {
          code: row.answer,
          ref: 'WF26',
          detail: { unitId: row.unitId, heirIds: row.heirs.join(' ') },
        },
      });
      expect(stands).toEqual({ code: row.answer, ref: 'WF26', stopsNext: true });
    }
  });
});
