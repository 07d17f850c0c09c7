import type { MangoQuery, RxJsonSchema } from 'rxdb';
import type { AnyDoc } from './harness.ts';

/** A seeded source of choices: the same seed gives the same documents and queries on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }
}

const TAME_WORDS = [
  'văn',
  'bản',
  'Quyết',
  'định',
  'hòa',
  'hoà',
  'đơn',
  'Đơn',
  'số',
  '12',
  'a',
  'b',
  'B',
  'z',
  'ưu',
  'ơ',
];
const WILD_TEXTS = [
  '',
  ' ',
  'a ',
  'a  b',
  'a\tb',
  'a\n',
  '\u0001',
  'a \u0002',
  '😀',
  '\ue000x',
  '\uffee',
  '\u{10ffff}',
  'hòa'.normalize('NFD'),
  'a😀',
  '\ud83d',
  'a\udc00',
  '\udfffb\ud800',
  'a\u001f',
  '\u007f',
  '\u00a0',
  'văn ',
];

export type Wildness = 'tame' | 'wild' | 'odd';

export function randomText(random: Random, wildness: Wildness): string {
  if (wildness === 'odd' && random.chance(0.03)) return random.pick(['\u0000x', 'x\uffff', 'dài'.repeat(20)]);
  if (wildness !== 'tame' && random.chance(0.3)) return random.pick(WILD_TEXTS);
  return Array.from({ length: 1 + random.int(2) }, () => random.pick(TAME_WORDS)).join(' ');
}

function randomNumber(random: Random, wildness: Wildness): number {
  if (wildness !== 'tame' && random.chance(0.2))
    return random.pick([-1000, 1000, 0.125, -3.337, 9.999, 1e12, -0.5, -0.01, -9.99, -10, 10.004]);
  return random.chance(0.5) ? random.int(20) - 10 : Math.round((random.next() * 20 - 10) * 100) / 100;
}

/** Any JSON value, for fields that no index covers. */
function randomValue(random: Random, wildness: Wildness): unknown {
  switch (random.int(8)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
    case 3:
      return randomNumber(random, wildness);
    case 4:
      return Array.from({ length: random.int(3) }, () => randomText(random, 'tame'));
    case 5:
      return { x: random.int(3) };
    default:
      return randomText(random, wildness);
  }
}

const INDEXABLE = ['text', 'long.text', 'deep.a.b', 'num', 'deci', 'flag', 'opt', 'optNum'] as const;

/** A schema with random indexes over texts, integers, decimals, booleans, nested and optional fields. */
export function randomSchema(random: Random): RxJsonSchema<AnyDoc> {
  const indexes = Array.from({ length: 2 + random.int(4) }, () => {
    const fields = new Set(Array.from({ length: 1 + random.int(3) }, () => random.pick(INDEXABLE) as string));
    if (random.chance(0.15)) fields.add('id');
    return [...fields];
  });
  const isComposite = random.chance(0.25);
  return {
    version: 0,
    primaryKey: isComposite ? { key: 'id', fields: ['shelf', 'serial'], separator: '|' } : 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 30 },
      shelf: { type: 'string', maxLength: 10 },
      serial: { type: 'integer' },
      text: { type: 'string', maxLength: 20 },
      long: { type: 'object', properties: { text: { type: 'string', maxLength: 40 } } },
      deep: {
        type: 'object',
        properties: { a: { type: 'object', properties: { b: { type: 'string', maxLength: 20 } } } },
      },
      num: { type: 'integer', minimum: -10, maximum: 10, multipleOf: 1 },
      deci: { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.01 },
      flag: { type: 'boolean' },
      opt: { type: 'string', maxLength: 20 },
      optNum: { type: 'number', minimum: 2, maximum: 999, multipleOf: 0.5 },
      free: {},
      tags: { type: 'array' },
      items: { type: 'array' },
    },
    required: ['id', 'text', 'num', 'deci', 'flag', ...(isComposite ? ['shelf', 'serial'] : [])],
    indexes,
  };
}

