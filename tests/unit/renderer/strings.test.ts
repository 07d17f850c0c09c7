import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../assets/strings/en.json' with { type: 'json' };
import vi from '../../../assets/strings/vi.json' with { type: 'json' };
import { ISSUE_CODES } from '../../../domain/content/issues.ts';
import { ERROR_CODES } from '../../../domain/contracts/errors.ts';

type Table = { readonly [key: string]: string | Table };

function flatten(table: Table, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}
const bare = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, '');
const tables = { vi: flatten(vi), en: flatten(en) };
const keysOf = (language: 'vi' | 'en') => new Set([...tables[language].keys()].map(bare));

const RENDERER = join(import.meta.dirname, '../../../renderer');
const sources = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(RENDERER, path), 'utf8') }));

/** What the code asks for: whole keys, and patterns where a part is computed. */
const literal = new Set<string>();
const patterns: RegExp[] = [];
for (const { text } of sources) {
  for (const [, key = ''] of text.matchAll(/\bt\(\s*'([^']+)'/g)) literal.add(key);
  for (const [, key = ''] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
    const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    patterns.push(new RegExp(`^${parts.join('[^.]+')}$`));
  }
}

describe('the sentences', () => {
  it('are the same set in both languages', () => {
    expect([...keysOf('vi')].filter((key) => !keysOf('en').has(key))).toEqual([]);
    expect([...keysOf('en')].filter((key) => !keysOf('vi').has(key))).toEqual([]);
  });

  it('have the same values to fill in', () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort();
    for (const [key, text] of tables.vi) {
      const english = tables.en.get(key);
      if (english !== undefined) expect([key, values(english)]).toEqual([key, values(text)]);
    }
  });

  it('have the plural forms of their language', () => {
    for (const key of tables.vi.keys()) expect(key).not.toMatch(/_one$/);
    for (const key of tables.en.keys())
      if (key.endsWith('_other')) expect([...tables.en.keys()]).toContain(`${bare(key)}_one`);
  });

  it('exist wherever the code asks for one', () => {
    const known = keysOf('vi');
    expect([...literal].filter((key) => !known.has(key))).toEqual([]);
    for (const pattern of patterns)
      expect([pattern, [...known].some((key) => pattern.test(key))]).toEqual([pattern, true]);
  });

  it('are all said somewhere', () => {
    const said = (key: string) => literal.has(key) || patterns.some((pattern) => pattern.test(key));
    expect([...keysOf('vi')].filter((key) => !said(key))).toEqual([]);
  });

  it.each(ERROR_CODES)('say what %s means', (code) => {
    for (const language of ['vi', 'en'] as const) expect(tables[language].get(`error.${code}`)).toBeTruthy();
  });

  it('say what every check means', () => {
    const codes: readonly string[] = ERROR_CODES;
    for (const code of ISSUE_CODES)
      if (!codes.includes(code)) expect(tables.vi.get(`check.${code}`), code).toBeTruthy();
  });

  it('have no exclamation marks and no system talk', () => {
    for (const language of ['vi', 'en'] as const)
      for (const [key, text] of tables[language])
        expect([key, /[!]|lỗi hệ thống|đồng bộ thất bại|oops/i.test(text)]).toEqual([key, false]);
  });

  it('are written in composed letters', () => {
    for (const [key, text] of tables.vi) expect([key, text]).toEqual([key, text.normalize('NFC')]);
  });
});

describe('the screens', () => {
  it('hold no sentence of their own', () => {
    const vietnamese = /[ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]/i;
    const bareText = sources.flatMap(({ path, text }) =>
      [
        ...text
          .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
          .matchAll(/>\s*([^<>{}()=;]*\p{L}{2,}[^<>{}()=;]*)\s*<\//gu),
      ]
        .map(([, found]) => found?.trim() ?? '')
        .concat(
          text
            .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
            .split('\n')
            .filter((line) => vietnamese.test(line)),
        )
        .filter((found) => found !== '')
        .map((found) => `${path}: ${found}`),
    );
    expect(bareText.filter((found) => !ALLOWED.some((allowed) => found.startsWith(allowed)))).toEqual([]);
  });

  it('write no style into markup and inject none', () => {
    for (const { path, text } of sources) {
      expect([
        path,
        /createElement\(['"]style['"]\)|<style\b|dangerouslySetInnerHTML|innerHTML\s*=/.test(text),
      ]).toEqual([path, false]);
    }
  });
});

/** Places where a Vietnamese letter belongs to a rule, not to a sentence. */
const ALLOWED = ['data/citation.ts: '];
