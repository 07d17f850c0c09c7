import type { TValidationError } from 'typebox/error';
import { at, fault, type ProfileFault } from './faults.ts';

/** A fault of the shape, as the schema checker tells it. */
export function shapeFault(error: TValidationError): ProfileFault {
  const place = at('path', error.instancePath || '/');
  switch (error.keyword) {
    case 'required':
      return fault(place, 'missing', { name: error.params.requiredProperties.join(', ') });
    case 'additionalProperties':
      return fault(place, 'unknown-property', { name: error.params.additionalProperties.join(', ') });
    case 'minimum':
      return fault(place, 'too-small', { limit: String(error.params.limit) });
    case 'maximum':
      return fault(place, 'too-large', { limit: String(error.params.limit) });
    case 'minLength':
    case 'minItems':
      return fault(place, 'too-short', { limit: String(error.params.limit) });
    case 'pattern':
      return fault(place, 'pattern', { pattern: String(error.params.pattern) });
    case 'type':
      return fault(place, 'not-of-kind', { wanted: [error.params.type].flat().join(', ') });
    case 'const':
      return fault(place, 'not-of-kind', { wanted: JSON.stringify(error.params.allowedValue) });
    case 'enum':
      return fault(place, 'not-of-kind', { wanted: error.params.allowedValues.join(', ') });
    default:
      return fault(place, 'not-of-kind-plain');
  }
}
