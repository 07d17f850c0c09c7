import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefusal } from '../../app/sentences.ts';
import { useClient, useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';

/** Says what still waits before the session ends; nothing saved here is removed by it. */
export function SignOutDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const { value: connection } = useQuery('connection.state', {});
  const [error, setError] = useState<string>();
  const waiting = connection?.waiting ?? 0;
  const held = connection?.heldHere ?? 0;
  const leave = async () => {
    const result = await client.ask('session.signOut', {});
    if (!result.ok) return setError(sentence(result.error));
    onClose();
  };
  return (
    <Dialog title={t('account.signOutTitle')} isOpen={isOpen} onClose={onClose}>
      {waiting + held > 0 ? (
        <Notice tone="warning" title={t('account.stillWaits')}>
          {waiting > 0 && <p>{t('account.waits', { count: waiting })}</p>}
          {held > 0 && <p>{t('account.held', { count: held })}</p>}
        </Notice>
      ) : (
        <p className="muted">{t('account.nothingWaits')}</p>
      )}
      {connection?.online === false && <p className="muted">{t('account.signInNeedsPortal')}</p>}
      {error && <p className="help-error">{error}</p>}
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {t('account.stay')}
        </Button>
        <Button kind="primary" onPress={() => void leave()}>
          {t('account.signOut')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
