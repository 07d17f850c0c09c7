import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { loadDoc } from '../../../domain/document/index.ts';
import {
  createUpdateBatcher,
  REMOTE_ORIGIN,
  type SaveState,
} from '../../../renderer/features/editor/binding/index.ts';

interface Call {
  update: Uint8Array;
  id: string;
  answer: (savedAt: string) => Promise<void>;
  fail: (error: unknown) => Promise<void>;
}

/** A store that answers when told, and a clock moved by hand. */
function harness() {
  const doc = new Y.Doc();
  const calls: Call[] = [];
  const states: SaveState[] = [];
  let time = 0;
  let ids = 0;
  let timers: { at: number; task: () => void }[] = [];
  const turn = async () => {
    for (let count = 0; count < 6; count += 1) await Promise.resolve();
  };
  const batcher = createUpdateBatcher({
    doc,
    append: (update, id) =>
      new Promise((resolve, reject) => {
        calls.push({
          update,
          id,
          answer: async (savedAt) => {
            resolve({ savedAt });
            await turn();
          },
          fail: async (error) => {
            reject(error);
            await turn();
          },
        });
      }),
    newId: () => {
      ids += 1;
      return `u${ids}`;
    },
    now: () => time,
    schedule: (task, delayMs) => {
      const entry = { at: time + delayMs, task };
      timers.push(entry);
      return () => {
        timers = timers.filter((one) => one !== entry);
      };
    },
    onState: (state) => states.push(state),
  });
  const pass = async (ms: number) => {
    time += ms;
    const due = timers.filter((entry) => entry.at <= time);
    timers = timers.filter((entry) => entry.at > time);
    for (const entry of due) entry.task();
    await turn();
  };
  const type = (words: string) => doc.getText('title').insert(doc.getText('title').length, words);
  const stored = () =>
    loadDoc(calls.map((call) => call.update))
      .getText('title')
      .toString();
  const call = (index: number): Call => {
    const found = calls[index];
    if (found === undefined) throw new Error(`no call ${index}`);
    return found;
  };
  return { doc, batcher, calls, states, pass, type, stored, call, turn, timers: () => timers.length };
}

describe('update batcher', () => {
  it('hands over one update for what was typed within 300 ms and says saved only when told so', async () => {
    const { batcher, calls, pass, type, stored, call } = harness();
    expect(batcher.state()).toEqual({ kind: 'saved', savedAt: null });
    for (const letter of 'Ủy ban') type(letter);
    expect(batcher.state().kind).toBe('saving');
    await pass(299);
    expect(calls).toHaveLength(0);
    await pass(1);
    expect(calls).toHaveLength(1);
    expect(stored()).toBe('Ủy ban');
    expect(batcher.state().kind).toBe('saving');
    expect(batcher.hasUnsaved()).toBe(true);
    await call(0).answer('14:36:08');
    expect(batcher.state()).toEqual({ kind: 'saved', savedAt: '14:36:08' });
    expect(batcher.hasUnsaved()).toBe(false);
  });

  it('does not wait longer for somebody who never pauses', async () => {
    const { calls, pass, type } = harness();
    for (let key = 0; key < 10; key += 1) {
      type('a');
      await pass(100);
    }
    expect(calls.length).toBeGreaterThanOrEqual(1);
  });

  it('sends one at a time, in order, and is not saved while anything waits', async () => {
    const { batcher, calls, pass, type, stored, call } = harness();
    type('a');
    await pass(300);
    type('b');
    await pass(1000);
    expect(calls).toHaveLength(1);
    await call(0).answer('t1');
    expect(batcher.state()).toEqual({ kind: 'saving', savedAt: 't1' });
    await pass(300);
    expect(calls).toHaveLength(2);
    await call(1).answer('t2');
    expect(stored()).toBe('ab');
    expect(batcher.state()).toEqual({ kind: 'saved', savedAt: 't2' });
  });

  it('repeats a failed update unchanged under its id until it is stored, and tells since when', async () => {
    const { batcher, calls, pass, type, stored, call } = harness();
    type('a');
    await pass(300);
    await call(0).fail(new Error('disk full'));
    expect(batcher.state()).toMatchObject({ kind: 'failed', failedSince: 300, savedAt: null });
    type('b');
    await pass(500);
    expect(calls).toHaveLength(2);
    expect(call(1)).toMatchObject({ id: call(0).id, update: call(0).update });
    await call(1).fail(new Error('disk full'));
    expect(batcher.state()).toMatchObject({ kind: 'failed', failedSince: 300 });
    await pass(500);
    expect(calls).toHaveLength(2);
    await pass(500);
    await call(2).answer('t3');
    expect(batcher.state().kind).toBe('saving');
    await pass(300);
    await call(3).answer('t4');
    expect(batcher.state()).toEqual({ kind: 'saved', savedAt: 't4' });
    expect(stored()).toBe('ab');
    expect(new Set(calls.map((one) => one.id)).size).toBe(2);
  });

  it('treats an append that throws like one that rejects', async () => {
    const doc = new Y.Doc();
    const batcher = createUpdateBatcher({
      doc,
      append: () => {
        throw new Error('gone');
      },
      newId: () => 'u',
      now: () => 5,
      schedule: () => () => {},
    });
    doc.getText('title').insert(0, 'a');
    await expect(batcher.flush()).rejects.toThrow('gone');
    expect(batcher.state()).toMatchObject({ kind: 'failed', failedSince: 5 });
  });

  it('flushes at once and waits for all of it', async () => {
    const { batcher, calls, type, call, turn } = harness();
    await batcher.flush();
    type('a');
    let isDone = false;
    const done = batcher.flush().then(() => {
      isDone = true;
    });
    await turn();
    expect(calls).toHaveLength(1);
    type('b');
    await call(0).answer('t1');
    expect(isDone).toBe(false);
    expect(calls).toHaveLength(2);
    await call(1).answer('t2');
    await done;
    expect(isDone).toBe(true);
  });

  it('does not hand an update over twice when flushed while it is on its way', async () => {
    const { batcher, calls, pass, type, call, turn } = harness();
    type('a');
    await pass(300);
    const done = batcher.flush();
    await turn();
    expect(calls).toHaveLength(1);
    await call(0).answer('t1');
    await done;
    expect(calls).toHaveLength(1);
  });

  it('leaves out what came from elsewhere', async () => {
    const { doc, batcher, calls, pass } = harness();
    const other = new Y.Doc();
    other.getText('title').insert(0, 'từ xa');
    Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(other), REMOTE_ORIGIN);
    await pass(1000);
    expect(calls).toHaveLength(0);
    expect(batcher.state()).toEqual({ kind: 'saved', savedAt: null });
  });

  it('stops when disposed, and says so to who waits', async () => {
    const { batcher, calls, pass, type, timers } = harness();
    type('a');
    const waiting = batcher.flush();
    batcher.dispose();
    await expect(waiting).rejects.toThrow('not saved');
    type('b');
    await pass(1000);
    expect(calls.length).toBeLessThanOrEqual(1);
    expect(timers()).toBe(0);
  });
});
