/** An expected outcome: a value, or a refusal with a code from the table of the area. A bug throws instead. */
export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** A refusal that a person or another program can act on. `detail` holds values for the sentence, never a sentence. */
export interface Refusal {
  readonly code: string;
  /** Citation of the rule that refused, for example `VP17-3.4`. */
  readonly ref?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

export const refuse = (code: string, more: Omit<Refusal, 'code'> = {}): Result<never> => ({
  ok: false,
  error: { code, ...more },
});
