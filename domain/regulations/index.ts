export { deadlineRuleFor, holds, isBlank, isRequired } from './conditions.ts';
export {
  categoriesForUnit,
  cite,
  englishMinimumOf,
  findCategory,
  forPortalKind,
  getProfile,
  portalKindIds,
  profileIds,
  readStoredProfile,
  ruleName,
} from './profiles.ts';
export { readProfile } from './readProfile.ts';
export * from './types.ts';
export { confirmSuccession, currentUnitOf } from './units.ts';
