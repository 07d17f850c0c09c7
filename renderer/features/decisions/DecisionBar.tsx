import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useNamed } from '../../data/directory.ts';
import { Button } from '../../ui/Button.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { useNextActor } from '../desk/nextActor.ts';
import { StandingButton } from '../standing/index.ts';
import type { Deciding } from './useDeciding.ts';

/** The bar where the eye ends: state, who acts next and why not yet, what may be decided. The primary is never disabled. */
export function DecisionBar({
  detail,
  deciding,
  openMust,
  onShowChecks,
  showsState = true,
}: {
  readonly detail: ArticleDetail;
  readonly deciding: Deciding;
  readonly openMust: number;
  readonly onShowChecks?: () => void;
  /** The review has the state elsewhere and needs the room. */
  readonly showsState?: boolean;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const nextActor = useNextActor();
  const { row } = detail;
  const { primary, others, submitsTo } = deciding;
  useKey(
    'primary',
    () => {
      deciding.press();
      return true;
    },
    { enabled: primary !== null },
  );
  useKey(
    'return',
    () => {
      deciding.openDialog({ kind: 'reason', action: 'return' });
      return true;
    },
    { enabled: others.includes('return') },
  );
  useKey(
    'refuse',
    () => {
      deciding.openDialog({ kind: 'reason', action: 'refuse' });
      return true;
    },
    { enabled: others.includes('refuse') },
  );
  const next = nextActor(row);
  const version = primary === 'submit' ? row.version + 1 : Math.max(1, row.version);
  const inPlaceOf = primary ? deciding.infoOf(primary)?.onBehalfOf : undefined;
  const english = row.channel === 'en';
  return (
    <section className="decision" aria-label={t('decision.bar')} data-pane="decision">
      {showsState && <StateMark state={row.projectedState} channel={row.channel} asChip />}
      <div className="next">
        <b className="clip">
          {primary
            ? primary === 'submit'
              ? t(`then.submit${submitsTo}`)
              : english
                ? t(`then.${primary}English`)
                : t(`then.${primary}`)
            : next.isNobody
              ? t('decision.nobodyNext')
              : t('decision.next', { who: next.who, what: next.what })}
        </b>
        <span className="muted clip num">
          {openMust > 0 && (primary === 'submit' || primary === 'approve') ? (
            onShowChecks ? (
              <button type="button" className="link" onClick={onShowChecks}>
                {t('decision.mustFix', { count: openMust })}
              </button>
            ) : (
              t('decision.mustFix', { count: openMust })
            )
          ) : row.pendingDecisions > 0 ? (
            t('decision.pending')
          ) : inPlaceOf ? (
            t('delegation.decides', { name: named(inPlaceOf) })
          ) : primary === 'approve' ? (
            t('decision.bound', { version })
          ) : row.local ? (
            t('decision.local')
          ) : (
            t('decision.filesTogether')
          )}
        </span>
      </div>
      <div className="btn-row">
        <StandingButton row={row} onShowChecks={onShowChecks} />
        {others.map((action) => (
          <Button
            key={action}
            kind={action === 'refuse' || action === 'withdraw' ? 'danger' : 'plain'}
            {...(action === 'return' || action === 'refuse' ? { shortcut: action } : {})}
            onPress={() => deciding.openDialog({ kind: 'reason', action })}
          >
            {t(`action.${action === 'return' ? 'returnWithReason' : action}`)}
          </Button>
        ))}
        {primary && (
          <Button kind="primary" shortcut="primary" onPress={deciding.press}>
            {t(primary === 'submit' ? `action.submit${submitsTo}` : `action.${primary}`, { version })}
          </Button>
        )}
      </div>
    </section>
  );
}
