import type { Selectable } from 'kysely';
import type { PersonInfo } from '../../domain/contracts/index.ts';
import { ROLES, type Role } from '../../domain/people/roles.ts';
import { hasEnded } from '../../domain/people/unitRules.ts';
import { foldVietnamese } from '../../domain/text/index.ts';
import { PortalError } from '../errors.ts';
import { changePerson } from '../people/changePerson.ts';
import { type Html, html } from '../public/html.ts';
import { sentence } from '../public/sentences.ts';
import { oneTimePassword } from '../session/passwords.ts';
import { personInfo } from '../session/sessions.ts';
import type { PersonTable } from '../storage/tables.ts';
import { latestVersion } from '../storage/versions.ts';
import { createPerson, setPassword } from './changeAccount.ts';
import { readUnits } from './changeUnit.ts';
import type { Form } from './form.ts';
import { recentVersions } from './historyPages.ts';
import {
  boxes,
  chip,
  field,
  hidden,
  NO_PROBLEMS,
  type Problems,
  pager,
  searchForm,
  select,
  slice,
  summary,
  table,
} from './ui.ts';
import { unitChooser } from './unitChooser.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.people;
const ACCOUNT = /^[a-z0-9][a-z0-9.-]{2,63}$/;

/** People: list, accounts, roles, units, one-time passwords. */
export function peoplePages(door: Door): void {
  door.get('/nguoi-dung', listPage);
  door.get('/nguoi-dung/moi', (visit) => formPage(visit, null, NO_PROBLEMS));
  door.post('/nguoi-dung/moi', create);
  door.get('/nguoi-dung/:id', async (visit) => formPage(visit, await find(visit), NO_PROBLEMS));
  door.post('/nguoi-dung/:id', save);
  door.post('/nguoi-dung/:id/mat-khau', reset);
  door.post('/nguoi-dung/:id/hoat-dong', activity);
}

/** Everybody of the organisation in the order of their names. */
export async function readPeople(visit: Pick<Visit, 'portal' | 'organisation'>): Promise<PersonInfo[]> {
  const rows: Pick<Selectable<PersonTable>, 'id' | 'account' | 'name' | 'roles' | 'unit_id' | 'active'>[] =
    await visit.portal.db
      .selectFrom('people')
      .select(['id', 'account', 'name', 'roles', 'unit_id', 'active'])
      .where('organisation_id', '=', visit.organisation.id)
      .execute();
  const byName = new Intl.Collator('vi').compare;
  return rows
    .map(({ unit_id: unitId, ...row }) => ({ ...row, unitId }))
    .sort((a, b) => byName(a.name.vi, b.name.vi) || (a.id < b.id ? -1 : 1));
}

async function find({ portal, organisation, params }: Visit): Promise<PersonInfo> {
  const row = await portal.db
    .selectFrom('people')
    .selectAll()
    .where('organisation_id', '=', organisation.id)
    .where('id', '=', params.id ?? '')
    .executeTakeFirst();
  if (!row) throw new PortalError('not-found');
  return personInfo(row);
}

export const roleName = (visit: Visit, role: Role): string => sentence(visit.language, `role.${role}`);
const pathOf = (id: string): string => `${ROOT}/${encodeURIComponent(id)}`;

async function listPage(visit: Visit): Promise<Outcome> {
  const { language, portal, organisation, query } = visit;
  const [people, units] = [await readPeople(visit), await readUnits(portal.db, organisation.id)];
  const unitNames = new Map(units.map((unit) => [unit.id, unit.name[language]]));
  const words = foldVietnamese(query.get('q') ?? '').trim();
  const role = query.get('vai-tro') ?? '';
  const unitId = query.get('don-vi') ?? '';
  const found = people.filter(
    (one) =>
      (role === '' || one.roles.some((own) => own === role)) &&
      (unitId === '' || one.unitId === unitId) &&
      (words === '' ||
        [one.account, one.name.vi, one.name.en].some((text) => foldVietnamese(text).includes(words))),
  );
  const part = slice(visit, found);
  const filters = html`${select(visit, { id: 'vai-tro', label: t(visit, 'person.role'), value: role, required: false, choices: ROLES.map((value) => ({ value, label: roleName(visit, value) })), empty: t(visit, 'all') })}
${unitChooser(visit, { id: 'don-vi', label: t(visit, 'person.unit'), value: unitId, units, isShort: true, empty: t(visit, 'all') })}`;
  return {
    page: {
      title: t(visit, 'area.people'),
      area: 'people',
      main: html`<div class="tools">${searchForm(visit, t(visit, 'person.search'), filters)}
<a class="btn primary" href="${ROOT}/moi">${t(visit, 'person.new')}</a></div>
${table(
  t(visit, 'area.people'),
  [
    {
      head: t(visit, 'person.name'),
      cell: (one) => html`<a href="${pathOf(one.id)}">${one.name[language]}</a>`,
    },
    { head: t(visit, 'person.account'), cell: (one) => html`<code>${one.account}</code>` },
    { head: t(visit, 'person.role'), cell: (one) => one.roles.map((own) => roleName(visit, own)).join(', ') },
    { head: t(visit, 'person.unit'), cell: (one) => unitNames.get(one.unitId) ?? one.unitId },
    { head: t(visit, 'state'), cell: (one) => stateChip(visit, one) },
  ],
  part.rows,
  people.length === found.length ? t(visit, 'person.empty') : t(visit, 'person.noneFound'),
)}
${pager(visit, part)}`,
    },
  };
}

