import { fillWithDefaultSettings, type RxJsonSchema } from 'rxdb';
import { describe, expect, it } from 'vitest';
import { requireSqliteVersion } from '../../../main/engine/store/connection.ts';
import { StoreError, toStoreError } from '../../../main/engine/store/errors.ts';
import { type Mark, makeLayout, rowKeys } from '../../../main/engine/store/layout.ts';
import { translateSelector } from '../../../main/engine/store/selector.ts';

const schema = fillWithDefaultSettings({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 20 },
    state: { type: 'string', maxLength: 10 },
    due: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
    title: { type: 'string' },
  },
  required: ['id'],
  indexes: [['state', 'due']],
} as unknown as RxJsonSchema<object>);
const layout = makeLayout('t1', schema);
const column = (path: string) => layout.fields.get(path)?.column;

describe('what SQL may say about a selector', () => {
  const translate = (selector: object, ...marks: Mark[]) => {
    const { conditions, exact } = translateSelector(layout, new Set(marks), selector);
    return {
      sql: conditions.map(({ sql }) => sql).join(' AND '),
      params: conditions.flatMap((c) => c.params),
      exact,
    };
  };
  const state = column('state');
  const due = column('due');

  const cases: [string, object, Mark[], { sql: string; params: unknown[]; exact: boolean }][] = [
    ['all', {}, [], { sql: '', params: [], exact: true }],
    ['equality', { state: { $eq: 'a' } }, [], { sql: `${state} = ?`, params: ['a\u0003'], exact: true }],
    [
      'equality where values are missing',
      { state: { $eq: '' } },
      ['absent:state'],
      { sql: `${state} = ?`, params: ['\u0003'], exact: false },
    ],
    ['null is left to the matcher', { state: { $eq: null } }, [], { sql: '', params: [], exact: false }],
    ['another type is left to the matcher', { due: { $gt: 'a' } }, [], { sql: '', params: [], exact: false }],
    [
      'a range',
      { due: { $gt: 3, $lte: 9 } },
      [],
      { sql: `${due} > ? AND ${due} <= ?`, params: [3, 9], exact: true },
    ],
    [
      'a range over clamped values is wider',
      { due: { $gt: 300 } },
      ['irregular:due'],
      { sql: `${due} >= ?`, params: [100], exact: false },
    ],
    [
      'a text range where control characters occur',
      { state: { $gt: 'a' } },
      ['irregular:state'],
      { sql: '', params: [], exact: false },
    ],
    ['a field without column', { title: { $eq: 'x' } }, [], { sql: '', params: [], exact: false }],
    [
      'a part of it',
      { title: { $eq: 'x' }, due: { $eq: 3 } },
      [],
      { sql: `${due} = ?`, params: [3], exact: false },
    ],
    [
      'a list of ids',
      { id: { $in: ['b', 'ã'] } },
      [],
      { sql: 'id IN (SELECT value FROM json_each(?))', params: ['["b","ã"]'], exact: true },
    ],
    [
      'alternatives',
      { $or: [{ due: { $eq: 1 } }, { state: { $eq: 'b' } }] },
      [],
      { sql: `((${due} = ?) OR (${state} = ?))`, params: [1, 'b\u0003'], exact: true },
    ],
    [
      'alternatives of which one is unknown',
      { $or: [{ due: { $eq: 1 } }, { title: { $eq: 'b' } }] },
      [],
      { sql: '', params: [], exact: false },
    ],
    ['a negation', { $nor: [{ due: { $eq: 1 } }] }, [], { sql: '', params: [], exact: false }],
    [
      'names of prototypes',
      { due: { toString: 1, constructor: 2 } },
      [],
      { sql: '', params: [], exact: false },
    ],
  ];
  it.each(cases)('%s', (_, selector, marks, expected) => {
    expect(translate(selector, ...marks)).toEqual(expected);
  });

  it('gives up on depth without failing', () => {
    let selector: object = { due: { $eq: 1 } };
    for (let i = 0; i < 5000; i++) selector = { $and: [selector] };
    expect(translate(selector)).toEqual({ sql: '', params: [], exact: false });
  });
});

describe('remarks about documents', () => {
  const marksOf = (document: object) => {
    const marks = new Set<Mark>();
    rowKeys(layout, { id: 'a', _deleted: false, _meta: { lwt: 1000 }, ...document }, marks);
    return [...marks].sort();
  };
  const cases: [string, object, Mark[]][] = [
    ['none for what the schema wants', { state: 'a', due: 5 }, []],
    ['missing and null', { state: null }, ['absent:due', 'absent:state']],
    ['trailing space, out of bounds', { state: 'a ', due: 500 }, ['irregular:due', 'irregular:state']],
    ['rounded', { state: 'a', due: 1.5 }, ['irregular:due']],
    ['wrong type', { state: 5, due: 5 }, ['odd']],
    ['too long', { state: 'dài quá mười chữ', due: 5 }, ['odd']],
  ];
  it.each(cases)('%s', (_, document, expected) => {
    expect(marksOf(document)).toEqual(expected);
  });
});

describe('errors', () => {
  it.each(['3.51.3', '3.52.0', '4.0.0', '3.53.4'])('SQLite %s is new enough', (version) => {
    expect(() => requireSqliteVersion(version)).not.toThrow();
  });
  it.each(['3.51.2', '3.50.9', '2.99.9', ''])('SQLite %s is too old', (version) => {
    expect(() => requireSqliteVersion(version)).toThrow(
      expect.objectContaining({ code: 'STORE_SQLITE_TOO_OLD' }),
    );
  });

  const sqlite = (errcode: number) => Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode });
  it.each([
    [5, 'STORE_LOCKED'],
    [517, 'STORE_LOCKED'],
    [8, 'STORE_READ_ONLY'],
    [1032, 'STORE_READ_ONLY'],
    [13, 'STORE_FULL'],
    [266, 'STORE_IO'],
    [11, 'STORE_DAMAGED'],
    [267, 'STORE_DAMAGED'],
    [26, 'STORE_DAMAGED'],
    [18, 'STORE_TOO_BIG'],
    [1, 'STORE_FAILED'],
  ])('SQLite result %i is %s', (errcode, code) => {
    expect(toStoreError(sqlite(errcode), 'x')).toMatchObject({ code, cause: { errcode } });
  });

  it('passes on what is not about the store', () => {
    const bug = new TypeError('x');
    expect(toStoreError(bug, 'x')).toBe(bug);
    const typed = new StoreError('STORE_FULL', 'x');
    expect(toStoreError(typed, 'y')).toBe(typed);
  });
});
