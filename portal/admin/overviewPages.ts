import { hasEnded } from '../../domain/people/unitRules.ts';
import { formatNumber } from '../../domain/text/index.ts';
import { type Html, html } from '../public/html.ts';
import { readUnits } from './changeUnit.ts';
import { readDelegations } from './delegationPages.ts';
import { readPeople } from './peoplePages.ts';
import { AREA_PATHS, type Door, type Outcome, t, type Visit } from './visit.ts';

const MOST = 8;

/** The first page: what there is, and what waits for somebody. */
export function overviewPages(door: Door): void {
  door.get('', overview);
}

async function overview(visit: Visit): Promise<Outcome> {
  const { language, organisation, portal, today } = visit;
  const [units, people, delegations] = [
    await readUnits(portal.db, organisation.id),
    await readPeople(visit),
    await readDelegations(visit),
  ];
  const working = units.filter((unit) => !hasEnded(unit, today));
  const active = people.filter((person) => person.active);
  const inForce = delegations.filter((one) => !one.withdrawn && one.from <= today && today <= one.to);
  const count = (number: number) => formatNumber(number, language);
  const box = (area: 'units' | 'people' | 'delegations', number: number) =>
    html`<li><a href="${AREA_PATHS[area]}"><strong>${count(number)}</strong> <span>${t(visit, `overview.${area}`)}</span></a></li>`;
  const tasks = [...(await openTasks(visit)), ...unitTasks(visit, working, active)];
  return {
    page: {
      title: t(visit, 'area.overview'),
      area: 'overview',
      main: html`<ul class="counts">${box('units', working.length)}${box('people', active.length)}${box('delegations', inForce.length)}</ul>
<section class="part"><h2>${t(visit, 'overview.tasks')}</h2>
${tasks.length === 0 ? html`<p class="empty">${t(visit, 'overview.nothing')}</p>` : html`<ul class="tasks">${tasks}</ul>`}</section>`,
    },
  };
}

const task = (path: string, text: string): Html => html`<li><a href="${path}">${text}</a></li>`;

async function openTasks(visit: Visit): Promise<Html[]> {
  const { organisation, portal, today } = visit;
  const { profile } = organisation;
  const { calendar } = await portal.db
    .selectFrom('organisations')
    .select('calendar')
    .where('organisation_id', '=', organisation.id)
    .executeTakeFirstOrThrow();
  const { rows } = calendar as { rows: readonly { date: string; status: string }[] };
  const thisYear = Number(today.slice(0, 4));
  const years = [thisYear, thisYear + 1].flatMap((year) => {
    const open = rows.filter(
      (row) => row.date.startsWith(`${year}-`) && (row.status === 'proposed' || row.status === 'assumed'),
    ).length;
    return open === 0
      ? []
      : [task(`${AREA_PATHS.calendar}/${year}`, t(visit, 'overview.calendar', { year, count: open }))];
  });
  return [
    ...(profile.validFrom === null ? [task(AREA_PATHS.profile, t(visit, 'overview.force'))] : []),
    ...profile.successions
      .slice(0, 1)
      .map(() =>
        task(AREA_PATHS.profile, t(visit, 'overview.successions', { count: profile.successions.length })),
      ),
    ...years,
  ];
}

/** Each unit appoints somebody who coordinates (TB21 Điều 18 khoản 2), and the one with the last word must be there. */
function unitTasks(
  visit: Visit,
  units: readonly {
    readonly id: string;
    readonly name: { readonly vi: string; readonly en: string };
    readonly categories: readonly string[];
  }[],
  people: readonly { readonly roles: readonly string[]; readonly unitId: string }[],
): Html[] {
  const { lastWord } = visit.organisation.profile;
  const nobody = !people.some((person) => person.roles.includes(lastWord.role));
  const writes = new Set(
    people.filter((person) => person.roles.includes('liaison')).map((person) => person.unitId),
  );
  const isBoard = new Set(
    people
      .filter((person) => person.roles.includes('editor') || person.roles.includes('editor-in-chief'))
      .map((person) => person.unitId),
  );
  const without = units.filter(
    (unit) => unit.categories.length > 0 && !writes.has(unit.id) && !isBoard.has(unit.id),
  );
  const shown = without
    .slice(0, MOST)
    .map((unit) =>
      task(
        `${AREA_PATHS.units}/${encodeURIComponent(unit.id)}`,
        t(visit, 'overview.noLiaison', { unit: unit.name[visit.language] }),
      ),
    );
  const more = without.length - shown.length;
  return [
    ...(nobody ? [task(AREA_PATHS.people, t(visit, 'overview.noLastWord'))] : []),
    ...shown,
    ...(more > 0 ? [task(AREA_PATHS.units, t(visit, 'overview.moreUnits', { count: more }))] : []),
  ];
}
