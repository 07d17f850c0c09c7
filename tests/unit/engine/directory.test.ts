import { expect, it } from 'vitest';
import { type CalendarData, defaultCalendar } from '../../../domain/deadlines/index.ts';
import { getProfile } from '../../../domain/regulations/index.ts';
import type { DeskDatabase } from '../../../main/engine/database.ts';
import { createDirectory } from '../../../main/engine/directory.ts';

const FRIDAY = '2026-08-28';

/** A directory over rows that can be replaced. */
function over(rows: { kind: string; data: unknown }[]) {
  const found = { exec: async () => rows.map((row) => ({ toJSON: () => structuredClone(row) })) };
  const database = { directory: { find: () => found } } as unknown as DeskDatabase;
  const signedInAs = {
    id: 'p',
    account: 'p',
    name: { vi: 'P', en: 'P' },
    roles: [],
    unitId: 'u',
    active: true,
  };
  return createDirectory({
    database,
    signedInAs: signedInAs as never,
    now: () => Date.UTC(2026, 7, 27),
    log: () => undefined,
  });
}

it('has the calendar that ships until the portal gives one', () => {
  expect(over([]).calendar().day('2026-09-02').working).toBe(false);
});

it('reads rules and calendar once while they stay the same, also for the next store', async () => {
  const rows = [
    { kind: 'profile', data: getProfile('VP17') },
    { kind: 'calendar', data: defaultCalendar() },
  ];
  const [first, second] = [over(rows), over(rows)];
  await first.load();
  await second.load();
  expect(second.profile()).toBe(first.profile());
  expect(second.calendar()).toBe(first.calendar());
});

it('reads a calendar anew that the portal changed, and leaves none behind that it took away', async () => {
  const rows: { kind: string; data: unknown }[] = [{ kind: 'calendar', data: defaultCalendar() }];
  const directory = over(rows);
  const shipped = directory.calendar();
  await directory.load();
  expect(directory.calendar().day(FRIDAY).working).toBe(true);
  rows[0] = { kind: 'calendar', data: changed() };
  await directory.load();
  expect(directory.calendar().day(FRIDAY).working).toBe(false);
  rows.pop();
  await directory.load();
  expect(directory.calendar()).toBe(shipped);
});

function changed(): CalendarData {
  const data = defaultCalendar();
  return { ...data, rows: [...data.rows, { date: FRIDAY, kind: 'holiday', status: 'confirmed' }] };
}
