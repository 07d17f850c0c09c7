import type { Args, Reply } from '../../../domain/contracts/index.ts';
import { readContent } from '../../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../../domain/lib/result.ts';
import type { DeskDatabase } from '../database.ts';
import type { Case } from '../decisions/judge.ts';
import type { Directory } from '../directory.ts';
import type { Registry } from '../documents/registry.ts';
import type { KeptRow } from './derive.ts';
import { createOverview } from './overview.ts';
import { calendarDays, countedViews, delegationsOf, explainDue, sections } from './planning.ts';
import { standing } from './standing.ts';

/** What the screens ask about deadlines, sections, who acts next and delegations. */
export function createPlanner(options: {
  readonly database: DeskDatabase;
  readonly directory: Directory;
  readonly registry: Registry;
  readonly rowOf: (articleId: string) => Promise<KeptRow | undefined>;
  readonly caseOf: (articleId: string) => Promise<Case | null>;
}) {
  const { database, directory, registry, rowOf, caseOf } = options;
  const overview = createOverview(database);
  const context = { database, directory, overview };
  return {
    counted: () => countedViews(context),
    days: (args: Args<'planning.days'>) => calendarDays(context, args),
    sections: async (args: Args<'planning.sections'>) => ok(await sections(context, args)),
    delegations: async () => ok(delegationsOf(directory)),
    async explain(articleId: string): Promise<Result<Reply<'planning.explain'>>> {
      const row = await rowOf(articleId);
      const explained = row && explainDue(directory, row, readContent(await registry.get(articleId)));
      return explained ? ok(explained) : refuse('article-unknown');
    },
    async standing(articleId: string): Promise<Result<Reply<'planning.standing'>>> {
      const row = await rowOf(articleId);
      const opened = row && (await caseOf(articleId));
      return row && opened ? ok(standing(directory, opened, row)) : refuse('article-unknown');
    },
    stop: overview.stop,
  };
}
