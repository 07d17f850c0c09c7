import type { UnitInfo } from '../../domain/contracts/index.ts';
import { currentUnits, hasEnded, isMeant } from '../../domain/people/unitRules.ts';
import { PortalError } from '../errors.ts';
import { type Html, html } from '../public/html.ts';
import { latestVersion } from '../storage/versions.ts';
import { handOver, readUnits, saveUnit, type UnitRefusal, workOf } from './changeUnit.ts';
import type { Form } from './form.ts';
import { recentVersions } from './historyPages.ts';
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
  textArea,
} from './ui.ts';
import { unitChooser } from './unitChooser.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.units;

/** Units: list, search by any name they have or had, editing, handing over. */
export function unitPages(door: Door): void {
  door.get('/don-vi', listPage);
  door.get('/don-vi/moi', async (visit) => formPage(visit, await readAll(visit), null, NO_PROBLEMS));
  door.post('/don-vi/moi', (visit) => save(visit, null));
  door.get('/don-vi/:id', async (visit) => {
    const units = await readAll(visit);
    return formPage(visit, units, find(units, visit.params.id), NO_PROBLEMS);
  });
  door.post('/don-vi/:id', async (visit) => save(visit, find(await readAll(visit), visit.params.id)));
  door.post('/don-vi/:id/ban-giao', hand);
}

const readAll = (visit: Visit): Promise<UnitInfo[]> => readUnits(visit.portal.db, visit.organisation.id);

function find(units: readonly UnitInfo[], id: string | undefined): UnitInfo {
  const unit = units.find((one) => one.id === id);
  if (!unit) throw new PortalError('not-found');
  return unit;
}

const pathOf = (id: string): string => `${ROOT}/${encodeURIComponent(id)}`;

async function listPage(visit: Visit): Promise<Outcome> {
  const { language, today } = visit;
  const units = await readAll(visit);
  const query = visit.query.get('q')?.trim() ?? '';
  const found = query === '' ? units : units.filter((unit) => isMeant(unit, query));
  const nameOf = (id: string) => units.find((one) => one.id === id)?.name[language] ?? id;
  const state = (unit: UnitInfo): Html => {
    if (!hasEnded(unit, today)) {
      const begins = unit.validFrom !== undefined && unit.validFrom > today;
      return begins ? chip(t(visit, 'unit.notYet'), 'info') : chip(t(visit, 'unit.works'), 'success');
    }
    const heirs = currentUnits(unit, units, today);
    return html`${chip(t(visit, 'unit.ended'), 'warning')}${heirs.length > 0 && html`<small>${t(visit, 'unit.nowDoneBy', { names: heirs.map((one) => one.name[language]).join('; ') })}</small>`}`;
  };
  const part = slice(visit, found);
  return {
    page: {
      title: t(visit, 'area.units'),
      area: 'units',
      main: html`<div class="tools">${searchForm(visit, t(visit, 'unit.search'))}
<a class="btn primary" href="${ROOT}/moi">${t(visit, 'unit.new')}</a></div>
${table(
  t(visit, 'area.units'),
  [
    {
      head: t(visit, 'unit.name'),
      cell: (unit) =>
        html`<a href="${pathOf(unit.id)}">${unit.name[language]}</a>${unit.formerNames?.map((one) => html`<small>${t(visit, 'unit.calledUntil', { name: one.name[language], day: dayText(visit, one.until) })}</small>`)}`,
    },
    { head: t(visit, 'unit.short'), cell: (unit) => unit.shortName[language] },
    { head: t(visit, 'unit.parent'), cell: (unit) => (unit.parentId ? nameOf(unit.parentId) : '–') },
    { head: t(visit, 'unit.from'), cell: (unit) => day(visit, unit.validFrom), kind: 'num' },
    { head: t(visit, 'unit.to'), cell: (unit) => day(visit, unit.validTo), kind: 'num' },
    { head: t(visit, 'state'), cell: state },
  ],
  part.rows,
  query === '' ? t(visit, 'unit.empty') : t(visit, 'notFound', { query }),
)}
${pager(visit, part)}`,
    },
  };
}

const dayText = (visit: Visit, date: string): string => {
  const shown = day(visit, date);
  return typeof shown === 'string' ? shown : shown.html.replace(/<[^>]*>/g, '');
};

