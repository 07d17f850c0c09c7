import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });

/** One obligation of a regulation. `who` must see to it: the software, the organisation that runs it, or a person. */
const RequirementSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Z]{2}\\d{2}-[\\p{L}\\d.-]+$' }),
    regulation: Text,
    clause: Text,
    text: Text,
    who: Type.Enum(['software', 'organisation', 'person']),
  },
  closed,
);
export type Requirement = Static<typeof RequirementSchema>;

const evidence = {
  /** References of rules in the profile of the regulation. */
  rules: Type.Optional(Type.Array(Text, { minItems: 1 })),
  /** Files of screens and pages, from the root. */
  screens: Type.Optional(Type.Array(Text, { minItems: 1 })),
};
const TestNames = Type.Array(Type.Object({ file: Text, name: Text }, closed), { minItems: 1 });

/** `lacks`: what is not there. `because`: why, a name of `reasons.json`. */
const missing = { lacks: Text, because: Text } as const;

/**
 * What answers an obligation. `answered` and `partly` name a test, `partly` and `open` say what is lacking and for which reason, `notSoftware`
 * says why.
 */
const AnswerSchema = Type.Union([
  Type.Object({ status: Type.Literal('answered'), ...evidence, tests: TestNames }, closed),
  Type.Object({ status: Type.Literal('partly'), ...evidence, tests: TestNames, ...missing }, closed),
  Type.Object({ status: Type.Literal('open'), ...evidence, ...missing }, closed),
  Type.Object({ status: Type.Literal('notSoftware'), reason: Text }, closed),
]);
export type Answer = Static<typeof AnswerSchema>;

/** Everything that is named where it should be, by regulation: references of its profile. */
export type RefsOf = (regulation: string) => ReadonlySet<string>;

/** Places in the project, read once. */
export function projectFiles(root: string): (path: string) => string | null {
  const known = new Map<string, string | null>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const full = join(root, path);
    const text = existsSync(full) ? readFileSync(full, 'utf8') : null;
    known.set(path, text);
    return text;
  };
}

/**
 * What is wrong with the answers: an obligation without one, a reason that is not in `reasons` or is given for nothing, an answer without an obligation, a rule, screen or test that is
 * not there. The name of a test stands in its file between quotes, in a title or in the table that makes the titles.
 */
export function answerFaults(
  requirements: unknown,
  answers: unknown,
  refsOf: RefsOf,
  textOf: (path: string) => string | null,
  reasons: Readonly<Record<string, string>>,
): string[] {
  if (!Value.Check(Type.Array(RequirementSchema), requirements))
    return [...Value.Errors(Type.Array(RequirementSchema), requirements)].map(
      (error) => `requirements${error.instancePath}: ${error.message}`,
    );
  if (!Value.Check(Type.Record(Type.String(), AnswerSchema), answers)) {
    const shapes = Object.entries(answers ?? {}).filter(([, one]) => !Value.Check(AnswerSchema, one));
    return shapes.map(([id]) => `answer to ${id}: not of the form of its status`);
  }
  const used = new Set(Object.values(answers).flatMap((one) => ('because' in one ? [one.because] : [])));
  const faults = Object.keys(reasons).flatMap((name) =>
    used.has(name) ? [] : [`reason ${name}: given for nothing`],
  );
  const ids = new Set(requirements.map((one) => one.id));
  if (ids.size < requirements.length) faults.push('an id stands twice among the requirements');
  for (const id of Object.keys(answers))
    if (!ids.has(id)) faults.push(`answer to ${id}: no such requirement`);
  for (const { id, regulation, who } of requirements) {
    const answer = answers[id];
    if (!answer) {
      faults.push(`${id}: no answer`);
      continue;
    }
    if (!id.startsWith(`${regulation}-`)) faults.push(`${id}: not of ${regulation}`);
    if ((answer.status === 'notSoftware') === (who === 'software'))
      faults.push(`${id}: is for ${who}, but ${answer.status}`);
    if (answer.status === 'notSoftware') continue;
    for (const rule of answer.rules ?? [])
      if (!refsOf(regulation).has(rule)) faults.push(`${id}: no rule ${rule} in the profile`);
    for (const screen of answer.screens ?? [])
      if (textOf(screen) === null) faults.push(`${id}: no screen ${screen}`);
    if ('because' in answer && !Object.hasOwn(reasons, answer.because))
      faults.push(`${id}: no reason ${answer.because}`);
    if (answer.status === 'open') continue;
    if (!answer.rules && !answer.screens) faults.push(`${id}: ${answer.status} by no rule and no screen`);
    for (const { file, name } of answer.tests) {
      const text = textOf(file);
      if (text === null) faults.push(`${id}: no file ${file}`);
      else if (!['"', "'", '`'].some((quote) => text.includes(`${quote}${name}${quote}`)))
        faults.push(`${id}: no test "${name}" in ${file}`);
    }
  }
  return faults;
}
