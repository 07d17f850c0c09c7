import {
  type Category,
  confirmSuccession,
  type DeadlineRule,
  findCategory,
  type RegulationProfile,
  readProfile,
} from '../../domain/regulations/index.ts';
import { PortalError } from '../errors.ts';
import { type Html, html } from '../public/html.ts';
import { sentence } from '../public/sentences.ts';
import { latestVersion } from '../storage/versions.ts';
import { applyRules, effectOf, type Obstacle } from './changeRules.ts';
import { differences } from './differences.ts';
import { differencePart } from './differenceTable.ts';
import { confirmFact, isConfirmed } from './facts.ts';
import type { Form } from './form.ts';
import { movedTable, recentVersions } from './historyPages.ts';
import { roleName } from './peoplePages.ts';
import { sayProfileFault } from './profileFaults.ts';
import {
  boxes,
  chip,
  day,
  field,
  hidden,
  NO_PROBLEMS,
  type Problems,
  summary,
  table,
  textArea,
} from './ui.ts';
import { AREA_PATHS, type Door, done, type Outcome, t, type Visit } from './visit.ts';

const ROOT = AREA_PATHS.profile;
/** A regulation as data weighs about 200 KiB. */
const LIMIT = 4 * 1024 * 1024;
const MAX_FAULTS = 20;

/** The regulation: what is in force with its clauses, adjusting a limit, replacing the whole, confirming what the text leaves open. */
export function profilePages(door: Door): void {
  door.get('/quy-che', showPage);
  door.get('/quy-che/tai-ve', async ({ organisation: { profile } }) => ({
    file: JSON.stringify(profile, null, 2),
    type: 'application/json; charset=utf-8',
    name: `${profile.id}-${profile.version}.json`,
  }));
  door.get('/quy-che/thay', async (visit) => uploadPage(visit, []));
  door.post('/quy-che/thay', upload, LIMIT);
  door.post('/quy-che/ap-dung', apply, LIMIT);
  door.post('/quy-che/hieu-luc', adjustForce);
  door.post('/quy-che/xac-nhan', confirm);
  door.get('/quy-che/chuyen-muc/:id', async (visit) => categoryPage(visit, find(visit), NO_PROBLEMS));
  door.post('/quy-che/chuyen-muc/:id', adjustCategory);
}

function find({ organisation, params }: Visit): Category {
  const category = findCategory(organisation.profile, params.id ?? '');
  if (!category) throw new PortalError('not-found');
  return category;
}

/** `Trong 2 ngày làm việc sau …`, as far as the rule says. */
export function limitText(visit: Visit, profile: RegulationProfile, rule: DeadlineRule): string {
  const event = rule.event === null ? '' : (profile.events[rule.event]?.[visit.language] ?? '');
  return t(visit, `mode.${rule.mode}`, { count: rule.workingDays ?? 0, event }).replace(/\s+([.;]|$)/g, '$1');
}

