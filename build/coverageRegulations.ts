import { getProfile, profileIds } from '../domain/regulations/index.ts';
import answersData from './obligations/answers.json' with { type: 'json' };
import { type Answer, answerFaults, projectFiles, type Requirement } from './obligations/checkAnswers.ts';
import reasonsData from './obligations/reasons.json' with { type: 'json' };
import requirementsData from './obligations/requirements.json' with { type: 'json' };
import { ROOT } from './steps.ts';

/**
 * `npm run coverage:regulations`: per regulation how many of its obligations are answered, then what is open or only
 * partly there, by the reason why. Ends with 1 when an answer names a rule, screen or test that does not exist. `--all` prints every id.
 */
const STATUSES = ['answered', 'partly', 'open', 'notSoftware'] as const;

const requirements = requirementsData as readonly Requirement[];
const answers = answersData as Readonly<Record<string, Answer>>;

function refsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) refsIn(item, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'ref' && typeof item === 'string') found.add(item);
      else refsIn(item, found);
    }
  }
  return found;
}
const refs = new Map(profileIds().map((id) => [id, refsIn(getProfile(id))]));
const faults = answerFaults(
  requirementsData,
  answersData,
  (regulation) => refs.get(regulation) ?? new Set(),
  projectFiles(ROOT),
  reasonsData,
);

const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(12))).join('');
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const countOf = (regulation: string | null, status: Answer['status']): number =>
  requirements.filter(
    (one) => (regulation === null || one.regulation === regulation) && answers[one.id]?.status === status,
  ).length;

print(line(['regulation', 'obligations', 'answered', 'partly', 'open', 'not ours']));
for (const regulation of [...profileIds(), null]) {
  const total = requirements.filter((one) => regulation === null || one.regulation === regulation).length;
  print(line([regulation ?? 'together', total, ...STATUSES.map((status) => countOf(regulation, status))]));
}
const ours = requirements.filter((one) => one.who === 'software');
const without = ours.filter(({ id }) => {
  const answer = answers[id];
  return answer === undefined || (answer.status !== 'answered' && !('because' in answer));
});
print(
  `\nof ${ours.length} that are the software’s ${ours.filter(({ id }) => answers[id]?.status === 'answered').length} are answered, ` +
    `${ours.filter(({ id }) => 'because' in (answers[id] ?? {})).length} are listed with what lacks and why, ${without.length} with neither`,
);
const showsAll = process.argv.includes('--all');
for (const [name, reason] of Object.entries(reasonsData)) {
  print(`\n${reason}`);
  for (const { id, clause } of requirements) {
    const answer = answers[id];
    if (answer === undefined || !('because' in answer) || answer.because !== name) continue;
    print(`  ${id.padEnd(15)} ${answer.status.padEnd(7)} ${clause}: ${answer.lacks}`);
  }
}
for (const status of showsAll ? (['answered', 'notSoftware'] as const) : []) {
  print(`\n${status}`);
  for (const { id, clause, text } of requirements) {
    const answer = answers[id];
    if (answer?.status !== status) continue;
    print(`  ${id.padEnd(15)} ${clause}: ${'reason' in answer ? answer.reason : text}`);
  }
}
if (faults.length > 0) {
  print('\nwrong');
  for (const fault of faults) print(`  ${fault}`);
  process.exitCode = 1;
}
