import { PortalError } from '../errors.ts';
import { type Html, html } from '../public/html.ts';
import type { MovedRow } from '../storage/tables.ts';
import type { Version } from '../storage/versions.ts';
import { differencePart } from './differenceTable.ts';
import { day, moment, PAGE_SIZE, pageOf, pager, select, table } from './ui.ts';
import { AREA_PATHS, type Door, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.history;
const KINDS = ['profile', 'calendar', 'unit', 'person', 'delegation', 'organisation', 'fact'] as const;
const RECENT = 10;
const MAX_LINES = 300;

/** Who changed what and when: everything, of one kind, and each change by itself. */
export function historyPages(door: Door): void {
  door.get('/lich-su', listPage);
  door.get('/lich-su/:id', showPage);
  door.get('/lich-su/:id/tai-ve', async (visit) => {
    const version = await find(visit);
    return {
      file: JSON.stringify(version.data, null, 2),
      type: 'application/json; charset=utf-8',
      name: `${version.subject.replace(/[^\w.-]/g, '-')}-${version.version}.json`,
    };
  });
}

type Line = Omit<Version, 'data' | 'moved'>;
const LINE = [
  'organisation_id',
  'id',
  'subject',
  'version',
  'action',
  'basis',
  'changed_by',
  'changed_at',
] as const;

async function listPage(visit: Visit): Promise<Outcome> {
  const { portal, organisation, query } = visit;
  const kind = KINDS.find((one) => one === query.get('loai'));
  const some = portal.db
    .selectFrom('versions')
    .where('organisation_id', '=', organisation.id)
    .$if(kind !== undefined, (one) =>
      one.where((eb) => eb.or([eb('subject', '=', kind ?? ''), eb('subject', 'like', `${kind}:%`)])),
    );
  const { count } = await some
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const total = Number(count);
  const page = pageOf(visit, total);
  const rows = await some
    .select(LINE)
    .orderBy('id', 'desc')
    .limit(PAGE_SIZE)
    .offset((page - 1) * PAGE_SIZE)
    .execute();
  return {
    page: {
      title: t(visit, 'area.history'),
      area: 'history',
      main: html`<form class="search" method="get" action="${ROOT}">
${select(visit, { id: 'loai', label: t(visit, 'history.kind'), value: kind ?? '', choices: KINDS.map((value) => ({ value, label: t(visit, `subject.${value}`) })), empty: t(visit, 'all'), required: true })}
<button class="btn" type="submit">${t(visit, 'show')}</button></form>
${await versionTable(visit, rows, t(visit, 'area.history'), true)}
${pager(visit, { total, page })}`,
    },
  };
}

/** The latest changes of one subject, for its own page. */
export async function recentVersions(visit: Visit, subject: string): Promise<Html> {
  const rows = await visit.portal.db
    .selectFrom('versions')
    .select(LINE)
    .where('organisation_id', '=', visit.organisation.id)
    .where('subject', '=', subject)
    .orderBy('version', 'desc')
    .limit(RECENT)
    .execute();
  return html`<section class="part"><h2>${t(visit, 'history.of')}</h2>
${await versionTable(visit, rows, t(visit, 'history.of'), false)}</section>`;
}

async function versionTable(
  visit: Visit,
  rows: readonly Line[],
  caption: string,
  named: boolean,
): Promise<Html> {
  const names = await namesOf(visit, rows);
  const what = (row: Line) => html`<a href="${ROOT}/${row.id}">${t(visit, `did.${row.action}`)}</a>`;
  return table(
    caption,
    [
      { head: t(visit, 'history.at'), cell: (row) => moment(visit, row.changed_at), kind: 'num' },
      ...(named
        ? [{ head: t(visit, 'history.subject'), cell: (row: Line) => subjectName(visit, row, names) }]
        : []),
      { head: t(visit, 'history.version'), cell: (row) => row.version, kind: 'num' },
      { head: t(visit, 'history.what'), cell: what },
      { head: t(visit, 'history.by'), cell: (row) => byWhom(visit, row, names) },
      { head: t(visit, 'basis'), cell: (row) => row.basis ?? '–' },
    ],
    rows,
    t(visit, 'history.empty'),
  );
}

type Names = ReadonlyMap<string, string>;

const byWhom = (visit: Visit, row: Pick<Line, 'changed_by'>, names: Names): string =>
  row.changed_by === null
    ? t(visit, 'history.setUp')
    : (names.get(`person:${row.changed_by}`) ?? row.changed_by);

function subjectName(visit: Visit, { subject }: Pick<Line, 'subject'>, names: Names): string {
  const [kind = '', id] = subject.split(/:(.*)/s);
  const said = t(visit, `subject.${kind}`);
  if (id === undefined) return said;
  const known = names.get(subject) ?? (kind === 'fact' ? t(visit, 'fact.last-word') : id);
  return t(visit, 'history.named', { kind: said, name: known });
}

/** Names of the people and units that the lines are about, as they are now. */
async function namesOf(visit: Visit, rows: readonly Pick<Line, 'subject' | 'changed_by'>[]): Promise<Names> {
  const { language, organisation, portal } = visit;
  const wanted = new Set(rows.flatMap((row) => [row.subject, `person:${row.changed_by}`]));
  const idsOf = (kind: string) =>
    [...wanted].flatMap((one) => (one.startsWith(`${kind}:`) ? [one.slice(kind.length + 1)] : []));
  const names = new Map<string, string>();
  for (const [kind, tableName] of [
    ['person', 'people'],
    ['unit', 'units'],
  ] as const) {
    const ids = idsOf(kind);
    if (ids.length === 0) continue;
    const found = await portal.db
      .selectFrom(tableName)
      .select(['id', 'name'])
      .where('organisation_id', '=', organisation.id)
      .where('id', 'in', ids)
      .execute();
    for (const row of found) names.set(`${kind}:${row.id}`, row.name[language]);
  }
  const delegations = idsOf('delegation').map((id) => `delegation:${id}`);
  if (delegations.length === 0) return names;
  const given = await portal.db
    .selectFrom('directory')
    .select(['id', 'data'])
    .where('organisation_id', '=', organisation.id)
    .where('id', 'in', delegations)
    .execute();
  const sides = given.flatMap(({ data }) => [String(data.fromPersonId), String(data.toPersonId)]);
  const people =
    sides.length === 0
      ? []
      : await portal.db
          .selectFrom('people')
          .select(['id', 'name'])
          .where('organisation_id', '=', organisation.id)
          .where('id', 'in', sides)
          .execute();
  const nameOf = (id: unknown) => people.find((one) => one.id === id)?.name[language] ?? String(id);
  for (const { id, data } of given)
    names.set(
      id,
      t(visit, 'delegation.title', { giver: nameOf(data.fromPersonId), taker: nameOf(data.toPersonId) }),
    );
  return names;
}

async function find({ portal, organisation, params }: Visit): Promise<Version> {
  const id = /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : null;
  const version =
    id === null
      ? undefined
      : await portal.db
          .selectFrom('versions')
          .selectAll()
          .where('organisation_id', '=', organisation.id)
          .where('id', '=', id)
          .executeTakeFirst();
  if (!version) throw new PortalError('not-found');
  return version;
}

async function showPage(visit: Visit): Promise<Outcome> {
  const version = await find(visit);
  const before = await visit.portal.db
    .selectFrom('versions')
    .select('data')
    .where('organisation_id', '=', visit.organisation.id)
    .where('subject', '=', version.subject)
    .where('version', '=', version.version - 1)
    .executeTakeFirst();
  const names = await namesOf(visit, [version]);
  return {
    page: {
      title: subjectName(visit, version, names),
      area: 'history',
      crumbs: [{ name: t(visit, 'area.history'), path: ROOT }],
      main: html`<dl class="facts">
<div><dt>${t(visit, 'history.version')}</dt><dd>${version.version}</dd></div>
<div><dt>${t(visit, 'history.what')}</dt><dd>${t(visit, `did.${version.action}`)}</dd></div>
<div><dt>${t(visit, 'history.at')}</dt><dd>${moment(visit, version.changed_at)}</dd></div>
<div><dt>${t(visit, 'history.by')}</dt><dd>${byWhom(visit, version, names)}</dd></div>
<div><dt>${t(visit, 'basis')}</dt><dd>${version.basis ?? '–'}</dd></div></dl>
${version.moved && html`<section class="part"><h2>${t(visit, 'moved.title')}</h2>${movedTable(visit, version.moved, t(visit, 'moved.noneDone'))}</section>`}
<section class="part"><h2>${t(visit, 'history.differences')}</h2>
${before ? differencePart(visit, version.subject, before.data, version.data) : html`<p class="empty">${t(visit, 'history.first')}</p>`}
<p><a href="${ROOT}/${version.id}/tai-ve">${t(visit, 'history.download')}</a></p></section>`,
    },
  };
}

/** Open deadlines that a change moves or moved. */
export function movedTable(visit: Visit, moved: readonly MovedRow[], empty: string): Html {
  return html`${table(
    t(visit, 'moved.title'),
    [
      {
        head: t(visit, 'moved.article'),
        cell: (row) => row.title || html`<span class="faint">${t(visit, 'moved.untitled')}</span>`,
      },
      { head: t(visit, 'moved.before'), cell: (row) => day(visit, row.before), kind: 'num' },
      { head: t(visit, 'moved.after'), cell: (row) => day(visit, row.after), kind: 'num' },
      {
        head: t(visit, 'moved.days'),
        cell: (row) =>
          row.days.length === 0
            ? '–'
            : html`${row.days.slice(0, 5).map((one, index) => html`${index > 0 && ', '}${day(visit, one)}`)}${row.days.length > 5 && ' …'}`,
      },
    ],
    moved.slice(0, MAX_LINES),
    empty,
  )}${moved.length > MAX_LINES && html`<p class="help">${t(visit, 'moved.more', { count: moved.length - MAX_LINES })}</p>`}`;
}