async function showPage(visit: Visit): Promise<Outcome> {
  const { language, organisation } = visit;
  const { profile } = organisation;
  const kind = profile.portalKinds.find((one) => one.id === profile.portalKind);
  const row = (key: string, value: Html | string) =>
    html`<div><dt>${t(visit, `profile.${key}`)}</dt><dd>${value}</dd></div>`;
  const dutiesOf = (duties: readonly { categoryId: string; clause: string }[]) =>
    duties
      .map(
        (one) => `${findCategory(profile, one.categoryId)?.name[language] ?? one.categoryId} (${one.clause})`,
      )
      .join('; ');
  return {
    page: {
      title: t(visit, 'area.profile'),
      area: 'profile',
      main: html`<div class="tools"><p class="lead">${profile.title[language]}</p>
<p class="bar"><a class="btn" href="${ROOT}/tai-ve">${t(visit, 'profile.download')}</a><a class="btn primary" href="${ROOT}/thay">${t(visit, 'profile.replace')}</a></p></div>
<dl class="facts">
${row('id', html`<code>${profile.id}</code>`)}
${row('version', String(profile.version))}
${row('number', profile.number ?? t(visit, 'profile.notGiven'))}
${row('issuer', profile.issuer[language])}
${row('issued', profile.issuedOn ? day(visit, profile.issuedOn) : t(visit, 'profile.notGiven'))}
${row('inForce', html`${profile.validFrom ? day(visit, profile.validFrom) : t(visit, 'profile.notGiven')}${profile.validTo && html` – ${day(visit, profile.validTo)}`} <small>${profile.effect.clause}</small>`)}
${kind && row('kind', html`${kind.name[language]} <small>${kind.clause}</small>`)}
${row('lastWord', html`${roleName(visit, profile.lastWord.role)} <small>${profile.lastWord.clause}</small>`)}
${row('basis', html`<ul>${profile.legalBasis.map((one) => html`<li lang="vi">${one}</li>`)}</ul>`)}
</dl>
<nav aria-label="${t(visit, 'profile.contents')}"><ul class="contents">${['chain', 'categories', 'units', 'others'].map((part) => html`<li><a href="#${part}">${t(visit, `profile.${part}`)}</a></li>`)}</ul></nav>
${await openPart(visit)}
<section class="part" id="chain"><h2>${t(visit, 'profile.chain')}</h2>${(['vi', 'en'] as const).map(
        (channel) =>
          table(
            t(visit, `profile.chainOf.${channel}`),
            [
              {
                head: t(visit, `profile.chainOf.${channel}`),
                cell: (step) => t(visit, `step.${step.action}`),
              },
              {
                head: t(visit, 'profile.who'),
                cell: (step) => step.roles.map((role) => roleName(visit, role)).join(', '),
              },
              {
                head: t(visit, 'profile.fromState'),
                cell: (step) => step.from.map((state) => sentence(language, `state.${state}`)).join(', '),
              },
              { head: t(visit, 'profile.toState'), cell: (step) => sentence(language, `state.${step.to}`) },
              {
                head: t(visit, 'clause'),
                cell: (step) =>
                  html`<span class="nowrap">${step.clause}</span>${!step.explicit && html`<small>${t(visit, 'profile.notSpelled')}</small>`}`,
              },
            ],
            profile.chain[channel],
            t(visit, 'profile.noChain'),
          ),
      )}</section>
<section class="part" id="categories"><h2>${t(visit, 'profile.categories')}</h2>${table(
        t(visit, 'profile.categories'),
        [
          {
            head: t(visit, 'profile.category'),
            cell: (one) => html`<a href="${ROOT}/chuyen-muc/${one.id}">${one.name[language]}</a>`,
          },
          { head: t(visit, 'clause'), cell: (one) => one.clause },
          {
            head: t(visit, 'profile.limit'),
            cell: (one) =>
              html`${limitText(visit, profile, one.deadline)}${one.alternatives.map((rule) => html`<small>${t(visit, 'profile.orElse', { limit: limitText(visit, profile, rule) })}</small>`)}`,
          },
          { head: t(visit, 'profile.limitClause'), cell: (one) => one.deadline.clause ?? '–' },
          {
            head: t(visit, 'profile.fields'),
            cell: (one) => `${one.fields.filter((rule) => rule.required).length} / ${one.fields.length}`,
            kind: 'num',
          },
        ],
        profile.categories,
        t(visit, 'none'),
      )}</section>
<section class="part" id="units"><h2>${t(visit, 'profile.units')}</h2>${table(
        t(visit, 'profile.units'),
        [
          { head: t(visit, 'unit.name'), cell: (one) => one.name[language] },
          { head: t(visit, 'clause'), cell: (one) => one.clause },
          { head: t(visit, 'unit.to'), cell: (one) => day(visit, one.validTo), kind: 'num' },
          { head: t(visit, 'profile.duties'), cell: (one) => dutiesOf(one.categories) || '–' },
        ],
        profile.units,
        t(visit, 'none'),
      )}</section>
<section class="part" id="others"><h2>${t(visit, 'profile.others')}</h2>${table(
        t(visit, 'profile.others'),
        [
          { head: t(visit, 'profile.provision'), cell: (one) => one.text },
          { head: t(visit, 'clause'), cell: (one) => html`<span class="nowrap">${one.clause}</span>` },
        ],
        [
          ...profile.restrictions.map((one) => ({ text: one.rule[language], clause: one.clause })),
          ...profile.reports.map((one) => ({ text: one.name[language], clause: one.clause })),
          ...profile.qaTerms.map((one) => ({ text: one.action[language], clause: one.clause })),
          ...profile.retention.map((one) => ({ text: one.subject[language], clause: one.clause })),
          ...profile.englishMinimum.map((one) => ({
            text: t(visit, 'profile.englishOf', { name: one.name[language] }),
            clause: one.clause,
          })),
        ],
        t(visit, 'none'),
      )}</section>
${await recentVersions(visit, 'profile')}`,
    },
  };
}

