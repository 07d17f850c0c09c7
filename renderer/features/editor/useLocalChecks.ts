import { useMemo } from 'react';
import { checkBeforeSubmit, type Issue } from '../../../domain/content/index.ts';
import { type ArticleContent, bodyLines } from '../../../domain/document/index.ts';
import type { RegulationProfile } from '../../../domain/regulations/index.ts';

const NONE: readonly Issue[] = [];

/** The checks of what stands on the screen, by the same function that portal and engine use. */
export function useLocalChecks(
  content: ArticleContent | null,
  profile: RegulationProfile | null,
): readonly Issue[] {
  return useMemo(() => {
    if (!content || !profile) return NONE;
    const { meta, title, summary, fields, files } = content;
    const bodyText = bodyLines(content.body)
      .map((line) => line.text)
      .join('\n');
    return checkBeforeSubmit({
      profile,
      categoryId: meta.categoryId,
      language: meta.language,
      title,
      summary,
      fields,
      files,
      bodyText,
    });
  }, [content, profile]);
}