/** What the form says, or the unit as it is. */
interface UnitForm {
  readonly id: string;
  readonly text: (name: string) => string;
  readonly all: (name: string) => readonly string[];
}

function asForm(unit: UnitInfo | null, form: Form | null): UnitForm {
  if (form)
    return {
      id: unit?.id ?? form.text('id'),
      text: (name) => form.text(name),
      all: (name) => form.all(name),
    };
  const former = (unit?.formerNames ?? [])
    .map((one) => `${one.until} | ${one.name.vi} | ${one.name.en}`)
    .join('\n');
  const texts: Readonly<Record<string, string | undefined>> = {
    nameVi: unit?.name.vi,
    nameEn: unit?.name.en,
    shortVi: unit?.shortName.vi,
    shortEn: unit?.shortName.en,
    parentId: unit?.parentId,
    validFrom: unit?.validFrom,
    validTo: unit?.validTo,
    successors: unit?.successorIds?.join(', '),
    former,
  };
  return {
    id: unit?.id ?? '',
    text: (name) => texts[name] ?? '',
    all: (name) => (name === 'categories' ? (unit?.categories ?? []) : []),
  };
}

async function formPage(
  visit: Visit,
  units: readonly UnitInfo[],
  unit: UnitInfo | null,
  problems: Problems,
  sent: Form | null = null,
): Promise<Outcome> {
  const { language, organisation, portal } = visit;
  const shown = asForm(unit, sent);
  const subject = unit && `unit:${unit.id}`;
  const version = subject ? await latestVersion(portal.db, organisation.id, subject) : undefined;
  const line = (id: string, label: string, more: object = {}) =>
    field(visit, { id, label: t(visit, label), value: shown.text(id), problems, ...more });
  const others = units.filter((one) => one.id !== unit?.id);
  const categories = organisation.profile.categories
    .filter((category) => category.drafting)
    .map((category) => ({ value: category.id, label: category.name[language], note: category.clause }));
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: unit ? unit.name[language] : t(visit, 'unit.new'),
      area: 'units',
      crumbs: [{ name: t(visit, 'area.units'), path: ROOT }],
      main: html`${summary(visit, problems)}
<form class="form" method="post" action="${unit ? pathOf(unit.id) : `${ROOT}/moi`}">
${hidden(visit, { version: sent?.number('version') ?? version?.version ?? 0 })}
${unit ? html`<p class="field"><span class="label">${t(visit, 'unit.id')}</span> <code>${unit.id}</code></p>` : line('id', 'unit.id', { required: true, maxLength: 40, help: t(visit, 'unit.idHelp') })}
${line('nameVi', 'unit.nameVi', { required: true, wide: true })}
${line('nameEn', 'unit.nameEn', { required: true, lang: 'en', wide: true })}
${line('shortVi', 'unit.shortVi', { help: t(visit, 'unit.shortHelp') })}
${line('shortEn', 'unit.shortEn', { lang: 'en' })}
${line('validFrom', 'unit.from', { type: 'date' })}
${line('validTo', 'unit.to', { type: 'date', help: t(visit, 'unit.toHelp') })}
${unitChooser(visit, { id: 'parentId', label: t(visit, 'unit.parent'), value: shown.text('parentId'), units: others, empty: t(visit, 'unit.noParent'), problems })}
${line('successors', 'unit.successors', { help: t(visit, 'unit.successorsHelp') })}
${textArea(visit, { id: 'former', label: t(visit, 'unit.former'), value: shown.text('former'), help: t(visit, 'unit.formerHelp'), problems, wide: true })}
${boxes(visit, { id: 'categories', label: t(visit, 'unit.categories'), choices: categories, chosen: shown.all('categories'), problems })}
${line('basis', 'basis', { value: sent?.text('basis') ?? '', help: t(visit, 'basisHelp'), wide: true })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, unit ? 'unit.save' : 'unit.create')}</button></p>
</form>
${unit && (await handOverForm(visit, unit, others))}
${subject && (await recentVersions(visit, subject))}`,
    },
  };
}

