import { type Static, type TSchema, Type } from 'typebox';
import { type Names, NamesSchema } from '../people/types.ts';

/** Something to do, answered once. Carries an id from its caller and may be asked again without a second effect. */
export interface RequestContract<A extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly kind: 'request';
  readonly args: A;
  readonly reply: R;
  readonly errors: readonly string[];
}

/** Something to look at: answered at once and again whenever it changed, until it is let go. */
export interface QueryContract<A extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly kind: 'query';
  readonly args: A;
  readonly reply: R;
  readonly errors: readonly string[];
}

/** Something that happened, told to every window that listens. */
export interface AnnouncementContract<R extends TSchema = TSchema> {
  readonly kind: 'announcement';
  readonly reply: R;
}

export type Contract = RequestContract | QueryContract | AnnouncementContract;
export type Area = Readonly<Record<string, Contract>>;

export const request = <A extends TSchema, R extends TSchema>(
  args: A,
  reply: R,
  errors: readonly string[] = [],
): RequestContract<A, R> => ({ kind: 'request', args, reply, errors });

export const query = <A extends TSchema, R extends TSchema>(
  args: A,
  reply: R,
  errors: readonly string[] = [],
): QueryContract<A, R> => ({ kind: 'query', args, reply, errors });

export const announcement = <R extends TSchema>(reply: R): AnnouncementContract<R> => ({
  kind: 'announcement',
  reply,
});

export type ArgsOf<C> = C extends RequestContract<infer A> | QueryContract<infer A> ? Static<A> : never;
export type ReplyOf<C> = C extends { readonly reply: infer R extends TSchema } ? Static<R> : never;

/** An object that allows nothing it does not name. */
export const Strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const Nothing = Strict({});
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Bytes as they cross the bridge. */
export const Bytes = Type.Refine(Type.Unsafe<Uint8Array>({}), (value) => value instanceof Uint8Array);

export const Id = Type.String({ minLength: 1, maxLength: 120, pattern: '^[A-Za-z0-9._:-]+$' });
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Milliseconds since 1970, UTC. */
export const Instant = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** A day in Viet Nam, `YYYY-MM-DD`. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
/** A name in the two languages of the desk. */
export const Bilingual = NamesSchema;
export type Bilingual = Names;
