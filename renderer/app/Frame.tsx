import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../domain/contracts/desk.ts';
import type { PersonInfo } from '../../domain/contracts/rows.ts';
import { useQuery } from '../data/engine.tsx';
import { AccountScreen } from '../features/account/index.ts';
import { DeadlinesScreen } from '../features/deadlines/index.ts';
import { DeskScreen } from '../features/desk/index.ts';
import { ArticleScreen } from '../features/editor/index.ts';
import { HistoryScreen } from '../features/history/index.ts';
import { OutboxScreen } from '../features/outbox/index.ts';
import { ReviewScreen } from '../features/review/index.ts';
import { SectionsScreen } from '../features/sections/index.ts';
import { SignInAgain } from '../features/signin/index.ts';
import { TranslationScreen } from '../features/translation/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { useKey } from './keys.ts';
import { usePaneKeys } from './panes.ts';
import { Rail } from './Rail.tsx';
import { useRouter } from './route.tsx';
import { Strip } from './Strip.tsx';
import { useToast } from './toasts.tsx';
import { VerdictToasts } from './VerdictToasts.tsx';

/** Three fixed things on every screen: the rail, the work, the strip that says what is saved and what waits. */
export function Frame({ session, person }: { readonly session: SessionState; readonly person: PersonInfo }) {
  const { t } = useTranslation();
  const [helping, setHelping] = useState(false);
  const [signingIn, setSigningIn] = useState(false);
  usePaneKeys();
  useFilesStayOut();
  useSignInAsked(session, () => setSigningIn(true));
  useKey('help', () => {
    setHelping(true);
    return true;
  });
  return (
    <div className="app">
      <a className="skip" href="#work">
        {t('frame.skip')}
      </a>
      <Rail person={person} />
      <div className="work" id="work" tabIndex={-1}>
        <ErrorBoundary>
          <CurrentScreen person={person} onHelp={() => setHelping(true)} />
        </ErrorBoundary>
      </div>
      <Strip expired={session.status === 'expired'} onSignIn={() => setSigningIn(true)} />
      <VerdictToasts />
      <HelpDialog isOpen={helping} onClose={() => setHelping(false)} />
      <SignInAgain session={session} isOpen={signingIn} onClose={() => setSigningIn(false)} />
    </div>
  );
}

/** Signed in here but not at the portal: says so once, and again with the way to sign in when the portal answers. */
function useSignInAsked(session: SessionState, onSignIn: () => void): void {
  const { t } = useTranslation();
  const toast = useToast();
  const { value: connection } = useQuery('connection.state', {});
  const reachable = connection ? connection.reachable : null;
  const isExpired = session.status === 'expired';
  const say = useEffectEvent((isReachable: boolean) => {
    if (!isReachable) return toast({ text: t('signIn.openedHere'), tone: 'info' });
    const action = { label: t('strip.signInAgain'), run: onSignIn };
    toast({ text: t('signIn.reachableAgain'), tone: 'info', action });
  });
  useEffect(() => {
    if (isExpired && reachable !== null) say(reachable);
  }, [isExpired, reachable]);
}

/** A file dropped where nothing takes it must not replace the window's page. */
function useFilesStayOut(): void {
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}

function CurrentScreen({ person, onHelp }: { readonly person: PersonInfo; readonly onHelp: () => void }) {
  const { route } = useRouter();
  switch (route.screen) {
    case 'desk':
      return <DeskScreen person={person} route={route} />;
    case 'article':
      return <ArticleScreen key={route.articleId} route={route} />;
    case 'review':
      return <ReviewScreen articleId={route.articleId} />;
    case 'history':
      return <HistoryScreen key={route.articleId} articleId={route.articleId} back={route.back} />;
    case 'translation':
      return <TranslationScreen articleId={route.articleId} />;
    case 'deadlines':
      return <DeadlinesScreen person={person} />;
    case 'sections':
      return <SectionsScreen person={person} />;
    case 'outbox':
      return <OutboxScreen />;
    case 'account':
      return <AccountScreen person={person} onHelp={onHelp} />;
  }
}
