import os from 'node:os';
import { strict } from './strict.ts';

function online(): boolean {
  return Object.values(os.networkInterfaces()).some((list) => list?.some((address) => !address.internal));
}

type FetchInit = RequestInit & { bypassCustomProtocolHandlers?: boolean };
/** Answers a request of a scheme that the app serves itself; undefined for other schemes. */
export type CustomFetch = (url: URL, request: () => Request) => Response | Promise<Response> | undefined;

/** Electron's `net`, over Node's fetch: the same interface, not the system's proxy and certificates. */
export const netWith = (custom: CustomFetch) =>
  strict('net', {
    fetch: async (input: string | URL | Request, init?: FetchInit): Promise<Response> => {
      const { bypassCustomProtocolHandlers = false, ...rest } = init ?? {};
      const url = new URL(input instanceof Request ? input.url : input);
      const answer = bypassCustomProtocolHandlers ? undefined : custom(url, () => new Request(input, rest));
      return answer ?? fetch(input, rest);
    },
    isOnline: online,
    get online(): boolean {
      return online();
    },
  });

export const net = netWith(() => undefined);
