import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PresenceBody, PresenceEvent } from '../../../domain/contracts/index.ts';
import type { PortalApi } from '../../../main/engine/sync/api.ts';
import { createPresence, type Presence } from '../../../main/engine/sync/presence.ts';
import { createTopics } from '../../../main/engine/topics.ts';

const place = (spot: string) => ({ anchor: spot, focus: spot });
const other = (more: Partial<PresenceEvent> = {}): PresenceEvent => ({
  articleId: 'a',
  key: 'other.1',
  personId: 'somebody',
  isHere: true,
  isNew: false,
  place: null,
  ...more,
});

let told: PresenceBody[];
let refuses: boolean;
let isOnline: boolean;
let presence: Presence;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  refuses = false;
  isOnline = true;
  const api = {
    json: async (_reply: unknown, request: { json: PresenceBody }) => {
      told.push(request.json);
      if (refuses) throw new Error('article-unknown');
      return {};
    },
  };
  presence = createPresence({
    api: api as unknown as PortalApi,
    isOnline: () => isOnline,
    topics: createTopics(),
    log: () => {},
  });
});
afterEach(() => {
  presence.stop();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const comes = async (articleId = 'a') => {
  presence.tell({ articleId, isHere: true, place: null }, 'w');
  await settle();
};

describe('presence', () => {
  it('tells that somebody came, and where the cursor stands only while others are here', async () => {
    await comes();
    expect(told).toEqual([{ articleId: 'a', windowId: 'w', isHere: true, isNew: true, place: null }]);
    presence.tell({ articleId: 'a', isHere: true, place: place('AA==') }, 'w');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveLength(1);
    presence.heard(other());
    await settle();
    expect(told.at(-1)).toMatchObject({ isNew: false, place: place('AA==') });
    presence.tell({ articleId: 'a', isHere: true, place: place('AQ==') }, 'w');
    presence.tell({ articleId: 'a', isHere: true, place: place('Ag==') }, 'w');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.slice(2).map((body) => body.place)).toEqual([place('Ag==')]);
  });

  it('answers who is new, and forgets who left, whose stream ended, and who was silent for long', async () => {
    await comes();
    presence.heard(other({ isNew: true }));
    await settle();
    expect(told).toHaveLength(2);
    expect(presence.others('a')).toEqual([{ key: 'other.1', personId: 'somebody', place: null }]);
    presence.heard(other({ isHere: false }));
    expect(presence.others('a')).toEqual([]);
    presence.heard(other());
    presence.lost();
    expect(presence.others('a')).toEqual([]);
    presence.heard(other());
    await vi.advanceTimersByTimeAsync(21 * 60_000);
    expect(presence.others('a')).toEqual([]);
  });

  it('listens only for articles that are open here', async () => {
    presence.heard(other());
    expect(presence.others('a')).toEqual([]);
    await comes();
    presence.heard(other());
    presence.windowClosed('w');
    await settle();
    expect(told.at(-1)).toMatchObject({ isHere: false });
    expect(presence.others('a')).toEqual([]);
  });

  it('tells again what the portal did not take, and everything with a new stream; nothing while offline', async () => {
    refuses = true;
    await comes();
    refuses = false;
    presence.articlesChanged();
    await settle();
    presence.articlesChanged();
    await settle();
    expect(told).toHaveLength(2);
    presence.opened();
    await settle();
    expect(told).toHaveLength(3);
    isOnline = false;
    await comes('b');
    expect(told).toHaveLength(3);
  });

  it('is told in order', async () => {
    await comes();
    presence.heard(other());
    presence.tell({ articleId: 'a', isHere: true, place: place('AQ==') }, 'w');
    presence.tell({ articleId: 'a', isHere: false, place: null }, 'w');
    await settle();
    expect(told.at(-1)).toMatchObject({ isHere: false });
  });
});