const stateChip = (visit: Visit, person: PersonInfo): Html =>
  person.active ? chip(t(visit, 'person.active'), 'success') : chip(t(visit, 'person.inactive'), 'warning');

async function formPage(
  visit: Visit,
  person: PersonInfo | null,
  problems: Problems,
  sent: Form | null = null,
): Promise<Outcome> {
  const { language, organisation, portal, today } = visit;
  const units = await readUnits(portal.db, organisation.id);
  const subject = person && `person:${person.id}`;
  const version = subject ? await latestVersion(portal.db, organisation.id, subject) : undefined;
  const texts: Readonly<Record<string, string | undefined>> = {
    account: person?.account,
    nameVi: person?.name.vi,
    nameEn: person?.name.en,
    unitId: person?.unitId,
  };
  const value = (id: string) => sent?.text(id) ?? texts[id] ?? '';
  const line = (id: string, label: string, more: object = {}) =>
    field(visit, { id, label: t(visit, label), value: value(id), problems, required: true, ...more });
  const isOwn = person?.id === visit.person.id;
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: person ? person.name[language] : t(visit, 'person.new'),
      area: 'people',
      crumbs: [{ name: t(visit, 'area.people'), path: ROOT }],
      main: html`${summary(visit, problems)}
${isOwn && html`<div class="notice info"><p>${t(visit, 'person.ownRights')}</p></div>`}
<form class="form" method="post" action="${person ? pathOf(person.id) : `${ROOT}/moi`}">
${hidden(visit, { version: sent?.number('version') ?? version?.version ?? 0 })}
${line('nameVi', 'person.nameVi')}
${line('nameEn', 'person.nameEn', { lang: 'en' })}
${line('account', 'person.account', { maxLength: 64, help: t(visit, 'person.accountHelp') })}
${unitChooser(visit, {
  id: 'unitId',
  label: t(visit, 'person.unit'),
  value: value('unitId'),
  required: true,
  empty: t(visit, 'choose'),
  units: units.filter((unit) => !hasEnded(unit, today) || unit.id === value('unitId')),
  problems,
})}${boxes(visit, { id: 'roles', label: t(visit, 'person.roles'), choices: ROLES.map((role) => ({ value: role, label: roleName(visit, role), note: t(visit, `roleHelp.${role}`) })), chosen: sent?.all('roles') ?? person?.roles ?? [], problems })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, person ? 'person.save' : 'person.create')}</button></p>
</form>
${person && accountPart(visit, person)}
${subject && (await recentVersions(visit, subject))}`,
    },
  };
}

function accountPart(visit: Visit, person: PersonInfo): Html {
  const path = pathOf(person.id);
  const isOwn = person.id === visit.person.id;
  return html`<section class="part"><h2>${t(visit, 'person.accountPart')}</h2>
<p>${stateChip(visit, person)}</p>
${
  isOwn
    ? html`<p><a href="/quan-tri/mat-khau">${t(visit, 'password.own')}</a></p>`
    : html`<form method="post" action="${path}/mat-khau">${hidden(visit)}<p class="help">${t(visit, 'person.resetHelp')}</p><p class="bar"><button class="btn" type="submit">${t(visit, 'person.reset')}</button></p></form>
<form method="post" action="${path}/hoat-dong">${hidden(visit, { active: person.active ? 0 : 1 })}<p class="help">${t(visit, person.active ? 'person.deactivateHelp' : 'person.activateHelp')}</p><p class="bar"><button class="btn${person.active && ' danger'}" type="submit">${t(visit, person.active ? 'person.deactivate' : 'person.activate')}</button></p></form>`
}</section>`;
}

