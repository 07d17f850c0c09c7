import type { Fetch } from '../../../main/engine/sync/portalClient.ts';
import type { FetchEvent, FromDesk } from './messages.ts';

interface Open {
  readonly method: string;
  answered: ((response: Response) => void) | null;
  failed: (error: Error) => void;
  body: ReadableStreamDefaultController<Uint8Array> | null;
}

const WITHOUT_BODY = new Set([204, 205, 304]);

/** The network as the engine sees it: each request goes to the driver, which says what becomes of it. */
export function createLine(say: (message: FromDesk) => void) {
  const open = new Map<number, Open>();
  let ids = 0;

  const fetch: Fetch = (url, init = {}) =>
    new Promise((resolve, reject) => {
      const { signal, method = 'GET', body } = init;
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      ids += 1;
      const id = ids;
      const one: Open = { method, answered: resolve, failed: reject, body: null };
      open.set(id, one);
      signal?.addEventListener('abort', () => {
        if (!open.delete(id)) return;
        say({ kind: 'abort', id });
        const reason = signal.reason instanceof Error ? signal.reason : new Error('aborted');
        one.failed(reason);
        one.body?.error(reason);
      });
      const { pathname, search } = new URL(url);
      const bytes =
        typeof body === 'string'
          ? new TextEncoder().encode(body)
          : body
            ? new Uint8Array(body as Uint8Array)
            : null;
      const headers = Object.fromEntries(new Headers(init.headers).entries());
      say({ kind: 'fetch', request: { id, method, path: pathname + search, headers, body: bytes } });
    });

  const happened = (event: FetchEvent): void => {
    const one = open.get(event.id);
    if (!one) return;
    if (event.kind === 'head') {
      const hasBody = one.method !== 'HEAD' && !WITHOUT_BODY.has(event.status);
      const stream = hasBody
        ? new ReadableStream<Uint8Array>({
            start: (controller) => {
              one.body = controller;
            },
            cancel: () => {
              if (open.delete(event.id)) say({ kind: 'abort', id: event.id });
            },
          })
        : null;
      one.answered?.(new Response(stream, { status: event.status, headers: event.headers }));
      one.answered = null;
    } else if (event.kind === 'chunk') one.body?.enqueue(event.bytes);
    else {
      open.delete(event.id);
      if (event.kind === 'end') one.body?.close();
      else {
        const error = new TypeError('fetch failed');
        one.failed(error);
        one.body?.error(error);
      }
    }
  };

  return { fetch, happened, forget: () => open.clear() };
}
