import {
  addDays,
  type CalendarData,
  type CalendarFault,
  type CalendarRow,
  calendarFaults,
  DAY_KINDS,
  dateFault,
  weekday,
} from '../../domain/deadlines/index.ts';
import { PortalError } from '../errors.ts';
import { type Html, html } from '../public/html.ts';
import { sentence } from '../public/sentences.ts';
import { latestVersion } from '../storage/versions.ts';
import { applyRules, effectOf } from './changeRules.ts';
import { differencePart } from './differenceTable.ts';
import { movedTable, recentVersions } from './historyPages.ts';
import { chip, day, field, hidden, NO_PROBLEMS, type Problems, select, summary } from './ui.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.calendar;
const LIMIT = 2 * 1024 * 1024;
const ACTIONS = ['add', 'confirm', 'remove'] as const;

/** The calendar, a year to a page: rows of four kinds, confirmed, added and removed by a person who names the paper. */
export function calendarPages(door: Door): void {
  door.get('/lich', async (visit) => ({ to: `${ROOT}/${await nearestYear(visit)}` }));
  door.get('/lich/:year', (visit) => yearPage(visit, NO_PROBLEMS));
  door.post('/lich/:year', previewPage);
  door.post('/lich/:year/ap-dung', apply, LIMIT);
}

async function readCalendar({
  portal,
  organisation,
}: Visit): Promise<{ data: CalendarData; version: number }> {
  const row = await portal.db
    .selectFrom('organisations')
    .select('calendar')
    .where('organisation_id', '=', organisation.id)
    .executeTakeFirstOrThrow();
  const version = await latestVersion(portal.db, organisation.id, 'calendar');
  return { data: row.calendar as CalendarData, version: version?.version ?? 0 };
}

async function nearestYear(visit: Visit): Promise<number> {
  const { data } = await readCalendar(visit);
  return Math.min(data.toYear, Math.max(data.fromYear, Number(visit.today.slice(0, 4))));
}

function yearOf({ params }: Visit, { fromYear, toYear }: CalendarData): number {
  const year = /^\d{4}$/.test(params.year ?? '') ? Number(params.year) : 0;
  if (year < fromYear || year > toYear) throw new PortalError('not-found');
  return year;
}

/** A row of the year, with its place in the data; or a day off that follows from one. */
interface Shown {
  readonly index: number | null;
  readonly date: string;
  readonly row: CalendarRow | null;
  readonly madeUpFor: string | null;
}

