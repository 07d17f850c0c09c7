import type { PushReply } from '../../domain/contracts/index.ts';
import type { Actor } from '../../domain/workflow/index.ts';
import type { Portal } from '../context.ts';
import type { Organisation } from '../storage/organisations.ts';

/** Who pushes, and what the answer of the whole request becomes. */
export interface Push {
  readonly portal: Portal;
  readonly organisation: Organisation;
  readonly actor: Actor;
  readonly reply: PushReply;
  refuse(id: string, code: string, ref?: string): void;
}

/** Rows by the article they belong to, in their order. */
export function byArticle<T extends { readonly articleId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.articleId, [...(groups.get(row.articleId) ?? []), row]);
  return groups;
}
