import { parseArgs } from 'node:util';

/** `npm run test:portal-fuzz [-- --seed S --requests N]`: the whole fuzzer, 20,000 requests unless told. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, requests: { type: 'string', default: '20000' } },
});
process.env.SOAN_FUZZ_SEED = values.seed;
process.env.SOAN_FUZZ_REQUESTS = values.requests;
const { startVitest } = await import('vitest/node');
const vitest = await startVitest('test', ['tests/integration/portal/fuzz'], {
  project: 'integration',
  watch: false,
});
const failed = vitest.state.getCountOfFailedTests();
await vitest.close();
process.exitCode = failed > 0 ? 1 : 0;
