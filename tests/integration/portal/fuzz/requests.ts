import type { DecisionRow, FileRow, UpdateRow } from '../../../../domain/contracts/index.ts';
import type { Random } from '../../../unit/document/support/random.ts';

/** One request of the fuzzer. `mayPass`: it repeats what was taken before, or only asks, so that it may be answered well. */
export interface FuzzRequest {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | null;
  readonly mayPass: boolean;
}

/** What the fuzzer starts from: sound things of a real exchange. */
export interface Material {
  readonly tokens: Readonly<Record<'writer' | 'stranger' | 'chief' | 'admin', string>>;
  readonly articleId: string;
  /** An article that may be changed: mutated updates of its author go there. */
  readonly victimId: string;
  readonly deskId: string;
  readonly updates: readonly UpdateRow[];
  readonly decisions: readonly DecisionRow[];
  readonly files: readonly FileRow[];
  /** Sound updates of the victim that were never sent. */
  readonly victimUpdates: readonly UpdateRow[];
}

const STRINGS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '../../etc/passwd',
  "'; drop table articles; --",
  '%00',
  '<script>',
  'Ủy ban',
  '𝒳'.repeat(40),
  'x'.repeat(5000),
  'x'.repeat(130),
  '__proto__',
  'constructor',
  '-1',
  '9'.repeat(30),
  'null',
];
const NUMBERS = [0, -1, 1.5, 1e300, 2 ** 53, 2 ** 63, -(2 ** 31) - 1, 2 ** 31, Number.MAX_SAFE_INTEGER];

