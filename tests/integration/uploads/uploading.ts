import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskProcess } from '../chaos/desk.ts';
import { Relay } from '../chaos/relay.ts';
import { PortalProcess, startPostgres } from '../chaos/servers.ts';
import { type FakeS3, startFakeS3 } from '../support/fakeS3.ts';
import { mountSmallDisk, troubleOf, type Variant } from './troubles.ts';

export type StoreKind = 'disk' | 's3';

export interface UploadReport {
  readonly store: StoreKind;
  readonly variant: Variant;
  readonly megabytes: number;
  readonly cuts: number;
  /** Bytes that went over the line towards the portal beyond those of the file. */
  readonly extraBytes: number;
  /** `extraBytes` for each cut. */
  readonly extraPerCut: number;
  /** Most memory that each process ever held, in bytes; of the portal, its last process. */
  readonly deskMemory: number;
  readonly portalMemory: number;
  /** The desk was told so, and the bytes in the store are those of the file. */
  readonly isStored: boolean;
  /** What went wrong besides the line came to pass. */
  readonly wasTroubled: boolean;
  /** The desk was told that the file is stored while the store had no such object. */
  readonly falseSuccesses: number;
  readonly refused: readonly string[];
}

const MiB = 1024 * 1024;

/** A file from a real desk to a real portal over a line that is cut again and again, in the middle of pieces. */
export async function uploadThroughCuts(options: {
  readonly megabytes: number;
  readonly cuts: number;
  readonly timeoutMs: number;
  readonly variant?: Variant;
  readonly store?: StoreKind;
}): Promise<UploadReport> {
  const { megabytes, cuts, variant = 'cuts', store = 'disk' } = options;
  const size = megabytes * MiB;
  const folder = await mkdtemp(join(tmpdir(), 'soan-upload-'));
  const dataFolder = join(folder, 'portal');
  const endings: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    if (variant === 'full' && store === 'disk')
      endings.push(await mountSmallDisk(dataFolder, size + 32 * MiB));
    const postgres = await startPostgres(join(folder, 'database'));
    endings.push(() => postgres.stop());
    const s3 = store === 's3' ? await startFakeS3() : null;
    if (s3) endings.push(() => s3.stop());
    const portal = new PortalProcess(postgres.url, dataFolder, s3 ? environmentOf(s3) : {});
    endings.push(() => portal.kill());
    const line = new Relay(() => (portal.isRunning ? [portal.port] : []));
    const portalUrl = `http://127.0.0.1:${await line.start()}`;
    endings.push(() => line.stop());
    const desk = new DeskProcess('dau-moi.sldtbxh', join(folder, 'desk'), portalUrl);
    endings.push(() => desk.kill());
    await portal.start();
    await desk.start();
    const trouble = await troubleOf(variant, { portal, dataFolder, s3, sizeInBytes: size });
    endings.push(() => trouble.end());
    const articleId = 'article-with-a-large-file';
    await desk.tell({ do: 'create', articleId, title: '' });
    const before = line.sent;
    line.cutAt(Array.from({ length: cuts }, (_, n) => before + (size * (n + 0.37)) / cuts));
    const attached = await desk.tell({ do: 'attach', articleId, bytes: size, seed: 1 });
    const sha256 = String(attached?.value);
    const until = Date.now() + options.timeoutMs;
    let isTold = false;
    let wasTroubled = false;
    let falseSuccesses = 0;
    let refused: readonly string[] = [];
    while (!isTold && refused.length === 0 && Date.now() < until) {
      await sleep(100);
      const text = (await desk.tell({ do: 'text', articleId }))?.value as {
        readonly files: readonly { readonly sha256: string; readonly isStored: boolean }[];
      };
      isTold = text.files.some((file) => file.sha256 === sha256 && file.isStored);
      if (isTold && (await storedSize(dataFolder, s3, sha256)) !== size) falseSuccesses += 1;
      const state = (await desk.tell({ do: 'state' }))?.value as {
        readonly refused: readonly string[];
        readonly stalled: readonly string[];
      };
      refused = state.refused;
      wasTroubled ||= await trouble.look({ sha256, sentBytes: line.sent - before, stalled: state.stalled });
    }
    const extraBytes = line.sent - before - size;
    return {
      store,
      variant,
      megabytes,
      cuts: cuts - line.cutsLeft,
      extraBytes,
      extraPerCut: Math.round(extraBytes / Math.max(1, cuts)),
      deskMemory: Number((await desk.tell({ do: 'memory' }))?.value),
      portalMemory: await mostMemory(portal.pid),
      isStored: isTold && (await storedDigest(dataFolder, s3, sha256)) === sha256,
      wasTroubled,
      falseSuccesses,
      refused,
    };
  } finally {
    for (const end of endings.reverse()) await Promise.resolve(end()).catch(() => undefined);
  }
}

const environmentOf = ({ place }: FakeS3): Readonly<Record<string, string>> => ({
  SOAN_PORTAL_S3_BUCKET: place.bucket,
  SOAN_PORTAL_S3_ENDPOINT: place.endpoint,
  SOAN_PORTAL_S3_ACCESS_KEY: place.credentials.accessKeyId,
  SOAN_PORTAL_S3_SECRET_KEY: place.credentials.secretAccessKey,
});

const placeOf = (sha256: string): string => join('files', sha256.slice(0, 2), sha256.slice(2));

async function storedSize(dataFolder: string, s3: FakeS3 | null, sha256: string): Promise<number | null> {
  if (s3) return s3.objects.get(placeOf(sha256))?.bytes.byteLength ?? null;
  return (await stat(join(dataFolder, placeOf(sha256))).catch(() => null))?.size ?? null;
}

async function storedDigest(dataFolder: string, s3: FakeS3 | null, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  if (s3) return hash.update(s3.objects.get(placeOf(sha256))?.bytes ?? '').digest('hex');
  for await (const chunk of createReadStream(join(dataFolder, placeOf(sha256)))) hash.update(chunk);
  return hash.digest('hex');
}

/** In bytes, as Linux counts it; 0 elsewhere. */
async function mostMemory(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
