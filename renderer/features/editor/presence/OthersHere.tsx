import { useTranslation } from 'react-i18next';
import { useOthers } from './usePresence.ts';

const SHOWN = 2;

/** Names those who have the article open too; nothing when nobody has. */
export function OthersHere({ articleId }: { readonly articleId: string }) {
  const { t } = useTranslation();
  const others = useOthers(articleId);
  const people = [...new Map(others.map((other) => [other.personId, other])).values()];
  const names = people.map(({ name }) => name || t('presence.somebody'));
  const rest = names.length - SHOWN;
  const shown = names.slice(0, SHOWN).join(', ');
  // The region stays, so that a screen reader hears of those who come.
  return (
    <span className="others-here small" role="status" title={names.join('\n')}>
      {names.length > 0 && (
        <>
          <span className="tone-dots" aria-hidden>
            {people.slice(0, SHOWN).map(({ personId, tone }) => (
              <span key={personId} className={`tone-dot tone-${tone}`} />
            ))}
          </span>
          <span className="clip">
            {rest > 0
              ? t('presence.withMore', { names: shown, count: rest })
              : t('presence.with', { names: shown })}
          </span>
        </>
      )}
    </span>
  );
}
