import { useTranslation } from 'react-i18next';
import type { ArticleDetail, DecisionInfo } from '../../../domain/contracts/desk.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useNamed } from '../../data/directory.ts';
import { useRuleSentence } from '../../data/endedUnit.ts';
import { CircleCheck, ClockArrowUp, CornerUpLeft, Minus, Plus } from '../../ui/icons.ts';
import { StateGlyph } from '../../ui/StateMark.tsx';
import { useNextActor } from '../desk/nextActor.ts';

/** Who has decided what, with reasons and verdicts, the earliest first; then who acts next. */
export function DecisionChain({
  detail,
  withStart = false,
}: {
  readonly detail: ArticleDetail;
  /** Begin with the creation of the article. */
  readonly withStart?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const nextActor = useNextActor();
  const { row, decisions } = detail;
  const ordered = [...decisions].sort((a, b) => a.proposedAt - b.proposedAt);
  const next = nextActor(row);
  return (
    <ol className="chain">
      {withStart && (
        <li>
          <Plus className="icon" aria-hidden />
          <span>
            <b>{row.channel === 'en' ? t('chain.createdTranslation') : t('chain.created')}</b>
            <small className="num">{format.moment(row.createdAt)}</small>
          </span>
        </li>
      )}
      {ordered.map((decision) => (
        <ChainItem key={decision.id} decision={decision} />
      ))}
      {!next.isNobody && (
        <li>
          <StateGlyph state={row.projectedState} className={next.isMe ? 'is-now' : ''} />
          <span>
            <b>{next.isMe ? next.shortWho : next.who}</b>
            <small className="num">{next.what}</small>
          </span>
        </li>
      )}
    </ol>
  );
}

function ChainItem({ decision }: { readonly decision: DecisionInfo }) {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const sentence = useRuleSentence();
  const citation = useCitation();
  const { action, status, version } = decision;
  const name = named(decision.actorName);
  const who = decision.onBehalfOf
    ? t('chain.onBehalfOf', { who: name, whom: named(decision.onBehalfOf) })
    : name;
  const Icon =
    status === 'refused'
      ? Minus
      : status === 'proposed'
        ? ClockArrowUp
        : action === 'return'
          ? CornerUpLeft
          : CircleCheck;
  const tone =
    status === 'refused'
      ? 'is-bad'
      : status === 'proposed'
        ? ''
        : action === 'return' || action === 'refuse'
          ? 'is-returned'
          : 'is-done';
  const when =
    status === 'proposed'
      ? t('chain.proposedAt', { at: format.moment(decision.proposedAt) })
      : format.moment(decision.verdictAt ?? decision.proposedAt);
  return (
    <li>
      <Icon className={`icon ${tone}`} aria-hidden />
      <span>
        <b>
          {version === null || action === 'declare'
            ? t(`chain.${action}`, { who })
            : t(`chain.${action}Version`, { who, version })}
        </b>
        <small className="num">{when}</small>
        {decision.reason && <q className="chain-reason">{decision.reason}</q>}
        {status === 'refused' && (
          <small className="chain-verdict">
            {t('chain.notAccepted', { why: sentence({ code: decision.verdictCode ?? 'internal' }) })}{' '}
            <span className="ref">{citation({ ref: decision.verdictRef })}</span>
          </small>
        )}
        {status === 'proposed' && decision.verdictCode && (
          <small>{sentence({ code: decision.verdictCode })}</small>
        )}
      </span>
    </li>
  );
}
