import { findCategory, type RegulationProfile } from '../../domain/regulations/index.ts';
import type { Organisation } from '../storage/organisations.ts';
import { feedPath, homePath, searchPath, sectionPath } from './addresses.ts';
import { type Html, html } from './html.ts';
import { type Language, sentence } from './sentences.ts';

/** What every page knows of the site around it. */
export interface Site {
  readonly organisation: Organisation;
  readonly language: Language;
  /** Address of the site, without a slash at the end. */
  readonly baseUrl: string;
  readonly stylePath: string;
  /** Articles per section of this channel. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface Page {
  readonly title: string;
  readonly description?: string;
  /** Path of this page. */
  readonly path: string;
  /** Path of the same page in the other channel, null where there is none. */
  readonly otherPath: string | null;
  readonly head?: Html;
  readonly crumbs?: readonly { readonly name: string; readonly path: string | null }[];
  readonly sectionId?: string;
  readonly query?: string;
  readonly noIndex?: boolean;
  readonly main: Html;
}

const MAX_NAV = 7;

export const t = (
  site: Pick<Site, 'language'>,
  key: string,
  values?: Record<string, string | number>,
): string => sentence(site.language, `public.${key}`, values);

const other = (language: Language): Language => (language === 'vi' ? 'en' : 'vi');

/** Sections that have something, the ones above them counted with them, in the order of the regulation. */
export function filledSections(
  profile: RegulationProfile,
  counts: ReadonlyMap<string, number>,
): {
  readonly id: string;
  readonly parent: string | null;
  readonly name: { vi: string; en: string };
  readonly count: number;
}[] {
  const countOf = (id: string): number =>
    (counts.get(id) ?? 0) +
    profile.categories
      .filter((child) => child.parent === id)
      .reduce((sum, child) => sum + countOf(child.id), 0);
  return profile.categories
    .map((category) => ({ ...category, count: countOf(category.id) }))
    .filter((category) => category.count > 0)
    .map(({ id, parent, name, count }) => ({ id, parent, name, count }));
}

/** The whole document of a page. */
export function renderPage(site: Site, page: Page): string {
  const { language, organisation, baseUrl } = site;
  const name = organisation.name[language];
  const alternates =
    page.otherPath === null
      ? null
      : html`
  <link rel="alternate" hreflang="${language}" href="${baseUrl}${page.path}">
  <link rel="alternate" hreflang="${other(language)}" href="${baseUrl}${page.otherPath}">
  <link rel="alternate" hreflang="x-default" href="${baseUrl}${language === 'vi' ? page.path : page.otherPath}">`;
  const title = page.title === name ? name : `${page.title} – ${name}`;
  return html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  ${page.description && html`<meta name="description" content="${page.description}">`}
  ${page.noIndex && html`<meta name="robots" content="noindex">`}
  <link rel="stylesheet" href="${site.stylePath}">
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  ${!page.noIndex && html`<link rel="canonical" href="${baseUrl}${page.path}">`}${alternates}
  <link rel="alternate" type="application/atom+xml" title="${t(site, 'feed')}" href="${feedPath(language)}">
  <link rel="search" href="${searchPath(language)}">
  ${page.head}
</head>
<body>
<a class="skip" href="#noi-dung">${t(site, 'skip')}</a>
${header(site, page)}
${navigation(site, page)}
<main class="wrap" id="noi-dung" tabindex="-1">
${page.crumbs && crumbs(site, page.crumbs)}
${page.main}
</main>
${footer(site)}
</body>
</html>
`.html;
}

function header(site: Site, page: Page): Html {
  const { language, organisation } = site;
  const target = other(language);
  return html`<header class="top">
  <div class="wrap">
    <a class="name" href="${homePath(language)}">${organisation.name[language]}<small>${t(site, 'siteTagline')}</small></a>
    <form class="search" role="search" action="${searchPath(language)}" method="get">
      <label class="hidden" for="tim">${t(site, 'searchLabel')}</label>
      <span class="icon i-search" aria-hidden="true"></span>
      <input id="tim" type="search" name="q" value="${page.query ?? ''}" placeholder="${t(site, 'searchPlaceholder')}" maxlength="200" autocomplete="off">
      <button type="submit">${t(site, 'searchButton')}</button>
    </form>
    <a class="switch no-print" href="${page.otherPath ?? homePath(target)}" lang="${target}" hreflang="${target}"><span class="icon i-globe" aria-hidden="true"></span>${t(site, 'otherLanguage')}</a>
  </div>
</header>`;
}

function navigation(site: Site, page: Page): Html {
  const { language, organisation } = site;
  const current = page.sectionId === undefined ? null : topOf(organisation.profile, page.sectionId);
  const sections = filledSections(organisation.profile, site.counts)
    .filter((section) => section.parent === null)
    .slice(0, MAX_NAV);
  const here = (isHere: boolean) => isHere && html` aria-current="page"`;
  return html`<nav class="nav" aria-label="${t(site, 'sections')}">
  <ul class="wrap">
    <li><a href="${homePath(language)}"${here(page.path === homePath(language))}>${t(site, 'home')}</a></li>
    ${sections.map(
      (section) =>
        html`<li><a href="${sectionPath(language, section)}" title="${section.name[language]}"${here(section.id === current)}>${section.name[language]}</a></li>`,
    )}
  </ul>
</nav>`;
}

function topOf(profile: RegulationProfile, categoryId: string): string {
  const parent = findCategory(profile, categoryId)?.parent ?? null;
  return parent === null ? categoryId : topOf(profile, parent);
}

function crumbs(site: Site, steps: NonNullable<Page['crumbs']>): Html {
  return html`<nav class="crumbs" aria-label="${t(site, 'path')}"><ol>
  <li><a href="${homePath(site.language)}">${t(site, 'home')}</a></li>
  ${steps.map((step) => html`<li>${step.path === null ? step.name : html`<a href="${step.path}">${step.name}</a>`}</li>`)}
</ol></nav>`;
}

function footer(site: Site): Html {
  const { language, organisation } = site;
  const email = organisation.profile.submissionEmail?.address;
  return html`<footer class="foot">
  <div class="wrap">
    <div>${t(site, 'responsible', { name: organisation.name[language] })}</div>
    <div class="links no-print">
      <a href="${feedPath(language)}">${t(site, 'feed')}</a>
      ${email && html`<span>${t(site, 'contact')}: <a href="mailto:${email}">${email}</a></span>`}
    </div>
  </div>
</footer>`;
}
