import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { getProfile, profileIds, ruleName } from '../../../domain/regulations/index.ts';

/** What the profiles say of the texts, held against the texts themselves (`portal/sample/texts`). */

const flat = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[*_#>\\]|^\s*-\s+|\[|\]\([^)]*\)/gmu, ' ')
    .replace(/[–—]/gu, '-')
    .replace(/\s+/gu, ' ')
    .toLowerCase();

const rawOf = (id: string): string =>
  readFileSync(join(import.meta.dirname, '../../../portal/sample/texts', `${id.toLowerCase()}.md`), 'utf8');

/** The text of an article: of the regulation, or (`QĐ`) of the decision that issued it, which has the same numbers. */
function articleOf(id: string, clause: string): string {
  const number = /Điều (\d+)/u.exec(clause)?.[1];
  const found = rawOf(id)
    .split(/^(?=[*_#\s]*Điều \d+[.:])/mu)
    .filter((part) => new RegExp(`^[*_#\\s]*Điều ${number}[.:]`, 'u').test(part));
  const ofDecision = clause.startsWith('Quyết định');
  return flat((ofDecision ? found.slice(0, 1) : found.slice(-1)).join('\n'));
}

type Cited = { readonly clause: string; readonly ref: string };

function collect<T>(value: unknown, pick: (node: Record<string, unknown>) => T | undefined): T[] {
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, pick));
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Record<string, unknown>;
  const own = pick(node);
  return [...(own === undefined ? [] : [own]), ...Object.values(node).flatMap((item) => collect(item, pick))];
}

function clauseOf(ref: string): string {
  const place = ref.slice(ref.indexOf('-') + 1);
  if (place.startsWith('QĐ.')) return `Quyết định, Điều ${place.slice(3)}`;
  const match = /^(\d+)(?:\.(\d+))?(?:\.([a-zđ]))?(?:-(\d+))?$/u.exec(place);
  if (!match) return `no place: ${ref}`;
  const [, article, clause, point, dash] = match;
  const parts = [
    `Điều ${article}`,
    clause && `khoản ${clause}`,
    point && `điểm ${point}`,
    dash && `gạch đầu dòng ${dash}`,
  ];
  return parts.filter(Boolean).join(' ');
}

describe.each(profileIds())('%s', (id) => {
  const profile = getProfile(id);

  test('every quotation stands in the article that is named with it', () => {
    const quoted = collect(profile, (node) =>
      typeof node.quote === 'string' && typeof node.clause === 'string'
        ? { quote: node.quote, clause: node.clause }
        : undefined,
    );
    expect(quoted.length).toBeGreaterThan(15);
    const strange = quoted.filter(({ quote, clause }) => !articleOf(id, clause).includes(flat(quote).trim()));
    expect(strange).toEqual([]);
  });

  test('clause and reference name the same place, in an article that the text has', () => {
    const cited = collect(profile, (node) =>
      typeof node.ref === 'string' && typeof node.clause === 'string' ? (node as Cited) : undefined,
    );
    expect(cited.length).toBeGreaterThan(80);
    expect(cited.filter(({ clause, ref }) => clause !== clauseOf(ref))).toEqual([]);
    const articles = new Set(cited.map(({ clause }) => clause.split(' khoản ')[0] ?? ''));
    expect([...articles].filter((article) => articleOf(id, article) === '')).toEqual([]);
  });

  test('every name is in both languages and in composed form', () => {
    const names = collect(profile, (node) =>
      typeof node.vi === 'string' && typeof node.en === 'string' ? [node.vi, node.en] : undefined,
    ).flat();
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name) => name !== name.normalize('NFC') || name.trim() === '')).toEqual([]);
  });

  test('the basis in law is named, and the version with which something was computed can be', () => {
    expect(profile?.legalBasis.length).toBeGreaterThan(3);
    expect(profile && ruleName(profile, { ref: `${id}-9.1` })).toBe(`${id}-9.1@1`);
    expect(profile && ruleName(profile, { ref: null })).toBeNull();
  });
});