type PersonForm = Pick<PersonInfo, 'account' | 'name' | 'roles' | 'unitId'>;

function personOf(visit: Visit, problems: Map<string, string>): PersonForm {
  const { form } = visit;
  const words = (id: string) => form.text(id).slice(0, 300);
  const name = { vi: words('nameVi'), en: words('nameEn') };
  const account = words('account').toLowerCase();
  const roles = ROLES.filter((role) => form.all('roles').includes(role));
  if (name.vi === '') problems.set('nameVi', t(visit, 'form.missing'));
  if (name.en === '') problems.set('nameEn', t(visit, 'form.missing'));
  if (!ACCOUNT.test(account)) problems.set('account', t(visit, 'personFault.account-malformed'));
  if (words('unitId') === '') problems.set('unitId', t(visit, 'form.choose'));
  if (roles.length === 0) problems.set('roles', t(visit, 'personFault.no-role'));
  return { account, name, roles, unitId: words('unitId') };
}

/** What the storage refuses, beside its field. */
const PLACES: Readonly<Record<string, string>> = {
  'unit-unknown': 'unitId',
  'account-taken': 'account',
  'last-administrator': 'roles',
};

async function refusedTo(
  visit: Visit,
  problems: Map<string, string>,
  work: () => Promise<Outcome>,
): Promise<Outcome | null> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof PortalError ? String(error.detail?.reason ?? '') : '';
    const place = PLACES[reason];
    if (place === undefined) throw error;
    problems.set(place, t(visit, `personFault.${reason}`));
    return null;
  }
}

async function create(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const problems = new Map<string, string>();
  const wanted = personOf(visit, problems);
  const made =
    problems.size === 0 &&
    (await refusedTo(visit, problems, async () => {
      const password = oneTimePassword();
      const created = await createPerson(portal, organisation.id, wanted, password, person.id);
      return passwordShown(visit, created, password);
    }));
  return made || formPage(visit, null, problems, form);
}

async function save(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const before = await find(visit);
  const problems = new Map<string, string>();
  const wanted = personOf(visit, problems);
  const isOwn = before.id === person.id;
  const sameRights =
    wanted.unitId === before.unitId && [...wanted.roles].sort().join() === [...before.roles].sort().join();
  if (isOwn && !sameRights) problems.set('roles', t(visit, 'personFault.own-rights'));
  const saved =
    problems.size === 0 &&
    (await refusedTo(visit, problems, async () => {
      await changePerson(portal, organisation.id, before.id, wanted, person.id, form.number('version') ?? 0);
      return done(pathOf(before.id), 'saved');
    }));
  return saved || formPage(visit, before, problems, form);
}

async function activity(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const before = await find(visit);
  const problems = new Map<string, string>();
  if (before.id === person.id) problems.set('_own', t(visit, 'personFault.own-rights'));
  else {
    const active = form.number('active') === 1;
    const saved = await refusedTo(visit, problems, async () => {
      await changePerson(portal, organisation.id, before.id, { active }, person.id);
      return done(pathOf(before.id), 'saved');
    });
    if (saved) return saved;
  }
  return formPage(visit, before, problems);
}

async function reset(visit: Visit): Promise<Outcome> {
  const { organisation, person, portal } = visit;
  const found = await find(visit);
  if (found.id === person.id) return { to: '/quan-tri/mat-khau' };
  const password = oneTimePassword();
  await setPassword(portal, organisation.id, found.id, password, { by: person.id });
  return passwordShown(visit, found, password);
}

/** The one time that a password is shown; no address leads back to it. */
function passwordShown(visit: Visit, person: PersonInfo, password: string): Outcome {
  return {
    page: {
      title: t(visit, 'password.shown'),
      area: 'people',
      crumbs: [
        { name: t(visit, 'area.people'), path: ROOT },
        { name: person.name[visit.language], path: pathOf(person.id) },
      ],
      main: html`<div class="notice success" role="status"><p>${t(visit, 'password.shownFor', { account: person.account })}</p></div>
<p class="secret"><code>${password}</code></p>
<p class="help">${t(visit, 'password.shownHelp')}</p>
<p class="bar"><a class="btn primary" href="${pathOf(person.id)}">${t(visit, 'password.noted')}</a></p>`,
    },
  };
}
