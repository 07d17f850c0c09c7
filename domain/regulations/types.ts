import { type Static, Type } from 'typebox';
import { ROLES } from '../people/roles.ts';
import { NamesSchema } from '../people/types.ts';

/** States an article passes through, per channel. `published` and `withdrawn` are set by the portal alone. */
export const ARTICLE_STATES = [
  'draft',
  'submitted',
  'endorsed',
  'in-review',
  'approved',
  'published',
  'returned',
  'refused',
  'withdrawn',
] as const;
/** One of {@link ARTICLE_STATES}. */
export type ArticleState = (typeof ARTICLE_STATES)[number];

/** What a step of the chain does. */
export const CHAIN_ACTIONS = [
  'submit',
  'endorse',
  'pass',
  'approve',
  'return',
  'refuse',
  'withdraw',
] as const;
/** One of {@link CHAIN_ACTIONS}. */
export type ChainAction = (typeof CHAIN_ACTIONS)[number];

/** Channels of the portal (kênh tiếng Việt, kênh tiếng Anh), each with its own chain and published state. */
export const CHANNELS = ['vi', 'en'] as const;
/** One of {@link CHANNELS}. */
export type Channel = (typeof CHANNELS)[number];

/** Kinds of field. How each is stored is written in `domain/content/README.md`. */
export const FIELD_TYPES = [
  'text',
  'longText',
  'date',
  'number',
  'money',
  'choice',
  'boolean',
  'person',
  'email',
  'phone',
  'url',
  'file',
] as const;
/** One of {@link FIELD_TYPES}. */
export type FieldType = (typeof FIELD_TYPES)[number];

/**
 * How a time limit works. `within`: at most N working days after the event; `before`: at least N working days
 * before it; `immediate`: at once, shown with the event's date; `continuous`, `timely`, `byReference`,
 * `notStated`: no countdown, never called late.
 */
export const DEADLINE_MODES = [
  'within',
  'before',
  'immediate',
  'continuous',
  'timely',
  'byReference',
  'notStated',
] as const;
/** One of {@link DEADLINE_MODES}. */
export type DeadlineMode = (typeof DEADLINE_MODES)[number];

const closed = { additionalProperties: false } as const;
const DateString = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Id = Type.String({ pattern: '^[a-z][A-Za-z0-9-]{0,59}$' });

/** `clause` for people ("Điều 4 khoản 6"), `ref` for machines ("VP17-4.6"). */
const citation = {
  clause: Type.String({ minLength: 1 }),
  ref: Type.String({ pattern: '^[A-Z]{2}\\d{2}(-[\\p{L}\\d.-]+)?$' }),
};

/** A test on another field of the same article. `present` ignores `value`. */
export const ConditionSchema = Type.Object(
  {
    field: Id,
    op: Type.Enum(['present', 'equals', 'atLeast']),
    value: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  closed,
);
export type Condition = Static<typeof ConditionSchema>;

/** One field of a category, with the clause that asks for it. */
export const FieldRuleSchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    type: Type.Enum([...FIELD_TYPES]),
    /** Must be filled before submission; with `when`, only while the condition holds. */
    required: Type.Boolean(),
    when: Type.Optional(ConditionSchema),
    /** Several values, stored as an array. */
    multiple: Type.Optional(Type.Boolean()),
    /** The person at the desk doesn't fill it: the portal does. */
    filledBy: Type.Optional(Type.Enum(['portal'])),
    options: Type.Optional(Type.Array(Type.Object({ id: Id, name: NamesSchema }, closed), { minItems: 1 })),
    /** File extensions accepted for this field, narrower than the general list. */
    formats: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9]+$' }))),
    format: Type.Optional(Type.Enum(['documentNumber'])),
    minimum: Type.Optional(Type.Number()),
    /**
     * `listed`: named in the clause. `deadline`: needed to compute a time limit. `english`: decides the English
     * minimum. `gate`: record of a permission the clause demands. `product`: ours, helps to fill the others.
     */
    origin: Type.Enum(['listed', 'deadline', 'english', 'gate', 'product']),
    note: Type.Optional(Type.String()),
    ...citation,
  },
  closed,
);
export type FieldRule = Static<typeof FieldRuleSchema>;

/** A time limit. `workingDays` is null where the text sets no number. */
export const DeadlineRuleSchema = Type.Object(
  {
    mode: Type.Enum([...DEADLINE_MODES]),
    workingDays: Type.Union([Type.Integer({ minimum: 0, maximum: 366 }), Type.Null()]),
    /** The field whose date starts the clock; null where there is none. */
    eventField: Type.Union([Id, Type.Null()]),
    /** The legal event, a key of `events`. */
    event: Type.Union([Type.String(), Type.Null()]),
    direction: Type.Union([Type.Enum(['after', 'before']), Type.Null()]),
    /** Only for an alternative: when it replaces the main rule. */
    when: Type.Optional(ConditionSchema),
    /** The words of the regulation, Vietnamese. */
    quote: Type.Optional(Type.String()),
    note: Type.Optional(Type.String()),
    clause: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    ref: Type.Union([citation.ref, Type.Null()]),
  },
  closed,
);
export type DeadlineRule = Static<typeof DeadlineRuleSchema>;

