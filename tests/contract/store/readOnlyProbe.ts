import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { crashSchemas } from './crashSchema.ts';
import { openInstance } from './harness.ts';

/** Opens the store at the path given and prints the code it fails with, or `opened`. */
const [path = ''] = process.argv.slice(2);
try {
  await openInstance(getRxStorageSqlite({ path, busyTimeoutMs: 50 }), crashSchemas.marks as never);
  console.log('opened');
} catch (error) {
  console.log((error as { code?: string }).code ?? String(error));
}
