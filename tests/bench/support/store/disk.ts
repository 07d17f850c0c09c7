import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIMES = 20;

/** What a write of 4 KB and its sync take on the disk of the temporary folder, `TIMES` times, in ms: every durable write waits for one. */
export function syncTimes(): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'soan-bench-sync-'));
  const file = openSync(join(folder, 'file'), 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    return Array.from({ length: TIMES }, (_, number) => {
      const since = performance.now();
      writeSync(file, page, 0, page.length, number * page.length);
      fsyncSync(file);
      return performance.now() - since;
    });
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
