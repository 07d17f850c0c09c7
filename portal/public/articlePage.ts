import { dublinCore, extensionOf, type FieldSpec, fieldsFor } from '../../domain/content/index.ts';
import { dateInVietnam, isDate, weekday } from '../../domain/deadlines/index.ts';
import type { ArticleContent, ContentFile, FieldValue } from '../../domain/document/index.ts';
import { findCategory } from '../../domain/regulations/index.ts';
import {
  formatBytes,
  formatDate,
  formatInstantDate,
  formatNumber,
  formatTime,
} from '../../domain/text/index.ts';
import { pathOf } from '../decisions/publish.ts';
import { filePath, sectionPath } from './addresses.ts';
import { type Html, html, trusted } from './html.ts';
import { type Page, type Site, t } from './page.ts';
import type { Listed, Publication } from './published.ts';
import { bodyWording, wording } from './wording.ts';

/** A published article and what stands around it. */
export interface ArticleView {
  readonly publication: Publication;
  readonly counterpart: Publication | undefined;
  readonly unitName: string;
  readonly related: readonly Listed[];
}

/** The content of a snapshot. */
export const contentOf = (publication: Publication): ArticleContent => JSON.parse(publication.content);

/** Fields that stand elsewhere on the page. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'author',
  'reused',
  'sourceOfficial',
  'sourceAuthorOrAgency',
  'sourceUrl',
]);
const MIN_CONTENTS = 4;

export function articlePage(site: Site, view: ArticleView): Page {
  const { language, organisation, baseUrl } = site;
  const { publication, counterpart, unitName } = view;
  const content = contentOf(publication);
  const path = pathOf(publication.channel, publication.slug);
  const otherPath = counterpart ? pathOf(counterpart.channel, counterpart.slug) : null;
  const section = findCategory(organisation.profile, publication.category_id);
  const parent = section?.parent ? findCategory(organisation.profile, section.parent) : undefined;
  const files = filesOf(content, counterpart);
  const metadata = dublinCore(
    content,
    {
      categoryId: publication.category_id,
      language,
      unitName,
      publishedAt: new Date(publication.published_at).toISOString(),
      url: baseUrl + path,
      related: [
        ...(otherPath === null ? [] : [baseUrl + otherPath]),
        ...files.map((file) => baseUrl + filePath(file.sha256, file.name)),
      ],
      rights: t(site, 'rights'),
    },
    organisation.profile,
  );
  const { body, contents } = withContents(publication.html);
  return {
    title: publication.title,
    description: publication.summary || publication.title,
    path,
    otherPath,
    sectionId: publication.category_id,
    head: html`<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">
  ${metadata.map(([name, value]) => html`<meta name="${name}" content="${value}">\n  `)}`,
    crumbs: [
      ...(parent ? [{ name: parent.name[language], path: sectionPath(language, parent) }] : []),
      ...(section ? [{ name: section.name[language], path: sectionPath(language, section) }] : []),
    ],
    main: html`<div class="grid">
  <article>
    <header class="article-head">
      <h1>${wording(publication.title)}</h1>
      ${byline(site, view, content)}
      ${
        counterpart &&
        html`<p class="tools"><a class="btn" href="${otherPath}" lang="${counterpart.channel}" hreflang="${counterpart.channel}"><span class="icon icon-s i-globe" aria-hidden="true"></span>${t(site, 'inOtherLanguage')}</a></p>`
      }
    </header>
    <div class="prose">
      ${publication.summary && html`<p class="lede">${wording(publication.summary)}</p>`}
    </div>
    ${contents.length >= MIN_CONTENTS && contentsList(site, contents)}
    <div class="prose">
${trusted(bodyWording(body))}
    </div>
  </article>
  <aside aria-label="${t(site, 'about')}">
    ${fieldsBox(site, view, content)}
    ${files.length > 0 && filesBox(site, files)}
    ${view.related.length > 0 && relatedBox(site, view.related)}
    <section class="box">
      <h2>${t(site, 'fingerprint')}</h2>
      <p class="mono" title="${t(site, 'fingerprintHelp')}">${publication.fingerprint}</p>
    </section>
  </aside>
</div>`,
  };
}

function byline(site: Site, { publication, unitName }: ArticleView, content: ArticleContent): Html {
  const text = (id: string) => {
    const value = content.fields[id];
    return typeof value === 'string' ? value.trim() : '';
  };
  const author = text('author') || text('sourceAuthorOrAgency');
  const source = text('sourceOfficial') || text('sourceAuthorOrAgency') || unitName;
  const url = text('sourceUrl');
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url);
  const corrected = publication.published_at !== publication.first_published_at;
  return html`<p class="meta">
      <span>${t(site, 'published')} ${moment(site, publication.first_published_at)}</span>
      ${corrected && html`<span>${t(site, 'corrected')} ${moment(site, publication.published_at)}</span>`}
      ${author && html`<span>${t(site, 'author')}: ${author}</span>`}
      <span>${t(site, 'source')}: ${isWeb ? html`<a href="${url}" rel="noopener noreferrer">${source}</a>` : source}</span>
      ${author !== unitName && source !== unitName && html`<span>${t(site, 'unit')}: ${unitName}</span>`}
    </p>`;
}

/** `07:30, thứ Năm 27/8/2026` in Viet Nam, for people and machines. */
function moment(site: Site, at: number): Html {
  const { language } = site;
  const iso = new Date(at).toISOString();
  const words = t(site, 'moment', {
    time: formatTime(at),
    weekday: t(site, `weekdays.${weekday(dateInVietnam(iso))}`),
    date: formatInstantDate(at, language),
  });
  return html`<time datetime="${iso}" class="nowrap">${words}</time>`;
}

