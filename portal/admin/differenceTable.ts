import { ROLES } from '../../domain/people/roles.ts';
import { type Html, html } from '../public/html.ts';
import { sentence } from '../public/sentences.ts';
import { type Difference, differences } from './differences.ts';
import { day, table } from './ui.ts';
import { t, type Visit } from './visit.ts';

const MAX_LINES = 300;

/** Places of units, people and delegations that have a name of their own; others are shown as they are. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['name/vi', 'unit.nameVi'],
  ['name/en', 'unit.nameEn'],
  ['shortName/vi', 'unit.shortVi'],
  ['shortName/en', 'unit.shortEn'],
  ['validFrom', 'unit.from'],
  ['validTo', 'unit.to'],
  ['parentId', 'unit.parent'],
  ['successorIds', 'unit.successors'],
  ['categories', 'unit.categories'],
  ['account', 'person.account'],
  ['roles', 'person.roles'],
  ['unitId', 'person.unit'],
  ['active', 'person.active'],
  ['withdrawn', 'delegation.withdrawn'],
  ['from', 'delegation.from'],
  ['to', 'delegation.to'],
  ['basis', 'delegation.basis'],
  ['offlineDays', 'history.offlineDays'],
]);

/** What two versions of a subject have differently, the first lines of very many. */
export function differencePart(visit: Visit, subject: string, before: unknown, after: unknown): Html {
  const lines =
    subject === 'calendar' ? calendarLines(visit, before, after) : plainLines(visit, subject, before, after);
  return html`${table(
    t(visit, 'history.differences'),
    [
      { head: t(visit, 'history.place'), cell: (line) => line.place },
      {
        head: t(visit, 'history.before'),
        cell: (line) => (line.before === null ? '–' : html`<del>${line.before}</del>`),
      },
      {
        head: t(visit, 'history.after'),
        cell: (line) => (line.after === null ? '–' : html`<ins>${line.after}</ins>`),
      },
    ],
    lines.slice(0, MAX_LINES),
    t(visit, 'history.same'),
  )}${lines.length > MAX_LINES && html`<p class="help">${t(visit, 'history.more', { count: lines.length - MAX_LINES })}</p>`}`;
}

type Line = Omit<Difference, 'path'> & { readonly place: Html | string };

function plainLines(visit: Visit, subject: string, before: unknown, after: unknown): Line[] {
  const isNamed = /^(?:unit|person|delegation|organisation)/.test(subject);
  return differences(before, after).map(({ path, before: was, after: is }) => {
    const label = isNamed ? LABELS.get(path) : undefined;
    const say = (value: string | null) => (value === null || !isNamed ? value : sayValue(visit, path, value));
    return { place: label ? t(visit, label) : html`<code>${path}</code>`, before: say(was), after: say(is) };
  });
}

function sayValue(visit: Visit, path: string, value: string): string {
  if (value === 'true' || value === 'false')
    return sentence(visit.language, value === 'true' ? 'public.yes' : 'public.no');
  if (path !== 'roles') return value;
  return value
    .split(', ')
    .map((one) => (ROLES.some((role) => role === one) ? sentence(visit.language, `role.${one}`) : one))
    .join(', ');
}

interface Row {
  readonly date: string;
  readonly kind: string;
  readonly status: string;
  readonly source?: string;
  readonly name?: { readonly vi: string; readonly en: string };
}

/** A line a day and kind: what stood there, what stands there now. */
function calendarLines(visit: Visit, before: unknown, after: unknown): Line[] {
  const rowsOf = (data: unknown) => {
    const { rows } = data as { rows: readonly Row[] };
    const lines = new Map<string, string>();
    for (const { date, kind, status, source, name } of rows) {
      const parts = [
        t(visit, `calendar.kinds.${kind}`),
        name?.[visit.language],
        t(visit, `calendar.status.${status}`),
        source,
      ].filter((part) => part !== undefined);
      const key = `${date} ${kind}`;
      lines.set(lines.has(key) ? `${key} ${status}` : key, parts.join(' · '));
    }
    return lines;
  };
  const [was, is] = [rowsOf(before), rowsOf(after)];
  const keys = [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => was.get(key) !== is.get(key))
    .sort();
  return keys.map((key) => ({
    place: html`${day(visit, key.slice(0, 10))}`,
    before: was.get(key) ?? null,
    after: is.get(key) ?? null,
  }));
}