async function handOverForm(visit: Visit, unit: UnitInfo, others: readonly UnitInfo[]): Promise<Html> {
  const work = await workOf(visit.portal.db, visit.organisation.id, unit.id);
  const nothing = work.people === 0 && work.articles === 0;
  return html`<section class="part"><h2>${t(visit, 'unit.handOver')}</h2>
<p class="help">${t(visit, 'unit.work', { people: work.people, articles: work.articles })} ${t(visit, 'unit.handOverHelp')}</p>
${
  nothing || others.length === 0
    ? null
    : html`<form class="form" method="post" action="${pathOf(unit.id)}/ban-giao">${hidden(visit)}
${unitChooser(visit, { id: 'to', label: t(visit, 'unit.handOverTo'), units: others, required: true, empty: t(visit, 'choose') })}
${field(visit, { id: 'handOverBasis', label: t(visit, 'basis'), required: true })}
<p class="bar"><button class="btn" type="submit">${t(visit, 'unit.handOverDo')}</button></p></form>`
}</section>`;
}

async function hand(visit: Visit): Promise<Outcome> {
  const units = await readAll(visit);
  const unit = find(units, visit.params.id);
  const to = visit.form.text('to');
  const basis = visit.form.text('handOverBasis');
  const problems = new Map<string, string>();
  if (!units.some((one) => one.id === to && one.id !== unit.id)) problems.set('to', t(visit, 'form.choose'));
  if (basis === '') problems.set('handOverBasis', t(visit, 'form.basisMissing'));
  if (problems.size > 0) return formPage(visit, units, unit, problems);
  await handOver(visit.portal, visit.organisation.id, { from: unit.id, to, by: visit.person.id, basis });
  return done(pathOf(unit.id), 'moved');
}

/** Beside which field a refusal stands. */
const PLACES: Readonly<Record<UnitRefusal, string>> = {
  'id-malformed': 'id',
  'id-taken': 'id',
  'name-missing': 'nameVi',
  'bad-day': 'validFrom',
  'days-contradict': 'validTo',
  'former-after-end': 'former',
  'parent-unknown': 'parentId',
  'parent-circle': 'parentId',
  'successor-unknown': 'successors',
  'successor-circle': 'successors',
  'successor-without-end': 'successors',
  'has-people': 'validTo',
};

async function save(visit: Visit, before: UnitInfo | null): Promise<Outcome> {
  const { form, organisation, person, portal, today } = visit;
  const problems = new Map<string, string>();
  const unit = unitOf(visit, before, problems);
  const version = before ? (form.number('version') ?? 0) : 0;
  if (problems.size === 0) {
    const change = { version, by: person.id, basis: form.text('basis'), today };
    for (const refusal of await saveUnit(portal, organisation.id, unit, change))
      if (!problems.has(PLACES[refusal])) problems.set(PLACES[refusal], t(visit, `unitFault.${refusal}`));
  }
  if (problems.size > 0) return formPage(visit, await readAll(visit), before, problems, form);
  return done(pathOf(unit.id), before ? 'saved' : 'created');
}

function unitOf(visit: Visit, before: UnitInfo | null, problems: Map<string, string>): UnitInfo {
  const { form, organisation } = visit;
  const words = (id: string) => form.text(id).slice(0, 300);
  const name = { vi: words('nameVi'), en: words('nameEn') };
  const known = new Set(organisation.profile.categories.map((category) => category.id));
  const successorIds = [
    ...new Set(
      words('successors')
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ];
  const formerNames = formerNamesOf(visit, problems);
  const [validFrom, validTo, parentId] = [words('validFrom'), words('validTo'), words('parentId')];
  return {
    id: before?.id ?? words('id').toLowerCase(),
    name,
    shortName: { vi: words('shortVi') || name.vi, en: words('shortEn') || name.en },
    categories: [...new Set(form.all('categories'))].filter((id) => known.has(id)),
    ...(validFrom === '' ? {} : { validFrom }),
    ...(validTo === '' ? {} : { validTo }),
    ...(parentId === '' ? {} : { parentId }),
    ...(successorIds.length === 0 ? {} : { successorIds }),
    ...(formerNames.length === 0 ? {} : { formerNames }),
  };
}

/** A line each: `YYYY-MM-DD | Tên cũ | Old name`. */
function formerNamesOf(
  visit: Visit,
  problems: Map<string, string>,
): { name: { vi: string; en: string }; until: string }[] {
  const lines = visit.form
    .text('former')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.map((line) => {
    const [until = '', vi = '', en = vi] = line.split('|').map((part) => part.trim());
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || vi === '')
      problems.set('former', t(visit, 'unitFault.former-malformed', { line: line.slice(0, 80) }));
    return { name: { vi, en: en === '' ? vi : en }, until };
  });
}
