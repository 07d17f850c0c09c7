import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionState, SessionState } from '../../../domain/contracts/desk.ts';
import { Strip } from '../../app/Strip.tsx';
import { useSentence } from '../../app/sentences.ts';
import { LaptopMinimal } from '../../ui/icons.ts';
import { SignInForm } from './SignInForm.tsx';

/** Reading and deciding wait for the portal: it was not reached for longer than it allows, or the account is switched off. */
export function LockedScreen({
  session,
  lockedBy,
}: {
  readonly session: SessionState;
  readonly lockedBy: NonNullable<ConnectionState['lockedBy']>;
}) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const title = useId();
  return (
    <div className="gate">
      <main className="gate-main" aria-labelledby={title}>
        <section className="gate-card">
          <div className="gate-brand">{t('app.name')}</div>
          <h1 id={title}>{t('signIn.lockedTitle')}</h1>
          <p role="status">{sentence(lockedBy)}</p>
          <SignInForm
            session={session}
            {...(session.person ? { fixedAccount: session.person.account } : {})}
          />
          <ul className="gate-facts">
            <li>
              <LaptopMinimal className="icon" aria-hidden />
              <span>{t('signIn.lockedSafe')}</span>
            </li>
          </ul>
        </section>
      </main>
      <Strip expired={false} />
    </div>
  );
}
