import type { Args, Reply, Whose } from '../../../domain/contracts/index.ts';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import { compileCalendar, dateInVietnam, defaultCalendar } from '../../../domain/deadlines/index.ts';
import { fingerprint, readContent } from '../../../domain/document/index.ts';
import type { RegulationProfile } from '../../../domain/regulations/index.ts';
import { standingOf } from '../../../domain/workflow/index.ts';
import type { StoredDeskRow } from '../../../main/engine/database.ts';
import { isFinished, type KeptRow } from '../../../main/engine/desk/derive.ts';
import type { Brief } from '../../../main/engine/desk/overview.ts';
import {
  calendarDays,
  explainDue,
  type PlanningContext,
  sections,
} from '../../../main/engine/desk/planning.ts';
import type { Directory } from '../../../main/engine/directory.ts';
import type { FakeArticle } from './fakeBridge.ts';
import { samplePeople, sampleUnits } from './fakeData.ts';

/** Deadlines, sections and who acts next over the sample articles, by the engine's own functions. */
export function createFakePlanner(options: {
  readonly profile: RegulationProfile;
  readonly person: PersonInfo;
  readonly articles: () => ReadonlyMap<string, FakeArticle>;
  readonly openChecks: (articleId: string) => number;
  readonly hasDelegation: boolean;
}) {
  const { profile, person, articles } = options;
  const compiled = compileCalendar(defaultCalendar());
  if (!compiled.ok) throw new Error('no calendar');
  const { calendar } = compiled;
  const today = () => dateInVietnam(new Date().toISOString());
  const directory = {
    today,
    calendar: () => calendar,
    profile: () => profile,
    me: () => person,
    all: () => ({ units: sampleUnits }),
  } as unknown as Directory;
  const briefOf = ({ row }: FakeArticle): Brief => ({
    unitId: row.unitId,
    categoryId: row.categoryId,
    channel: row.channel,
    state: row.projectedState,
    due: row.due?.date ?? null,
    publishedAt: row.projectedState === 'published' ? row.updatedAt : null,
    isFinished: isFinished(row),
    mine: row.mine,
  });
  const rowsOf = (ids: readonly string[]) =>
    new Map(
      ids.flatMap((id) => {
        const found = articles().get(id);
        return found ? [[id, { toJSON: () => ({ row: found.row }) as unknown as StoredDeskRow }]] : [];
      }),
    );
  const context = {
    directory,
    database: { desk: { findByIds: (ids: string[]) => ({ exec: async () => rowsOf(ids) }) } },
    overview: {
      all: async () => new Map([...articles()].map(([id, one]) => [id, briefOf(one)])),
      stop: () => {},
    },
  } as unknown as PlanningContext;

  const standing = (id: string): Reply<'planning.standing'> | null => {
    const found = articles().get(id);
    if (!found) return null;
    const { row, doc, detail } = found;
    const { unitId, channel, categoryId, sourceArticleId, createdAt } = row;
    const openChecks = options.openChecks(id);
    const missing = detail.files.filter((file) => file.storedAt === null).length;
    const result = standingOf({
      subject: row.local
        ? null
        : { ...row, state: row.projectedState, fingerprint: fingerprint(readContent(doc)) },
      declaration: { unitId, channel, categoryId, sourceArticleId, createdAt },
      around: {
        profile,
        sourceState: 'published',
        openChecks,
        textArrived: true,
        filesArrived: missing === 0,
      },
      people: row.local ? [person] : samplePeople,
      unsent: { edits: row.pendingUpdates, decisions: row.pendingDecisions, notTaken: row.problem },
    });
    const counts: Readonly<Record<string, number>> = { incomplete: openChecks, 'waiting-for-files': missing };
    return {
      obstacles: result.obstacles.map((one) => ({
        ...one,
        why: one.code === 'not-taken' ? row.problem : null,
        count: counts[one.code] ?? 1,
      })),
      next: result.next.flatMap(({ personId, action }) => {
        const next = samplePeople.find((one) => one.id === personId);
        return next
          ? [
              {
                personId,
                action,
                name: next.name,
                unitId: next.unitId,
                roles: next.roles,
                isMe: personId === person.id,
                onBehalfOf: null,
                until: null,
              },
            ]
          : [];
      }),
      nextTotal: result.next.length,
      stepsLeft: result.stepsLeft,
    };
  };

  return {
    days: async (args: { from: string; to: string; whose: Whose }) => {
      const result = await calendarDays(context, args);
      return result.ok ? result.value : result.error;
    },
    sections: (args: Args<'planning.sections'>) => sections(context, args),
    explain: (id: string) => {
      const found = articles().get(id);
      return found ? explainDue(directory, found.row as unknown as KeptRow, readContent(found.doc)) : null;
    },
    standing,
    delegations: (): Reply<'planning.delegations'> => {
      const head = samplePeople[1];
      if (!options.hasDelegation || !head) return { received: [], given: [] };
      const one = {
        id: 'uq-1',
        from: head.name,
        to: person.name,
        unitId: head.unitId,
        roles: head.roles,
        firstDay: '2026-01-01',
        lastDay: '2099-12-31',
        basis: '12/QĐ-VP',
        isNow: true,
      };
      return { received: [one], given: [] };
    },
  };
}
