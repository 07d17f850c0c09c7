import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ReadCode, ToWorker } from './messages.ts';

export { isReadable } from './fileText.ts';

/** Name of the thread's bundle beside the engine's; not defined when the sources run as they are. */
declare const SOAN_FILE_READER: string | undefined;
const ENTRY = join(
  import.meta.dirname,
  typeof SOAN_FILE_READER === 'undefined' ? 'worker.ts' : SOAN_FILE_READER,
);

/**
 * `text`: what could be read, empty when nothing. `too-slow` and `too-large`: the rest took more time or memory than a file may; `failed`: the thread
 * broke off. `stopped`: it was not read to the end because the reader was stopped.
 */
export interface FileText {
  readonly text: string;
  readonly code: ReadCode | 'too-slow' | 'too-large' | 'failed' | 'stopped';
}

export interface FileReader {
  /** At most `maxLength` characters. The bytes are handed over and can't be used after. Never rejects. */
  read(
    file: { readonly name: string; readonly type: string },
    bytes: Uint8Array<ArrayBuffer>,
    maxLength: number,
  ): Promise<FileText>;
  stop(): Promise<void>;
}

export interface FileReaderOptions {
  /** For one file. */
  readonly maxMs?: number;
  /** Objects and bytes of the thread together. */
  readonly maxMemoryMb?: number;
  /** The thread ends when there was nothing to read for so long. */
  readonly idleMs?: number;
  /** Another file with the thread's code, for tests. */
  readonly entry?: string;
}

interface Job {
  readonly id: number;
  text: string;
  readonly end: (code: FileText['code']) => void;
}

/** How often the memory of the thread is looked at while it reads. */
const LOOK_MS = 100;
/** V8's own limit, so many times higher: when it is reached the whole process ends, so it must never come to that. */
const HARD_LIMIT = 4;

/**
 * Reads attached files in a thread of its own, so that a long one holds up nothing; one after the other. The thread starts with the first file
 * and is ended by force when a file takes too much time or memory.
 */
export function createFileReader(options: FileReaderOptions = {}): FileReader {
  const { maxMs = 30_000, maxMemoryMb = 512, idleMs = 10_000, entry = ENTRY } = options;
  let worker: Worker | null = null;
  let job: Job | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | null = null;
  let isStopped = false;
  let lastId = 0;

  const endThread = async () => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };

  const started = (): Worker => {
    if (worker) return worker;
    const one = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb * HARD_LIMIT },
      name: 'files',
    });
    one.unref();
    one.on('message', (message: FromWorker) => {
      if (!job || message.id !== job.id) return;
      if ('piece' in message) job.text += message.piece;
      else job.end(message.code);
    });
    let code: FileText['code'] = 'failed';
    one.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') code = 'too-large';
    });
    // Always follows, and only after all that the thread had sent; an error may overtake that.
    one.on('exit', () => {
      if (worker !== one) return;
      worker = null;
      job?.end(code);
    });
    worker = one;
    return one;
  };

  /** Ends a thread that has grown too large; asks again until its file has been read. */
  const watchMemory = async (own: Job) => {
    const one = worker;
    while (one && worker === one && job === own) {
      await pause(LOOK_MS, undefined, { ref: false });
      // A thread that is just starting, or has just ended, can't be asked.
      const now = await one.getHeapStatistics().catch(() => null);
      if (!now || worker !== one || job !== own) continue;
      if (now.used_heap_size + now.external_memory > maxMemoryMb * 1024 * 1024) {
        void endThread();
        own.end('too-large');
      }
    }
  };

  const readOne = async (message: Omit<ToWorker, 'id'>): Promise<FileText> => {
    if (isStopped) return { text: '', code: 'stopped' };
    if (idle) clearTimeout(idle);
    lastId += 1;
    const id = lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<FileText>((resolve) => {
        const own: Job = { id, text: '', end: (code) => resolve({ text: own.text, code }) };
        job = own;
        timer = setTimeout(() => {
          void endThread();
          own.end('too-slow');
        }, maxMs);
        timer.unref();
        started().postMessage({ id, ...message } satisfies ToWorker, [message.bytes.buffer as ArrayBuffer]);
        void watchMemory(own);
      });
    } catch {
      return { text: '', code: 'failed' };
    } finally {
      clearTimeout(timer);
      job = null;
      idle = setTimeout(() => void endThread(), idleMs);
      idle.unref();
    }
  };

  return {
    read(file, bytes, maxLength) {
      const { name, type } = file;
      const reading = queue.then(() => readOne({ file: { name, type }, bytes, maxLength }));
      queue = reading;
      return reading;
    },
    async stop() {
      isStopped = true;
      job?.end('stopped');
      await queue;
      if (idle) clearTimeout(idle);
      await endThread();
    },
  };
}
