import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Result } from '../../../domain/lib/result.ts';
import type { EngineClient } from '../../../renderer/data/client.ts';
import { createDocuments, RefusedError } from '../../../renderer/data/openDocuments.ts';

/** An engine with one document, that can be told to refuse. */
function engineOf(start: string) {
  const stored = new Y.Doc();
  stored.getText('title').insert(0, start);
  const appended: string[] = [];
  let refuse: string | null = null;
  let changed: (value: { articleId: string; update: Uint8Array; authorId: string }) => void = () => {};
  let reconnected = () => {};
  let opens = 0;
  let closes = 0;
  const client = {
    ask: async (name: string, args: Record<string, unknown>): Promise<Result<unknown>> => {
      if (name === 'documents.open') {
        opens += 1;
        if (args.articleId !== 'a') return { ok: false, error: { code: 'article-unknown' } };
        return { ok: true, value: { state: Y.encodeStateAsUpdateV2(stored), mayEdit: true } };
      }
      if (name === 'documents.close') closes += 1;
      if (name === 'documents.append') {
        if (refuse !== null) return { ok: false, error: { code: refuse } };
        appended.push(String(args.updateId));
        Y.applyUpdateV2(stored, args.update as Uint8Array);
        return { ok: true, value: { savedAt: 123 } };
      }
      return { ok: true, value: {} };
    },
    listen: (_name: string, listener: typeof changed) => {
      changed = listener;
      return () => {};
    },
    onReconnected: (listener: () => void) => {
      reconnected = listener;
      return () => {};
    },
    watch: () => ({ stop: () => {} }),
  } as unknown as EngineClient;
  return {
    client,
    stored,
    appended,
    refuse: (code: string | null) => {
      refuse = code;
    },
    change: (update: Uint8Array) => changed({ articleId: 'a', update, authorId: 'x' }),
    reconnect: () => reconnected(),
    counts: () => ({ opens, closes }),
  };
}
const soon = (forMs = 20) => new Promise((resolve) => setTimeout(resolve, forMs));

describe('the documents of a window', () => {
  it('are opened once, and their edits reach the store before they count as saved', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const [first, second] = await Promise.all([documents.open('a'), documents.open('a')]);
    expect(first.document.doc).toBe(second.document.doc);
    expect(engine.counts().opens).toBe(1);
    first.document.doc.getText('title').insert(3, ' hai');
    expect(first.document.saveState().kind).toBe('saving');
    await first.document.flush();
    expect(first.document.saveState()).toEqual({ kind: 'saved', savedAt: '123' });
    expect(engine.stored.getText('title').toString()).toBe('một hai');
  });

  it('take what others wrote without storing it again', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const { document } = await documents.open('a');
    const before = Y.encodeStateVector(engine.stored);
    engine.stored.getText('title').insert(3, ' hai');
    engine.change(Y.encodeStateAsUpdateV2(engine.stored, before));
    expect(document.doc.getText('title').toString()).toBe('một hai');
    await document.flush();
    expect(engine.appended).toEqual([]);
  });

  it('catch up after the engine was started again', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const { document } = await documents.open('a');
    engine.stored.getText('title').insert(3, ' hai');
    engine.reconnect();
    await soon();
    expect(document.doc.getText('title').toString()).toBe('một hai');
  });

  it('say since when something could not be stored, and store it when they can', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const { document } = await documents.open('a');
    engine.refuse('disk-full');
    document.doc.getText('title').insert(3, ' hai');
    await expect(document.flush()).rejects.toBeInstanceOf(RefusedError);
    expect(documents.unsavedSince()).toBeGreaterThan(0);
    engine.refuse(null);
    await document.flush();
    expect(documents.unsavedSince()).toBeNull();
    expect(engine.stored.getText('title').toString()).toBe('một hai');
  });

  it('stay until their last edit is stored, whoever leaves', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const held = await documents.open('a');
    held.document.doc.getText('title').insert(3, ' hai');
    await held.release();
    expect(engine.stored.getText('title').toString()).toBe('một hai');
    expect(engine.counts().closes).toBe(1);
  });

  it('go on being stored when one screen hands them to the next', async () => {
    const engine = engineOf('một');
    const documents = createDocuments(engine.client);
    const first = await documents.open('a');
    const released = first.release();
    const second = await documents.open('a');
    await released;
    second.document.doc.getText('title').insert(3, ' hai');
    expect(second.document.saveState().kind).toBe('saving');
    await second.document.flush();
    expect(engine.stored.getText('title').toString()).toBe('một hai');
    expect(engine.counts()).toEqual({ opens: 1, closes: 0 });
  });

  it('tell why one can not be opened', async () => {
    const documents = createDocuments(engineOf('').client);
    await expect(documents.open('b')).rejects.toMatchObject({ refusal: { code: 'article-unknown' } });
  });
});
