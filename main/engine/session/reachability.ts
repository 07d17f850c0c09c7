import type { ConnectionState } from '../../../domain/contracts/index.ts';
import type { Fetch } from '../sync/portalClient.ts';

/** Whether the portal answers while nobody is signed in: what the sign-in screen says before anybody has tried. */
export interface Reachability {
  state(): Pick<ConnectionState, 'online' | 'since' | 'lastContactAt'>;
  /** Asks now, unless it is asking already, and every fifteen seconds from now on. */
  watch(portalUrl: string): void;
  /** Somebody is signed in: the exchange itself knows better. */
  rest(): void;
}

const INTERVAL_MS = 15_000;
const TIMEOUT_MS = 5_000;

export function createReachability(options: {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly onChange: () => void;
}): Reachability {
  const { fetch, now, onChange } = options;
  let online = false;
  let since: number | null = null;
  let lastContactAt: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let asking = 0;
  let answered = 0;
  let watched: string | null = null;

  const ask = async (portalUrl: string): Promise<void> => {
    asking += 1;
    const mine = asking;
    const answer = await fetch(`${portalUrl}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      .then(async (response) => {
        await response.body?.cancel();
        return response.ok;
      })
      .catch(() => false);
    if (mine !== asking) return;
    answered = mine;
    if (answer) lastContactAt = now();
    if (answer !== online || since === null) {
      online = answer;
      since = now();
      onChange();
    }
  };

  const rest = () => {
    if (timer) clearInterval(timer);
    timer = null;
    watched = null;
    asking += 1;
  };
  return {
    state: () => ({ online, since, lastContactAt }),
    watch(portalUrl) {
      // Begun anew again and again, a line that swallows everything would never be told.
      if (watched === portalUrl && answered !== asking) return;
      rest();
      watched = portalUrl;
      void ask(portalUrl);
      timer = setInterval(() => void ask(portalUrl), INTERVAL_MS);
      timer.unref();
    },
    rest,
  };
}
