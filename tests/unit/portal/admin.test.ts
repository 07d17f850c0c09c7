import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../assets/strings/admin.en.json' with { type: 'json' };
import vi from '../../../assets/strings/admin.vi.json' with { type: 'json' };
import { DAY_KINDS } from '../../../domain/deadlines/index.ts';
import { ROLES } from '../../../domain/people/roles.ts';
import { faultLine, PLACE_KINDS, PROFILE_FAULTS } from '../../../domain/regulations/faults.ts';
import {
  CHAIN_ACTIONS,
  DEADLINE_MODES,
  getProfile,
  profileIds,
  type RegulationProfile,
  readProfile,
} from '../../../domain/regulations/index.ts';
import { differences } from '../../../portal/admin/differences.ts';
import { readForm, readMultipart } from '../../../portal/admin/form.ts';
import { sayProfileFault } from '../../../portal/admin/profileFaults.ts';
import { formToken, isFormToken } from '../../../portal/admin/session.ts';
import { sentence } from '../../../portal/public/sentences.ts';

type Table = { readonly [key: string]: string | Table };
const flat = (table: Table, prefix = ''): [string, string][] =>
  Object.entries(table).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
const tables = { vi: new Map(flat(vi.admin)), en: new Map(flat(en.admin)) };
const FOLDER = join(import.meta.dirname, '../../../portal/admin');
const sources = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));

