import { getRxStorageSqlite } from '../../../main/engine/store/index.ts';
import { insertRow, openInstance, testKey } from './harness.ts';
import { stepSchema } from './stepSchema.ts';

/** Writes marked texts until it is killed; says `written` after a while. */
const [path = '', sealed = ''] = process.argv.slice(2);
const key = sealed ? testKey : undefined;
const instance = await openInstance(getRxStorageSqlite({ path, key }), stepSchema, { database: 'crash' });
for (let step = 0; ; step++) {
  const rows = Array.from({ length: 50 }, (_, i) =>
    insertRow({ id: `s${step}n${i}`, text: 'DẤU-VẾT-văn-bản-4711 dau-vet-ascii-0815 '.repeat(20), step }),
  );
  await instance.bulkWrite(rows, 'crash');
  if (step === 10) process.stdout.write('written\n');
}
