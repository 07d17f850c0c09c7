/** Where the engine's log goes: one structured line per event. Fields never hold text of articles, names or secrets. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** What of an error may stand in the log. */
export function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const code = (error as { code?: unknown }).code;
  return { error: error.message.slice(0, 500), ...(code === undefined ? {} : { code }), stack: error.stack };
}
