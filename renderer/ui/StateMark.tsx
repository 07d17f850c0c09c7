import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../domain/contracts/rows.ts';
import type { ArticleState } from '../../domain/regulations/types.ts';

/** Ring dashed, quarter, half, three quarters, ticked, filled: readable in black and white. */
function Glyph({ state }: { readonly state: ArticleState }) {
  switch (state) {
    case 'draft':
      return <circle cx="8" cy="8" r="6.2" strokeDasharray="2.2 2.67" strokeLinecap="butt" />;
    case 'submitted':
      return <path className="fill" d="M8 8V4.2A3.8 3.8 0 0 1 11.8 8Z" />;
    case 'endorsed':
      return <path className="fill" d="M8 4.2a3.8 3.8 0 0 1 0 7.6Z" />;
    case 'in-review':
      return <path className="fill" d="M8 8V4.2A3.8 3.8 0 1 1 4.2 8Z" />;
    case 'approved':
      return <path d="m5.4 8.2 1.8 1.8 3.5-3.7" />;
    case 'returned':
      return <path d="M7.2 5.4 5 7.6l2.2 2.2M5.2 7.6h3.4a2 2 0 0 1 2 2v.6" />;
    case 'published':
      return (
        <path
          className="disc"
          fillRule="evenodd"
          d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5.5-4.1 4.4a.9.9 0 0 1-1.3 0L4.5 9.2a.85.85 0 0 1 1.2-1.2l1.1 1.1 3.5-3.7a.87.87 0 0 1 1.3 1.1Z"
        />
      );
    case 'refused':
      return (
        <path
          className="disc"
          fillRule="evenodd"
          d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM5 5a.85.85 0 0 1 1.2 0L8 6.8 9.8 5A.85.85 0 0 1 11 6.200L9.200 8 11 9.800A.85.85 0 0 1 9.800 11L8 9.200 6.200 11A.85.85 0 0 1 5 9.800L6.800 8 5 6.200A.85.85 0 0 1 5 5Z"
        />
      );
    case 'withdrawn':
      return <path d="M5.2 8h5.600" />;
    case 'correcting':
      return <path d="m5.300 10.700.500-2 4-4 1.500 1.500-4 4-2 .500" />;
    case 'archived':
      return <path d="M5 6.200h6M5.600 6.200v4.300h4.800V6.200M7.200 8h1.600" />;
  }
}

/** The word for a state. */
export const stateWord = (t: TFunction, state: ArticleState, channel: Channel): string =>
  channel === 'en' && state === 'draft' ? t('state.draftTranslation') : t(`state.${state}`);

/** A state as glyph and word; `asChip` with a tint, where it stands alone. */
export function StateSign({
  state,
  word,
  asChip = false,
}: {
  readonly state: ArticleState;
  readonly word: string;
  readonly asChip?: boolean;
}) {
  const ringed = state !== 'draft' && state !== 'published' && state !== 'refused';
  return (
    <span className={`state state-${state} ${asChip ? 'state-chip' : ''}`}>
      <svg className="glyph" viewBox="0 0 16 16" aria-hidden>
        {ringed && <circle cx="8" cy="8" r="6.2" />}
        <Glyph state={state} />
      </svg>
      {word}
    </span>
  );
}

/** A state as {@link StateSign}, in the language of the window. */
export function StateMark({
  state,
  channel = 'vi',
  asChip = false,
}: {
  readonly state: ArticleState;
  readonly channel?: Channel;
  readonly asChip?: boolean;
}) {
  const { t } = useTranslation();
  return <StateSign state={state} word={stateWord(t, state, channel)} asChip={asChip} />;
}

/** The glyph of a state alone, in chains and histories, where the words beside it say more. */
export function StateGlyph({
  state,
  className = '',
}: {
  readonly state: ArticleState;
  readonly className?: string;
}) {
  const ringed = state !== 'draft' && state !== 'published' && state !== 'refused';
  return (
    <svg className={`icon glyph ${className}`} viewBox="0 0 16 16" aria-hidden>
      {ringed && <circle cx="8" cy="8" r="6.2" />}
      <Glyph state={state} />
    </svg>
  );
}
