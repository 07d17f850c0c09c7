import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyUpdate,
  bodyRoot,
  compact,
  covers,
  createArticleDoc,
  encodeState,
  fingerprint,
  loadDoc,
  MAX_UPDATE_BYTES,
  readContent,
  stateVector,
  titleText,
  validateUpdate,
} from '../../../domain/document/index.ts';
import { seeded } from './support/random.ts';
import { RICH_BODY, SAMPLE } from './support/samples.ts';

const article = (clientId = 42) =>
  createArticleDoc({ clientId, meta: SAMPLE.meta, title: SAMPLE.title, body: RICH_BODY });

const reasonOf = (result: ReturnType<typeof validateUpdate> | ReturnType<typeof applyUpdate>) =>
  result.ok ? 'ok' : result.error.detail.reason;

/** Variable-length unsigned integer as Yjs writes it. */
function varUint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** An update with its first piece changed, written out again. */
function forge(update: Uint8Array, change: (item: Y.Item) => void): Uint8Array {
  const encoder = new Y.UpdateEncoderV2();
  const [item] = Y.decodeUpdateV2(update).structs;
  if (!(item instanceof Y.Item)) throw new Error('no item');
  change(item);
  // Numbers below 128 are one byte each.
  const put = (number: number) => {
    encoder.restEncoder.cbuf[encoder.restEncoder.cpos] = number;
    encoder.restEncoder.cpos += 1;
  };
  put(1);
  put(1);
  encoder.writeClient(item.id.client);
  put(item.id.clock);
  item.write(encoder, 0);
  put(0);
  return encoder.toUint8Array();
}

