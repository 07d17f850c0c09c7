import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import type { PersonInfo } from '../../domain/contracts/index.ts';
import {
  type Delegation,
  type DelegationFault,
  DelegationSchema,
  delegationFaults,
} from '../../domain/people/delegation.ts';
import { ROLES } from '../../domain/people/roles.ts';
import { foldVietnamese } from '../../domain/text/index.ts';
import { PortalError } from '../errors.ts';
import { type Html, html } from '../public/html.ts';
import {
  administer,
  expectVersion,
  latestVersion,
  recordVersion,
  writeDirectory,
} from '../storage/versions.ts';
import { recentVersions } from './historyPages.ts';
import { readPeople, roleName } from './peoplePages.ts';
import {
  boxes,
  chip,
  day,
  field,
  hidden,
  NO_PROBLEMS,
  type Problems,
  pager,
  searchForm,
  slice,
  summary,
  table,
} from './ui.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.delegations;

/** Delegations: who stands in for whom, in which roles, from when to when. They are withdrawn, never removed. */
export function delegationPages(door: Door): void {
  door.get('/uy-quyen', listPage);
  door.get('/uy-quyen/moi', (visit) => formPage(visit, NO_PROBLEMS));
  door.post('/uy-quyen/moi', create);
  door.get('/uy-quyen/:id', showPage);
  door.post('/uy-quyen/:id/rut', withdraw);
}

const pathOf = (id: string): string => `${ROOT}/${encodeURIComponent(id)}`;

/** All of the organisation, the latest days first. */
export async function readDelegations({
  portal,
  organisation,
}: Pick<Visit, 'portal' | 'organisation'>): Promise<Delegation[]> {
  const rows = await portal.db
    .selectFrom('directory')
    .select('data')
    .where('organisation_id', '=', organisation.id)
    .where('kind', '=', 'delegation')
    .execute();
  return rows
    .map((row) => row.data as unknown)
    .filter((data): data is Delegation => Value.Check(DelegationSchema, data))
    .sort((a, b) => (a.from === b.from ? (a.id < b.id ? 1 : -1) : a.from < b.from ? 1 : -1));
}

function stateOf(visit: Visit, one: Delegation, people: readonly PersonInfo[]): Html {
  if (one.withdrawn) return chip(t(visit, 'delegation.withdrawn'));
  if (one.to < visit.today) return chip(t(visit, 'delegation.past'));
  const [fault] = delegationFaults(one, people, visit.organisation.profile);
  if (fault)
    return html`${chip(t(visit, 'delegation.void'), 'danger')}<small>${t(visit, `delegationFault.${fault}`)}</small>`;
  return one.from > visit.today
    ? chip(t(visit, 'delegation.coming'), 'info')
    : chip(t(visit, 'delegation.inForce'), 'success');
}

async function listPage(visit: Visit): Promise<Outcome> {
  const { language } = visit;
  const people = await readPeople(visit);
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name[language] ?? id;
  const all = await readDelegations(visit);
  const words = foldVietnamese(visit.query.get('q') ?? '').trim();
  const found =
    words === ''
      ? all
      : all.filter((one) =>
          [one.fromPersonId, one.toPersonId].some(
            (id) => foldVietnamese(nameOf(id)).includes(words) || id.includes(words),
          ),
        );
  const part = slice(visit, found);
  return {
    page: {
      title: t(visit, 'area.delegations'),
      area: 'delegations',
      main: html`<div class="tools">${searchForm(visit, t(visit, 'delegation.search'))}
<a class="btn primary" href="${ROOT}/moi">${t(visit, 'delegation.new')}</a></div>
<p class="help">${t(visit, 'delegation.help')}</p>
${table(
  t(visit, 'area.delegations'),
  [
    {
      head: t(visit, 'delegation.giver'),
      cell: (one) => html`<a href="${pathOf(one.id)}">${nameOf(one.fromPersonId)}</a>`,
    },
    { head: t(visit, 'delegation.taker'), cell: (one) => nameOf(one.toPersonId) },
    {
      head: t(visit, 'person.roles'),
      cell: (one) => one.roles.map((role) => roleName(visit, role)).join(', '),
    },
    { head: t(visit, 'delegation.from'), cell: (one) => day(visit, one.from), kind: 'num' },
    { head: t(visit, 'delegation.to'), cell: (one) => day(visit, one.to), kind: 'num' },
    { head: t(visit, 'state'), cell: (one) => stateOf(visit, one, people) },
  ],
  part.rows,
  all.length === 0 ? t(visit, 'delegation.empty') : t(visit, 'person.noneFound'),
)}
${pager(visit, part)}`,
    },
  };
}

