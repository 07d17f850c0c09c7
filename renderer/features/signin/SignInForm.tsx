import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../domain/contracts/desk.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useClient } from '../../data/engine.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Eye, EyeOff, Keyboard, OctagonX } from '../../ui/icons.ts';
import { AfreshDialog } from './AfreshDialog.tsx';

/** A letter that a Vietnamese input method made: no password field should get one by accident. */
export const hasVietnameseMarks = (text: string): boolean => /[^\u0020-\u007e]/.test(text);

interface SignInFormProps {
  readonly session: SessionState;
  readonly onSignedIn?: () => void;
  readonly fixedAccount?: string;
}

/** Account and password. What the portal refuses stands beside the password, in words. */
export function SignInForm({ session, onSignedIn, fixedAccount }: SignInFormProps) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const [account, setAccount] = useState(fixedAccount ?? session.lastAccount ?? '');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [missing, setMissing] = useState<'account' | 'password' | 'former' | null>(null);
  /** Why the desk on this machine did not open, though the portal took the password. */
  const [sealed, setSealed] = useState<'former-password' | 'key-missing' | null>(null);
  const [former, setFormer] = useState('');
  const [confirming, setConfirming] = useState(false);
  const passwordRef = useRef<HTMLInputElement>(null);
  const formerRef = useRef<HTMLInputElement>(null);

  const signIn = async (more: { readonly formerPassword?: string; readonly afresh?: true } = {}) => {
    setBusy(true);
    setRefused(null);
    const result = await client.ask('session.signIn', { account: account.trim(), password, ...more });
    setBusy(false);
    if (result.ok) {
      setPassword('');
      setFormer('');
      setSealed(null);
      onSignedIn?.();
      return;
    }
    const { code } = result.error;
    const isSealed = code === 'former-password' || code === 'former-password-wrong';
    setSealed(isSealed ? 'former-password' : code === 'key-missing' ? code : null);
    // That the former one is asked for is no fault of the person's.
    setRefused(code === 'former-password' ? null : sentence(result.error));
    const field = isSealed ? formerRef : passwordRef;
    field.current?.focus();
    field.current?.select();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (account.trim() === '') return setMissing('account');
    if (password === '') {
      setMissing('password');
      passwordRef.current?.focus();
      return;
    }
    if (sealed === 'former-password' && former === '') {
      setMissing('former');
      formerRef.current?.focus();
      return;
    }
    await signIn(former === '' ? {} : { formerPassword: former });
  };

  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  const warning = hasVietnameseMarks(password)
    ? t('signIn.vietnameseMarks')
    : capsLock
      ? t('signIn.capsLock')
      : null;

  return (
    <form className="signin-form" onSubmit={submit} noValidate>
      <TextField
        label={t('signIn.account')}
        value={account}
        onChange={(value) => {
          setAccount(value);
          setMissing(null);
          setSealed(null);
          setFormer('');
        }}
        isReadOnly={fixedAccount !== undefined}
        autoComplete="username"
        autoFocus={account === ''}
        error={missing === 'account' ? t('signIn.accountMissing') : undefined}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only watches the CapsLock state of keys typed inside */}
      <div onKeyDown={watchCapsLock} onKeyUp={watchCapsLock}>
        <TextField
          inputRef={passwordRef}
          label={t('signIn.password')}
          type={shown ? 'text' : 'password'}
          value={password}
          onChange={(value) => {
            setPassword(value);
            setMissing(null);
            setSealed(null);
            setFormer('');
          }}
          autoComplete="current-password"
          autoFocus={account !== ''}
          error={missing === 'password' ? t('signIn.passwordMissing') : undefined}
          end={
            <IconButton label={shown ? t('signIn.hide') : t('signIn.show')} onPress={() => setShown(!shown)}>
              {shown ? <EyeOff className="icon" aria-hidden /> : <Eye className="icon" aria-hidden />}
            </IconButton>
          }
        />
      </div>
      {sealed === 'former-password' && (
        <div className="signin-former">
          <p role="status">{t('signIn.formerText')}</p>
          <TextField
            inputRef={formerRef}
            label={t('signIn.former')}
            type={shown ? 'text' : 'password'}
            value={former}
            onChange={(value) => {
              setFormer(value);
              setMissing(null);
            }}
            autoFocus
            error={missing === 'former' ? t('signIn.formerMissing') : undefined}
          />
        </div>
      )}
      <div className="signin-warning" aria-live="polite">
        {warning && (
          <p className="help help-icon">
            <Keyboard className="icon icon-s" aria-hidden />
            <span>{warning}</span>
          </p>
        )}
      </div>
      {refused && (
        <p className="help-error" role="alert">
          <OctagonX className="icon icon-s" aria-hidden />
          <span>{refused}</span>
        </p>
      )}
      <Button kind="primary" size="l" type="submit">
        {busy ? t('signIn.busy') : t('signIn.submit')}
      </Button>
      {sealed && (
        <p className="signin-afresh small">
          <button type="button" className="link" onClick={() => setConfirming(true)}>
            {sealed === 'key-missing' ? t('signIn.afresh') : t('signIn.formerForgotten')}
          </button>
        </p>
      )}
      <AfreshDialog
        isOpen={confirming}
        onClose={() => setConfirming(false)}
        onConfirm={() => {
          setConfirming(false);
          void signIn({ afresh: true });
        }}
      />
    </form>
  );
}