/** Ids of both kinds of primary key; some are never written, so that queries also ask for what is not there. */
export function randomId(serial: number): string {
  return serial % 3 === 0 ? `kệ${serial % 5}|${serial}` : `id${serial}`;
}

export function randomDocument(random: Random, id: string, wildness: Wildness): AnyDoc {
  const [shelf, serial] = id.split('|');
  const document: AnyDoc = {
    id,
    shelf,
    serial: Number(serial ?? 0),
    deep: { a: { b: randomText(random, wildness) } },
    items: Array.from({ length: random.int(3) }, () => ({ x: random.int(4), y: randomText(random, 'tame') })),
    text: randomText(random, wildness),
    long: { text: randomText(random, wildness) },
    num: wildness === 'tame' ? random.int(21) - 10 : Math.trunc(randomNumber(random, wildness)),
    deci: randomNumber(random, wildness),
    flag: random.chance(0.5),
    tags: Array.from({ length: random.int(4) }, () => randomText(random, wildness)),
  };
  if (random.chance(0.7)) document.free = randomValue(random, wildness);
  if (random.chance(0.6)) document.opt = random.chance(0.2) ? null : randomText(random, wildness);
  if (random.chance(0.6)) document.optNum = random.chance(0.2) ? null : randomNumber(random, wildness);
  if (wildness !== 'tame' && random.chance(0.1)) document.long = random.chance(0.5) ? null : {};
  if (wildness !== 'tame' && random.chance(0.1))
    document.deep = random.pick([null, {}, { a: null }, undefined]);
  if (wildness === 'odd' && random.chance(0.02)) document.num = random.pick(['5', null, true]);
  if (wildness === 'odd' && random.chance(0.05)) document.long = [{ text: 'văn' }];
  // Documents are JSON: no -0, which memory storage would keep.
  return JSON.parse(JSON.stringify(document)) as AnyDoc;
}

const TEXT_FIELDS = ['id', 'text', 'long.text', 'deep.a.b', 'opt'];
const NUMBER_FIELDS = ['num', 'deci', 'optNum', '_meta.lwt'];

function operand(random: Random, field: string, wildness: Wildness): unknown {
  if (random.chance(0.08)) return random.pick([null, true, 5, 'x', '']);
  if (field === 'id') return randomId(random.int(90));
  if (TEXT_FIELDS.includes(field)) return randomText(random, wildness);
  if (field === '_meta.lwt') return 1000 + random.int(50);
  if (NUMBER_FIELDS.includes(field)) return randomNumber(random, wildness);
  if (field === 'flag' || field === '_deleted') return random.chance(0.5);
  return randomValue(random, wildness);
}

const ORDERED = ['$gt', '$gte', '$lt', '$lte'] as const;

const TYPES = [
  'string',
  'number',
  'int',
  'double',
  'null',
  'boolean',
  'bool',
  'array',
  'object',
  'undefined',
];
const REGEXES = ['^v', 'b', 'Đ|đ', '^$', 'a+', 'n.*h', '^văn bản$', '\\s', '[', 'o', '😀', '^\\w+$'];

function randomRegex(random: Random): AnyDoc {
  const regex = { $regex: random.pick(REGEXES) };
  return random.chance(0.3) ? { ...regex, $options: random.pick(['i', 'm', 's', 'is']) } : regex;
}

function randomMatcher(random: Random, field: string, wildness: Wildness, depth = 0): AnyDoc {
  const value = () => operand(random, field, wildness);
  const list = () => Array.from({ length: random.int(5) }, value);
  switch (random.int(16)) {
    case 0:
    case 1:
    case 2:
      return random.chance(0.2) ? value() : { $eq: value() };
    case 3:
      return { $ne: value() };
    case 4:
    case 5:
      return { [random.pick(ORDERED)]: value() };
    case 6:
      return { [random.pick(['$gt', '$gte'])]: value(), [random.pick(['$lt', '$lte'])]: value() };
    case 7:
    case 8:
      return { $in: list() };
    case 9:
      return { $nin: list() };
    case 10:
      return { $exists: random.chance(0.5) };
    case 11:
      return NUMBER_FIELDS.includes(field)
        ? { $mod: [random.pick([2, 3, 5]), random.int(3)] }
        : randomRegex(random);
    case 12:
      if (depth > 2) return { $not: { $eq: value() } };
      return { $not: asMatcher(randomMatcher(random, field, wildness, depth + 1)) };
    case 13:
      return { $type: random.pick(TYPES) };
    case 14:
      return { $gte: value(), $lte: value(), $ne: value() };
    default:
      return { $in: list(), $exists: true };
  }
}

