import { serveShell } from '../../../../main/engine/process.ts';

/** The engine's process with its parent port on Node's own channel. */
const listeners: ((event: { data: unknown; ports: unknown[] }) => void)[] = [];
Object.assign(process, {
  parentPort: {
    on: (_: string, listener: (typeof listeners)[number]) => listeners.push(listener),
    postMessage: (message: unknown) => process.send?.(message),
  },
});
process.on('message', (data) => {
  for (const listener of listeners) listener({ data, ports: [] });
});
serveShell();
process.send?.({ kind: 'listening' });