describe('the sentences of administration', () => {
  it('are the same set in both languages, with the same values, in composed letters, without exclamation marks', () => {
    expect([...tables.en.keys()]).toEqual([...tables.vi.keys()]);
    const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of tables.vi) {
      expect([key, holes(tables.en.get(key) ?? '')]).toEqual([key, holes(text)]);
      expect(text).toBe(text.normalize('NFC'));
      expect(text).not.toMatch(/!|lỗi hệ thống/);
    }
  });

  it('exist wherever a page asks for one, and none is left over', () => {
    const all = sources.map((one) => one.text).join('\n');
    const asked = [
      ...all.matchAll(
        /(?:\bt\(\s*\w+(?: as Visit)?,\s*|\bsentence\(\s*[\w.]+,\s*)(['`])((?:admin\.)?)([^'`]+)\1/g,
      ),
    ];
    const literal = new Set<string>();
    const patterns: RegExp[] = [];
    for (const [, quote, , key = ''] of asked) {
      if (/^(?:error|public|role|state)\./.test(key)) continue;
      if (quote === "'" || !key.includes('${')) literal.add(key);
      else
        patterns.push(
          new RegExp(
            `^${key
              .split(/\$\{[^}]*\}/)
              .map((part) => part.replace(/[.]/g, '\\.'))
              .join('.+')}$`,
          ),
        );
    }
    expect([...literal].filter((key) => !tables.vi.has(key))).toEqual([]);
    // Labels handed on as words: any quoted key in the sources.
    const isSaid = (key: string) =>
      literal.has(key) ||
      all.includes(`'${key}'`) ||
      all.includes(`'${key.split('.').at(-1)}'`) ||
      patterns.some((pattern) => pattern.test(key));
    expect([...tables.vi.keys()].filter((key) => !isSaid(key))).toEqual([]);
  });

  it('have a word for every kind, mode, step and role that data can name', () => {
    const keys = [
      ...DAY_KINDS.map((kind) => `calendar.kinds.${kind}`),
      ...DEADLINE_MODES.map((mode) => `mode.${mode}`),
      ...CHAIN_ACTIONS.map((action) => `step.${action}`),
      ...ROLES.map((role) => `roleHelp.${role}`),
    ];
    for (const key of keys) expect(tables.vi.get(key), key).toBeTruthy();
    for (const role of ROLES) expect(sentence('vi', `role.${role}`)).toBeTruthy();
  });

  it('are nowhere in the code', () => {
    const letters = /[ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]/i;
    for (const { file, text } of sources) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').split('\n');
      expect(
        code.filter((line) => letters.test(line)),
        file,
      ).toEqual([]);
      expect(
        code.filter((line) => /style=|<script|\son\w+="/.test(line)),
        file,
      ).toEqual([]);
    }
  });
});

describe('faults of a regulation', () => {
  type Draft = { -readonly [K in keyof RegulationProfile]: RegulationProfile[K] };
  const draftOf = (id: string): Draft => structuredClone(getProfile(id)) as Draft;
  const breaks: ((d: Draft) => void)[] = [
    (d) => d.categories.push(...d.categories.slice(-1)),
    (d) => Object.assign(d.categories[0] ?? {}, { parent: 'nowhere' }),
    (d) => Reflect.deleteProperty(d.categories[0] ?? {}, 'clause'),
    (d) => Object.assign(d.chain.vi[0] ?? {}, { clause: '' }),
    (d) => Object.assign(d.chain.vi[0] ?? {}, { roles: ['king'] }),
    (d) => Object.assign(d, { categories: 'none', version: 0 }),
    (d) => Object.assign(d, { id: 'x' }),
    (d) => Object.assign(d, { chain: { vi: [], en: [] } }),
    (d) =>
      Object.assign(d, { chain: { ...d.chain, vi: d.chain.vi.filter((step) => step.action !== 'approve') } }),
    (d) => Object.assign(d, { validFrom: null, validTo: '2026-01-01' }),
    (d) => Object.assign(d, { issuedOn: '2030-02-30' }),
    (d) => Object.assign(d, { posts: [] }),
    (d) => Object.assign(d.lastWord, { role: 'editor' }),
    (d) => Object.assign(d, { supersededBy: 'QĐ 1' }),
    (d) => Object.assign(d.units[0] ?? {}, { validTo: '2011-01-01', successorIds: ['nowhere'] }),
  ];

  it('have a sentence for every code and every kind of place, and no other', () => {
    const keys = ['at', ...PLACE_KINDS.map((kind) => `place.${kind}`), ...PROFILE_FAULTS];
    for (const table of [tables.vi, tables.en])
      expect([...table.keys()].filter((key) => key.startsWith('profileFault.')).sort()).toEqual(
        keys.map((key) => `profileFault.${key}`).sort(),
      );
  });

  it('are all said in the language of the reader, with their place', () => {
    let seen = 0;
    for (const id of profileIds())
      for (const change of breaks) {
        const draft = draftOf(id);
        change(draft);
        const read = readProfile(draft);
        if (read.ok) continue;
        for (const fault of read.faults) {
          seen += 1;
          const said = sayProfileFault({ language: 'vi' }, fault);
          expect(said, faultLine(fault)).not.toMatch(/\{\{|profileFault|\bmust\b/);
        }
      }
    expect(seen).toBeGreaterThan(50);
  });
});

describe('what differs between two versions', () => {
  it('is told by place, entries of lists by their id', () => {
    const before = {
      name: { vi: 'a' },
      rows: [
        { date: '2026-01-01', kind: 'x' },
        { date: '2026-01-02', kind: 'y' },
      ],
      roles: ['a'],
      gone: 1,
    };
    const after = {
      name: { vi: 'b' },
      rows: [
        { date: '2025-12-31', kind: 'z' },
        { date: '2026-01-01', kind: 'x' },
        { date: '2026-01-02', kind: 'w' },
      ],
      roles: ['a', 'b'],
    };
    expect(differences(before, after)).toEqual([
      { path: 'name/vi', before: 'a', after: 'b' },
      { path: 'rows/2025-12-31/date', before: null, after: '2025-12-31' },
      { path: 'rows/2025-12-31/kind', before: null, after: 'z' },
      { path: 'rows/2026-01-02/kind', before: 'y', after: 'w' },
      { path: 'roles', before: 'a', after: 'a, b' },
      { path: 'gone', before: '1', after: null },
    ]);
    expect(differences(before, structuredClone(before))).toEqual([]);
    expect(
      differences(
        {
          a: [
            { id: 'x', n: 1 },
            { id: 'x', n: 2 },
          ],
        },
        {
          a: [
            { id: 'x', n: 1 },
            { id: 'x', n: 3 },
          ],
        },
      ),
    ).toEqual([{ path: 'a/x/n (2)', before: '2', after: '3' }]);
  });
});

describe('forms', () => {
  it('are read composed and trimmed, passwords as they were typed', () => {
    const form = readForm('a=+So%CC%9B%CC%89+&b=1&b=2&p=+x+');
    expect([
      form.text('a'),
      form.all('b'),
      form.raw('p'),
      form.has('c'),
      form.number('b'),
      form.number('a'),
    ]).toEqual(['Sở', ['1', '2'], ' x ', false, 2, null]);
  });

  const body = (text: string) => Buffer.from(text.replace(/\n/g, '\r\n'));
  it('are read with their files', () => {
    const form = readMultipart(
      body(
        '--x\nContent-Disposition: form-data; name="a"\n\nSở --x y\n--x\nContent-Disposition: form-data; name="file"; filename="q.json"\nContent-Type: application/json\n\n{"a":1}\n--x--\n',
      ),
      'multipart/form-data; boundary=x',
    );
    expect([form.text('a'), form.file('file')?.toString(), form.file('b')]).toEqual([
      'Sở --x y',
      '{"a":1}',
      null,
    ]);
  });

  it.each([
    ['no boundary', '--x--\n', 'multipart/form-data'],
    ['another boundary', '--x--\n', 'multipart/form-data; boundary=y'],
    [
      'a part that does not end',
      '--x\nContent-Disposition: form-data; name="a"\n\nb',
      'multipart/form-data; boundary=x',
    ],
    [
      'a part without a name',
      '--x\nContent-Type: text/plain\n\nb\n--x--\n',
      'multipart/form-data; boundary=x',
    ],
    [
      'too many parts',
      `${'--x\nContent-Disposition: form-data; name="a"\n\nb\n'.repeat(201)}--x--\n`,
      'multipart/form-data; boundary=x',
    ],
  ])('are refused with %s', (_, text, type) => {
    expect(() => readMultipart(body(text), type)).toThrow('bad-request');
  });

  it('carry a token that fits one secret and one portal', () => {
    const [key, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(isFormToken(key, 's', formToken(key, 's'))).toBe(true);
    expect(isFormToken(key, 't', formToken(key, 's'))).toBe(false);
    expect(isFormToken(other, 's', formToken(key, 's'))).toBe(false);
    expect(isFormToken(key, 's', '')).toBe(false);
  });
});
