import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

async function inZone(zone: string): Promise<{ offset: number; today: string[]; tet: string[] }> {
  const child = fork(new URL('./support/zoneChild.ts', import.meta.url), [], {
    env: { ...process.env, TZ: zone, NODE_OPTIONS: '' },
  });
  const [answer] = await once(child, 'message');
  return answer;
}

test('days are those of Vietnam, whatever the machine’s time zone', async () => {
  const { offset: _home, ...home } = await inZone('Asia/Ho_Chi_Minh');
  expect(home).toMatchObject({
    tet: ['1985-01-21', '2007-02-17', '2026-02-17', '2027-02-06', '2030-02-02'],
    today: ['2026-11-22', '2026-11-23', '2026-03-09'],
  });
  const zones = ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kathmandu'];
  const elsewhere = await Promise.all(zones.map(inZone));
  // The machines do differ.
  expect(elsewhere.map(({ offset }) => offset)).toEqual([0, 420, -840, -345]);
  for (const { offset: _offset, ...answer } of elsewhere) expect(answer).toEqual(home);
});
