import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('a disk that is full for a while is said, loses nothing, and the exchange goes on afterwards', {
  timeout: 60_000,
}, async () => {
  const child = fork(new URL('./support/fullDiskChild.ts', import.meta.url), [], { silent: true });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data;
  });
  const said: Record<string, unknown> = {};
  child.on('message', ({ what, value }: { what: string; value: unknown }) => {
    said[what] = value;
  });
  const [code] = (await once(child, 'exit')) as [number];
  expect(said, stderr).toEqual({
    refusal: expect.stringContaining('disk-full'),
    create: 'disk-full',
    unsaved: true,
    recovered: null,
    pulled: true,
    pushed: true,
    'notes of the exchange': 'written again',
  });
  expect(code).toBe(0);
});