/** What must be true before an article may be published. `evidence` is the field that shows it. */
export const PreconditionSchema = Type.Object(
  {
    id: Id,
    condition: NamesSchema,
    evidence: Type.Union([Id, Type.Null()]),
    /** Asked only if one of these fields is filled; always, if left out. */
    ifAny: Type.Optional(Type.Array(Id, { minItems: 1 })),
    ...citation,
  },
  closed,
);
export type Precondition = Static<typeof PreconditionSchema>;

/** Content category (mục thông tin). */
export const CategorySchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    parent: Type.Union([Id, Type.Null()]),
    /** `item`: each article needs the fields. `category`: the section as a whole covers them, an article one or more. */
    coverage: Type.Enum(['item', 'category']),
    /** The article needs a body, unless one of these fields is filled: then its substance is there. */
    bodyUnless: Type.Optional(Type.Array(Id, { minItems: 1 })),
    /** False for what is no article: registers fed by letters, headings for other categories. */
    drafting: Type.Boolean(),
    fields: Type.Array(FieldRuleSchema),
    deadline: DeadlineRuleSchema,
    alternatives: Type.Array(DeadlineRuleSchema),
    preconditions: Type.Array(PreconditionSchema),
    /** Pairs of dates that normally follow each other; out of order is a warning. */
    dateOrder: Type.Array(Type.Object({ earlier: Id, later: Id }, closed)),
    /** Some or all of it belongs to the English minimum, see `englishMinimum` of the profile. */
    englishMinimum: Type.Boolean(),
    note: Type.Optional(Type.String()),
    ...citation,
  },
  closed,
);
export type Category = Static<typeof CategorySchema>;

/** One step that people take on an article of a channel. */
export const ChainStepSchema = Type.Object(
  {
    action: Type.Enum([...CHAIN_ACTIONS]),
    roles: Type.Array(Type.Enum([...ROLES]), { minItems: 1 }),
    from: Type.Array(Type.Enum([...ARTICLE_STATES]), { minItems: 1 }),
    to: Type.Enum([...ARTICLE_STATES]),
    /** The person must belong to the unit of the article. */
    sameUnit: Type.Boolean(),
    requiresReason: Type.Optional(Type.Boolean()),
    /** False where the text doesn't name the step and it follows from a duty. */
    explicit: Type.Boolean(),
    ...citation,
  },
  closed,
);
export type ChainStep = Static<typeof ChainStepSchema>;

const DutySchema = Type.Object({ categoryId: Id, ...citation }, closed);

/** A unit that the regulation names, and the categories it answers for. */
export const ProfileUnitSchema = Type.Object(
  { id: Id, name: NamesSchema, categories: Type.Array(DutySchema), ...citation },
  closed,
);
export type ProfileUnit = Static<typeof ProfileUnitSchema>;

/** A regulation as data: everything the desk and the portal need to follow it. */
export const RegulationProfileSchema = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    id: Type.String({ pattern: '^[A-Z]{2}\\d{2}$' }),
    title: NamesSchema,
    issuer: NamesSchema,
    /** The place the regulation is for (Dublin Core coverage). */
    coverage: NamesSchema,
    number: Type.Union([Type.String(), Type.Null()]),
    issuedOn: Type.Union([DateString, Type.Null()]),
    effectiveOn: Type.Union([DateString, Type.Null()]),
    channels: Type.Array(
      Type.Object(
        {
          channel: Type.Enum([...CHANNELS]),
          name: NamesSchema,
          addresses: Type.Array(Type.String()),
          ...citation,
        },
        closed,
      ),
      { minItems: 1 },
    ),
    submissionEmail: Type.Union([Type.Object({ address: Type.String(), ...citation }, closed), Type.Null()]),
    commonFields: Type.Array(FieldRuleSchema),
    events: Type.Record(Type.String(), NamesSchema),
    categories: Type.Array(CategorySchema, { minItems: 1 }),
    units: Type.Array(ProfileUnitSchema),
    /** Categories that every unit supplies. */
    everyUnit: Type.Array(DutySchema),
    chain: Type.Object({ vi: Type.Array(ChainStepSchema), en: Type.Array(ChainStepSchema) }, closed),
    /** Who decides whether something goes public. */
    /** The clause by which nothing secret may be sent: named where an author declares that an article holds none. */
    secrecy: Type.Object(citation, closed),
    lastWord: Type.Object({ role: Type.Enum([...ROLES]), explicit: Type.Boolean(), ...citation }, closed),
    englishMinimum: Type.Array(
      Type.Object(
        { id: Id, categoryId: Id, name: NamesSchema, when: Type.Optional(ConditionSchema), ...citation },
        closed,
      ),
    ),
    /** Slips of the printed text and how they were read, English. */
    textNotes: Type.Array(Type.String()),
  },
  closed,
);
export type RegulationProfile = Static<typeof RegulationProfileSchema>;
