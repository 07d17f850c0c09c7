import type { Static, TSchema } from 'typebox';
import type { Session } from '../session/session.ts';
import { failureOf, PortalFailure, type PortalRequest } from './portalClient.ts';

/** The portal's interface as the signed-in person: tokens are added, and renewed once when the portal does not take one. */
export interface PortalApi {
  json<T extends TSchema>(reply: T, request: Omit<PortalRequest, 'token'>): Promise<Static<T>>;
  /** As it comes, except for 401 and 426, which throw. */
  raw(request: Omit<PortalRequest, 'token'>): Promise<Response>;
}

const isTokenProblem = (error: unknown): boolean => error instanceof PortalFailure && error.status === 401;

/** Rejects when whoever waits gives up. The work goes on: a renewed token is needed by the next one who asks. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new PortalFailure('portal-unreachable', 0, { cause: signal.reason }));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

export function createPortalApi(session: Session): PortalApi {
  const withToken = async <T>(
    signal: AbortSignal | undefined,
    work: (token: string) => Promise<T>,
  ): Promise<T> => {
    const token = await unlessAborted(session.accessToken(), signal);
    try {
      return await work(token);
    } catch (error) {
      if (!isTokenProblem(error)) throw error;
      session.dropToken(token);
      const next = await unlessAborted(session.accessToken(), signal);
      try {
        return await work(next);
      } catch (again) {
        // A portal that takes none of its own fresh tokens is broken; the session is not to blame.
        throw isTokenProblem(again) ? new PortalFailure('portal-error', 500, { cause: again }) : again;
      }
    }
  };
  return {
    json: (reply, request) =>
      withToken(request.signal, (token) => session.client().json(reply, { ...request, token })),
    raw: (request) =>
      withToken(request.signal, async (token) => {
        const response = await session.client().raw({ ...request, token });
        if (response.status === 401 || response.status === 426) {
          await response.body?.cancel().catch(() => undefined);
          throw failureOf(response, null);
        }
        return response;
      }),
  };
}
