import { useMemo } from 'react';
import { checkBeforeSubmit, contentToCheck, type Issue } from '../../../domain/content/index.ts';
import type { ArticleContent } from '../../../domain/document/index.ts';
import type { RegulationProfile } from '../../../domain/regulations/index.ts';

const NONE: readonly Issue[] = [];

/** The checks of what stands on the screen, by the same function that portal and engine use. */
export function useLocalChecks(
  content: ArticleContent | null,
  profile: RegulationProfile | null,
): readonly Issue[] {
  return useMemo(() => {
    if (!content || !profile) return NONE;
    const { categoryId, language } = content.meta;
    return checkBeforeSubmit(contentToCheck(profile, { categoryId, channel: language }, content));
  }, [content, profile]);
}
