import { t, type Visit } from './visit.ts';

/** Reasons of `readProfile` after their place, and the sentence that says each; groups are its values. */
const REASONS: readonly (readonly [pattern: RegExp, key: string])[] = [
  [/^must have required propert(?:y|ies) (?<name>.+)$/, 'missing'],
  [/^must not have additional properties$/, 'unknown-property'],
  [/^must be >= (?<limit>.+)$/, 'too-small'],
  [/^must be <= (?<limit>.+)$/, 'too-large'],
  [/^must not have fewer than (?<limit>\d+) (?:characters|items)$/, 'too-short'],
  [/^must match pattern (?<pattern>.+)$/, 'pattern'],
  [/^must be (?:equal to )?(?<wanted>.+)$/, 'not-of-kind'],
  [/^must match .+$/, 'not-of-kind-plain'],
  [/^(?<id>\S+) twice$/, 'twice'],
  [/^field (?<id>\S+) twice$/, 'twice'],
  [/^no (?<kind>parent|category|field|event|kind|successor|such unit) ?(?<id>.*)$/, 'unknown'],
  [/^its own parent by (?<path>.+)$/, 'circle'],
  [/^circle (?<path>.+)$/, 'circle'],
  [/^succeeds itself by (?<path>.+)$/, 'circle'],
  [/^to itself$/, 'to-itself'],
  [/^no time limit by (?<ref>\S+), which sets one$/, 'limit-missing'],
  [/^a time limit \((?<mode>\w+)\) without its clause$/, 'limit-without-clause'],
  [/^clause and ref of the time limit differ$/, 'clause-and-ref'],
  [/^mode (?<mode>\w+) with (?<count>\S+) working days$/, 'limit-without-number'],
  [/^mode (?<mode>\w+) without the field of its event$/, 'limit-without-field'],
  [/^field (?<id>\S+) is no (?<wanted>\w+)$/, 'field-not-of-kind'],
  [/^choice (?<id>\S+) has no options$/, 'no-options'],
  [/^(?<day>\S+) is no day of the calendar$/, 'no-such-day'],
  [/^(?<day>\S+) is before 1900 or after 2199$/, 'day-out-of-range'],
  [/^in force on (?<day>\S+), before it was issued on (?<other>\S+)$/, 'before-issue'],
  [/^a last day without a first$/, 'last-without-first'],
  [/^(?<day>\S+) is before (?<other>\S+)$/, 'days-contradict'],
  [/^(?:.* )?ends on (?<day>\S+), before it begins on (?<other>\S+)$/, 'days-contradict'],
  [/^replaced, but without a last day$/, 'replaced-without-end'],
  [/^has successors but no last day$/, 'successors-without-end'],
  [/^called "(?<name>.+)" until (?<day>\S+), after its end$/, 'former-after-end'],
  [/^(?:.* )?holds at the same time as (?<ref>\S+)$/, 'same-time'],
  [/^which of the kinds is not said$/, 'kind-not-said'],
  [/^no steps$/, 'no-steps'],
  [/^nobody approves$/, 'nobody-approves'],
  [/^no way from draft to approval$/, 'no-way'],
  [/^no way on from (?<state>\S+)$/, 'dead-end'],
  [/^(?<step>\w+ \(\S+\)): no post has the role (?<role>.+)$/, 'no-post'],
  [/^(?<step>\w+ \(\S+\)) makes public without approval$/, 'unapproved'],
  [/^(?<step>\w+ \(\S+\)) leads to (?<state>\S+)$/, 'leads-elsewhere'],
  [/^(?<role>\S+) approves \((?<ref>\S+)\), the last word is (?<wanted>\S+)'s$/, 'other-last-word'],
];

/**
 * A fault of `readProfile` (`place: reason`) as an administrator reads it. A reason without a sentence is shown as the domain says it.
 */
export function sayProfileFault(visit: Pick<Visit, 'language'>, fault: string): string {
  const citation = /^citation (?<ref>\S+) is not of (?<id>\S+)$/.exec(fault);
  if (citation) return t(visit, 'profileFault.foreign-citation', { ...citation.groups });
  // Places have a colon of their own ("category other: rule VP17-7.4 ends …"): the longest one that leaves a known reason.
  const parts = fault.split(': ');
  for (let cut = 1; cut < parts.length; cut += 1) {
    const reason = parts.slice(cut).join(': ');
    for (const [pattern, key] of REASONS) {
      const match = pattern.exec(reason);
      if (!match) continue;
      const said = t(visit, `profileFault.${key}`, { ...match.groups });
      return t(visit, 'profileFault.at', { place: parts.slice(0, cut).join(': '), reason: said });
    }
  }
  return fault;
}