describe('validateUpdate', () => {
  it('says what a sound update carries', () => {
    const { firstUpdate } = article();
    const result = validateUpdate(firstUpdate);
    expect(result).toMatchObject({
      ok: true,
      value: { byteLength: firstUpdate.byteLength, deletes: false, clients: [{ clientId: 42, from: 0 }] },
    });
  });

  it('accepts an update that only deletes', () => {
    const { doc } = article();
    const before = stateVector(doc);
    titleText(doc).delete(0, 5);
    expect(validateUpdate(encodeState(doc, before))).toMatchObject({
      ok: true,
      value: { deletes: true, clients: [] },
    });
  });

  it('refuses by size', () => {
    expect(reasonOf(validateUpdate(new Uint8Array(MAX_UPDATE_BYTES + 1)))).toBe('update-too-large');
    const refusal = validateUpdate(article().firstUpdate, 100);
    expect(refusal).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });

  it('refuses nothing at all, text, and the other encoding', () => {
    expect(reasonOf(validateUpdate(new Uint8Array()))).toBe('update-malformed');
    expect(reasonOf(validateUpdate('abc' as unknown as Uint8Array))).toBe('update-malformed');
    const { doc } = article();
    expect(reasonOf(validateUpdate(Y.encodeStateAsUpdate(doc)))).toBe('update-malformed');
  });

  it('refuses bytes left over', () => {
    const { firstUpdate } = article();
    expect(reasonOf(validateUpdate(Uint8Array.of(...firstUpdate, 0)))).toBe('update-malformed');
  });

  it('refuses a document inside the document', () => {
    const { doc } = article();
    doc.getMap('fields').set('x', new Y.Doc());
    expect(reasonOf(validateUpdate(encodeState(doc)))).toBe('update-unknown-content');
  });

  it('refuses a piece that stands on one its own client writes later, which would break the document then', () => {
    const { doc } = article(7);
    const update = (text: string, clientId: number) => {
      const since = stateVector(doc);
      doc.clientID = clientId;
      titleText(doc).insert(0, text);
      return encodeState(doc, since);
    };
    update('a', 5);
    const second = update('b', 5);
    const structs = Y.decodeUpdateV2(second).structs;
    expect(structs[0]).toMatchObject({ id: { client: 5, clock: 1 } });
    expect(validateUpdate(second).ok).toBe(true);
    expect(validateUpdate(forge(second, () => {})).ok).toBe(true);
    // The same piece, said to come after the ninth of its own client.
    const forged = forge(second, (item) => {
      item.origin = Y.createID(5, 9);
    });
    expect(reasonOf(validateUpdate(forged))).toBe('update-malformed');
    // And before the first of another.
    const before = forge(second, (item) => {
      item.rightOrigin = Y.createID(7, -26);
    });
    expect(reasonOf(validateUpdate(before))).toBe('update-malformed');
  });

  it('stops at an update of a few bytes that claims two billion parts', () => {
    // The V2 encoding begins with nine columns, run-length coded: kinds of parts (fifth) and their lengths (last).
    const kinds = [0];
    const lengths = [0x41, ...varUint(2_000_000_000)];
    const columns = [[], [1], [], [], kinds, [0], [], [], lengths];
    const rest = [...varUint(1), ...varUint(2_000_000_000), ...varUint(0)];
    const bomb = Uint8Array.from([
      0,
      ...columns.flatMap((column) => [...varUint(column.length), ...column]),
      ...rest,
    ]);
    expect(bomb.byteLength).toBeLessThan(50);
    expect(reasonOf(validateUpdate(bomb))).toBe('update-too-many-parts');
  });

  it('never throws and never hangs on random, cut and damaged bytes, and changes no document', () => {
    const random = seeded(20_170_817);
    const { doc, firstUpdate } = article();
    const print = fingerprint(readContent(doc));
    const state = encodeState(doc);
    let accepted = 0;
    for (let round = 0; round < 3_000; round += 1) {
      let bytes: Uint8Array;
      if (round % 3 === 0) bytes = Uint8Array.from({ length: random.below(200) }, () => random.below(256));
      else if (round % 3 === 1) bytes = firstUpdate.slice(0, random.below(firstUpdate.length));
      else {
        bytes = firstUpdate.slice();
        for (let hit = 0; hit <= random.below(4); hit += 1)
          bytes[random.below(bytes.length)] = random.below(256);
      }
      const scratch = loadDoc([state], 3);
      const result = applyUpdate(scratch, bytes);
      if (result.ok) accepted += 1;
      else expect(encodeState(scratch), `round ${round}`).toEqual(state);
      // Whatever was let in can be read, encoded and loaded again.
      const content = readContent(scratch);
      expect(fingerprint(readContent(loadDoc([encodeState(scratch)]))), `round ${round}`).toBe(
        fingerprint(content),
      );
      scratch.destroy();
    }
    expect(accepted).toBeLessThan(1_000);
    expect(fingerprint(readContent(doc))).toBe(print);
  }, 60_000);
});

