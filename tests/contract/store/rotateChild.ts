import { getRxStorageSqlite, rotateKey } from '../../../main/engine/store/index.ts';
import { openInstance } from './harness.ts';
import { stepSchema } from './stepSchema.ts';

/** Changes the key of the file at the path given from version 1 (bytes 1) to version 2 (bytes 2). */
const [path = ''] = process.argv.slice(2);
const key = { current: { version: 1, bytes: new Uint8Array(32).fill(1) } };
const instance = await openInstance(getRxStorageSqlite({ path, key }), stepSchema);
console.log(await rotateKey({ path, to: { version: 2, bytes: new Uint8Array(32).fill(2) }, restMs: 0 }));
await instance.close();
