import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnsavedSince } from '../data/documents.tsx';
import { useClient, useQuery } from '../data/engine.tsx';
import { CloudCheck, CloudOff, OctagonX } from '../ui/icons.ts';
import { useRouter } from './route.tsx';
import { useSentence } from './sentences.ts';
import { useFormat } from './useFormat.ts';

/**
 * The connection strip: what is saved on this machine, what waits to be sent, what the portal has accepted. Offline is
 * normal work. A save that failed is an alert and comes before everything else. Damage met in the store is said first, and stops nobody.
 */
export function Strip({ expired, onSignIn }: { readonly expired: boolean; readonly onSignIn?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const { route, go } = useRouter();
  const client = useClient();
  const { value: state } = useQuery('connection.state', {});
  const { value: outbox } = useQuery('outbox.list', {});
  const { value: store } = useQuery('store.trouble', {});
  const unsavedHere = useUnsavedSince();
  const unsavedSince = unsavedHere ?? state?.unsavedSince ?? null;

  if (unsavedSince !== null) {
    return (
      <footer className="strip strip-unsaved" role="alert" data-pane="strip">
        <OctagonX className="icon" aria-hidden />
        <span className="clip">
          <strong>{t('strip.unsaved', { at: format.time(unsavedSince) })}</strong>
        </span>
        <span className="strip-note clip">{t('strip.unsavedNote')}</span>
      </footer>
    );
  }
  if (!state) return <footer className="strip" role="status" data-pane="strip" />;

  const { online, waiting, sending, heldHere } = state;
  const refused = outbox?.items.filter((item) => item.state === 'refused').length ?? 0;
  const parts: { readonly key: string; readonly node: ReactNode }[] = [];
  const damagedSince = store?.damagedSince ?? null;
  if (damagedSince !== null)
    parts.push({
      key: 'damaged',
      node: (
        <strong title={t('strip.damagedNote', { at: format.moment(damagedSince) })}>
          {t('strip.damaged')}
        </strong>
      ),
    });
  if (expired)
    parts.push({
      key: 'expired',
      node: <strong>{state.reachable ? t('strip.expired') : t('strip.expiredOffline')}</strong>,
    });
  else if (online) parts.push({ key: 'online', node: <strong>{t('strip.online')}</strong> });
  else
    parts.push({
      key: 'offline',
      node: (
        <strong>
          {state.since === null
            ? t('strip.offline')
            : t('strip.offlineSince', { at: format.moment(state.since) })}
        </strong>
      ),
    });
  // What no waiting puts right is said in words.
  if (!online && (state.problem === 'desk-too-old' || state.problem === 'portal-too-old'))
    parts.push({ key: 'version', node: sentence(state.problem) });
  if (sending > 0) parts.push({ key: 'sending', node: t('strip.sending', { count: sending }) });
  if (waiting - sending > 0)
    parts.push({ key: 'waiting', node: t('strip.waiting', { count: waiting - sending }) });
  // Without a desk that is open nobody knows what waits in it.
  const isKnown = state.problem !== 'not-signed-in';
  if (waiting === 0 && isKnown) parts.push({ key: 'none', node: t('strip.nothingWaits') });
  if (refused > 0)
    parts.push({ key: 'refused', node: <strong>{t('strip.refused', { count: refused })}</strong> });
  if (heldHere > 0) parts.push({ key: 'held', node: t('strip.held', { count: heldHere }) });
  if (isKnown) parts.push({ key: 'saved', node: t('strip.allSaved') });

  return (
    <footer className={`strip num ${online && !expired ? '' : 'strip-offline'}`} data-pane="strip">
      {online ? <CloudCheck className="icon" aria-hidden /> : <CloudOff className="icon" aria-hidden />}
      <span className="clip strip-text" role="status">
        {parts.map(({ key, node }, at) => (
          <Fragment key={key}>
            {at > 0 && ' · '}
            {node}
          </Fragment>
        ))}
      </span>
      <span className="strip-end">
        {state.lastAcceptedAt !== null && (
          <span className="strip-last">
            {t('strip.lastAccepted', { at: format.moment(state.lastAcceptedAt) })}
          </span>
        )}
        {expired && onSignIn && (
          <button type="button" className="link" onClick={onSignIn}>
            {t('strip.signInAgain')}
          </button>
        )}
        {onSignIn && route.screen !== 'outbox' && (
          <button type="button" className="link" onClick={() => go({ screen: 'outbox' })}>
            {t('strip.openOutbox')}
          </button>
        )}
        {!online && (
          <button type="button" className="link" onClick={() => void client.ask('connection.retry', {})}>
            {t('strip.retry')}
          </button>
        )}
      </span>
    </footer>
  );
}
