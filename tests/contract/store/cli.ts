import { type ChildProcess, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/** What the command line said. */
export type CommandLine<K extends string> = Record<K, number> & {
  /** `--sealed`: the store's files are sealed with the key of the tests. */
  readonly sealed: boolean;
};

/** Whole numbers given as `--name value`, and `--sealed`; throws on an unknown name or a value that is no number. */
export function readCommandLine<K extends string>(defaults: Readonly<Record<K, number>>): CommandLine<K> {
  const names = Object.keys(defaults) as K[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options: { ...options, sealed: { type: 'boolean' as const } } });
  const given: Partial<Record<string, string | boolean>> = values;
  const numbers = { ...defaults } as Record<K, number>;
  for (const name of names) {
    const text = given[name];
    if (text === undefined) continue;
    const number = Number(text);
    if (!Number.isSafeInteger(number) || number < 0)
      throw new Error(`--${name} wants a whole number, not ${text}`);
    numbers[name] = number;
  }
  return { ...numbers, sealed: given.sealed === true };
}

/** Runs this script again `jobs` times at once with its own arguments for each; resolves to their last lines, as JSON. */
export async function inParallel<T>(
  script: string,
  argumentsOf: readonly (readonly string[])[],
): Promise<T[]> {
  return Promise.all(
    argumentsOf.map(
      (args) =>
        new Promise<T>((resolve, reject) => {
          const child: ChildProcess = spawn(process.execPath, [script, ...args], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          let output = '';
          child.stdout?.on('data', (chunk) => {
            output += chunk;
          });
          child.on('close', () => {
            try {
              resolve(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as T);
            } catch {
              reject(new Error(`${script} ${args.join(' ')} ended without a report`));
            }
          });
        }),
    ),
  );
}
