import { dateInVietnam } from '../../domain/deadlines/index.ts';
import { type Category, findCategory } from '../../domain/regulations/index.ts';
import { formatInstantDate, formatNumber } from '../../domain/text/index.ts';
import { pathOf } from '../decisions/publish.ts';
import { allPath, homePath, searchPath, sectionPath } from './addresses.ts';
import { type Html, html } from './html.ts';
import { filledSections, type Page, type Site, t } from './page.ts';
import type { Listed } from './published.ts';
import { highlight, snippet } from './snippet.ts';
import { wording } from './wording.ts';

export const PAGE_SIZE = 20;

interface Paging {
  readonly page: number;
  readonly total: number;
}

/** Home of a channel: what is new, and the sections. */
export function homePage(
  site: Site,
  newest: readonly Listed[],
  unitNames: ReadonlyMap<string, string>,
): Page {
  const { language, organisation } = site;
  const total = [...site.counts.values()].reduce((sum, count) => sum + count, 0);
  const sections = filledSections(organisation.profile, site.counts);
  return {
    title: organisation.name[language],
    description: t(site, 'siteTagline'),
    path: homePath(language),
    otherPath: homePath(language === 'vi' ? 'en' : 'vi'),
    main: html`<div class="list-head home"><h1>${t(site, 'newest')}</h1></div>
<div class="grid">
  <section>
    ${newest.length === 0 ? html`<p class="quiet">${t(site, 'emptyHome')}</p>` : items(site, newest, unitNames)}
    ${total > newest.length && html`<p class="pages"><a class="btn" href="${allPath(language)}">${t(site, 'more', { count: formatNumber(total, language) })}</a></p>`}
  </section>
  ${
    sections.length > 0 &&
    html`<aside aria-label="${t(site, 'bySection')}"><section class="box">
    <h2>${t(site, 'bySection')}</h2>
    <ul>${sections.map(
      (section) =>
        html`<li${section.parent !== null && html` class="subsection"`}><a href="${sectionPath(language, section)}">${section.name[language]}</a><span class="count">${formatNumber(section.count, language)}</span></li>`,
    )}</ul>
  </section></aside>`
  }
</div>`,
  };
}

/** Articles of one section, newest first. */
export function sectionPage(
  site: Site,
  section: Category,
  list: readonly Listed[],
  unitNames: ReadonlyMap<string, string>,
  paging: Paging,
): Page {
  const { language, organisation } = site;
  const parent = section.parent === null ? undefined : findCategory(organisation.profile, section.parent);
  const path = sectionPath(language, section);
  return {
    title: section.name[language],
    path: paging.page > 1 ? `${path}?page=${paging.page}` : path,
    otherPath: sectionPath(language === 'vi' ? 'en' : 'vi', section),
    sectionId: section.id,
    crumbs: [
      ...(parent ? [{ name: parent.name[language], path: sectionPath(language, parent) }] : []),
      { name: section.name[language], path: null },
    ],
    main: html`<div class="list-head"><h1>${section.name[language]}</h1></div>
<div class="single">
  ${list.length === 0 ? html`<p class="quiet">${t(site, 'emptySection')}</p>` : items(site, list, unitNames)}
  ${pager(site, path, '', paging)}
</div>`,
  };
}

/** Everything of a channel, newest first. */
export function allPage(
  site: Site,
  list: readonly Listed[],
  unitNames: ReadonlyMap<string, string>,
  paging: Paging,
): Page {
  const path = allPath(site.language);
  return {
    title: t(site, 'allArticles'),
    path: paging.page > 1 ? `${path}?page=${paging.page}` : path,
    otherPath: allPath(site.language === 'vi' ? 'en' : 'vi'),
    crumbs: [{ name: t(site, 'allArticles'), path: null }],
    main: html`<div class="list-head"><h1>${t(site, 'allArticles')}</h1></div>
<div class="single">
  ${list.length === 0 ? html`<p class="quiet">${t(site, 'emptyHome')}</p>` : items(site, list, unitNames)}
  ${pager(site, path, '', paging)}
</div>`,
  };
}

/** Results of a search, or the form alone. */
export function searchPage(
  site: Site,
  query: string,
  found: readonly (Listed & { readonly plain: string })[],
  unitNames: ReadonlyMap<string, string>,
  paging: Paging,
): Page {
  const { language } = site;
  const path = searchPath(language);
  const heading = query === '' ? t(site, 'searchTitle') : t(site, 'searchHeading', { query });
  return {
    title: heading,
    path,
    otherPath: searchPath(language === 'vi' ? 'en' : 'vi'),
    noIndex: true,
    query,
    crumbs: [{ name: t(site, 'searchTitle'), path: null }],
    main: html`<div class="list-head"><h1>${heading}</h1></div>
<div class="single">
  ${query === '' && html`<p class="quiet">${t(site, 'searchHelp')}</p>`}
  ${
    query !== '' &&
    (found.length === 0
      ? html`<p>${t(site, 'searchNone', { query })}</p>`
      : html`<p class="quiet">${t(site, 'searchCount', { count: formatNumber(paging.total, language) })}</p>
  ${items(site, found, unitNames, (one) => ({
    title: highlight(one.title, query),
    text: snippet(withoutHead(one), query),
  }))}`)
  }
  ${pager(site, path, `q=${encodeURIComponent(query)}&`, paging)}
</div>`,
  };
}

/** Title and summary stand above the snippet already. */
function withoutHead(one: Listed & { readonly plain: string }): string {
  const lines = one.plain.split('\n').filter((line) => line.trim() !== one.title.trim());
  return lines.join(' ');
}

function items<T extends Listed>(
  site: Site,
  list: readonly T[],
  unitNames: ReadonlyMap<string, string>,
  show: (one: T) => { readonly title: Html | string; readonly text: Html | string } = (one) => ({
    title: wording(one.title),
    text: wording(one.summary),
  }),
): Html {
  const { language, organisation } = site;
  return html`<ol class="items">${list.map((one) => {
    const { title, text } = show(one);
    const section = findCategory(organisation.profile, one.category_id);
    return html`
    <li>
      <h2><a href="${pathOf(one.channel, one.slug)}">${title}</a></h2>
      <p>${text}</p>
      <div class="meta"><time datetime="${dateInVietnam(new Date(one.published_at).toISOString())}">${formatInstantDate(one.published_at, language)}</time><span>${unitNames.get(one.unit_id)}</span>${section && html`<a href="${sectionPath(language, section)}">${section.name[language]}</a>`}</div>
    </li>`;
  })}
  </ol>`;
}

function pager(site: Site, path: string, query: string, { page, total }: Paging): Html | null {
  const pages = Math.ceil(total / PAGE_SIZE);
  if (pages <= 1) return null;
  const to = (n: number) => `${path}?${query}page=${n}`;
  return html`<nav class="pages" aria-label="${t(site, 'pages')}">
  ${page > 1 && html`<a class="btn" rel="prev" href="${to(page - 1)}">${t(site, 'previous')}</a>`}
  <span>${t(site, 'page', { page, pages })}</span>
  ${page < pages && html`<a class="btn" rel="next" href="${to(page + 1)}">${t(site, 'next')}</a>`}
</nav>`;
}
