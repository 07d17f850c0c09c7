import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../domain/contracts/desk.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useClient } from '../../data/engine.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Eye, EyeOff, Keyboard, OctagonX } from '../../ui/icons.ts';

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
  const [missing, setMissing] = useState<'account' | 'password' | null>(null);
  const passwordRef = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (account.trim() === '') return setMissing('account');
    if (password === '') {
      setMissing('password');
      passwordRef.current?.focus();
      return;
    }
    setBusy(true);
    setRefused(null);
    const result = await client.ask('session.signIn', { account: account.trim(), password });
    setBusy(false);
    if (result.ok) {
      setPassword('');
      onSignedIn?.();
      return;
    }
    setRefused(sentence(result.error));
    passwordRef.current?.focus();
    passwordRef.current?.select();
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
    </form>
  );
}
