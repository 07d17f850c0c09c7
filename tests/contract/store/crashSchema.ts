import type { RxJsonSchema } from 'rxdb';
import type { AnyDoc } from './harness.ts';

/** What the crash tests write: an indexed number, a text of varying length. */
export const crashSchema: RxJsonSchema<AnyDoc> = {
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
