import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mediaTypeOf } from '../../domain/content/index.ts';
import type { Portal } from '../context.ts';
import { errorBody, PortalError, toPortalError } from '../errors.ts';
import { sendFile } from '../routes/files.ts';
import { filePath, homePath, searchPath, sectionOf } from './addresses.ts';
import { articlePage, contentOf } from './articlePage.ts';
import { loadAssets } from './assets.ts';
import { atomFeed, robots, sitemap } from './feeds.ts';
import { allPage, homePage, PAGE_SIZE, searchPage, sectionPage } from './listPages.ts';
import { type Page, renderPage, type Site } from './page.ts';
import { CSP, plainMessage, problemPage, withdrawnPage } from './problems.ts';
import { Published } from './published.ts';
import { type Language, languageOf } from './sentences.ts';

/** Kept by browsers, but asked about each time: what was corrected or taken down must not be shown from a cache. */
const FRESH = 'no-cache';
const FOR_EVER = 'public, max-age=31536000, immutable';
const HOME_ITEMS = 12;
const FEED_ITEMS = 50;
const RELATED = 3;
const MAX_PAGE = 10_000;
const MAX_QUERY = 200;

const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#25508F"/>' +
  '<path d="M9 10h14M9 16h14M9 22h8" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>';

/** The public site of both channels: pages made on the server, readable without a script. */
export async function publicRoutes(app: FastifyInstance, portal: Portal): Promise<void> {
  const assets = await loadAssets();
  const hidden = { schema: { hide: true } };

  for (const asset of [
    ...assets.byPath.values(),
    { path: '/favicon.svg', type: 'image/svg+xml', body: Buffer.from(FAVICON) },
  ]) {
    const caching = asset.path === '/favicon.svg' ? 'public, max-age=86400' : FOR_EVER;
    app.get(asset.path, hidden, (_request, reply) =>
      reply.type(asset.type).header('cache-control', caching).send(asset.body),
    );
  }

  const siteFor = async (
    request: FastifyRequest,
    language: Language,
  ): Promise<Site & { published: Published }> => {
    const organisation = await portal.organisations.own();
    if (!organisation) throw new PortalError('portal-unreachable');
    const published = new Published(portal.db, organisation.id);
    return {
      organisation,
      language,
      baseUrl: portal.publicUrl ?? ownUrl(request),
      stylePath: assets.stylePath,
      counts: await published.counts(language),
      published,
    };
  };
  const show = (request: FastifyRequest, reply: FastifyReply, site: Site, page: Page, status = 200) => {
    const text = renderPage(site, page);
    return answer(request, reply, 'text/html; charset=utf-8', text, status, {
      'content-security-policy': CSP,
      'content-language': site.language,
    });
  };
  const messagePage = async (request: FastifyRequest, reply: FastifyReply, error: PortalError) => {
    const language = languageOfPath(request.url);
    const site = await siteFor(request, language).catch(() => null);
    reply.header('cache-control', 'no-store');
    if (!site) return plainMessage(reply, error, language, assets.stylePath);
    return show(request, reply, site, problemPage(site, error), error.statusCode);
  };

  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const known = toPortalError(error);
      if (known.code === 'internal') request.log.error({ err: error }, 'a page failed');
      return messagePage(request, reply, known);
    });

    scope.get('/en', hidden, (_request, reply) => reply.redirect('/en/', 301));
    for (const language of ['vi', 'en'] as const) {
      const at = (vi: string, en: string) => (language === 'vi' ? vi : en);

      scope.get(homePath(language), hidden, async (request, reply) => {
        const site = await siteFor(request, language);
        const newest = await site.published.newest(language, { offset: 0, limit: HOME_ITEMS });
        return show(request, reply, site, homePage(site, newest, await site.published.unitNames(language)));
      });

      scope.get<{ Querystring: { page?: string } }>(
        at('/tat-ca', '/en/all'),
        hidden,
        async (request, reply) => {
          const site = await siteFor(request, language);
          const page = pageOf(request.query.page);
          const list = await site.published.newest(language, slice(page));
          const total = sum(site.counts.values());
          const names = await site.published.unitNames(language);
          return show(request, reply, site, allPage(site, list, names, { page, total }));
        },
      );

      scope.get<{ Params: { slug: string }; Querystring: { page?: string } }>(
        at('/chuyen-muc/:slug', '/en/section/:slug'),
        hidden,
        async (request, reply) => {
          const site = await siteFor(request, language);
          const { profile } = site.organisation;
          const section = sectionOf(profile, language, request.params.slug);
          if (!section) throw new PortalError('not-found');
          const ids = profile.categories
            .filter((category) => category.id === section.id || category.parent === section.id)
            .map((category) => category.id);
          const page = pageOf(request.query.page);
          const list = await site.published.newest(language, slice(page), ids);
          const total = sum(ids.map((id) => site.counts.get(id) ?? 0));
          const names = await site.published.unitNames(language);
          return show(request, reply, site, sectionPage(site, section, list, names, { page, total }));
        },
      );

      scope.get<{ Params: { slug: string } }>(
        at('/bai/:slug', '/en/article/:slug'),
        hidden,
        async (request, reply) => {
          const site = await siteFor(request, language);
          const { slug } = request.params;
          const publication = await site.published.bySlug(language, slug);
          if (!publication) {
            if (await site.published.wasThere(language, slug))
              return show(request, reply, site, withdrawnPage(site), 410);
            throw new PortalError('not-found');
          }
          const [counterpart, unitName, sameSection] = await Promise.all([
            site.published.counterpart(publication.article_id),
            site.published.unitName(publication.unit_id, language),
            site.published.newest(language, { offset: 0, limit: RELATED + 1 }, [publication.category_id]),
          ]);
          const related = sameSection
            .filter((one) => one.article_id !== publication.article_id)
            .slice(0, RELATED);
          return show(
            request,
            reply,
            site,
            articlePage(site, { publication, counterpart, unitName, related }),
          );
        },
      );

      scope.get<{ Querystring: { q?: string; page?: string } }>(
        searchPath(language),
        hidden,
        async (request, reply) => {
          const site = await siteFor(request, language);
          const query = String(request.query.q ?? '')
            .normalize('NFC')
            .trim()
            .slice(0, MAX_QUERY);
          const page = pageOf(request.query.page);
          const { total, found } = await site.published.search(language, query, slice(page));
          const names = await site.published.unitNames(language);
          return show(request, reply, site, searchPage(site, query, found, names, { page, total }));
        },
      );

      scope.get(at('/feed.atom', '/en/feed.atom'), hidden, async (request, reply) => {
        const site = await siteFor(request, language);
        const newest = await site.published.newest(language, { offset: 0, limit: FEED_ITEMS });
        const names = await site.published.unitNames(language);
        const text = atomFeed(site, newest, names, 0);
        return answer(request, reply, 'application/atom+xml; charset=utf-8', text);
      });
    }

    scope.get('/sitemap.xml', hidden, async (request, reply) => {
      const site = await siteFor(request, 'vi');
      const text = sitemap(site.baseUrl, await site.published.all());
      return answer(request, reply, 'application/xml; charset=utf-8', text);
    });
    scope.get('/robots.txt', hidden, (request, reply) =>
      answer(request, reply, 'text/plain; charset=utf-8', robots(portal.publicUrl ?? ownUrl(request))),
    );

    scope.get<{ Params: { sha256: string; name: string } }>(
      '/tep/:sha256/:name',
      hidden,
      async (request, reply) => {
        const site = await siteFor(request, 'vi');
        const { sha256, name } = request.params;
        if (!/^[0-9a-f]{64}$/.test(sha256)) throw new PortalError('not-found');
        const publication = await site.published.naming(sha256);
        const size = publication ? await portal.files.sizeOf(sha256) : null;
        const named = publication
          ? contentOf(publication).files.filter((file) => file.sha256 === sha256)
          : [];
        const file = named.find((one) => one.name === name) ?? named[0];
        if (!file || size === null) throw new PortalError('not-found');
        if (file.name !== name) return reply.redirect(filePath(sha256, file.name), 302);
        reply.headers({
          'content-disposition': disposition(file.name),
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': FRESH,
        });
        return sendFile(portal, reply, {
          sha256,
          size,
          type: mediaTypeOf(file.name),
          range: request.headers.range,
          known: request.headers['if-none-match'],
          isHead: request.method === 'HEAD',
        });
      },
    );
  });

  app.setNotFoundHandler((request, reply) => {
    const error = new PortalError('not-found');
    if (!request.url.startsWith('/api/') && request.method === 'GET')
      return messagePage(request, reply, error);
    const language = languageOf(request.headers['accept-language']);
    return reply.code(404).header('content-language', language).send(errorBody(error, language));
  });
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  reply.headers({ ...headers, 'referrer-policy': 'same-origin', vary: 'accept-encoding' });
  if (status >= 400) return reply.code(status).type(type).header('cache-control', 'no-store').send(text);
  reply.headers({ etag, 'cache-control': FRESH });
  const known = String(request.headers['if-none-match'] ?? '').split(/\s*,\s*/);
  if (known.includes(etag)) return reply.code(304).send();
  return reply.code(status).type(type).send(text);
}

/** Old software gets the name in ASCII, all other its own letters (RFC 6266). */
function disposition(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, (letter) => (letter === 'đ' ? 'd' : 'D'))
    .replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** By what address the request came; a `Host` that is no host counts as none. */
function ownUrl(request: FastifyRequest): string {
  const host = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(request.host)
    ? request.host
    : 'localhost';
  return `${request.protocol}://${host}`;
}

const languageOfPath = (url: string): Language => (/^\/en(\/|\?|$)/.test(url) ? 'en' : 'vi');
const slice = (page: number) => ({ offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE });
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

function pageOf(text: string | undefined): number {
  const page = Number(text ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
}