/** What the text leaves open or is known from outside only: it holds once a person has said so here. */
async function openPart(visit: Visit): Promise<Html> {
  const { language, organisation } = visit;
  const { profile } = organisation;
  const lastWordOpen = !profile.lastWord.explicit && !(await isConfirmed(visit, lastWordFact(profile)));
  const confirmForm = (what: string, text: string, button: string) => html`<li><p>${text}</p>
<form class="form" method="post" action="${ROOT}/xac-nhan">${hidden(visit, { what })}
${field(visit, { id: `basis-${what.replace(/\W/g, '-')}`, label: t(visit, 'basis'), required: true, help: t(visit, 'basisHelp'), maxLength: 500 })}
<p class="bar"><button class="btn" type="submit">${button}</button></p></form></li>`;
  const open = [
    ...(lastWordOpen
      ? [
          confirmForm(
            'last-word',
            t(visit, 'profile.lastWordOpen', {
              role: roleName(visit, profile.lastWord.role),
              clause: profile.lastWord.clause,
            }),
            t(visit, 'profile.confirmLastWord'),
          ),
        ]
      : []),
    ...profile.successions.map((one) =>
      confirmForm(
        `succession:${one.unitId}`,
        t(visit, 'profile.succession', {
          unit: profile.units.find((unit) => unit.id === one.unitId)?.name[language] ?? one.unitId,
          successor: one.successor.name[language],
          on: one.on.split('-').reverse().join('/'),
          basis: one.basis,
          mark: t(visit, `mark.${one.mark}`),
        }),
        t(visit, 'profile.confirmSuccession'),
      ),
    ),
  ];
  const needsForce = profile.validFrom === null;
  if (open.length === 0 && !needsForce) return html``;
  return html`<section class="part open"><h2>${t(visit, 'profile.open')}</h2><p class="help">${t(visit, 'profile.openHelp')}</p>
${needsForce && forceForm(visit, NO_PROBLEMS)}<ul class="open-list">${open}</ul></section>`;
}

const lastWordFact = (profile: RegulationProfile): string =>
  `last-word-${profile.lastWord.ref}-${profile.lastWord.role}`;

function forceForm(visit: Visit, problems: Problems): Html {
  const { profile } = visit.organisation;
  const line = (id: string, label: string, more: object = {}) =>
    field(visit, {
      id,
      label: t(visit, label),
      value: visit.form.text(id),
      problems,
      required: true,
      ...more,
    });
  return html`<form class="form" method="post" action="${ROOT}/hieu-luc">${hidden(visit)}
<p class="help wide">${t(visit, 'profile.forceHelp')}</p>
${profile.number === null && line('number', 'profile.number', { maxLength: 60 })}
${line('issuedOn', 'profile.issued', { type: 'date' })}
${line('validFrom', 'profile.validFrom', { type: 'date' })}
<p class="bar"><button class="btn" type="submit">${t(visit, 'preview.see')}</button></p></form>`;
}

