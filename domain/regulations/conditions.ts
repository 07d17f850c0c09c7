import type { Category, Condition, DeadlineRule, FieldRule } from './types.ts';

/** True when nothing was entered: undefined, null, blank text, an empty list. `false` and 0 are values. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.every(isBlank);
}

/** Whether a condition holds for the values of an article's fields. */
export function holds(condition: Condition, values: Readonly<Record<string, unknown>>): boolean {
  const value = values[condition.field];
  if (condition.op === 'present') return !isBlank(value);
  if (condition.op === 'equals') return value === condition.value;
  const number = typeof value === 'number' ? value : Number.parseFloat(String(value ?? ''));
  return typeof condition.value === 'number' && number >= condition.value;
}

/** Whether a field must be filled, given the values of the others. What the portal fills never must. */
export function isRequired(field: FieldRule, values: Readonly<Record<string, unknown>>): boolean {
  if (!field.required || field.filledBy !== undefined) return false;
  return field.when === undefined || holds(field.when, values);
}

/** The time limit that applies: the first alternative whose condition holds, otherwise the main rule. */
export function deadlineRuleFor(category: Category, values: Readonly<Record<string, unknown>>): DeadlineRule {
  return category.alternatives.find((rule) => rule.when && holds(rule.when, values)) ?? category.deadline;
}
