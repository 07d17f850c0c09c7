import type { FastifyReply } from 'fastify';
import type { PortalError } from '../errors.ts';
import { homePath, searchPath } from './addresses.ts';
import { html } from './html.ts';
import { type Page, type Site, t } from './page.ts';
import type { Language } from './sentences.ts';

/** Policy of every public page: no script, nothing from elsewhere. */
export const CSP = [
  "default-src 'none'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a visitor is told instead of the page, in the channel's language. */
export function problemPage(site: Site, error: PortalError): Page {
  const kind =
    error.statusCode === 429 ? 'tooMany' : error.statusCode >= 500 ? 'error' : ('notFound' as const);
  return {
    title: t(site, `${kind}Title`),
    path: '',
    otherPath: null,
    noIndex: true,
    main: html`<div class="message">
  <h1>${t(site, `${kind}Title`)}</h1>
  <p>${t(site, `${kind}Text`)}</p>
  ${kind === 'notFound' && searchForm(site)}
  <p><a href="${homePath(site.language)}">${t(site, 'notFoundHome')}</a></p>
</div>`,
  };
}

/** At the address of an article that was taken down. */
export function withdrawnPage(site: Site): Page {
  return {
    title: t(site, 'withdrawnTitle'),
    path: '',
    otherPath: null,
    noIndex: true,
    main: html`<div class="message">
  <h1>${t(site, 'withdrawnTitle')}</h1>
  <p>${t(site, 'withdrawnText')}</p>
  <p><a href="${homePath(site.language)}">${t(site, 'notFoundHome')}</a></p>
</div>`,
  };
}

const searchForm = (site: Site) => html`<p>${t(site, 'notFoundSearch')}</p>
  <form class="search search-large" action="${searchPath(site.language)}" method="get">
    <label class="hidden" for="tim-lai">${t(site, 'searchLabel')}</label>
    <span class="icon i-search" aria-hidden="true"></span>
    <input id="tim-lai" type="search" name="q" maxlength="200">
    <button type="submit">${t(site, 'searchButton')}</button>
  </form>`;

/** Without an organisation or a database there is no site around the message. */
export function plainMessage(
  reply: FastifyReply,
  error: PortalError,
  language: Language,
  stylePath: string,
): FastifyReply {
  const isEmpty = error.code === 'portal-unreachable';
  const site = { language };
  const title = t(site, isEmpty ? 'notSetUp' : error.statusCode === 404 ? 'notFoundTitle' : 'errorTitle');
  const text = html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><meta name="robots" content="noindex"><link rel="stylesheet" href="${stylePath}"></head>
<body><main class="wrap"><div class="message"><h1>${title}</h1>${!isEmpty && html`<p>${t(site, 'errorText')}</p>`}</div></main></body>
</html>
`.html;
  return reply
    .code(error.statusCode)
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': CSP, 'content-language': language })
    .send(text);
}
