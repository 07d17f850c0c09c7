import { type Html, html } from '../public/html.ts';
import { type Language, sentence } from '../public/sentences.ts';
import { hidden } from './ui.ts';
import { type AdminPage, AREA_PATHS, AREAS, t, type Visit } from './visit.ts';

/** Words on what was done, by which a page begins after a form; others in the address are passed over. */
const DONE = ['saved', 'created', 'password', 'withdrawn', 'applied', 'confirmed', 'moved'] as const;

/** The whole document of a page of administration. */
export function renderAdmin(visit: Visit, page: AdminPage): string {
  const told = DONE.find((one) => one === visit.query.get('xong'));
  return html`${head(visit.language, visit.stylePath, `${page.title} – ${t(visit, 'title')}`)}
<body>
<a class="skip" href="#noi-dung">${t(visit, 'skip')}</a>
<header class="top"><div class="wrap">
  <a class="name" href="/quan-tri">${t(visit, 'title')}<small>${visit.organisation.name[visit.language]}</small></a>
  <div class="who">
    <span>${visit.person.name[visit.language]}</span>
    <a href="/quan-tri/mat-khau">${t(visit, 'password.own')}</a>
    ${languageLink(visit.language, visit.url)}
    <form method="post" action="/quan-tri/dang-xuat">${hidden(visit)}<button class="btn" type="submit">${t(visit, 'signOut')}</button></form>
  </div>
</div></header>
<nav class="nav" aria-label="${t(visit, 'navigation')}"><ul class="wrap">${AREAS.map(
    (area) =>
      html`<li><a href="${AREA_PATHS[area]}"${area === page.area && html` aria-current="${visit.url.split('?')[0] === AREA_PATHS[area] ? 'page' : 'true'}"`}>${t(visit, `area.${area}`)}</a></li>`,
  )}</ul></nav>
<main class="wrap" id="noi-dung" tabindex="-1">
${page.crumbs && html`<nav class="crumbs" aria-label="${t(visit, 'crumbs')}"><ol>${page.crumbs.map((one) => html`<li><a href="${one.path}">${one.name}</a></li>`)}</ol></nav>`}
<h1>${page.title}</h1>
${told && html`<div class="notice success" role="status"><p>${t(visit, `done.${told}`)}</p></div>`}
${page.main}
</main>
</body>
</html>
`.html;
}

/** A page for somebody who is not signed in, or a message instead of a page. */
export function renderPlain(
  around: { readonly language: Language; readonly stylePath: string; readonly url: string },
  title: string,
  main: Html,
): string {
  return html`${head(around.language, around.stylePath, `${title} – ${sentence(around.language, 'admin.title')}`)}
<body class="signed-out">
<main class="sheet" id="noi-dung">
<p class="switch">${languageLink(around.language, around.url)}</p>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.html;
}

const head = (language: Language, stylePath: string, title: string): Html => html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <meta name="robots" content="noindex">
  <link rel="stylesheet" href="${stylePath}">
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
</head>`;

function languageLink(language: Language, url: string): Html {
  const target = language === 'vi' ? 'en' : 'vi';
  const back = new URLSearchParams({ ve: url });
  return html`<a href="/quan-tri/ngon-ngu/${target}?${back.toString()}" lang="${target}" hreflang="${target}">${sentence(language, 'public.otherLanguage')}</a>`;
}
