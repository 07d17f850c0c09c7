import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const CHILD = join(import.meta.dirname, 'support/zoneChild.ts');

function inZone(zone: string): { offset: number; today: string[]; tet: string[] } {
  const out = execFileSync(process.execPath, [CHILD], {
    env: { ...process.env, TZ: zone, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  return JSON.parse(out);
}

test('days are those of Vietnam, whatever the machine’s time zone', () => {
  const { offset: _home, ...home } = inZone('Asia/Ho_Chi_Minh');
  expect(home).toMatchObject({
    tet: ['1985-01-21', '2007-02-17', '2026-02-17', '2027-02-06', '2030-02-02'],
    today: ['2026-11-22', '2026-11-23', '2026-03-09'],
  });
  const elsewhere = ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kathmandu'].map(inZone);
  // The machines do differ.
  expect(elsewhere.map(({ offset }) => offset)).toEqual([0, 420, -840, -345]);
  for (const { offset: _offset, ...answer } of elsewhere) expect(answer).toEqual(home);
});
