const WINDOW_MS = 15 * 60_000;
const MAX_PER_ACCOUNT = 10;
const MAX_PER_ADDRESS = 100;
const MAX_KEYS = 50_000;

/**
 * Failed sign-ins of the last quarter of an hour, per account and address and per address alone. In memory: each
 * process counts for itself, so with n processes a guesser has n times the tries.
 */
export class SignInLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds to wait, or 0. Counts the attempt as failed until `succeeded`, so that many at once are counted too. */
  attempt(account: string, address: string): number {
    const now = this.#now();
    const keys = [
      [`${address} ${account.trim().toLowerCase()}`, MAX_PER_ACCOUNT],
      [address, MAX_PER_ADDRESS],
    ] as const;
    for (const [key, most] of keys) {
      const recent = (this.#failures.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
      const first = recent[0];
      if (first !== undefined && recent.length >= most) return Math.ceil((first + WINDOW_MS - now) / 1000);
    }
    for (const [key] of keys) {
      const recent = (this.#failures.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
      this.#failures.delete(key);
      this.#failures.set(key, [...recent, now]);
    }
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= MAX_KEYS) break;
      this.#failures.delete(oldest);
    }
    return 0;
  }

  succeeded(account: string, address: string): void {
    this.#failures.delete(`${address} ${account.trim().toLowerCase()}`);
    const rest = this.#failures.get(address)?.slice(0, -1) ?? [];
    if (rest.length > 0) this.#failures.set(address, rest);
    else this.#failures.delete(address);
  }
}
