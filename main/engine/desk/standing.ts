import type { NextPersonInfo, Reply } from '../../../domain/contracts/index.ts';
import { PEOPLE_NAMED } from '../../../domain/contracts/planning.ts';
import { standingOf } from '../../../domain/workflow/index.ts';
import { type Case, declarationOf, endedUnitOf } from '../decisions/judge.ts';
import type { Directory } from '../directory.ts';
import type { KeptRow } from './derive.ts';

/** Why an article does not go out and who acts next, for a screen: with names, and how much of what is missing. */
export function standing(directory: Directory, one: Case, row: KeptRow): Reply<'planning.standing'> {
  const { facts, projection, profile } = one;
  const today = directory.today();
  const me = directory.me().id;
  const files = new Set(one.content.files.map((file) => file.sha256));
  const arrived = new Set(facts.files.filter((file) => file.storedAt !== null).map((file) => file.sha256));
  const filesMissing = [...files].filter((sha256) => !arrived.has(sha256)).length;
  const openChecks = one.issues.filter((issue) => issue.severity === 'must').length;
  const subject = projection.subject && {
    ...projection.subject,
    fingerprint: one.fingerprint,
    contributors: row.contributors,
  };
  // Before its declaration an article is on this machine only: nobody else has it.
  const asked = subject === null ? [directory.me()] : directory.people();
  const found = standingOf({
    subject,
    declaration: declarationOf(one),
    around: {
      profile,
      sourceState: one.sourceState,
      openChecks,
      textArrived: true,
      filesArrived: filesMissing === 0,
      endedUnit: endedUnitOf(one),
    },
    people: asked.flatMap((person) => {
      const actor = directory.actorOn(person.id, today) ?? (person.id === me ? directory.actor() : undefined);
      return actor ? [actor] : [];
    }),
    unsent: { edits: row.pendingUpdates, decisions: row.pendingDecisions, notTaken: row.problem },
  });
  const counts: Readonly<Record<string, number>> = {
    incomplete: openChecks,
    'waiting-for-files': filesMissing,
    'unsent-text': row.pendingUpdates,
    'unsent-decision': row.pendingDecisions,
  };
  const next = found.next.map((person) => ({ ...person, isMe: person.personId === me }));
  next.sort((a, b) => Number(b.isMe) - Number(a.isMe));
  return {
    obstacles: found.obstacles.map((obstacle) => ({
      ...obstacle,
      why: obstacle.code === 'not-taken' ? row.problem : null,
      count: counts[obstacle.code] ?? 0,
    })),
    next: next.slice(0, PEOPLE_NAMED).map((person) => named(directory, person, today)),
    nextTotal: next.length,
    stepsLeft: found.stepsLeft,
  };
}

function named(
  directory: Directory,
  {
    personId,
    action,
    isMe,
    onBehalfOf,
  }: Pick<NextPersonInfo, 'personId' | 'action' | 'isMe'> & { readonly onBehalfOf: string | null },
  today: string,
): NextPersonInfo {
  const person = directory.people().find((one) => one.id === personId) ?? directory.me();
  const delegation = directory
    .delegations()
    .filter((one) => one.toPersonId === personId && one.fromPersonId === onBehalfOf)
    .find((one) => one.from <= today && today <= one.to);
  return {
    personId,
    name: person.name,
    unitId: person.unitId,
    roles: delegation ? [...delegation.roles] : [...person.roles],
    action,
    isMe,
    onBehalfOf: onBehalfOf === null ? null : directory.nameOf(onBehalfOf),
    until: delegation?.to ?? null,
  };
}