async function formPage(visit: Visit, problems: Problems): Promise<Outcome> {
  const { form } = visit;
  const line = (id: string, label: string, more: object = {}) =>
    field(visit, { id, label: t(visit, label), value: form.text(id), problems, required: true, ...more });
  const people = (await readPeople(visit)).filter((one) => one.active);
  // Names of people to choose from while typing; the account alone decides.
  const names = people
    .slice(0, 1000)
    .map((one) => html`<option value="${one.account}">${one.name[visit.language]}</option>`);
  const person = (id: string, label: string) => {
    const problem = problems.get(id);
    return html`<div class="field${problem && ' bad'}"><label for="${id}">${t(visit, label)}</label><input id="${id}" name="${id}" type="text" list="people" value="${form.text(id)}" maxlength="64" autocomplete="off" required aria-describedby="${id}-help${problem && ` ${id}-problem`}"${problem && html` aria-invalid="true"`}>${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}<p class="help" id="${id}-help">${t(visit, 'delegation.personHelp')}</p></div>`;
  };
  const lastWord = visit.organisation.profile.lastWord;
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: t(visit, 'delegation.new'),
      area: 'delegations',
      crumbs: [{ name: t(visit, 'area.delegations'), path: ROOT }],
      main: html`${summary(visit, problems)}
${
  lastWord.mayBeDelegated
    ? null
    : html`<div class="notice info"><p>${t(visit, 'delegation.lastWord', { role: roleName(visit, lastWord.role), clause: lastWord.clause })}</p></div>`
}
<form class="form" method="post" action="${ROOT}/moi">${hidden(visit)}<datalist id="people">${names}</datalist>
${person('giver', 'delegation.giver')}
${person('taker', 'delegation.taker')}
${boxes(visit, { id: 'roles', label: t(visit, 'delegation.roles'), choices: ROLES.filter((role) => role !== 'administrator').map((role) => ({ value: role, label: roleName(visit, role) })), chosen: form.all('roles'), problems })}
${line('from', 'delegation.from', { type: 'date' })}
${line('to', 'delegation.to', { type: 'date', help: t(visit, 'delegation.toHelp') })}
${line('basis', 'delegation.basis', { maxLength: 500, help: t(visit, 'basisHelp'), wide: true })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, 'delegation.create')}</button></p></form>`,
    },
  };
}

/** Beside which field a fault stands. */
const PLACES: Readonly<Record<DelegationFault, string>> = {
  'bad-day': 'from',
  'days-contradict': 'to',
  'to-oneself': 'taker',
  'person-unknown': 'taker',
  'person-inactive': 'taker',
  'role-not-held': 'roles',
  'role-not-delegable': 'roles',
  'last-word-not-delegable': 'roles',
  'other-unit': 'taker',
  'sees-less': 'taker',
  'days-overlap': 'from',
};

