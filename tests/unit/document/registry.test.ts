import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDocRegistry } from '../../../renderer/features/editor/binding/index.ts';

function harness(options: { failFirst?: boolean; slowClose?: Promise<void> } = {}) {
  const log: string[] = [];
  let loads = 0;
  const registry = createDocRegistry({
    load: async (articleId) => {
      loads += 1;
      log.push(`load ${articleId}`);
      if (options.failFirst && loads === 1) throw new Error('disk');
      return new Y.Doc();
    },
    onOpened: (articleId) => log.push(`opened ${articleId}`),
    onClosing: async (articleId) => {
      log.push(`closing ${articleId}`);
      await options.slowClose;
    },
  });
  return { registry, log };
}

describe('document registry', () => {
  it('opens a document once for all who want it and closes it with the last', async () => {
    const { registry, log } = harness();
    const [one, two] = await Promise.all([registry.acquire('a'), registry.acquire('a')]);
    expect(one.doc).toBe(two.doc);
    expect(registry.peek('a')).toBe(one.doc);
    await one.release();
    await one.release();
    expect(registry.openIds()).toEqual(['a']);
    await two.release();
    expect(registry.openIds()).toEqual([]);
    expect(log).toEqual(['load a', 'opened a', 'closing a']);
    expect(one.doc.isDestroyed).toBe(true);
  });

  it('keeps a document that is wanted again while it closes', async () => {
    let finish = () => {};
    const slowClose = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { registry, log } = harness({ slowClose });
    const first = await registry.acquire('a');
    const closing = first.release();
    const second = await registry.acquire('a');
    finish();
    await closing;
    expect(second.doc).toBe(first.doc);
    expect(second.doc.isDestroyed).toBe(false);
    await second.release();
    expect(log).toEqual(['load a', 'opened a', 'closing a', 'closing a']);
  });

  it('tells a failure to all who wait, and tries anew afterwards', async () => {
    const { registry } = harness({ failFirst: true });
    const outcomes = await Promise.allSettled([registry.acquire('a'), registry.acquire('a')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(registry.openIds()).toEqual([]);
    await expect(registry.acquire('a')).resolves.toBeDefined();
  });

  it('keeps the document open, and its owner told, when it can’t be saved on closing', async () => {
    const doc = new Y.Doc();
    const registry = createDocRegistry({
      load: async () => doc,
      onClosing: () => Promise.reject(new Error('disk full')),
    });
    const held = await registry.acquire('a');
    await expect(held.release()).rejects.toThrow('disk full');
    expect(doc.isDestroyed).toBe(false);
    expect((await registry.acquire('a')).doc).toBe(doc);
  });
});
