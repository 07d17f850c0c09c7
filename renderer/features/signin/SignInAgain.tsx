import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../domain/contracts/desk.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { SignInForm } from './SignInForm.tsx';

/** The session has expired: work goes on, sending needs the password again. The same person only. */
export function SignInAgain({
  session,
  isOpen,
  onClose,
}: {
  readonly session: SessionState;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('signIn.againTitle')} isOpen={isOpen} onClose={onClose}>
      <p className="muted">{t('signIn.againText')}</p>
      <SignInForm
        session={session}
        onSignedIn={onClose}
        {...(session.person ? { fixedAccount: session.person.account } : {})}
      />
      <DialogActions>
        <Button onPress={onClose}>{t('signIn.workOffline')}</Button>
      </DialogActions>
    </Dialog>
  );
}
