import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Preferences } from '../../domain/contracts/desk.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import { readJson, writeDurably } from './durableFile.ts';
import { diskCode } from './refused.ts';

/** How the person at this machine likes the windows. Kept beside the stores: valid before anybody signed in. */
export async function openPreferences(userData: string, onChange: () => void) {
  const path = join(userData, 'preferences.json');
  const found = await readJson(path);
  const standard: Preferences = { language: 'vi', theme: 'system', density: 'comfortable' };
  let value = Value.Check(Preferences, found) ? found : standard;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get: (): Preferences => value,
    set: (change: Partial<Preferences>): Promise<Result<Preferences>> => {
      const next = turn.then(async (): Promise<Result<Preferences>> => {
        const changed = { ...value, ...change };
        try {
          await writeDurably(path, JSON.stringify(changed));
        } catch (error) {
          if (diskCode(error) === null) throw error;
          return refuse('not-saved');
        }
        value = changed;
        onChange();
        return ok(value);
      });
      turn = next.catch(() => undefined);
      return next;
    },
  };
}
