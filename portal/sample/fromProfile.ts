import type { Person, Unit } from '../../domain/people/types.ts';
import type { RegulationProfile } from '../../domain/regulations/index.ts';

/** Id of the editorial board in every organisation. */
export const BOARD_ID = 'bbt';

/** First day of units whose regulation does not say from when it is in force. */
const SINCE = '2011-01-01';

/**
 * The units that a regulation names, and its editorial board, as an organisation starts with them. A regulation that
 * names none for its kind of portal (TB11 Cổng thành phần) gets one unit with the given name.
 */
export function unitsOf(profile: RegulationProfile, name: Unit['name']): Unit[] {
  const validFrom = profile.validFrom ?? SINCE;
  const isComponent = profile.portalKind === 'component';
  const own = isComponent ? [] : profile.units.filter((unit) => !unit.board);
  const units = own.map(
    (unit): Unit => ({
      id: unit.id,
      name: unit.name,
      shortName: unit.shortName ?? unit.name,
      parentId: null,
      validFrom: unit.validFrom ?? validFrom,
    }),
  );
  const first: Unit[] = units.length > 0 ? units : [{ id: 'co-quan', name, parentId: null, validFrom }];
  const named = profile.units.find((unit) => unit.board);
  const board = { vi: 'Ban Biên tập', en: 'Editorial board' };
  return [
    ...first,
    { id: BOARD_ID, name: named?.name ?? board, shortName: board, parentId: null, validFrom },
  ];
}

/** A liaison officer and a head for each unit, and the board. The accounts are those of the sample of VP17. */
export function peopleOf(profile: RegulationProfile, units: readonly Unit[]): Person[] {
  const person = (
    id: string,
    vi: string,
    en: string,
    role: Person['roles'][number],
    unitId: string,
  ): Person => ({
    id,
    account: id,
    name: { vi, en },
    roles: [role],
    unitId,
    active: true,
  });
  const ofUnits = units
    .filter((unit) => unit.id !== BOARD_ID)
    .flatMap((unit) => {
      const { vi, en } = unit.shortName ?? unit.name;
      return [
        person(`dau-moi.${unit.id}`, `Cán bộ đầu mối, ${vi}`, `Liaison officer, ${en}`, 'liaison', unit.id),
        person(`lanh-dao.${unit.id}`, `Lãnh đạo, ${vi}`, `Head, ${en}`, 'unit-head', unit.id),
      ];
    });
  const hasEnglish = profile.chain.en.length > 0;
  return [
    ...ofUnits,
    person('bien-tap-vien-1', 'Biên tập viên 1', 'Editor 1', 'editor', BOARD_ID),
    person('bien-tap-vien-2', 'Biên tập viên 2', 'Editor 2', 'editor', BOARD_ID),
    person('truong-ban', 'Trưởng Ban Biên tập', 'Editor-in-chief', 'editor-in-chief', BOARD_ID),
    ...(hasEnglish ? [person('bien-dich', 'Biên dịch', 'Translator', 'translator', BOARD_ID)] : []),
    person('quan-tri', 'Quản trị Cổng', 'Administrator', 'administrator', BOARD_ID),
  ];
}

/** Who takes which step to bring an article of a unit from its declaration to the public, by the chain. */
export function roadToThePublic(
  profile: RegulationProfile,
  people: readonly Person[],
  unitId: string,
): { action: 'declare' | 'submit' | 'endorse' | 'pass' | 'approve'; actorId: string }[] {
  const road: ReturnType<typeof roadToThePublic> = [];
  for (let state = 'draft'; state !== 'approved'; ) {
    const step = profile.chain.vi.find(
      (one) =>
        ['submit', 'endorse', 'pass', 'approve'].includes(one.action) &&
        one.from.some((from) => from === state),
    );
    const actor = people.find(
      (one) =>
        one.roles.some((role) => step?.roles.includes(role)) && (!step?.sameUnit || one.unitId === unitId),
    );
    if (!step || !actor) throw new Error(`sample: nobody takes the next step from ${state}`);
    if (state === 'draft') road.push({ action: 'declare', actorId: actor.id });
    road.push({ action: step.action as (typeof road)[number]['action'], actorId: actor.id });
    state = step.to;
  }
  return road;
}
