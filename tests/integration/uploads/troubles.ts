import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortalProcess } from '../chaos/servers.ts';
import type { FakeS3 } from '../support/fakeS3.ts';

/** What goes wrong besides the line. */
export const VARIANTS = ['cuts', 'finish-fails', 'expiry', 'full'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Where an upload stands when a trouble looks at it. */
export interface Standing {
  readonly sha256: string;
  /** Bytes that went over the line. */
  readonly sentBytes: number;
  /** What the desk says that its file waits for. */
  readonly stalled: readonly string[];
}

/** Something that goes wrong once and passes. */
export interface Trouble {
  /** Called again and again; true when it has happened and is over. */
  look(standing: Standing): Promise<boolean>;
  end(): Promise<void>;
}

/** This machine lets nobody mount a small disk. */
export class CannotMount extends Error {}

interface Around {
  readonly portal: PortalProcess;
  readonly dataFolder: string;
  readonly s3: FakeS3 | null;
  readonly sizeInBytes: number;
}

const NOTHING: Trouble = { look: async () => true, end: async () => undefined };
const DAY_MS = 86_400_000;
const RESTARTS = 2;
const HOOK_FAILED = 'upload not taken';

export async function troubleOf(variant: Variant, around: Around): Promise<Trouble> {
  if (variant === 'finish-fails') return finishFails(around);
  if (variant === 'expiry') return expiry(around);
  if (variant === 'full') return around.s3 ? fullBucket(around, around.s3) : fullDisk(around);
  return NOTHING;
}

/** A small disk under the portal's data; to be called before the portal starts. */
export async function mountSmallDisk(folder: string, sizeInBytes: number): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeInBytes}`, 'soan-test', folder], {
      stdio: 'pipe',
    });
  } catch (error) {
    throw new CannotMount(String(error));
  }
  return () => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
}

/** The last step fails until the portal has said so once. */
function finishFails({ portal, dataFolder, s3 }: Around): Trouble {
  let obstacle: string | null = null;
  const remove = async () => {
    if (s3) s3.fault = () => null;
    if (obstacle !== null) await rm(obstacle, { force: true });
  };
  return {
    look: async ({ sha256 }) => {
      if (portal.output.includes(HOOK_FAILED)) {
        await remove();
        return true;
      }
      if (s3) s3.fault = (operation) => (operation === 'CopyObject' ? 'InternalError' : null);
      else if (obstacle === null) {
        // A file where the folder of the store should be.
        obstacle = join(dataFolder, 'files', sha256.slice(0, 2));
        await writeFile(obstacle, '');
      }
      return false;
    },
    end: remove,
  };
}

/** The portal is killed and started again and again, which removes what is old each time; what is being sent stays. */
async function expiry({ portal, dataFolder, s3, sizeInBytes }: Around): Promise<Trouble> {
  const old = ['upload-aaaa', 'upload-aaaa.json'].map((name) => join(dataFolder, 'uploads', name));
  const leaveOld = async () => {
    if (s3) {
      const bytes = Buffer.from('{"size":9}');
      const at = new Date(Date.now() - 8 * DAY_MS);
      s3.objects.set('upload-aaaa.info', { bytes, etag: '"a"', metadata: {}, at });
      return;
    }
    const date = new Date(Date.now() - 8 * DAY_MS);
    for (const path of old) {
      await writeFile(path, '{"id":"upload-aaaa","size":9}');
      await utimes(path, date, date);
    }
  };
  await leaveOld();
  let restarts = 0;
  return {
    look: async ({ sentBytes }) => {
      if (restarts === RESTARTS) return true;
      if (sentBytes < (sizeInBytes * (restarts + 1)) / (RESTARTS + 1)) return false;
      await portal.kill();
      await portal.start();
      restarts += 1;
      return restarts === RESTARTS;
    },
    end: async () => undefined,
  };
}

/** The store is full from the middle of the upload until the desk says so. */
function fullBucket({ sizeInBytes }: Around, s3: FakeS3): Trouble {
  return {
    look: async ({ sentBytes, stalled }) => {
      if (stalled.includes('file portal-full')) {
        s3.fault = () => null;
        return true;
      }
      if (sentBytes > sizeInBytes / 2)
        s3.fault = (operation) => (operation === 'UploadPart' ? 'XMinioStorageFull' : null);
      return false;
    },
    end: async () => {
      s3.fault = () => null;
    },
  };
}

function fullDisk({ dataFolder, sizeInBytes }: Around): Trouble {
  const filler = join(dataFolder, 'filler');
  let isFilled = false;
  return {
    look: async ({ sentBytes, stalled }) => {
      if (stalled.includes('file portal-full')) {
        await rm(filler);
        return true;
      }
      if (!isFilled && sentBytes > sizeInBytes / 2) {
        isFilled = true;
        fill(filler);
      }
      return false;
    },
    end: () => rm(filler, { force: true }),
  };
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let piece = 1024 * 1024; piece >= 1; piece = Math.floor(piece / 4)) {
      const bytes = Buffer.alloc(piece, 1);
      try {
        for (;;) writeSync(file, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}
