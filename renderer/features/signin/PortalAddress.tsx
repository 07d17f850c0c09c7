import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../domain/contracts/desk.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useClient } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';

const isAddress = (text: string): boolean => {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
};

/** Which portal this desk belongs to, and the way to change it before signing in. */
export function PortalAddress({ session }: { readonly session: SessionState }) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const [changing, setChanging] = useState(session.portalUrl === '');
  const [url, setUrl] = useState(session.portalUrl);
  const [error, setError] = useState<string>();

  const save = async () => {
    const typed = url.trim().replace(/\/+$/, '');
    if (!isAddress(typed)) return setError(t('signIn.portalForm'));
    const result = await client.ask('session.setPortal', { url: typed });
    if (!result.ok)
      return setError(result.error.code === 'bad-request' ? t('signIn.portalForm') : sentence(result.error));
    setError(undefined);
    setChanging(false);
  };

  if (!changing) {
    return (
      <p className="portal-address small">
        <span className="muted">{t('signIn.portal')}</span> <span className="clip">{session.portalUrl}</span>
        <button
          type="button"
          className="link"
          onClick={() => {
            setUrl(session.portalUrl);
            setChanging(true);
          }}
        >
          {t('signIn.changePortal')}
        </button>
      </p>
    );
  }
  return (
    <form
      className="portal-address-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      noValidate
    >
      <TextField
        label={t('signIn.portalAddress')}
        type="url"
        value={url}
        onChange={(value) => {
          setUrl(value);
          setError(undefined);
        }}
        help={t('signIn.portalHelp')}
        error={error}
      />
      <Button type="submit" size="s">
        {t('signIn.usePortal')}
      </Button>
    </form>
  );
}