async function create(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal, today } = visit;
  const problems = new Map<string, string>();
  const made = await administer(portal, organisation.id, async (tx, feed) => {
    const people = await readPeople(visit);
    const idOf = (field: string): string => {
      const account = form.text(field).toLowerCase();
      const found = people.find((one) => one.account === account);
      if (!found) problems.set(field, t(visit, 'delegationFault.person-unknown'));
      return found?.id ?? '';
    };
    const delegation: Delegation = {
      id: randomUUID(),
      fromPersonId: idOf('giver'),
      toPersonId: idOf('taker'),
      roles: ROLES.filter((role) => form.all('roles').includes(role)),
      from: form.text('from'),
      to: form.text('to'),
      basis: form.text('basis').slice(0, 500),
    };
    if (delegation.roles.length === 0) problems.set('roles', t(visit, 'personFault.no-role'));
    if (delegation.basis === '') problems.set('basis', t(visit, 'form.basisMissing'));
    if (problems.size === 0 || problems.has('basis')) {
      const others = (await readDelegations(visit)).filter((one) => one.to >= today);
      for (const fault of delegationFaults(delegation, people, organisation.profile, others))
        if (!problems.has(PLACES[fault])) problems.set(PLACES[fault], t(visit, `delegationFault.${fault}`));
    }
    if (!problems.has('to') && delegation.to < today) problems.set('to', t(visit, 'delegation.isPast'));
    if (problems.size > 0) return null;
    const subject = `delegation:${delegation.id}`;
    await writeDirectory(tx, feed, organisation.id, { id: subject, kind: 'delegation', data: delegation });
    await recordVersion(tx, organisation.id, {
      subject,
      action: 'create',
      data: delegation,
      basis: delegation.basis,
      by: person.id,
      at: portal.now(),
    });
    return delegation;
  });
  return made ? done(pathOf(made.id), 'created') : formPage(visit, problems);
}

async function find(visit: Visit): Promise<Delegation> {
  const found = (await readDelegations(visit)).find((one) => one.id === visit.params.id);
  if (!found) throw new PortalError('not-found');
  return found;
}

async function showPage(visit: Visit): Promise<Outcome> {
  const { language, organisation, portal, today } = visit;
  const one = await find(visit);
  const people = await readPeople(visit);
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name[language] ?? id;
  const subject = `delegation:${one.id}`;
  const version = await latestVersion(portal.db, organisation.id, subject);
  const ended = one.withdrawn === true || one.to < today;
  return {
    page: {
      title: t(visit, 'delegation.title', { giver: nameOf(one.fromPersonId), taker: nameOf(one.toPersonId) }),
      area: 'delegations',
      crumbs: [{ name: t(visit, 'area.delegations'), path: ROOT }],
      main: html`<dl class="facts">
<div><dt>${t(visit, 'state')}</dt><dd>${stateOf(visit, one, people)}</dd></div>
<div><dt>${t(visit, 'person.roles')}</dt><dd>${one.roles.map((role) => roleName(visit, role)).join(', ')}</dd></div>
<div><dt>${t(visit, 'delegation.from')}</dt><dd>${day(visit, one.from)}</dd></div>
<div><dt>${t(visit, 'delegation.to')}</dt><dd>${day(visit, one.to)}</dd></div>
<div><dt>${t(visit, 'delegation.basis')}</dt><dd>${one.basis}</dd></div></dl>
${
  !ended &&
  html`<form class="form" method="post" action="${pathOf(one.id)}/rut">${hidden(visit, { version: version?.version ?? 0 })}
<p class="help wide">${t(visit, 'delegation.withdrawHelp')}</p>
<p class="bar"><button class="btn danger" type="submit">${t(visit, 'delegation.withdraw')}</button></p></form>`
}
${await recentVersions(visit, subject)}`,
    },
  };
}

async function withdraw(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const one = await find(visit);
  const subject = `delegation:${one.id}`;
  await administer(portal, organisation.id, async (tx, feed) => {
    await expectVersion(tx, organisation.id, subject, form.number('version') ?? 0);
    const data: Delegation = { ...one, withdrawn: true };
    await writeDirectory(tx, feed, organisation.id, { id: subject, kind: 'delegation', data });
    await recordVersion(tx, organisation.id, {
      subject,
      action: 'withdraw',
      data,
      by: person.id,
      at: portal.now(),
    });
  });
  return done(pathOf(one.id), 'withdrawn');
}
