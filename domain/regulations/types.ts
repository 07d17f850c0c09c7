import { type Static, Type } from 'typebox';
import { ROLES } from '../people/roles.ts';
import { NamesSchema } from '../people/types.ts';
import {
  AddressRuleSchema,
  PaymentBasisSchema,
  PortalFunctionSchema,
  PostSchema,
  QaTermSchema,
  ReferencedTextSchema,
  ReportSchema,
  RestrictionSchema,
  RetentionSchema,
  StandardSchema,
  TimeLimitSchema,
} from './provisions.ts';
import { CHANNELS, citation, closed, DateString, DEADLINE_MODES, Id } from './shape.ts';

export { CHANNELS, type Channel, DEADLINE_MODES, type DeadlineMode } from './shape.ts';

/**
 * States an article passes through, per channel. `published` and `withdrawn` are set by the portal alone. While an
 * article is `correcting` and on its way through the chain again, what was published stays public.
 */
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
  'correcting',
  'archived',
] as const;
/** One of {@link ARTICLE_STATES}. */
export type ArticleState = (typeof ARTICLE_STATES)[number];

/**
 * What a step of the chain does. `withdraw` takes off the portal (gỡ bỏ), `recall` takes a submission back (rút lại),
 * `correct` opens a published article for correction, `archive` closes one that goes nowhere, `reopen` takes it up again.
 */
export const CHAIN_ACTIONS = [
  'submit',
  'endorse',
  'pass',
  'approve',
  'return',
  'refuse',
  'withdraw',
  'recall',
  'correct',
  'archive',
  'reopen',
] as const;
/** One of {@link CHAIN_ACTIONS}. */
export type ChainAction = (typeof CHAIN_ACTIONS)[number];

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
    /** Days of the event (first and last) between which the rule holds; always, if left out. */
    validFrom: Type.Optional(DateString),
    validTo: Type.Optional(DateString),
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
    /** The text that lists the category, where the regulation only points to it ("Nghị định số 43/2011/NĐ-CP, Điều 10"). */
    byReference: Type.Optional(Type.String()),
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

/**
 * A unit that the regulation names, and the categories it answers for. It exists from the day the regulation takes
 * effect unless `validFrom` says otherwise; after `validTo` its work is that of its successors.
 */
export const ProfileUnitSchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    shortName: Type.Optional(NamesSchema),
    formerNames: Type.Optional(Type.Array(Type.Object({ name: NamesSchema, until: DateString }, closed))),
    validFrom: Type.Optional(DateString),
    validTo: Type.Optional(DateString),
    successorIds: Type.Optional(Type.Array(Id, { minItems: 1 })),
    /** The editorial board itself: those who review have their place in it. */
    board: Type.Optional(Type.Literal(true)),
    categories: Type.Array(DutySchema),
    ...citation,
  },
  closed,
);
export type ProfileUnit = Static<typeof ProfileUnitSchema>;

/**
 * A unit that, by what is known from outside the regulation, gave way to another. Holds for nothing until a person has
 * confirmed it (`confirmSuccession`): `A` read in the legal text, `B` in another source, `C` not found in any.
 */
export const SuccessionSchema = Type.Object(
  {
    unitId: Id,
    /** First day of the successor. */
    on: DateString,
    successor: Type.Object({ id: Id, name: NamesSchema }, closed),
    basis: Type.String({ minLength: 1 }),
    mark: Type.Enum(['A', 'B', 'C']),
  },
  closed,
);

const ChainsSchema = Type.Object(
  { vi: Type.Array(ChainStepSchema), en: Type.Array(ChainStepSchema) },
  closed,
);

const LastWordSchema = Type.Object(
  {
    role: Type.Enum([...ROLES]),
    /** False where no clause names a single person: the organisation confirms it when it is founded. */
    explicit: Type.Boolean(),
    /** Whether somebody may stand in for the one with the last word. Only where a clause says so. */
    mayBeDelegated: Type.Boolean(),
    note: Type.Optional(Type.String()),
    ...citation,
  },
  closed,
);

/** A kind of portal that the regulation knows (Cổng chính, Cổng thành phần), where the rules differ by kind. */
export const PortalKindSchema = Type.Object(
  {
    id: Id,
    name: NamesSchema,
    /** Categories that a portal of this kind does not have. */
    without: Type.Array(Id),
    chain: Type.Optional(ChainsSchema),
    lastWord: Type.Optional(LastWordSchema),
    ...citation,
  },
  closed,
);

const Citation = Type.Object(citation, closed);

/** A regulation as data: everything the desk and the portal need to follow it. */
export const RegulationProfileSchema = Type.Object(
  {
    schemaVersion: Type.Literal(2),
    id: Type.String({ pattern: '^[A-Z]{2}\\d{2}$' }),
    /** Rises with every adjustment: with a `ref` it names the rule that something was computed with. */
    version: Type.Integer({ minimum: 1 }),
    title: NamesSchema,
    issuer: NamesSchema,
    /** The place the regulation is for (Dublin Core coverage). */
    coverage: NamesSchema,
    number: Type.Union([Type.String(), Type.Null()]),
    issuedOn: Type.Union([DateString, Type.Null()]),
    /** First and last day on which it is in force; null where the text leaves it open. */
    validFrom: Type.Union([DateString, Type.Null()]),
    validTo: Type.Union([DateString, Type.Null()]),
    effect: Type.Object({ quote: Type.String({ minLength: 1 }), ...citation }, closed),
    /** Texts that it replaces, and the one that replaced it. */
    supersedes: Type.Array(Type.String()),
    supersededBy: Type.Union([Type.String(), Type.Null()]),
    /** Căn cứ: the texts it names as its basis. */
    legalBasis: Type.Array(Type.String(), { minItems: 1 }),
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
    /** The clauses that set time limits, and the categories that must follow them. */
    timeLimits: Type.Array(TimeLimitSchema),
    units: Type.Array(ProfileUnitSchema),
    /** Categories that every unit supplies. */
    everyUnit: Type.Array(DutySchema),
    successions: Type.Array(SuccessionSchema),
    chain: ChainsSchema,
    /** The kind of portal these rules are for; null where the regulation knows one kind only. */
    portalKind: Type.Union([Id, Type.Null()]),
    portalKinds: Type.Array(PortalKindSchema),
    /** The clause by which nothing secret may be sent: named where an author declares that an article holds none. */
    secrecy: Citation,
    /** Who decides whether something goes public. */
    lastWord: LastWordSchema,
    englishMinimum: Type.Array(
      Type.Object(
        { id: Id, categoryId: Id, name: NamesSchema, when: Type.Optional(ConditionSchema), ...citation },
        closed,
      ),
    ),
    posts: Type.Array(PostSchema),
    qaTerms: Type.Array(QaTermSchema),
    retention: Type.Array(RetentionSchema),
    reports: Type.Array(ReportSchema),
    restrictions: Type.Array(RestrictionSchema),
    standards: Type.Array(StandardSchema),
    payments: Type.Array(PaymentBasisSchema),
    portalFunctions: Type.Array(PortalFunctionSchema),
    addressRules: Type.Array(AddressRuleSchema),
    referencedTexts: Type.Array(ReferencedTextSchema),
    /** Slips of the printed text and how they were read, English. */
    textNotes: Type.Array(Type.String()),
  },
  closed,
);
export type RegulationProfile = Static<typeof RegulationProfileSchema>;
