import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskProcess } from '../chaos/desk.ts';
import { Relay } from '../chaos/relay.ts';
import { PortalProcess, startPostgres } from '../chaos/servers.ts';

export interface UploadReport {
  readonly megabytes: number;
  readonly cuts: number;
  /** Bytes that went over the line towards the portal beyond those of the file. */
  readonly extraBytes: number;
  /** `extraBytes` for each cut. */
  readonly extraPerCut: number;
  /** Most memory that each process ever held, in bytes. */
  readonly deskMemory: number;
  readonly portalMemory: number;
  readonly isStored: boolean;
  readonly refused: readonly string[];
}

const MiB = 1024 * 1024;

/** A file from a real desk to a real portal over a line that is cut again and again, in the middle of pieces. */
export async function uploadThroughCuts(options: {
  readonly megabytes: number;
  readonly cuts: number;
  readonly timeoutMs: number;
}): Promise<UploadReport> {
  const { megabytes, cuts } = options;
  const size = megabytes * MiB;
  const folder = await mkdtemp(join(tmpdir(), 'soan-upload-'));
  const postgres = await startPostgres(join(folder, 'database'));
  const portal = new PortalProcess(postgres.url, join(folder, 'portal'));
  const line = new Relay(() => (portal.isRunning ? [portal.port] : []));
  const portalUrl = `http://127.0.0.1:${await line.start()}`;
  const desk = new DeskProcess('dau-moi.sldtbxh', join(folder, 'desk'), portalUrl);
  try {
    await portal.start();
    await desk.start();
    const articleId = 'article-with-a-large-file';
    await desk.tell({ do: 'create', articleId, title: '' });
    const before = line.sent;
    line.cutAt(Array.from({ length: cuts }, (_, n) => before + (size * (n + 0.37)) / cuts));
    const attached = await desk.tell({ do: 'attach', articleId, bytes: size, seed: 1 });
    const until = Date.now() + options.timeoutMs;
    let isStored = false;
    let refused: readonly string[] = [];
    while (!isStored && refused.length === 0 && Date.now() < until) {
      await sleep(200);
      const text = (await desk.tell({ do: 'text', articleId }))?.value as {
        readonly files: readonly { readonly sha256: string; readonly isStored: boolean }[];
      };
      isStored = text.files.some((file) => file.sha256 === attached?.value && file.isStored);
      const state = (await desk.tell({ do: 'state' }))?.value as { readonly refused: readonly string[] };
      refused = state.refused;
    }
    const extraBytes = line.sent - before - size;
    return {
      megabytes,
      cuts: cuts - line.cutsLeft,
      extraBytes,
      extraPerCut: Math.round(extraBytes / Math.max(1, cuts)),
      deskMemory: Number((await desk.tell({ do: 'memory' }))?.value),
      portalMemory: await mostMemory(portal.pid),
      isStored,
      refused,
    };
  } finally {
    await desk.kill();
    await portal.kill();
    await line.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In bytes, as Linux counts it; 0 elsewhere. */
async function mostMemory(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
