import { findCategory } from '../../domain/regulations/index.ts';
import { pathOf } from '../decisions/publish.ts';
import { allPath, feedPath, homePath } from './addresses.ts';
import { type Html, html } from './html.ts';
import { type Site, t } from './page.ts';
import type { Listed } from './published.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The newest of a channel as an Atom feed (RFC 4287). */
export function atomFeed(
  site: Site,
  newest: readonly Listed[],
  unitNames: ReadonlyMap<string, string>,
  emptyAt: number,
): string {
  const { language, organisation, baseUrl } = site;
  const iso = (at: number) => new Date(at).toISOString();
  const entries = newest.map((one) => {
    const address = baseUrl + pathOf(one.channel, one.slug);
    const section = findCategory(organisation.profile, one.category_id);
    return html`
  <entry>
    <id>${address}</id>
    <title>${one.title}</title>
    <link rel="alternate" type="text/html" href="${address}"/>
    <published>${iso(one.first_published_at)}</published>
    <updated>${iso(one.published_at)}</updated>
    <author><name>${unitNames.get(one.unit_id) ?? organisation.name[language]}</name></author>
    ${section && html`<category term="${section.id}" label="${section.name[language]}"/>`}
    <summary>${one.summary}</summary>
  </entry>`;
  });
  return (
    XML +
    html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
  <id>${baseUrl}${feedPath(language)}</id>
  <title>${organisation.name[language]}</title>
  <subtitle>${t(site, 'siteTagline')}</subtitle>
  <link rel="self" type="application/atom+xml" href="${baseUrl}${feedPath(language)}"/>
  <link rel="alternate" type="text/html" href="${baseUrl}${homePath(language)}"/>
  <updated>${iso(newest[0]?.published_at ?? emptyAt)}</updated>
  <rights>${t(site, 'rights')}</rights>${entries}
</feed>
`.html
  );
}

/** Every public page with its version in the other channel (sitemaps.org, with alternates). */
export function sitemap(
  baseUrl: string,
  all: readonly (Listed & { readonly counterpart_slug: string | null })[],
): string {
  const entry = (
    path: string,
    changedAt: number | null,
    others: readonly (readonly [string, string])[],
  ): Html =>
    html`
  <url>
    <loc>${baseUrl}${path}</loc>${
      changedAt !== null &&
      html`
    <lastmod>${new Date(changedAt).toISOString()}</lastmod>`
    }${others.map(
      ([language, other]) => html`
    <xhtml:link rel="alternate" hreflang="${language}" href="${baseUrl}${other}"/>`,
    )}
  </url>`;
  const homes = [
    ['vi', homePath('vi')],
    ['en', homePath('en')],
  ] as const;
  const pages = [
    ...homes.map(([, path]) => entry(path, null, homes)),
    ...(['vi', 'en'] as const).map((language) => entry(allPath(language), null, [])),
    ...all.map((one) => {
      const own = [one.channel, pathOf(one.channel, one.slug)] as const;
      if (one.counterpart_slug === null) return entry(own[1], one.published_at, []);
      const other = one.channel === 'vi' ? 'en' : 'vi';
      return entry(own[1], one.published_at, [own, [other, pathOf(other, one.counterpart_slug)]]);
    }),
  ];
  return (
    XML +
    html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">${pages}
</urlset>
`.html
  );
}

export function robots(baseUrl: string): string {
  return `User-agent: *\nDisallow: /api/\nDisallow: /tim-kiem\nDisallow: /en/search\nSitemap: ${baseUrl}/sitemap.xml\n`;
}