/** `$not` wants operators, not a bare value. */
function asMatcher(matcher: unknown): unknown {
  const isOperators =
    typeof matcher === 'object' &&
    matcher !== null &&
    Object.keys(matcher).some((key) => key.startsWith('$'));
  return isOperators ? matcher : { $eq: matcher };
}

function randomArrayMatcher(random: Random, field: string, wildness: Wildness): AnyDoc {
  if (random.chance(0.3)) return { $size: random.int(4) };
  if (field === 'items') {
    const y = random.chance(0.5) ? { y: randomMatcher(random, 'text', 'tame', 3) } : {};
    return { $elemMatch: { x: { [random.pick([...ORDERED, '$eq', '$ne'])]: random.int(4) }, ...y } };
  }
  const text = randomText(random, wildness);
  return random.pick([
    { $elemMatch: { $eq: text } },
    { $elemMatch: { $gte: text, $ne: 'a' } },
    { $in: [text, 'a'] },
    { $eq: text },
    { $not: { $elemMatch: { $eq: text } } },
  ]);
}

/** Long lists are rare: memory storage needs seconds for a few of them. */
function longList(random: Random): string[] {
  const length = random.pick([200, 1000, 10_000]);
  const from = random.int(60);
  return Array.from({ length }, (_, i) => randomId(from + i * (i % 2 === 0 ? 1 : 37)));
}

function randomSelector(random: Random, wildness: Wildness, depth = 0): AnyDoc {
  const selector: AnyDoc = {};
  const fields = [...INDEXABLE, 'id', 'free', 'tags', 'items', '_meta.lwt', '_deleted'];
  const count = random.pick([0, 1, 1, 2, 2, 3]);
  for (let i = 0; i < count; i++) {
    const field = random.pick(fields);
    selector[field] =
      field === 'tags' || field === 'items'
        ? randomArrayMatcher(random, field, wildness)
        : randomMatcher(random, field, wildness);
  }
  if (depth === 0 && random.chance(0.003)) selector.id = { [random.pick(['$in', '$nin'])]: longList(random) };
  if (depth < 2 && random.chance(0.2)) {
    const parts = Array.from({ length: 1 + random.int(3) }, () =>
      randomSelector(random, wildness, depth + 1),
    );
    selector[random.pick(['$and', '$or', '$or', '$nor'])] = parts;
  }
  return selector;
}

/** A query with random selector, sort, skip and limit; mostly about documents that are not deleted. */
export function randomQuery(random: Random, wildness: Wildness): MangoQuery<AnyDoc> {
  const query: MangoQuery<AnyDoc> = { selector: randomSelector(random, wildness) };
  if (random.chance(0.8)) query.selector = { ...query.selector, _deleted: { $eq: false } } as never;
  if (random.chance(0.6)) {
    const fields = new Set(
      Array.from({ length: 1 + random.int(2) }, () =>
        random.pick([...INDEXABLE, 'free', 'tags', 'id', '_meta.lwt', 'nowhere']),
      ),
    );
    const direction = random.pick(['asc', 'desc', undefined]);
    query.sort = [...fields].map((field) => ({
      [field]: direction ?? random.pick(['asc', 'desc']),
    })) as never;
  }
  if (random.chance(0.4)) query.skip = random.int(random.chance(0.1) ? 500 : 12);
  if (random.chance(0.4)) query.limit = random.int(15);
  return query;
}
