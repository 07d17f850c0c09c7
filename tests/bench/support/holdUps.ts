/** How long background work keeps everything else in this process waiting. */
export class HoldUps {
  readonly #longest = new Map<string, { longestMs: number; over15: number; turns: number }>();

  /**
   * Measures while `work` runs: a timer of a millisecond is watched, and what it is late counts, but no more than the processor time that this thread
   * used meanwhile: what other processes took is not ours.
   */
  async during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const known = this.#longest.get(what) ?? { longestMs: 0, over15: 0, turns: 0 };
    this.#longest.set(what, known);
    let last = performance.now();
    let used = process.threadCpuUsage();
    const look = () => {
      const now = performance.now();
      const { user, system } = process.threadCpuUsage(used);
      const heldUp = Math.min(now - last - 1, (user + system) / 1000);
      known.longestMs = Math.max(known.longestMs, heldUp);
      if (heldUp > 15) known.over15 += 1;
      known.turns += 1;
      last = now;
      used = process.threadCpuUsage();
    };
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
    used = process.threadCpuUsage();
    const watch = setInterval(look, 1);
    try {
      return await work();
    } finally {
      look();
      clearInterval(watch);
    }
  }

  rows(): {
    work: string;
    'longest hold-up ms': number;
    'over 15 ms': number;
    'turns of the loop': number;
  }[] {
    return [...this.#longest].map(([work, { longestMs, over15, turns }]) => ({
      work,
      'longest hold-up ms': Math.round(longestMs * 10) / 10,
      'over 15 ms': over15,
      'turns of the loop': turns,
    }));
  }
}