function fieldsBox(
  site: Site,
  { publication, counterpart }: ArticleView,
  content: ArticleContent,
): Html | null {
  const { language, organisation } = site;
  const inherited = counterpart && language === 'en' ? contentOf(counterpart).fields : {};
  const rows = fieldsFor(organisation.profile, publication.category_id, language)
    .filter((field) => field.type !== 'file' && !SHOWN_ELSEWHERE.has(field.id))
    .map((field) => {
      const value =
        content.fields[field.id] ?? (field.inEnglish === 'inherit' ? inherited[field.id] : undefined);
      return { field, shown: value === undefined ? null : fieldValue(site, field, value) };
    })
    .filter((row) => row.shown !== null && row.shown.html.trim() !== '');
  if (rows.length === 0) return null;
  return html`<section class="box">
      <h2>${t(site, 'aboutDocument')}</h2>
      <dl>${rows.map(
        ({ field, shown }) => html`
        <dt>${field.label}</dt><dd>${shown}</dd>`,
      )}
      </dl>
    </section>`;
}

function fieldValue(site: Site, field: FieldSpec, value: FieldValue): Html {
  const { language } = site;
  if (Array.isArray(value))
    return html`${value.map((one, index) => html`${index > 0 ? ', ' : ''}${fieldValue(site, field, one)}`)}`;
  if (typeof value === 'boolean') return html`${t(site, value ? 'yes' : 'no')}`;
  if (typeof value === 'number') return html`${formatNumber(value, language)}`;
  const text = value.trim();
  if (field.type === 'date' && isDate(text))
    return html`<time datetime="${text}" class="nowrap">${formatDate(text, language)}</time>`;
  if (field.type === 'choice')
    return html`${field.options?.find((option) => option.id === text)?.name[language] ?? text}`;
  if (field.type === 'url' && /^https?:\/\//i.test(text) && URL.canParse(text))
    return html`<a href="${text}" rel="noopener noreferrer">${text}</a>`;
  if (field.type === 'email' && /^[^\s@<>]+@[^\s@<>]+$/.test(text))
    return html`<a href="mailto:${text}">${text}</a>`;
  return wording(text);
}

/** Files of the snapshot; an English version without its own offers those of the Vietnamese one. */
function filesOf(content: ArticleContent, counterpart: Publication | undefined): readonly ContentFile[] {
  if (content.files.length > 0 || content.meta.language === 'vi' || !counterpart) return content.files;
  return contentOf(counterpart).files;
}

function filesBox(site: Site, files: readonly ContentFile[]): Html {
  const { language } = site;
  return html`<section class="box">
      <h2>${t(site, 'downloads')}</h2>
      <ul>${files.map((file) => {
        const name = file.label.trim() || file.name;
        return html`
        <li><a href="${filePath(file.sha256, file.name)}" download>${wording(name)}</a><small>${extensionOf(file.name).toUpperCase()}, ${formatBytes(file.size, language)}</small></li>`;
      })}
      </ul>
    </section>`;
}

function relatedBox(site: Site, related: readonly Listed[]): Html {
  return html`<section class="box no-print">
      <h2>${t(site, 'related')}</h2>
      <ul>${related.map(
        (one) => html`
        <li><a href="${pathOf(one.channel, one.slug)}">${wording(one.title)}</a><small>${formatInstantDate(one.published_at, site.language)}</small></li>`,
      )}
      </ul>
    </section>`;
}

interface ContentsEntry {
  readonly level: number;
  readonly id: string;
  /** Markup of the heading's words, without links. */
  readonly words: string;
}

/** Gives the headings of a body ids, so that a list of contents can lead to them. The body's text is escaped: `<h2` is a heading. */
function withContents(body: string): { readonly body: string; readonly contents: readonly ContentsEntry[] } {
  const contents: ContentsEntry[] = [];
  const marked = body.replace(
    /<h([2-4])((?: class="[^"]*")?)>(.*?)<\/h\1>/gs,
    (_, level: string, attributes: string, words: string) => {
      const id = `muc-${contents.length + 1}`;
      contents.push({ level: Number(level), id, words: words.replace(/<[^>]*>/g, ' ') });
      return `<h${level} id="${id}"${attributes}>${words}</h${level}>`;
    },
  );
  return { body: marked, contents };
}

function contentsList(site: Site, contents: readonly ContentsEntry[]): Html {
  const top = Math.min(...contents.map((entry) => entry.level));
  return html`<details class="toc no-print">
      <summary>${t(site, 'contents')}</summary>
      <ol>${contents
        .filter((entry) => entry.level <= top + 1)
        .map(
          (entry) => html`
        <li${entry.level > top && html` class="deep"`}><a href="#${entry.id}">${trusted(entry.words)}</a></li>`,
        )}
      </ol>
    </details>`;
}
