import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../domain/people/roles.ts';
import { forPortalKind, getProfile, profileIds } from '../../../domain/regulations/index.ts';
import {
  ARTICLE_STATES,
  type ArticleState,
  CHAIN_ACTIONS,
  type ChainAction,
  type RegulationProfile,
} from '../../../domain/regulations/types.ts';
import { type Actor, decide, type Subject } from '../../../domain/workflow/index.ts';

/** Every profile × channel × state × action × role × unit × delegation against `tests/fixtures/regulations/chains.md`. */

const TEXT = 'a'.repeat(64);

interface Row {
  readonly states: readonly string[];
  readonly isPublic: readonly boolean[];
  readonly action: string;
  readonly who: readonly string[];
  readonly to: string;
}
interface Table {
  readonly rows: readonly Row[];
  readonly must: readonly ChainAction[];
  readonly lastWord: string;
}

const list = (text: string): string[] =>
  text.split(',').flatMap((part) => (part.trim() === '' || part.trim() === '-' ? [] : [part.trim()]));

function readTables(): Map<string, Table> {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/regulations/chains.md'), 'utf8');
  const tables = new Map<string, Table>();
  for (const section of text.split(/^## /mu).slice(1)) {
    const [title = ''] = section.split('\n', 1);
    const rows = [...section.matchAll(/^\| (?!state |---)(.+) \|$/gmu)].map((match): Row => {
      const [states = '', isPublic = '', action = '', who = '', to = ''] = (match[1] ?? '').split(' | ');
      const both = isPublic === 'any' ? [true, false] : [isPublic === 'yes'];
      return { states: list(states), isPublic: both, action, who: list(who), to };
    });
    const must = list(/^must: (.*)$/mu.exec(section)?.[1] ?? '') as ChainAction[];
    const lastWord = /^last word: (\S+)/mu.exec(section)?.[1] ?? '';
    tables.set(title.trim(), { rows, must, lastWord });
  }
  return tables;
}
const TABLES = readTables();

/** Whether something can be public in a state at all. */
const PUBLIC_IN: Readonly<Record<ArticleState, readonly boolean[]>> = {
  draft: [false],
  submitted: [false, true],
  endorsed: [false, true],
  'in-review': [false, true],
  approved: [],
  published: [true],
  returned: [false, true],
  refused: [false],
  withdrawn: [false],
  correcting: [true],
  archived: [false],
};

interface Situation {
  readonly state: ArticleState;
  readonly isPublic: boolean;
}
const SITUATIONS: readonly Situation[] = ARTICLE_STATES.flatMap((state) =>
  PUBLIC_IN[state].map((isPublic) => ({ state, isPublic })),
);

function portals(): [name: string, profile: RegulationProfile, channel: 'vi' | 'en'][] {
  return profileIds().flatMap((id) => {
    const profile = getProfile(id);
    if (!profile) throw new Error(id);
    const kinds = profile.portalKinds.filter((kind) => kind.id !== profile.portalKind);
    const others = kinds.map((kind) => [`${id} ${kind.id}`, forPortalKind(profile, kind.id)] as const);
    return [[id, profile] as const, ...others].flatMap(([name, one]) => {
      if (!one) throw new Error(name);
      return (['vi', 'en'] as const).map((channel): [string, RegulationProfile, 'vi' | 'en'] => [
        `${name} ${channel}`,
        one,
        channel,
      ]);
    });
  });
}

const subject = ({ state, isPublic }: Situation, channel: 'vi' | 'en'): Subject => ({
  id: 'a',
  unitId: 'own',
  channel,
  state,
  version: 1,
  fingerprint: TEXT,
  contributors: [],
  publicPath: isPublic ? '/bai/a' : null,
});

function ask(
  profile: RegulationProfile,
  channel: 'vi' | 'en',
  situation: Situation,
  action: ChainAction,
  actor: Actor,
  contributors: readonly string[] = [],
) {
  return decide(
    { ...subject(situation, channel), contributors: [...contributors] },
    { action, fingerprint: TEXT, reason: 'Có lý do', declaration: null },
    actor,
    { profile, sourceState: 'published', openChecks: 0, textArrived: true, filesArrived: true },
  );
}

const alone = (role: Role, unitId: string): Actor => ({ id: 'someone', roles: [role], unitId, active: true });
/** Somebody without a role in the chain who stands in for one who has it. */
const standIn = (role: Role, unitId: string): Actor => ({
  id: 'someone',
  roles: ['administrator'],
  unitId,
  active: true,
  standsInFor: [{ personId: 'giver', roles: [role], unitId }],
});

function expected(table: Table, { state, isPublic }: Situation, action: string, role: Role, unit: string) {
  const rows = table.rows.filter(
    (row) =>
      row.action === action &&
      row.states.includes(state) &&
      row.isPublic.includes(isPublic) &&
      (row.who.includes(`${role} any`) || (unit === 'own' && row.who.includes(`${role} own`))),
  );
  expect(new Set(rows.map((row) => row.to)).size, 'the table contradicts itself').toBeLessThan(2);
  return rows[0]?.to ?? null;
}

const COMBINATIONS = SITUATIONS.flatMap((situation) =>
  CHAIN_ACTIONS.flatMap((action) =>
    ROLES.flatMap((role) => ['own', 'other'].map((unit) => ({ situation, action, role, unit }))),
  ),
);

it('the table names every portal and nothing else', () => {
  expect([...TABLES.keys()].sort()).toEqual(
    portals()
      .map(([name]) => name)
      .sort(),
  );
});

describe.each(portals())('%s', (name, profile, channel) => {
  const table = TABLES.get(name) ?? { rows: [], must: [], lastWord: '' };

  it('WF5 WF6 WF7 every state, action, role and unit', () => {
    const wrong: string[] = [];
    for (const { situation, action, role, unit } of COMBINATIONS) {
      const result = ask(profile, channel, situation, action, alone(role, unit));
      const to = result.ok ? result.value.stateAfter : null;
      const should = expected(table, situation, action, role, unit);
      if (to !== should)
        wrong.push(`${JSON.stringify(situation)} ${action} by ${role} of ${unit} unit: ${to}, not ${should}`);
    }
    expect(wrong).toEqual([]);
  });

  it('WF24 whoever stands in may do what the other may, but never has the last word', () => {
    const wrong: string[] = [];
    for (const { situation, action, role, unit } of COMBINATIONS) {
      const result = ask(profile, channel, situation, action, standIn(role, unit));
      const isLastWord = (action === 'approve' || action === 'refuse') && role === table.lastWord;
      const should = isLastWord ? null : expected(table, situation, action, role, unit);
      const to = result.ok ? result.value.stateAfter : null;
      if (to !== should)
        wrong.push(`${JSON.stringify(situation)} ${action} for ${role} of ${unit}: ${to}, not ${should}`);
      if (result.ok && result.value.onBehalfOf !== 'giver') wrong.push(`${action}: not said for whom`);
    }
    expect(wrong).toEqual([]);
  });

  it('WF24 where a clause allows it, somebody may stand in for the last word, and four eyes look at both', () => {
    const open = { ...profile, lastWord: { ...profile.lastWord, mayBeDelegated: true } };
    for (const { situation, action, role, unit } of COMBINATIONS) {
      if (action !== 'approve' || role !== table.lastWord) continue;
      const should = expected(table, situation, action, role, unit);
      const result = ask(open, channel, situation, action, standIn(role, unit));
      expect(result.ok ? result.value.stateAfter : null).toBe(should);
      if (should === null) continue;
      for (const writer of ['giver', 'someone']) {
        expect(ask(open, channel, situation, action, standIn(role, unit), [writer])).toMatchObject({
          ok: false,
          error: { code: 'four-eyes' },
        });
      }
    }
  });

  it('WF12 who wrote after the submission never makes it public', () => {
    for (const { situation, role, unit } of COMBINATIONS) {
      const result = ask(profile, channel, situation, 'approve', alone(role, unit), ['someone']);
      expect(result.ok).toBe(false);
    }
  });

  it('nobody but the one with the last word makes public, and only an approval does', () => {
    for (const { situation, action, role, unit } of COMBINATIONS) {
      const result = ask(profile, channel, situation, action, alone(role, unit));
      if (!result.ok || !result.value.publishes) continue;
      expect([action, role]).toEqual(['approve', table.lastWord]);
    }
  });

  it('every state can be left, and no way to the public skips a step that a clause demands', () => {
    if (profile.chain[channel].length === 0) return;
    const seen = new Map<string, { situation: Situation; done: readonly ChainAction[] }>();
    const open = [{ situation: { state: 'draft', isPublic: false } as Situation, done: [] as ChainAction[] }];
    for (let next = open.pop(); next; next = open.pop()) {
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.set(key, next);
      const { situation, done } = next;
      expect(PUBLIC_IN[situation.state], situation.state).toContain(situation.isPublic);
      let ways = 0;
      for (const action of CHAIN_ACTIONS) {
        for (const role of ROLES) {
          const result = ask(profile, channel, situation, action, alone(role, 'own'));
          if (!result.ok) continue;
          ways += 1;
          const { stateAfter, publishes, takesDown } = result.value;
          const steps = action === 'submit' ? ['submit' as const] : [...done, action];
          if (publishes) expect(steps).toEqual(table.must);
          const isPublic = publishes || (situation.isPublic && !takesDown);
          const kept = steps.filter((step) => table.must.includes(step));
          const isUnderWay = ['submitted', 'endorsed', 'in-review'].includes(stateAfter);
          open.push({ situation: { state: stateAfter, isPublic }, done: isUnderWay ? kept : [] });
        }
      }
      expect(ways, `${JSON.stringify(situation)} is a dead end`).toBeGreaterThan(0);
    }
    const reached = new Set([...seen.values()].map(({ situation }) => situation.state));
    expect(reached.has('published')).toBe(true);
    expect(reached.has('archived')).toBe(true);
  });

  it('WF24 no delegation, nor several at once, opens a way to the public that skips a step or the last word', () => {
    if (profile.chain[channel].length === 0) return;
    // Somebody without a role who stands in for everybody of the chain at once.
    const forAll: Actor = {
      id: 'someone',
      roles: [],
      unitId: 'own',
      active: true,
      standsInFor: ROLES.map((role) => ({ personId: `giver-${role}`, roles: [role], unitId: 'own' })),
    };
    const { seen, published } = explore([forAll]);
    expect(published).toEqual([]);
    expect(seen.has('published')).toBe(false);
    // With the one who has the last word, the public is reached, by every step that a clause demands.
    const lastWord = alone(table.lastWord as Role, 'own');
    expect(explore([forAll, { ...lastWord, id: 'the-last-word' }]).published).toEqual([
      { steps: table.must, by: 'the-last-word' },
    ]);
  });

  it('WF24 a delegation that is over, or of somebody else, opens nothing', () => {
    const nobody: Actor = { id: 'someone', roles: [], unitId: 'own', active: true, standsInFor: [] };
    for (const { situation, action, role, unit } of COMBINATIONS) {
      expect(ask(profile, channel, situation, action, nobody).ok).toBe(false);
      // The unit is that of the one stood in for, never one's own.
      const away = { ...standIn(role, 'other'), unitId: 'own' };
      const result = ask(profile, channel, situation, action, away);
      const should = expected(table, situation, action, role, 'other');
      if (should === null && unit === 'other') expect(result.ok).toBe(false);
      const inactive = { ...standIn(role, unit), active: false };
      expect(ask(profile, channel, situation, action, inactive)).toMatchObject({
        ok: false,
        error: { code: 'account-inactive' },
      });
    }
  });

  it('WF5 whoever has two roles may do what either may, and nothing besides', () => {
    const pairs = ROLES.flatMap((one, at) => ROLES.slice(at + 1).map((other) => [one, other] as const));
    const wrong: string[] = [];
    for (const situation of SITUATIONS)
      for (const action of CHAIN_ACTIONS)
        for (const [one, other] of pairs) {
          const both: Actor = { ...alone(one, 'own'), roles: [one, other] };
          const result = ask(profile, channel, situation, action, both);
          const may = [one, other].map((role) => expected(table, situation, action, role, 'own'));
          const should = may.filter((to) => to !== null);
          const isRight = result.ok ? should.includes(result.value.stateAfter) : should.length === 0;
          if (!isRight) wrong.push(`${JSON.stringify(situation)} ${action} by ${one} and ${other}`);
        }
    expect(wrong).toEqual([]);
  });

  it('from every state that can be reached the public can be reached again: there is no dead end, nor a circle without a way out', () => {
    if (profile.chain[channel].length === 0) return;
    const everybody = ROLES.map((role) => ({ ...alone(role, 'own'), id: role }));
    const { ways } = explore(everybody);
    const good = new Set(
      [...ways].flatMap(([from, all]) => (all.some((way) => way.publishes) ? [from] : [])),
    );
    for (let size = -1; size !== good.size; ) {
      size = good.size;
      for (const [from, all] of ways) if (all.some((way) => good.has(way.to))) good.add(from);
    }
    expect([...ways.keys()].filter((from) => !good.has(from))).toEqual([]);
  });

  /** Everything that these people can reach together from a draft, and how they got anything public. */
  function explore(people: readonly Actor[]) {
    const seen = new Set<string>();
    const keys = new Set<string>();
    const published = new Map<string, { steps: readonly ChainAction[]; by: string }>();
    const ways = new Map<string, { to: string; publishes: boolean }[]>();
    const open = [{ situation: { state: 'draft', isPublic: false } as Situation, done: [] as ChainAction[] }];
    for (let next = open.pop(); next; next = open.pop()) {
      const key = JSON.stringify(next);
      if (keys.has(key)) continue;
      keys.add(key);
      const { situation, done } = next;
      const from = JSON.stringify(situation);
      seen.add(situation.state);
      const all = ways.get(from) ?? [];
      ways.set(from, all);
      for (const action of CHAIN_ACTIONS)
        for (const person of people) {
          const result = ask(profile, channel, situation, action, person);
          if (!result.ok) continue;
          const { stateAfter, publishes, takesDown } = result.value;
          const steps = action === 'submit' ? ['submit' as const] : [...done, action];
          if (publishes) published.set(`${person.id} ${steps.join()}`, { steps, by: person.id });
          const after = { state: stateAfter, isPublic: publishes || (situation.isPublic && !takesDown) };
          all.push({ to: JSON.stringify(after), publishes });
          const isUnderWay = ['submitted', 'endorsed', 'in-review'].includes(stateAfter);
          const kept = steps.filter((step) => table.must.includes(step));
          open.push({ situation: after, done: isUnderWay ? kept : [] });
        }
    }
    return { seen, published: [...published.values()], ways };
  }
});
