import type { Result } from '../../../domain/lib/result.ts';

const MAX_REMEMBERED = 2000;

/** Remembers recent answers, so that a request asked again has one effect. Refusals had none and may pass now. */
export function createAnswers(): {
  /** Runs `work` unless this key is running or was answered; then gives that answer. */
  once(key: string, work: () => Promise<Result<unknown>>): Promise<Result<unknown>>;
} {
  const known = new Map<string, Promise<Result<unknown>>>();
  return {
    once(key, work) {
      const before = known.get(key);
      if (before) return before;
      const answer = work().then((result) => {
        if (!result.ok) known.delete(key);
        return result;
      });
      known.set(key, answer);
      if (known.size > MAX_REMEMBERED) {
        for (const oldest of known.keys()) {
          known.delete(oldest);
          break;
        }
      }
      return answer;
    },
  };
}
