import { formatDate, formatInstantDate, formatNumber, formatTime } from '../../domain/text/index.ts';
import { type Html, html } from '../public/html.ts';
import { t, type Visit } from './visit.ts';

/** Pieces of which pages of administration are made. */

/** What is wrong with a form: the field, and the sentence. */
export type Problems = ReadonlyMap<string, string>;
export const NO_PROBLEMS: Problems = new Map();

interface FieldOptions {
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  readonly help?: string | undefined;
  readonly problems?: Problems;
  readonly type?: 'text' | 'date' | 'password' | 'number' | 'email';
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly autocomplete?: string;
  readonly lang?: 'en';
  readonly wide?: boolean;
}

const describedBy = ({ id, help, problems }: Pick<FieldOptions, 'id' | 'help' | 'problems'>): Html => {
  const ids = [help && `${id}-help`, problems?.has(id) && `${id}-problem`].filter(Boolean).join(' ');
  return html`${ids !== '' && html` aria-describedby="${ids}"`}${problems?.has(id) && html` aria-invalid="true"`}`;
};

const around = (visit: Visit, options: Omit<FieldOptions, 'value' | 'type'>, control: Html): Html => {
  const { id, label, help, problems, required, wide } = options;
  const problem = problems?.get(id);
  return html`<div class="field${problem && ' bad'}${wide && ' wide'}">
  <label for="${id}">${label}${!required && html` <span class="faint">${t(visit, 'form.optional')}</span>`}</label>
  ${control}
  ${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}
  ${help && html`<p class="help" id="${id}-help">${help}</p>`}
</div>`;
};

/** A labelled line to type in, with its help and what is wrong with it. */
export function field(visit: Visit, options: FieldOptions): Html {
  const { id, value = '', type = 'text', required, maxLength = 300, autocomplete = 'off', lang } = options;
  const days = type === 'date' && html` min="1900-01-01" max="2199-12-31"`;
  return around(
    visit,
    options,
    html`<input id="${id}" name="${id}" type="${type}" value="${value}"${days} maxlength="${maxLength}" autocomplete="${autocomplete}"${lang && html` lang="${lang}"`}${required && html` required`}${describedBy(options)}>`,
  );
}

export function textArea(visit: Visit, options: FieldOptions & { readonly rows?: number }): Html {
  const { id, value = '', rows = 3, required, maxLength = 4000, lang } = options;
  return around(
    visit,
    options,
    html`<textarea id="${id}" name="${id}" rows="${rows}" maxlength="${maxLength}"${lang && html` lang="${lang}"`}${required && html` required`}${describedBy(options)}>
${value}</textarea>`,
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A list to choose one of; the first line is empty unless something must be chosen. */
export function select(
  visit: Visit,
  options: Omit<FieldOptions, 'type'> & { readonly choices: readonly Choice[]; readonly empty?: string },
): Html {
  const { id, value = '', choices, required, empty } = options;
  const line = (choice: Choice) =>
    html`<option value="${choice.value}"${choice.value === value && html` selected`}>${choice.label}</option>`;
  return around(
    visit,
    options,
    html`<select id="${id}" name="${id}"${required && html` required`}${describedBy(options)}>${empty !== undefined && line({ value: '', label: empty })}${choices.map(line)}</select>`,
  );
}

/** Boxes to tick, under one heading. */
export function boxes(
  visit: Visit,
  options: {
    readonly id: string;
    readonly label: string;
    readonly choices: readonly (Choice & { readonly note?: string })[];
    readonly chosen: readonly string[];
    readonly problems?: Problems;
    readonly help?: string;
  },
): Html {
  const { id, label, choices, chosen, problems, help } = options;
  const problem = problems?.get(id);
  return html`<fieldset class="field wide${problem && ' bad'}" id="${id}"${describedBy(options)}>
  <legend>${label}</legend>
  ${help && html`<p class="help" id="${id}-help">${help}</p>`}
  ${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}
  ${choices.length === 0 && html`<p class="faint">${t(visit, 'none')}</p>`}
  <div class="boxes">${choices.map(
    (choice) =>
      html`<label class="box"><input type="checkbox" name="${id}" value="${choice.value}"${chosen.includes(choice.value) && html` checked`}> <span>${choice.label}${choice.note && html` <small>${choice.note}</small>`}</span></label>`,
  )}</div>
</fieldset>`;
}

/** Above a form that was refused: what is wrong, each line leading to its field. */
export function summary(visit: Visit, problems: Problems): Html | null {
  if (problems.size === 0) return null;
  return html`<div class="notice danger" role="alert" id="problems">
  <p><strong>${t(visit, 'form.refused')}</strong></p>
  <ul>${[...problems].map(([id, text]) => html`<li>${id.startsWith('_') ? text : html`<a href="#${id}">${text}</a>`}</li>`)}</ul>
</div>`;
}

/** What every form carries beside its fields. */
export const hidden = (visit: Visit, fields: Readonly<Record<string, string | number>> = {}): Html =>
  html`<input type="hidden" name="token" value="${visit.token}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => Html | string | number | null;
  readonly kind?: 'num' | 'actions';
}

/** A table with its caption, or a sentence when there is nothing in it. */
export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
  <caption class="hidden">${caption}</caption>
  <thead><tr>${columns.map((column) => html`<th scope="col"${column.kind && html` class="${column.kind}"`}>${column.kind === 'actions' ? html`<span class="hidden">${column.head}</span>` : column.head}</th>`)}</tr></thead>
  <tbody>${rows.map(
    (row) => html`
  <tr>${columns.map((column) => html`<td${column.kind && html` class="${column.kind}"`}>${column.cell(row)}</td>`)}</tr>`,
  )}
  </tbody>
</table></div>`;
}

export const PAGE_SIZE = 50;

export interface Slice<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly page: number;
}