/** The day of signing, the number and the first day of a regulation whose text leaves them blank. */
async function adjustForce(visit: Visit): Promise<Outcome> {
  const { form, organisation } = visit;
  const { profile } = organisation;
  if (profile.validFrom !== null) throw new PortalError('bad-request');
  const number = profile.number ?? (form.text('number').slice(0, 60) || null);
  return preview(visit, {
    ...profile,
    number,
    issuedOn: form.text('issuedOn') || null,
    validFrom: form.text('validFrom') || null,
  });
}

async function categoryPage(
  visit: Visit,
  category: Category,
  problems: Problems,
  sent: Form | null = null,
): Promise<Outcome> {
  const { language, organisation } = visit;
  const { profile } = organisation;
  const { deadline } = category;
  const counts = deadline.mode === 'within' || deadline.mode === 'before';
  const askable = category.fields.filter((rule) => rule.filledBy === undefined);
  return {
    status: problems.size > 0 ? 422 : 200,
    page: {
      title: category.name[language],
      area: 'profile',
      crumbs: [{ name: t(visit, 'area.profile'), path: ROOT }],
      main: html`${summary(visit, problems)}
<dl class="facts"><div><dt>${t(visit, 'clause')}</dt><dd>${category.clause}</dd></div>
<div><dt>${t(visit, 'profile.limit')}</dt><dd>${limitText(visit, profile, deadline)} <small>${deadline.clause}</small>${deadline.quote && html`<blockquote lang="vi">${deadline.quote}</blockquote>`}</dd></div>
${category.alternatives.map((rule) => html`<div><dt>${t(visit, 'profile.otherwise')}</dt><dd>${limitText(visit, profile, rule)} <small>${rule.clause}</small></dd></div>`)}</dl>
<section class="part"><h2>${t(visit, 'profile.fields')}</h2>
${table(
  t(visit, 'profile.fields'),
  [
    { head: t(visit, 'profile.field'), cell: (one) => one.name[language] },
    {
      head: t(visit, 'profile.required'),
      cell: (one) =>
        one.required ? chip(t(visit, one.when ? 'profile.sometimes' : 'profile.must'), 'info') : '–',
    },
    { head: t(visit, 'clause'), cell: (one) => one.clause },
  ],
  category.fields,
  t(visit, 'none'),
)}</section>
<section class="part"><h2>${t(visit, 'profile.adjust')}</h2><p class="help">${t(visit, 'profile.adjustHelp')}</p>
<form class="form" method="post" action="${ROOT}/chuyen-muc/${category.id}">${hidden(visit)}
${counts && field(visit, { id: 'workingDays', label: t(visit, 'profile.workingDays'), type: 'number', value: sent?.text('workingDays') ?? String(deadline.workingDays ?? ''), required: true, problems, maxLength: 3 })}
${counts && field(visit, { id: 'clause', label: t(visit, 'profile.limitClause'), value: sent?.text('clause') ?? deadline.clause ?? '', required: true, problems })}
${counts && textArea(visit, { id: 'quote', label: t(visit, 'profile.quote'), value: sent?.text('quote') ?? deadline.quote ?? '', problems, wide: true })}
${boxes(visit, { id: 'required', label: t(visit, 'profile.requiredFields'), choices: askable.map((rule) => ({ value: rule.id, label: rule.name[language], note: rule.clause })), chosen: sent?.all('required') ?? askable.filter((rule) => rule.required).map((rule) => rule.id), problems })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, 'preview.see')}</button></p></form></section>`,
    },
  };
}

