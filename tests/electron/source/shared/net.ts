import os from 'node:os';
import { strict } from './strict.ts';

function online(): boolean {
  return Object.values(os.networkInterfaces()).some((list) => list?.some((address) => !address.internal));
}

/** Electron's `net`, over Node's fetch: the same interface, not the system's proxy and certificates. */
export const net = strict('net', {
  fetch: (input: string | URL | Request, init?: RequestInit & { bypassCustomProtocolHandlers?: boolean }) => {
    const { bypassCustomProtocolHandlers: _ignored, ...rest } = init ?? {};
    return fetch(input, rest);
  },
  isOnline: online,
  get online(): boolean {
    return online();
  },
});
