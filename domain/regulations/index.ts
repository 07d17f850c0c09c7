export { deadlineRuleFor, holds, isBlank, isRequired } from './conditions.ts';
export {
  categoriesForUnit,
  cite,
  englishMinimumOf,
  findCategory,
  getProfile,
  profileIds,
} from './profiles.ts';
export { readProfile } from './readProfile.ts';
export * from './types.ts';