export function junk(random: Random, depth = 0): unknown {
  const pick = random.below(depth > 3 ? 4 : 7);
  if (pick === 0) return random.pick(STRINGS);
  if (pick === 1) return random.pick(NUMBERS);
  if (pick === 2) return random.pick([null, true, false]);
  if (pick === 3)
    return Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256))).toString('base64');
  if (pick === 4) return Array.from({ length: random.below(4) }, () => junk(random, depth + 1));
  const entries = Array.from({ length: random.below(4) }, () => [
    random.pick([...STRINGS.slice(4, 16), 'id', 'rows', 'roles', 'articleId']),
    junk(random, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.below(256)));

/** A row with one or two of its values replaced, left out or joined by others. */
function mutated<T extends object>(random: Random, row: T): Record<string, unknown> {
  const next: Record<string, unknown> = Object.fromEntries(Object.entries(row));
  for (let changes = 1 + random.below(2); changes > 0; changes -= 1) {
    const key = random.pick(Object.keys(next));
    const how = random.below(4);
    if (how === 0) delete next[key];
    else if (how === 1) next[random.pick(['extra', '__proto__x', '_deleted'])] = junk(random);
    else
      next[key] =
        random.next() < 0.5 ? random.pick<unknown>(random.next() < 0.5 ? STRINGS : NUMBERS) : junk(random);
  }
  return next;
}

const COLLECTIONS = [
  'articles',
  'snapshots',
  'updates',
  'decisions',
  'files',
  'directory',
  'nothing',
  'stream%00',
];

type Make = (random: Random, material: Material) => Omit<FuzzRequest, 'kind'>;

const json = { 'content-type': 'application/json' };
const as = (material: Material, who: keyof Material['tokens']) => ({
  authorization: `Bearer ${material.tokens[who]}`,
  'x-soan-api': '2',
});

const push = (
  material: Material,
  who: keyof Material['tokens'],
  collection: string,
  rows: readonly unknown[],
  mayPass = false,
): Omit<FuzzRequest, 'kind'> => ({
  method: 'POST',
  path: `/api/sync/${collection}`,
  headers: { ...json, ...as(material, who) },
  body: JSON.stringify({ rows: rows.map((newDocumentState) => ({ newDocumentState })) }),
  mayPass,
});

const MAKERS: Readonly<Record<string, Make>> = {
  replayed: (random, material) => {
    const collection = random.pick(['updates', 'decisions', 'files'] as const);
    // In any order, any number of them, as often as one likes.
    const all = material[collection];
    const rows = Array.from({ length: 1 + random.below(5) }, () => random.pick<unknown>(all));
    return push(material, 'writer', collection, rows, true);
  },
  mutatedRow: (random, material) => {
    const collection = random.pick(['updates', 'decisions', 'files'] as const);
    const row = mutated(random, random.pick<object>(material[collection]));
    // Nothing of the stranger is ever taken for this article; of the writer only what has the shape and an id of its own might be.
    return push(material, 'stranger', collection, [row]);
  },
  mutatedOwn: (random, material) => {
    // Of the victim alone: what is taken by chance does no harm to the comparison.
    const decisions = material.decisions.map((row) => ({ ...row, articleId: material.victimId }));
    const row = random.pick<object>([...material.victimUpdates, ...decisions]);
    const collection = 'update' in row ? 'updates' : 'decisions';
    const changed = {
      ...mutated(random, { ...row, id: `own-${random.below(1e9)}` }),
      articleId: material.victimId,
    };
    return push(material, 'writer', collection, [changed], true);
  },
  forgedName: (random, material) => {
    const row = random.pick<object>([...material.updates, ...material.decisions, ...material.files]);
    const collection = 'update' in row ? 'updates' : 'action' in row ? 'decisions' : 'files';
    const id = `forged-${random.below(1e9)}`;
    return push(material, random.pick(['stranger', 'chief'] as const), collection, [
      { ...row, ...('sha256' in row ? {} : { id }) },
    ]);
  },
  ownVerdict: (random, material) =>
    push(material, 'writer', 'decisions', [
      {
        ...random.pick(material.decisions),
        id: `verdict-${random.below(1e9)}`,
        status: 'accepted',
        stateAfter: 'published',
        verdictAt: 1,
      },
    ]),
  otherEvidence: (random, material) => {
    const bound = material.decisions.filter((row) => row.content !== null);
    return push(material, 'writer', 'decisions', [
      {
        ...random.pick(bound),
        id: `evidence-${random.below(1e9)}`,
        content: bytesOf(random, 60).toString('base64'),
      },
    ]);
  },
  brokenYjs: (random, material) => {
    const row = random.pick(material.updates);
    const bytes = Buffer.from(row.update, 'base64');
    const broken = random.pick([
      () => bytes.subarray(0, random.below(bytes.length)),
      () => Buffer.concat([bytes, bytesOf(random, 1 + random.below(9))]),
      () => bytesOf(random, random.below(200)),
      () => Buffer.from([0, 0, 255, 255, 255, 255, 15, 255, 255, 255, 255, 15]),
    ])();
    const update = { ...row, id: `broken-${random.below(1e9)}`, update: broken.toString('base64') };
    // By chance a prefix may be whole again, so it comes from one whose text is not taken here.
    return push(material, 'stranger', 'updates', [{ ...update, authorId: 'stranger' }]);
  },
  flippedYjs: (random, material) => {
    const row = random.pick(material.victimUpdates);
    const bytes = Buffer.from(row.update, 'base64');
    for (let flips = 1 + random.below(3); flips > 0; flips -= 1) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    const update = { ...row, id: `flipped-${random.below(1e9)}`, update: bytes.toString('base64') };
    return push(material, 'writer', 'updates', [update], true);
  },
  noPush: (random, material) => ({
    method: 'POST',
    path: `/api/sync/${random.pick(COLLECTIONS)}`,
    headers: { ...json, ...as(material, 'writer') },
    body: random.next() < 0.5 ? JSON.stringify({ rows: junk(random) }) : JSON.stringify(junk(random)),
    mayPass: false,
  }),
  noJson: (random, material) => ({
    method: random.pick(['POST', 'PATCH', 'PUT']),
    path: random.pick([
      '/api/session',
      '/api/session/refresh',
      '/api/sync/updates',
      '/api/sync/decisions',
      '/api/people/writer',
      '/api/organisation',
    ]),
    headers: {
      ...(random.next() < 0.7 ? json : { 'content-type': random.pick(['text/plain', 'application/x', 'x']) }),
      ...as(material, 'stranger'),
      ...(random.next() < 0.2 ? { 'content-encoding': random.pick(['gzip', 'br', 'x']) } : {}),
    },
    body: random.pick<() => Buffer | string>([
      () => bytesOf(random, random.below(300)),
      () => '{"rows":[',
      () => '['.repeat(20_000),
      () => '"'.repeat(3),
      () => '{"__proto__":{"rows":[]}}',
      () => '',
    ])(),
    mayPass: false,
  }),
  oversized: (random, material) => ({
    method: 'POST',
    path: random.pick(['/api/session', '/api/session/refresh']),
    headers: { ...json, ...as(material, 'writer') },
    body: JSON.stringify({ account: 'x'.repeat(1_100_000 + random.below(1000)), password: 'x', deskId: 'x' }),
    mayPass: false,
  }),
  pulls: (random, material) => {
    const query = new URLSearchParams();
    for (const key of ['sequence', 'id', 'limit', 'scope', 'was', 'since', 'x'])
      if (random.next() < 0.5)
        query.set(
          key,
          String(random.next() < 0.5 ? random.below(50) : random.pick<unknown>([...STRINGS, ...NUMBERS])),
        );
    const collection = random.pick(COLLECTIONS);
    return {
      method: 'GET',
      path: `/api/sync/${collection}?${query}`,
      headers: as(material, random.pick(['writer', 'stranger', 'chief'] as const)),
      body: null,
      mayPass: true,
    };
  },
  tokens: (random, material) => {
    const token = material.tokens.writer;
    const [head = '', claims = '', signature = ''] = token.split('.');
    const forged = (change: object) =>
      Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change }),
      ).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    return {
      method: random.pick(['GET', 'POST', 'DELETE']),
      path: random.pick([
        '/api/me',
        '/api/sync/stream',
        '/api/sync/updates',
        '/api/session',
        '/api/people/writer',
      ]),
      headers: {
        ...json,
        authorization: random.pick([
          '',
          'Bearer',
          'Bearer x',
          `Basic ${token}`,
          `Bearer ${token.slice(0, -4)}AAAA`,
          `Bearer ${head}.${forged({ sub: 'chief' })}.${signature}`,
          `Bearer ${head}.${forged({ exp: 9_999_999_999 })}.${signature}`,
          `Bearer ${none}.${forged({ sub: 'admin' })}.`,
          `Bearer ${bytesOf(random, 60).toString('base64url')}`,
        ]),
      },
      body: null,
      mayPass: false,
    };
  },
  sessions: (random) => ({
    method: 'POST',
    path: '/api/session/refresh',
    headers: json,
    body: JSON.stringify({
      refreshToken: random.next() < 0.5 ? bytesOf(random, 32).toString('base64url') : junk(random),
      deskId: random.next() < 0.5 ? 'desk' : junk(random),
    }),
    mayPass: false,
  }),
  oldDesks: (random, material) => ({
    method: 'GET',
    path: '/api/me',
    headers: {
      ...as(material, 'writer'),
      'x-soan-api': random.pick(['0', '-1', 'x', '1.5', '', '0x2', '99999999']),
    },
    body: null,
    mayPass: false,
  }),
  rights: (random, material) => {
    const who = random.pick(['writer', 'chief', 'admin'] as const);
    const isOrganisation = random.next() < 0.3;
    const target = random.pick([
      'writer',
      'admin',
      'nobody',
      encodeURIComponent(random.pick(STRINGS.slice(1, 16)).slice(0, 60).replace('\ud800', 'x')),
    ]);
    const body =
      who === 'admin'
        ? random.pick<unknown>([
            {},
            { roles: [] },
            { roles: ['god'] },
            { unitId: 'nowhere' },
            { unitId: '\u0000' },
            { active: 'no' },
            { offlineDays: 0 },
            { offlineDays: 1e9 },
            junk(random),
          ])
        : { active: false };
    return {
      method: 'PATCH',
      path: isOrganisation ? '/api/organisation' : `/api/people/${target}`,
      headers: { ...json, ...as(material, who) },
      body: JSON.stringify(body),
      mayPass: false,
    };
  },
  files: (random, material) => ({
    method: random.pick(['GET', 'HEAD', 'POST', 'DELETE']),
    path: `/api/files/${random.pick([material.files[0]?.sha256 ?? '', 'a'.repeat(64), 'x', '..%2f..', '%00'])}?articleId=${encodeURIComponent(random.pick([material.articleId, 'nowhere', '', '\u0000']))}`,
    headers: {
      ...as(material, random.pick(['writer', 'stranger'] as const)),
      range: random.pick(['bytes=0-', 'bytes=9-1', 'x', 'bytes=-0']),
    },
    body: null,
    mayPass: true,
  }),
  uploads: (random, material) => {
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const metadata = [
      `sha256 ${encode(random.pick(['a'.repeat(64), 'x', '', '../x']))}`,
      `articleId ${encode(random.pick(['nowhere', '\u0000', 'x'.repeat(200)]))}`,
      `filename ${encode(random.pick(['a.pdf', '', '../../a', 'a.exe']))}`,
    ].filter(() => random.next() < 0.9);
    const isBegin = random.next() < 0.5;
    return {
      method: isBegin ? 'POST' : random.pick(['PATCH', 'HEAD', 'DELETE']),
      path: isBegin
        ? '/api/files/uploads'
        : `/api/files/uploads/${random.pick(['x', 'stored.x.1', '..%2fx', 'a'.repeat(120), '%00'])}`,
      headers: {
        ...as(material, 'writer'),
        'tus-resumable': random.pick(['1.0.0', '0.1', '']),
        'upload-length': random.pick(['5', '-1', 'x', '99999999999999999999']),
        'upload-offset': random.pick(['0', '-1', 'x']),
        'upload-metadata': metadata.join(','),
        'content-type': 'application/offset+octet-stream',
      },
      body: isBegin ? null : bytesOf(random, random.below(50)),
      mayPass: false,
    };
  },
  pages: (random) => ({
    method: random.pick(['GET', 'HEAD', 'POST']),
    path: random.pick([
      () => `/tim-kiem?q=${encodeURIComponent(random.pick(STRINGS.filter((text) => text !== '\ud800')))}`,
      () => `/en/search?q=${'%E1%BB'.repeat(random.below(5))}&trang=${random.pick(STRINGS.slice(11, 18))}`,
      () => `/bai/${encodeURIComponent(random.pick(STRINGS.filter((text) => text !== '\ud800')))}`,
      () => `/tep/${'b'.repeat(64)}/${random.pick(['x', '..%2f', '%00'])}`,
      () => `/${bytesOf(random, 12).toString('base64url')}?${bytesOf(random, 9).toString('base64url')}`,
      () => '/tat-ca?trang=-1',
      () => '/%',
    ])(),
    headers: { 'accept-language': random.pick(['vi', 'en', 'x'.repeat(300), '*;q=9']) },
    body: null,
    mayPass: true,
  }),
};

const KINDS = Object.keys(MAKERS);

/** The next request; the same numbers give the same one. */
export function nextRequest(random: Random, material: Material): FuzzRequest {
  const kind = random.pick(KINDS);
  const make = MAKERS[kind];
  if (!make) throw new Error('no such kind');
  return { kind, ...make(random, material) };
}
