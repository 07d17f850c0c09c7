import { mkdir, open } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';

/** Makes a rename in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the folder and makes its entry in the one above last. */
export async function makeFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(dirname(folder));
}