function rowsOf(visit: Visit, data: CalendarData, year: number): Shown[] {
  const inYear = (date: string) => date.startsWith(`${year}-`);
  const own = data.rows.flatMap((row, index): Shown[] =>
    inYear(row.date) ? [{ index, date: row.date, row, madeUpFor: null }] : [],
  );
  const followed: Shown[] = [];
  const { calendar } = visit.organisation;
  for (let date = `${year}-01-01`; inYear(date); date = addDays(date, 1)) {
    const { compensates } = calendar.day(date);
    if (compensates !== undefined) followed.push({ index: null, date, row: null, madeUpFor: compensates });
  }
  return [...own, ...followed].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

const weekdayName = (visit: Visit, date: string): string =>
  sentence(visit.language, `public.weekdays.${weekday(date)}`);

const STATUS_CHIPS = { fixed: 'plain', assumed: 'warning', proposed: 'info', confirmed: 'success' } as const;

async function yearPage(visit: Visit, problems: Problems): Promise<Outcome> {
  const { form, language } = visit;
  const { data, version } = await readCalendar(visit);
  const year = yearOf(visit, data);
  const rows = rowsOf(visit, data, year);
  const open = rows.filter(({ row }) => row?.status === 'proposed' || row?.status === 'assumed');
  const years = [year - 1, year + 1].filter((one) => one >= data.fromYear && one <= data.toYear);
  const ticked = form.all('rows');
  const value = (id: string) => (form.has('version') ? form.text(id) : '');
  const line = (id: string, label: string, more: object = {}) =>
    field(visit, { id, label: t(visit, label), value: value(id), problems, ...more });
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: t(visit, 'calendar.title', { year }),
      area: 'calendar',
      main: html`${summary(visit, problems)}
<p class="years">${years.map((one) => html`<a class="btn" href="${ROOT}/${one}">${one}</a> `)}
<span class="faint">${t(visit, 'calendar.complete', { from: data.fromYear, to: data.toYear })}</span></p>
${
  open.length === 0
    ? html`<div class="notice success"><p>${t(visit, 'calendar.allConfirmed')}</p></div>`
    : html`<div class="notice warning"><p>${t(visit, 'calendar.toConfirm', { count: open.length })}</p></div>`
}
<dl class="legend">${(['fixed', 'assumed', 'proposed', 'confirmed'] as const).map((status) => html`<div><dt>${chip(t(visit, `calendar.status.${status}`), STATUS_CHIPS[status])}</dt><dd>${t(visit, `calendar.statusHelp.${status}`)}</dd></div>`)}</dl>
<form method="post" action="${ROOT}/${year}">${hidden(visit, { version })}
${calendarTable(visit, rows, ticked)}
<div class="form">
${field(visit, { id: 'source', label: t(visit, 'calendar.source'), value: value('source'), problems, help: t(visit, 'calendar.sourceHelp'), wide: true, required: false, maxLength: 500 })}
<p class="bar"><button class="btn" type="submit" name="action" value="remove">${t(visit, 'calendar.remove')}</button><button class="btn primary" type="submit" name="action" value="confirm">${t(visit, 'calendar.confirm')}</button></p>
</div></form>
<section class="part"><h2>${t(visit, 'calendar.add')}</h2>
<form class="form" method="post" action="${ROOT}/${year}">${hidden(visit, { version })}
${line('date', 'calendar.date', { type: 'date', required: true })}
${select(visit, { id: 'kind', label: t(visit, 'calendar.kind'), value: value('kind'), required: true, empty: t(visit, 'choose'), choices: DAY_KINDS.map((kind) => ({ value: kind, label: t(visit, `calendar.kinds.${kind}`) })), problems })}
${line('nameVi', 'calendar.nameVi')}
${line('nameEn', 'calendar.nameEn', { lang: 'en' })}
${field(visit, { id: 'addSource', label: t(visit, 'calendar.source'), value: value('addSource'), problems, help: t(visit, 'calendar.sourceHelp'), wide: true, required: true, maxLength: 500 })}
<label class="box wide"><input type="checkbox" name="own" value="1"${form.has('own') && html` checked`}> <span>${t(visit, 'calendar.own')}</span></label>
<p class="bar"><button class="btn" type="submit" name="action" value="add">${t(visit, 'calendar.addDo')}</button></p></form></section>
${await recentVersions(visit, 'calendar')}`,
    },
  };

  function calendarTable(of: Visit, all: readonly Shown[], chosen: readonly string[]): Html {
    if (all.length === 0) return html`<p class="empty">${t(of, 'calendar.empty')}</p>`;
    const caption = t(of, 'calendar.title', { year });
    return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col"><span class="hidden">${t(of, 'choose')}</span></th><th scope="col">${t(of, 'calendar.date')}</th><th scope="col">${t(of, 'calendar.kind')}</th><th scope="col">${t(of, 'calendar.name')}</th><th scope="col">${t(of, 'state')}</th><th scope="col">${t(of, 'calendar.source')}</th></tr></thead>
<tbody>${all.map(({ index, date, row, madeUpFor }) => {
      const label = `${weekdayName(of, date)}, `;
      const when = html`${label}${day(of, date)}`;
      if (row === null || index === null)
        return html`<tr><td></td><td>${when}</td><td>${t(of, 'calendar.madeUp')}</td><td>${t(of, 'calendar.madeUpFor', { day: plainDay(of, madeUpFor ?? '') })}</td><td>${chip(t(of, 'calendar.follows'))}</td><td>–</td></tr>`;
      return html`<tr><td><input type="checkbox" name="rows" value="${index}" aria-label="${label}${plainDay(of, date)}, ${t(of, `calendar.kinds.${row.kind}`)}"${chosen.includes(String(index)) && html` checked`}></td><td>${when}</td><td>${t(of, `calendar.kinds.${row.kind}`)}</td><td>${row.name?.[language] ?? '–'}${row.own && html`<small>${t(of, 'calendar.ownDay')}</small>`}</td><td>${chip(t(of, `calendar.status.${row.status}`), STATUS_CHIPS[row.status])}</td><td>${row.source ?? (row.status === 'fixed' ? t(of, 'calendar.law') : '–')}</td></tr>`;
    })}</tbody></table></div>`;
  }
}

const plainDay = (visit: Visit, date: string): string => {
  const shown = day(visit, date);
  return typeof shown === 'string' ? shown : shown.html.replace(/<[^>]*>/g, '');
};

/** What the form wants of the calendar; null with the problems named. */
function wanted(visit: Visit, data: CalendarData, problems: Map<string, string>): CalendarData | null {
  const { form } = visit;
  const action = ACTIONS.find((one) => one === form.text('action'));
  const missing = (id: string) => problems.set(id, t(visit, 'form.basisMissing'));
  if (action === 'add') {
    const [date, kind, source] = [form.text('date'), form.text('kind'), form.text('addSource').slice(0, 500)];
    const known = DAY_KINDS.find((one) => one === kind);
    const fault = dateFault(date);
    if (fault) problems.set('date', t(visit, `dateFault.${fault}`, { date }));
    if (!known) problems.set('kind', t(visit, 'form.choose'));
    if (source === '') missing('addSource');
    const name = { vi: form.text('nameVi').slice(0, 300), en: form.text('nameEn').slice(0, 300) };
    if ((name.vi === '') !== (name.en === ''))
      problems.set(name.vi === '' ? 'nameVi' : 'nameEn', t(visit, 'form.bothNames'));
    if (problems.size > 0 || !known) return null;
    if (data.rows.some((row) => row.date === date && row.kind === known && isKnown(row))) {
      problems.set('date', t(visit, 'calendarFault.there-already', { date: plainDay(visit, date) }));
      return null;
    }
    const own = form.has('own') ? { own: true } : {};
    const row: CalendarRow = {
      date,
      kind: known,
      status: 'confirmed',
      source,
      ...own,
      ...(name.vi === '' ? {} : { name }),
    };
    // What was only supposed of the same day and kind is now known.
    const rest = data.rows.filter((one) => one.date !== date || one.kind !== known || isKnown(one));
    return sorted({ ...data, rows: [...rest, row] });
  }
  const source = form.text('source').slice(0, 500);
  const chosen = new Set(form.all('rows').map(Number));
  const year = yearOf(visit, data);
  const rows = [...data.rows.entries()].filter(
    ([index, row]) => chosen.has(index) && row.date.startsWith(`${year}-`),
  );
  if (!action) throw new PortalError('bad-request');
  if (rows.length === 0) problems.set('_rows', t(visit, 'calendarFault.none-chosen'));
  if (source === '') missing('source');
  if (problems.size > 0) return null;
  const of = new Set(rows.map(([index]) => index));
  if (action === 'remove') return { ...data, rows: data.rows.filter((_, index) => !of.has(index)) };
  return {
    ...data,
    rows: data.rows.map((row, index) =>
      of.has(index) ? { ...row, status: 'confirmed' as const, source } : row,
    ),
  };
}

const isKnown = (row: CalendarRow): boolean => row.status === 'fixed' || row.status === 'confirmed';
const sorted = (data: CalendarData): CalendarData => ({
  ...data,
  rows: [...data.rows].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
});

function sayFault(visit: Visit, fault: CalendarFault, data: CalendarData): string {
  const kindOf = (row: number | null | undefined) => {
    const kind = typeof row === 'number' ? data.rows[row]?.kind : undefined;
    return kind ? t(visit, `calendar.kinds.${kind}`) : '';
  };
  const date = fault.date === null ? '' : plainDay(visit, fault.date) || fault.date;
  if (fault.code === 'contradicting-rows')
    return t(visit, 'calendarFault.contradicting-rows', {
      date,
      kind: kindOf(fault.row),
      other: kindOf(fault.other),
    });
  if (fault.code === 'calendar-malformed' || fault.code === 'years-reversed')
    return t(visit, `calendarFault.${fault.code}`, { path: fault.path ?? '' });
  return t(visit, `dateFault.${fault.code}`, { date: fault.date ?? '' });
}

/** What a change would do to the open deadlines; nothing is changed yet. */
async function previewPage(visit: Visit): Promise<Outcome> {
  const { form, organisation, portal } = visit;
  const { data, version } = await readCalendar(visit);
  const year = yearOf(visit, data);
  const problems = new Map<string, string>();
  if (form.number('version') !== version)
    problems.set('_version', t(visit, 'calendarFault.changed-meanwhile'));
  const next = problems.size === 0 ? wanted(visit, data, problems) : null;
  if (next)
    for (const fault of calendarFaults(next))
      problems.set(form.text('action') === 'add' ? 'date' : '_rows', sayFault(visit, fault, next));
  if (!next || problems.size > 0) return yearPage(visit, problems);
  const { moved } = await effectOf(portal, organisation, { subject: 'calendar', calendar: next });
  const basis = form.text(form.text('action') === 'add' ? 'addSource' : 'source');
  return {
    page: {
      title: t(visit, 'calendar.preview'),
      area: 'calendar',
      crumbs: [{ name: t(visit, 'calendar.title', { year }), path: `${ROOT}/${year}` }],
      main: html`<div class="notice info"><p>${t(visit, 'preview.notYet')}</p></div>
<section class="part"><h2>${t(visit, 'preview.changes')}</h2>${differencePart(visit, 'calendar', data, next)}</section>
<section class="part"><h2>${t(visit, 'moved.title')}</h2>${movedTable(visit, moved, t(visit, 'moved.none'))}</section>
<form method="post" action="${ROOT}/${year}/ap-dung">${hidden(visit, { version, draft: JSON.stringify(next), basis, action: form.text('action') })}
<p class="bar"><a class="btn" href="${ROOT}/${year}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, 'preview.apply')}</button></p></form>`,
    },
  };
}

async function apply(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const { data } = await readCalendar(visit);
  yearOf(visit, data);
  const draft = parse(form.raw('draft'));
  const [fault] = calendarFaults(draft);
  if (fault) return yearPage(visit, new Map([['_draft', sayFault(visit, fault, draft as CalendarData)]]));
  const basis = form.text('basis').slice(0, 500);
  if (basis === '') return yearPage(visit, new Map([['source', t(visit, 'form.basisMissing')]]));
  await applyRules(
    portal,
    organisation.id,
    { subject: 'calendar', calendar: draft as CalendarData },
    {
      version: form.number('version') ?? 0,
      by: person.id,
      basis,
      action: form.text('action') === 'confirm' ? 'confirm' : 'change',
    },
  );
  const version = await latestVersion(portal.db, organisation.id, 'calendar');
  return done(`${AREA_PATHS.history}/${version?.id ?? ''}`, 'applied');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
