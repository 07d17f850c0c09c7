import { fieldsFor } from '../../domain/content/index.ts';
import type { Args, Declaration } from '../../domain/contracts/index.ts';
import { type FieldValue, readContent } from '../../domain/document/index.ts';
import { ok, type Result, refuse } from '../../domain/lib/result.ts';
import { findCategory } from '../../domain/regulations/index.ts';
import { decide } from '../../domain/workflow/index.ts';
import type { DeskDatabase, StoredDeskRow } from './database.ts';
import type { KeptRow } from './desk/derive.ts';
import type { Directory } from './directory.ts';
import type { Documents } from './documents/documents.ts';
import type { Registry } from './documents/registry.ts';

export interface ArticlesOptions {
  readonly database: DeskDatabase;
  readonly documents: Documents;
  readonly registry: Registry;
  readonly directory: Directory;
  readonly now: () => number;
  /** The row of an article as this desk sees it now. */
  readonly rowOf: (articleId: string) => Promise<KeptRow | undefined>;
}

/** Makes new articles, which stay on this machine until they are declared. The same id again changes nothing. */
export function createArticles(options: ArticlesOptions) {
  const { database, documents, registry, directory, now, rowOf } = options;

  /** What the rules say to a declaration of this kind, before there is anything to declare. */
  const mayOpen = (declaration: Declaration, sourceState: KeptRow['state'] | null): Result<unknown> => {
    const profile = directory.profile();
    if (!profile) return refuse('category-unknown');
    const proposal = { action: 'declare', fingerprint: null, reason: null, declaration } as const;
    const endedUnit = directory.endedUnit(declaration.unitId);
    const around = { profile, sourceState, openChecks: 0, textArrived: true, filesArrived: true, endedUnit };
    return decide(null, proposal, directory.actor(), around);
  };

  return {
    create: async ({
      articleId,
      categoryId,
      title,
    }: Args<'articles.create'>): Promise<Result<{ articleId: string }>> => {
      const profile = directory.profile();
      const category = profile && findCategory(profile, categoryId);
      if (!category?.drafting) return refuse('category-unknown');
      const { unitId } = directory.actor();
      const opens = { unitId, channel: 'vi', categoryId, sourceArticleId: null, createdAt: now() } as const;
      const allowed = mayOpen(opens, null);
      if (!allowed.ok) return allowed;
      const meta = { categoryId, language: 'vi' } as const;
      const made = await documents.create(articleId, opens, { meta, title: title.trim() });
      return made.ok ? ok({ articleId }) : made;
    },

    createTranslation: async ({
      articleId,
      sourceArticleId,
    }: Args<'articles.createTranslation'>): Promise<Result<{ articleId: string }>> => {
      const source = await rowOf(sourceArticleId);
      if (source?.channel !== 'vi') return refuse('article-unknown');
      const before = await database.desk.findOne({ selector: { sourceId: sourceArticleId } }).exec();
      const known = before ? ((before.toJSON() as StoredDeskRow).row as KeptRow).id : source.counterpartId;
      if (known === articleId) return ok({ articleId });
      if (known !== null) return refuse('article-exists');
      // The unit that supplied the text answers for it in both languages.
      const { categoryId, unitId } = source;
      const opens = { unitId, channel: 'en', categoryId, sourceArticleId, createdAt: now() } as const;
      const allowed = mayOpen(opens, source.state);
      if (!allowed.ok) return allowed;
      const { fields } = readContent(await registry.get(sourceArticleId));
      const meta = { categoryId, language: 'en' } as const;
      const made = await documents.create(articleId, opens, { meta, ...inherited(categoryId, fields) });
      return made.ok ? ok({ articleId }) : made;
    },
  };

  /** Dates, numbers, choices and names go over as they are; words are for the translator to write. */
  function inherited(categoryId: string, values: Readonly<Record<string, FieldValue>>) {
    const profile = directory.profile();
    const specs = profile ? fieldsFor(profile, categoryId, 'en') : [];
    const fields: Record<string, FieldValue> = {};
    const textFields: Record<string, string> = {};
    for (const { id, type, inEnglish } of specs) {
      const value = values[id];
      if (inEnglish !== 'inherit' || value === undefined || type === 'file') continue;
      if ((type === 'text' || type === 'longText') && typeof value === 'string') textFields[id] = value;
      else fields[id] = value;
    }
    return { fields, textFields };
  }
}
