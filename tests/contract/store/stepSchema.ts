import type { RxJsonSchema } from 'rxdb';
import type { AnyDoc } from './harness.ts';

/** A number with an index and a text: what processes that a test starts write. */
export const stepSchema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 60 },
    text: { type: 'string' },
    step: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
  },
  required: ['id', 'text', 'step'],
  indexes: ['step'],
};