describe('applyUpdate', () => {
  it('applies a sound update and keeps the origin', () => {
    const { doc, firstUpdate } = article();
    titleText(doc).insert(0, 'Mới: ');
    const target = loadDoc([firstUpdate]);
    const origins: unknown[] = [];
    target.on('updateV2', (_: Uint8Array, origin: unknown) => origins.push(origin));
    expect(applyUpdate(target, encodeState(doc), { origin: 'there' })).toEqual({
      ok: true,
      value: { waiting: false },
    });
    expect(origins).toEqual(['there']);
    expect(readContent(target)).toEqual(readContent(doc));
  });

  it('says when it waits for an earlier update', () => {
    const { doc } = article();
    const seen = stateVector(doc);
    titleText(doc).insert(0, 'a');
    const late = encodeState(doc, seen);
    const empty = loadDoc([]);
    expect(applyUpdate(empty, late)).toEqual({ ok: true, value: { waiting: true } });
    expect(applyUpdate(empty, article().firstUpdate)).toEqual({ ok: true, value: { waiting: false } });
    expect(titleText(empty).toString()).toBe(`a${SAMPLE.title}`);
  });

  it.each([
    [[[17, 231]]],
    [
      [
        [49, 20],
        [119, 0],
      ],
    ],
    [
      [
        [118, 96],
        [18, 120],
        [99, 112],
      ],
    ],
  ])(
    'refuses damage %j that decodes, but builds on its own future or would read differently on every machine',
    (hits) => {
      const { firstUpdate } = createArticleDoc({
        clientId: 42,
        meta: SAMPLE.meta,
        title: 'Quy chế',
        body: ['một hai', 'ba'],
      });
      const bytes = firstUpdate.slice();
      for (const [at = 0, value = 0] of hits) bytes[at] = value;
      const target = loadDoc([firstUpdate]);
      expect(['update-malformed', 'update-not-applicable']).toContain(reasonOf(applyUpdate(target, bytes)));
      expect(encodeState(target)).toEqual(firstUpdate);
    },
  );

  it.each<[string, (doc: Y.Doc) => void]>([
    ['an unknown node', (doc) => bodyRoot(doc).push([new Y.XmlElement('script')])],
    [
      'an unknown attribute',
      (doc) => {
        const element = new Y.XmlElement('paragraph');
        element.setAttribute('__type', 'x');
        bodyRoot(doc).push([element]);
      },
    ],
    [
      'an unknown kind of text',
      (doc) => {
        const text = new Y.XmlText();
        text.insert(0, 'a', { t: 'mention' });
        const element = new Y.XmlElement('paragraph');
        element.insert(0, [text]);
        bodyRoot(doc).push([element]);
      },
    ],
    [
      'something embedded in a text',
      (doc) => {
        const text = new Y.XmlText();
        text.insertEmbed(0, { image: 'x' });
        const element = new Y.XmlElement('paragraph');
        element.insert(0, [text]);
        bodyRoot(doc).push([element]);
      },
    ],
    ['a hook', (doc) => bodyRoot(doc).push([new Y.XmlHook('x') as unknown as Y.XmlElement])],
  ])('refuses %s, which the editor would not open', (_, write) => {
    const { doc, firstUpdate } = article();
    const target = loadDoc([firstUpdate]);
    const before = encodeState(target);
    write(doc);
    expect(reasonOf(applyUpdate(target, encodeState(doc)))).toBe('update-unknown-content');
    expect(encodeState(target)).toEqual(before);
  });
});

describe('state vectors and compaction', () => {
  it('covers what was seen and not what was not', () => {
    const { doc, firstUpdate } = article();
    const old = stateVector(doc);
    titleText(doc).insert(0, 'a');
    expect(covers(stateVector(doc), old)).toBe(true);
    expect(covers(old, stateVector(doc))).toBe(false);
    const other = loadDoc([firstUpdate], 5);
    titleText(other).insert(0, 'b');
    expect(covers(stateVector(doc), stateVector(other))).toBe(false);
    expect(covers(Uint8Array.of(255, 255), old)).toBe(false);
    expect(covers(stateVector(doc), Uint8Array.of(9))).toBe(false);
  });

  it('does not see deletions: the fingerprint does', () => {
    const { doc, firstUpdate } = article();
    const seen = loadDoc([firstUpdate]);
    titleText(doc).delete(0, 3);
    expect(covers(stateVector(seen), stateVector(doc))).toBe(true);
    expect(fingerprint(readContent(seen))).not.toBe(fingerprint(readContent(doc)));
  });

  it('makes one update of many, in any order, smaller than all together', () => {
    const { doc, firstUpdate } = article();
    const log = [firstUpdate];
    doc.on('updateV2', (update: Uint8Array) => log.push(update));
    for (const letter of 'Ủy ban nhân dân tỉnh Vĩnh Phúc')
      titleText(doc).insert(titleText(doc).length, letter);
    titleText(doc).delete(0, 4);
    const compacted = compact([...log].reverse());
    expect(readContent(loadDoc([compacted.update]))).toEqual(readContent(doc));
    expect(compacted.stateVector).toEqual(stateVector(doc));
    expect(compacted.update.byteLength).toBeLessThan(log.reduce((sum, update) => sum + update.byteLength, 0));
  });
});
