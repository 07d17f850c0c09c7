import { Type } from 'typebox';
import { ROLES } from '../people/roles.ts';
import { NamesSchema } from '../people/types.ts';
import { citation, closed, DEADLINE_MODES, Id } from './shape.ts';

/** Provisions of a regulation beside its categories and its chain, each with its clause. */

const Quote = Type.String({ minLength: 1 });
const Note = Type.Optional(Type.String());
const WorkingDays = Type.Union([Type.Integer({ minimum: 0, maximum: 366 }), Type.Null()]);
const EventId = Type.Union([Type.String(), Type.Null()]);

/** A clause that sets a time limit, and the categories it binds: each must have a limit that names it. */
export const TimeLimitSchema = Type.Object(
  { categories: Type.Array(Id, { minItems: 1 }), ...citation },
  closed,
);

/** What is due on a question. `eventStated`: whether the text says from when the days run. */
export const QaTermSchema = Type.Object(
  {
    id: Id,
    action: NamesSchema,
    mode: Type.Enum([...DEADLINE_MODES]),
    workingDays: WorkingDays,
    event: EventId,
    eventStated: Type.Enum(['stated', 'implied', 'open']),
    quote: Quote,
    note: Note,
    ...citation,
  },
  closed,
);

/** How long something is kept at least; null days where the law on archives decides. */
export const RetentionSchema = Type.Object(
  {
    id: Id,
    subject: NamesSchema,
    minimumDays: WorkingDays,
    dayType: Type.Union([Type.Enum(['calendar', 'working']), Type.Null()]),
    event: EventId,
    quote: Quote,
    note: Note,
    ...citation,
  },
  closed,
);

/** A periodic report. `periods` is empty where the text names none. `due`: before that day of each year. */
export const ReportSchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    periods: Type.Array(Type.Enum(['monthly', 'quarterly', 'sixMonthly', 'annual'])),
    from: NamesSchema,
    /** Addressees as the regulation names them. */
    to: Type.Array(Type.String(), { minItems: 1 }),
    due: Type.Union([
      Type.Object(
        {
          relation: Type.Literal('before'),
          month: Type.Integer({ minimum: 1, maximum: 12 }),
          day: Type.Integer({ minimum: 1, maximum: 31 }),
        },
        closed,
      ),
      Type.Null(),
    ]),
    quote: Quote,
    note: Note,
    ...citation,
  },
  closed,
);

/** What may not be, or must always be. `appliesTo`: `all`, `reused` or a category. */
export const RestrictionSchema = Type.Object(
  { id: Id, rule: NamesSchema, appliesTo: Id, quote: Quote, note: Note, ...citation },
  closed,
);

/** A post or body that the regulation names, and the role of the desk it acts in, if any. */
export const PostSchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    role: Type.Union([Type.Enum([...ROLES]), Type.Null()]),
    note: Note,
    ...citation,
  },
  closed,
);

/** A technical standard that the portal obeys. */
export const StandardSchema = Type.Object(
  { id: Id, name: Type.String(), obligation: NamesSchema, note: Note, ...citation },
  closed,
);

/** What royalties and costs of creating information are paid by. */
export const PaymentBasisSchema = Type.Object(
  { id: Id, basis: Type.String(), subject: NamesSchema, ...citation },
  closed,
);

/** A function that the portal must have for its readers. */
export const PortalFunctionSchema = Type.Object({ id: Id, name: NamesSchema, ...citation }, closed);

/** How addresses of portals are made. `pattern` has parts in braces. */
export const AddressRuleSchema = Type.Object(
  {
    id: Id,
    rule: NamesSchema,
    pattern: Type.Union([Type.String(), Type.Null()]),
    examples: Type.Array(Type.String()),
    ...citation,
  },
  closed,
);

/** A text outside the regulation that it refers to; `status` where something is known of it, with its source's mark. */
export const ReferencedTextSchema = Type.Object(
  {
    id: Id,
    document: Type.String(),
    article: Type.Union([Type.String(), Type.Null()]),
    subject: NamesSchema,
    status: Type.Optional(Type.Object({ note: NamesSchema, mark: Type.Enum(['A', 'B']) }, closed)),
    ...citation,
  },
  closed,
);
