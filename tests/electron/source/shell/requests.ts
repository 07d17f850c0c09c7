import { fromWire, policyToWire, privileged, schemeOf, toWire } from './scheme.ts';
import type { Session } from './session.ts';

/** What `Fetch.requestPaused` tells. */
export interface PausedRequest {
  requestId: string;
  request: {
    url: string;
    method: string;
    headers: Record<string, string>;
    postDataEntries?: { bytes?: string }[];
  };
  frameId: string;
  resourceType: string;
}

type Outcome =
  | { method: 'Fetch.failRequest'; params: { errorReason: string } }
  | {
      method: 'Fetch.fulfillRequest';
      params: { responseCode: number; responseHeaders: { name: string; value: string }[]; body: string };
    };

const blocked: Outcome = { method: 'Fetch.failRequest', params: { errorReason: 'BlockedByClient' } };

const noIcon: Outcome = {
  method: 'Fetch.fulfillRequest',
  params: { responseCode: 204, responseHeaders: [], body: '' },
};

/** Answers a request of a page from the app's protocol handler. What no handler serves stays blocked. */
export async function answerRequest(session: Session, paused: PausedRequest): Promise<Outcome> {
  // Chromium looks for an icon of its own accord; Electron does not.
  if (paused.resourceType === 'Other' && new URL(paused.request.url).pathname === '/favicon.ico')
    return noIcon;
  const url = fromWire(paused.request.url);
  const scheme = schemeOf(url);
  const handler = session.protocol.handlers.get(scheme);
  if (!handler) return blocked;
  const viaFetch = paused.resourceType === 'Fetch' || paused.resourceType === 'XHR';
  if (viaFetch && privileged.has(scheme) && !privileged.get(scheme)?.supportFetchAPI) return blocked;
  const headers = new Headers();
  for (const [name, value] of Object.entries(paused.request.headers)) {
    if (!/^(host|connection|content-length)$/i.test(name)) headers.append(name, fromWire(value));
  }
  const { method, postDataEntries } = paused.request;
  const body = postDataEntries?.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  const request = new Request(url, {
    method,
    headers,
    ...(body && method !== 'GET' && method !== 'HEAD' ? { body: Buffer.concat(body) } : {}),
  });
  try {
    const response = await handler(request);
    if (response.type === 'error') return { method: 'Fetch.failRequest', params: { errorReason: 'Failed' } };
    const answer = Buffer.from(await response.arrayBuffer());
    const responseHeaders: { name: string; value: string }[] = [];
    for (const [name, value] of response.headers) {
      responseHeaders.push({ name, value: headerToWire(name, value) });
    }
    return {
      method: 'Fetch.fulfillRequest',
      params: { responseCode: response.status || 200, responseHeaders, body: answer.toString('base64') },
    };
  } catch (error) {
    process.stderr.write(`protocol.handle('${scheme}') failed for ${url}: ${String(error)}\n`);
    return { method: 'Fetch.failRequest', params: { errorReason: 'Failed' } };
  }
}

function headerToWire(name: string, value: string): string {
  if (/^content-security-policy/i.test(name)) return policyToWire(value);
  if (/^(location|access-control-allow-origin)$/i.test(name)) return toWire(value);
  return value;
}
