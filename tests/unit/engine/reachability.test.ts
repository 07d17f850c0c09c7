import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReachability } from '../../../main/engine/session/reachability.ts';

const answers: (() => Promise<Response>)[] = [];
const asked: string[] = [];
const fetch = async (url: string | URL): Promise<Response> => {
  asked.push(String(url));
  return (answers.shift() ?? (async () => new Response('{}')))();
};
const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = 0;
  asked.length = 0;
});
afterEach(() => vi.useRealTimers());

it('says nothing before the first answer, then whether the portal answers', async () => {
  const changes: boolean[] = [];
  const reachability = createReachability({
    fetch,
    now: () => 7,
    onChange: () => changes.push(reachability.state().online),
  });
  expect(reachability.state()).toEqual({ online: false, since: null, lastContactAt: null });
  answers.push(
    async () => Promise.reject(new Error('no route')),
    async () => new Response('busy', { status: 503 }),
    async () => new Response('{}'),
  );
  reachability.watch('http://portal.test');
  await settle();
  expect(reachability.state()).toEqual({ online: false, since: 7, lastContactAt: null });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(changes).toEqual([false]);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(changes).toEqual([false, true]);
  expect(asked).toEqual(Array(3).fill('http://portal.test/healthz'));
});

it('asks nothing any more when somebody is signed in, and drops a late answer', async () => {
  let answer: (response: Response) => void = () => undefined;
  answers.push(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const reachability = createReachability({ fetch, now: () => 1, onChange: () => undefined });
  reachability.watch('http://portal.test');
  reachability.rest();
  answer(new Response('{}'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
  expect(reachability.state().online).toBe(false);
});

it('does not begin anew while it waits for an answer, however often it is told to look', async () => {
  let fail: (error: Error) => void = () => undefined;
  answers.push(
    () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      }),
  );
  const reachability = createReachability({ fetch, now: () => 3, onChange: () => undefined });
  for (let times = 0; times < 5; times += 1) reachability.watch('http://portal.test');
  expect(asked).toHaveLength(1);
  fail(new Error('timed out'));
  await settle();
  expect(reachability.state()).toEqual({ online: false, since: 3, lastContactAt: null });
  reachability.watch('http://portal.test');
  await settle();
  expect(asked).toHaveLength(2);
  expect(reachability.state().online).toBe(true);
  reachability.watch('http://other.test');
  expect(asked.at(-1)).toBe('http://other.test/healthz');
});
