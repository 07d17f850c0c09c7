import type { RxJsonSchema } from 'rxdb';
import type { AnyDoc } from './harness.ts';

const fields = {
  unit: { type: 'string', maxLength: 20 },
  number: { type: 'integer', minimum: 0, maximum: 10_000_000, multipleOf: 1 },
  change: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
  step: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
  text: { type: 'string' },
  sum: { type: 'string' },
} as const;
const required = ['id', 'unit', 'number', 'change', 'step', 'text', 'sum'];

/** Texts by which the articles can be sorted without an index. */
export const crashSort: Readonly<Record<string, readonly string[]>> = { articles: ['sum'] };

/** The collections that the crash tests write: indexes, a composite primary key, attachments. */
export const crashSchemas: Readonly<Record<string, RxJsonSchema<AnyDoc>>> = {
  articles: {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: { id: { type: 'string', maxLength: 60 }, ...fields },
    required,
    indexes: ['step', ['unit', 'change']],
    attachments: {},
  },
  notes: {
    version: 0,
    primaryKey: { key: 'id', fields: ['unit', 'number'], separator: '|' },
    type: 'object',
    properties: { id: { type: 'string', maxLength: 60 }, ...fields },
    required,
    indexes: [['step', 'unit']],
  },
  marks: {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: { id: { type: 'string', maxLength: 60 }, ...fields },
    required,
  },
};