async function adjustCategory(visit: Visit): Promise<Outcome> {
  const { form, organisation } = visit;
  const { profile } = organisation;
  const category = find(visit);
  const counts = category.deadline.mode === 'within' || category.deadline.mode === 'before';
  const problems = new Map<string, string>();
  const workingDays = form.number('workingDays');
  if (counts && (workingDays === null || workingDays < 1 || workingDays > 366))
    problems.set('workingDays', t(visit, 'profile.badDays'));
  if (counts && form.text('clause') === '') problems.set('clause', t(visit, 'form.missing'));
  if (problems.size > 0) return categoryPage(visit, category, problems, form);
  const quote = form.text('quote');
  const { quote: _former, ...rule } = category.deadline;
  const deadline: DeadlineRule = counts
    ? { ...rule, workingDays, clause: form.text('clause').slice(0, 300), ...(quote === '' ? {} : { quote }) }
    : category.deadline;
  const required = new Set(form.all('required'));
  const fields = category.fields.map((one) =>
    one.filledBy === undefined ? { ...one, required: required.has(one.id) } : one,
  );
  const next = { ...category, deadline, fields };
  return preview(visit, {
    ...profile,
    categories: profile.categories.map((one) => (one === category ? next : one)),
  });
}

/** What stands in the way of a draft: the first faults, each a line. */
async function uploadPage(visit: Visit, faults: readonly string[], text = ''): Promise<Outcome> {
  return {
    status: faults.length > 0 ? 422 : 200,
    page: {
      title: t(visit, 'profile.replace'),
      area: 'profile',
      crumbs: [{ name: t(visit, 'area.profile'), path: ROOT }],
      main: html`${
        faults.length > 0 &&
        html`<div class="notice danger" role="alert"><p><strong>${t(visit, 'profile.refused', { version: visit.organisation.profile.version })}</strong></p>
<ul>${faults.slice(0, MAX_FAULTS).map((fault) => html`<li>${fault}</li>`)}</ul>${faults.length > MAX_FAULTS && html`<p>${t(visit, 'profile.moreFaults', { count: faults.length - MAX_FAULTS })}</p>`}</div>`
      }
<p class="help">${t(visit, 'profile.replaceHelp')}</p>
<form class="form" method="post" action="${ROOT}/thay" enctype="multipart/form-data">${hidden(visit)}
<div class="field wide"><label for="file">${t(visit, 'profile.file')}</label><input id="file" name="file" type="file" accept=".json,application/json"></div>
${textArea(visit, { id: 'draft', label: t(visit, 'profile.paste'), value: text, rows: 12, maxLength: LIMIT, wide: true })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, 'preview.see')}</button></p></form>`,
    },
  };
}

async function upload(visit: Visit): Promise<Outcome> {
  const { form } = visit;
  const text = (form.file('file')?.toString('utf8') ?? form.raw('draft')).replace(/^\ufeff/, '');
  if (text.trim() === '') return uploadPage(visit, [t(visit, 'profile.nothingSent')]);
  const draft = parse(text);
  if (!draft.ok)
    return uploadPage(visit, [t(visit, 'profile.noJson', { reason: draft.reason })], text.slice(0, 200_000));
  return preview(visit, draft.value);
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: JSON.parse(text.normalize('NFC')) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message.slice(0, 200) : '' };
  }
}

/** The draft as the next version: whatever number it came with, versions follow each other. */
const numbered = (draft: unknown, version: number): unknown =>
  typeof draft === 'object' && draft !== null && !Array.isArray(draft) ? { ...draft, version } : draft;

const sayObstacle = (visit: Visit, profile: RegulationProfile, one: Obstacle): string =>
  one.code === 'category-in-use'
    ? t(visit, 'obstacle.category-in-use', {
        category: findCategory(profile, one.categoryId)?.name[visit.language] ?? one.categoryId,
        count: one.count,
      })
    : t(visit, 'obstacle.state-stuck', {
        state: sentence(visit.language, `state.${one.state}`),
        count: one.count,
      });