/** The page that the address asks for, within what there is. */
export function slice<T>(visit: Visit, rows: readonly T[]): Slice<T> {
  const page = pageOf(visit, rows.length);
  return { rows: rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), total: rows.length, page };
}

export function pageOf(visit: Visit, total: number): number {
  const wanted = Number(visit.query.get('trang') ?? 1);
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, last) : 1;
}

/** How many there are, and the way to the pages beside this one. */
export function pager(visit: Visit, { total, page }: Omit<Slice<unknown>, 'rows'>): Html | null {
  if (total === 0) return null;
  const { language } = visit;
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const count = html`<span>${t(visit, 'pager.count', { count: formatNumber(total, language) })}</span>`;
  if (last === 1) return html`<p class="pager">${count}</p>`;
  const to = (number: number) => {
    const [path = '', query] = visit.url.split('?');
    const search = new URLSearchParams(query);
    search.delete('xong');
    search.set('trang', String(number));
    return `${path}?${search}`;
  };
  return html`<nav class="pager" aria-label="${t(visit, 'pager.label')}">${count}
  ${page > 1 && html`<a class="btn" rel="prev" href="${to(page - 1)}">${t(visit, 'pager.previous')}</a>`}
  <span>${t(visit, 'pager.page', { page: formatNumber(page, language), pages: formatNumber(last, language) })}</span>
  ${page < last && html`<a class="btn" rel="next" href="${to(page + 1)}">${t(visit, 'pager.next')}</a>`}
</nav>`;
}

/** Search of a list, with the words that are looked for. */
export const searchForm = (visit: Visit, label: string, more: Html | null = null): Html => {
  const [path = ''] = visit.url.split('?');
  return html`<form class="search" role="search" action="${path}" method="get">
  <div class="field"><label for="q">${label}</label><input id="q" name="q" type="search" value="${visit.query.get('q') ?? ''}" maxlength="200" autocomplete="off"></div>
  ${more}
  <button class="btn" type="submit">${t(visit, 'search')}</button>
</form>`;
};

/** A word that stands alone, readable without its colour. */
export const chip = (
  text: string,
  kind: 'plain' | 'success' | 'warning' | 'danger' | 'info' = 'plain',
): Html => html`<span class="chip ${kind}">${text}</span>`;

export const day = (visit: Visit, date: string | null | undefined): Html | string =>
  date ? html`<time datetime="${date}">${formatDate(date, visit.language)}</time>` : '–';

export const moment = (visit: Visit, at: number): string =>
  `${formatTime(at)}, ${formatInstantDate(at, visit.language)}`;
