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
    return random.pick([-1000, 1000, 0.125, -3.337, 9.999, 1e12, -0.5]);
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

const INDEXABLE = ['text', 'long.text', 'num', 'deci', 'flag', 'opt', 'optNum'] as const;

/** A schema with random indexes over texts, integers, decimals, booleans, nested and optional fields. */
export function randomSchema(random: Random): RxJsonSchema<AnyDoc> {
  const indexes = Array.from({ length: 2 + random.int(4) }, () => {
    const fields = new Set(Array.from({ length: 1 + random.int(3) }, () => random.pick(INDEXABLE) as string));
    if (random.chance(0.15)) fields.add('id');
    return [...fields];
  });
  return {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 30 },
      text: { type: 'string', maxLength: 20 },
      long: { type: 'object', properties: { text: { type: 'string', maxLength: 40 } } },
      num: { type: 'integer', minimum: -10, maximum: 10, multipleOf: 1 },
      deci: { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.01 },
      flag: { type: 'boolean' },
      opt: { type: 'string', maxLength: 20 },
      optNum: { type: 'number', minimum: 2, maximum: 999, multipleOf: 0.5 },
      free: {},
      tags: { type: 'array' },
    },
    required: ['id', 'text', 'num', 'deci', 'flag'],
    indexes,
  };
}

export function randomDocument(random: Random, id: string, wildness: Wildness): AnyDoc {
  const document: AnyDoc = {
    id,
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
  if (wildness === 'odd' && random.chance(0.05)) document.long = [{ text: 'văn' }];
  // Documents are JSON: no -0, which memory storage would keep.
  return JSON.parse(JSON.stringify(document)) as AnyDoc;
}

const TEXT_FIELDS = ['id', 'text', 'long.text', 'opt'];
const NUMBER_FIELDS = ['num', 'deci', 'optNum', '_meta.lwt'];

function operand(random: Random, field: string, wildness: Wildness): unknown {
  if (random.chance(0.08)) return random.pick([null, true, 5, 'x', '']);
  if (field === 'id') return `id${random.int(90)}`;
  if (TEXT_FIELDS.includes(field)) return randomText(random, wildness);
  if (field === '_meta.lwt') return 1000 + random.int(50);
  if (NUMBER_FIELDS.includes(field)) return randomNumber(random, wildness);
  if (field === 'flag' || field === '_deleted') return random.chance(0.5);
  return randomValue(random, wildness);
}

const ORDERED = ['$gt', '$gte', '$lt', '$lte'] as const;

function randomMatcher(random: Random, field: string, wildness: Wildness): AnyDoc {
  const value = () => operand(random, field, wildness);
  const list = () => Array.from({ length: random.int(5) }, value);
  switch (random.int(14)) {
    case 0:
    case 1:
    case 2:
      return { $eq: value() };
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
      return field === 'num'
        ? { $mod: [3, random.int(3)] }
        : { $regex: random.pick(['^v', 'b', 'Đ|đ', '^$', 'a+']) };
    case 12:
      return { $not: { [random.pick([...ORDERED, '$eq'])]: value() } };
    default:
      return { $type: random.pick(['string', 'number', 'null', 'boolean', 'array']) };
  }
}

function randomSelector(random: Random, wildness: Wildness, depth = 0): AnyDoc {
  const selector: AnyDoc = {};
  const fields = [...INDEXABLE, 'id', 'free', 'tags', '_meta.lwt', '_deleted'];
  const count = random.pick([0, 1, 1, 2, 2, 3]);
  for (let i = 0; i < count; i++) {
    const field = random.pick(fields);
    if (field === 'tags') {
      selector.tags = random.chance(0.5)
        ? { $size: random.int(4) }
        : { $elemMatch: { $eq: randomText(random, wildness) } };
    } else {
      selector[field] = randomMatcher(random, field, wildness);
    }
  }
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
      Array.from({ length: 1 + random.int(2) }, () => random.pick([...INDEXABLE, 'free', 'id', '_meta.lwt'])),
    );
    const direction = random.pick(['asc', 'desc', undefined]);
    query.sort = [...fields].map((field) => ({
      [field]: direction ?? random.pick(['asc', 'desc']),
    })) as never;
  }
  if (random.chance(0.4)) query.skip = random.int(12);
  if (random.chance(0.4)) query.limit = random.int(15);
  return query;
}