/** Checks a draft and shows what it would change, and which open deadlines it would move; nothing is changed yet. */
async function preview(visit: Visit, draft: unknown): Promise<Outcome> {
  const { organisation, portal } = visit;
  const { profile } = organisation;
  const read = readProfile(numbered(draft, profile.version + 1));
  if (!read.ok)
    return uploadPage(
      visit,
      read.faults.map((fault) => sayProfileFault(visit, fault)),
      JSON.stringify(draft, null, 2).slice(0, 400_000),
    );
  const next = read.profile;
  const lines = differences({ ...profile, version: 0 }, { ...next, version: 0 });
  const { moved, obstacles } = await effectOf(portal, organisation, { subject: 'profile', profile: next });
  if (obstacles.length > 0)
    return uploadPage(
      visit,
      obstacles.map((one) => sayObstacle(visit, profile, one)),
    );
  const version = await latestVersion(portal.db, organisation.id, 'profile');
  return {
    page: {
      title: t(visit, 'profile.preview'),
      area: 'profile',
      crumbs: [{ name: t(visit, 'area.profile'), path: ROOT }],
      main: html`<div class="notice info"><p>${t(visit, 'preview.notYet')}</p></div>
${next.id !== profile.id && html`<div class="notice warning"><p>${t(visit, 'profile.other', { before: profile.id, after: next.id })}</p></div>`}
<section class="part"><h2>${t(visit, 'preview.changes')}</h2>${differencePart(visit, 'profile', { ...profile, version: 0 }, { ...next, version: 0 })}</section>
<section class="part"><h2>${t(visit, 'moved.title')}</h2>${movedTable(visit, moved, t(visit, 'moved.none'))}</section>
${
  lines.length === 0
    ? html`<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a></p>`
    : html`<form class="form" method="post" action="${ROOT}/ap-dung" enctype="multipart/form-data">${hidden(visit, { version: version?.version ?? 0, draft: JSON.stringify(next) })}
${field(visit, { id: 'basis', label: t(visit, 'basis'), required: true, help: t(visit, 'basisHelp'), wide: true, maxLength: 500 })}
<p class="bar"><a class="btn" href="${ROOT}">${t(visit, 'cancel')}</a><button class="btn primary" type="submit">${t(visit, 'preview.apply')}</button></p></form>`
}`,
    },
  };
}

async function apply(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const draft = parse(form.raw('draft'));
  const read = readProfile(draft.ok ? numbered(draft.value, organisation.profile.version + 1) : null);
  if (!read.ok)
    return uploadPage(
      visit,
      read.faults.map((fault) => sayProfileFault(visit, fault)),
    );
  const basis = form.text('basis').slice(0, 500);
  if (basis === '') return uploadPage(visit, [t(visit, 'form.basisMissing')], form.raw('draft'));
  const { obstacles } = await applyRules(
    portal,
    organisation.id,
    { subject: 'profile', profile: read.profile },
    { version: form.number('version') ?? 0, by: person.id, basis, action: 'change' },
  );
  if (obstacles.length > 0)
    return uploadPage(
      visit,
      obstacles.map((one) => sayObstacle(visit, organisation.profile, one)),
    );
  const version = await latestVersion(portal.db, organisation.id, 'profile');
  return done(`${AREA_PATHS.history}/${version?.id ?? ''}`, 'applied');
}

async function confirm(visit: Visit): Promise<Outcome> {
  const { form, organisation, person, portal } = visit;
  const { profile } = organisation;
  const what = form.text('what');
  const basis = form.text(`basis-${what.replace(/\W/g, '-')}`).slice(0, 500);
  if (basis === '') return uploadPage(visit, [t(visit, 'form.basisMissing')]);
  if (what === 'last-word') {
    await confirmFact(
      visit,
      lastWordFact(profile),
      { role: profile.lastWord.role, clause: profile.lastWord.clause },
      basis,
    );
    return done(ROOT, 'confirmed');
  }
  const [, unitId = ''] = /^succession:(.+)$/.exec(what) ?? [];
  const next = confirmSuccession(profile, unitId);
  if (!next) throw new PortalError('not-found');
  const version = await latestVersion(portal.db, organisation.id, 'profile');
  const { obstacles } = await applyRules(
    portal,
    organisation.id,
    { subject: 'profile', profile: next },
    { version: version?.version ?? 0, by: person.id, basis, action: 'confirm' },
  );
  if (obstacles.length > 0) throw new PortalError('forbidden');
  return done(ROOT, 'confirmed');
}
