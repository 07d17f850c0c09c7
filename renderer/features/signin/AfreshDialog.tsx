import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';

/** A desk on this machine that nothing opens is put aside, whole, and a new one begun: only when the person wants it. */
export function AfreshDialog({
  isOpen,
  onClose,
  onConfirm,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('signIn.afreshTitle')} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t('signIn.afreshText')}</p>
      <p className="muted">{t('signIn.afreshLoses')}</p>
      <DialogActions>
        <Button onPress={onClose}>{t('store.cancel')}</Button>
        <Button kind="danger" onPress={onConfirm}>
          {t('signIn.afreshConfirm')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
