import { parentPort } from 'node:worker_threads';
import { fileText } from './fileText.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** The thread that reads attached files: one file after the other, told in pieces so that what was read counts even if the rest never comes. */
parentPort?.on('message', async ({ id, file, bytes, maxLength }: ToWorker) => {
  const tell = (message: FromWorker) => parentPort?.postMessage(message);
  const code = await fileText(file, bytes, maxLength, (piece) => tell({ id, piece })).catch(
    () => 'damaged' as const,
  );
  tell({ id, code });
});
