import { useEffect, useState } from 'react';
import type { ArticleContent, Comparison } from '../../../domain/document/index.ts';
import { useClient } from '../../data/engine.tsx';

/** What the screen shows of the past: one text whole, or the difference of two. */
export type VersionText =
  | { readonly kind: 'whole'; readonly content: ArticleContent }
  | { readonly kind: 'difference'; readonly comparison: Comparison }
  | { readonly kind: 'refused'; readonly code: string };

/**
 * Asks the engine for a text, or for its difference from `before`. `freshness` changes when the present text did. What was asked for
 * last is what is shown, in whatever order the answers come; until then nothing is.
 */
export function useVersionText(
  articleId: string,
  before: string | null,
  after: string,
  freshness: string,
): VersionText | undefined {
  const client = useClient();
  const asked = [articleId, before ?? '', after, freshness].join(' ');
  const [found, setFound] = useState<{ readonly of: string; readonly text: VersionText }>();
  useEffect(() => {
    let left = false;
    const show = (text: VersionText) => {
      if (!left) setFound({ of: asked, text });
    };
    const refused = (code: string) => show({ kind: 'refused', code });
    if (before === null)
      void client
        .ask('history.read', { articleId, versionId: after })
        .then((read) => (read.ok ? show({ kind: 'whole', content: read.value }) : refused(read.error.code)));
    else
      void client
        .ask('history.compare', { articleId, before, after })
        .then((made) =>
          made.ok ? show({ kind: 'difference', comparison: made.value }) : refused(made.error.code),
        );
    return () => {
      left = true;
    };
  }, [client, articleId, before, after, asked]);
  return found?.of === asked ? found.text : undefined;
}
