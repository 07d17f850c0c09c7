import { expect, it } from 'vitest';
import { usePortal } from '../support.ts';
import { fuzzPortal } from './fuzz.ts';

const held = usePortal();

const REQUESTS = Number(process.env.SOAN_FUZZ_REQUESTS ?? 20_000);
const SEED = Number(process.env.SOAN_FUZZ_SEED ?? 1);

it(`answers ${REQUESTS} bad requests with a code each, and nothing comes of them`, async () => {
  const { faults, statuses } = await fuzzPortal(held.test, SEED, REQUESTS);
  process.stdout.write(
    `seed ${SEED}, requests ${REQUESTS}, faults ${faults.length} ${JSON.stringify(statuses)}\n`,
  );
  expect(faults).toEqual([]);
  expect(Object.keys(statuses).length).toBeGreaterThan(5);
}, 3_600_000);
