import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../domain/contracts/desk.ts';
import { Strip } from '../../app/Strip.tsx';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useClient, useQuery } from '../../data/engine.tsx';
import { CircleHelp, CloudCheck, CloudOff, Globe, LaptopMinimal } from '../../ui/icons.ts';
import { PortalAddress } from './PortalAddress.tsx';
import { SignInForm } from './SignInForm.tsx';

/** The gate: which portal, who, and what is already safe on this machine. */
export function SignInScreen({ session }: { readonly session: SessionState }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const named = useNamed();
  const { organisation } = useDirectory();
  const { value: connection } = useQuery('connection.state', {});
  // Until the portal was asked once nothing is known.
  const isOffline = connection?.online === false && connection.since !== null;
  const isLocked = session.status === 'locked';
  const offline = session.hasDeskHere ? t('signIn.offlineHere') : t('signIn.offline');
  const title = useId();
  const waiting = (connection?.waiting ?? 0) + (connection?.heldHere ?? 0);
  const other = i18n.language === 'en' ? 'vi' : 'en';
  return (
    <div className="gate">
      <main className="gate-main" aria-labelledby={title}>
        <section className="gate-card">
          <div className="gate-brand">{t('app.name')}</div>
          <p className="small muted">{organisation ? named(organisation.name) : t('app.tagline')}</p>
          <h1 id={title}>{isLocked ? t('signIn.unlockTitle') : t('signIn.title')}</h1>
          {isLocked && <p className="small muted">{t('signIn.unlockText')}</p>}
          <PortalAddress session={session} />
          <SignInForm session={session} />
          <ul className="gate-facts">
            {waiting > 0 && (
              <li>
                <LaptopMinimal className="icon" aria-hidden />
                <span>{t('signIn.waiting', { count: waiting })}</span>
              </li>
            )}
            {(isOffline || !session.hasDeskHere) && (
              <li>
                {isOffline ? (
                  <CloudOff className="icon" aria-hidden />
                ) : (
                  <CloudCheck className="icon" aria-hidden />
                )}
                <span>{isOffline ? offline : t('signIn.needsPortal')}</span>
              </li>
            )}
            <li>
              <CircleHelp className="icon" aria-hidden />
              <span>{t('signIn.forgotten')}</span>
            </li>
            <li>
              <Globe className="icon" aria-hidden />
              <button
                type="button"
                className="link"
                lang={other}
                onClick={() => void client.ask('preferences.set', { language: other })}
              >
                {t('signIn.otherLanguage')}
              </button>
            </li>
          </ul>
        </section>
      </main>
      <Strip expired={false} />
    </div>
  );
}
