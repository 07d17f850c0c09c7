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

/**
 * The time limit that applies: the first alternative whose condition holds and that was in force on the day of its event,
 * otherwise the main rule.
 */
export function deadlineRuleFor(category: Category, values: Readonly<Record<string, unknown>>): DeadlineRule {
  const applies = (rule: DeadlineRule) => {
    const isDated = rule.validFrom !== undefined || rule.validTo !== undefined;
    return (rule.when ? holds(rule.when, values) : isDated) && isInForce(rule, values);
  };
  return category.alternatives.find(applies) ?? category.deadline;
}

/** Whether a rule was in force on the day of its event; while that day is not known, only one without a last day is. */
function isInForce(rule: DeadlineRule, values: Readonly<Record<string, unknown>>): boolean {
  const day = rule.eventField === null ? undefined : values[rule.eventField];
  if (typeof day !== 'string' || day === '') return rule.validTo === undefined;
  return (rule.validFrom ?? day) <= day && day <= (rule.validTo ?? day);
}
