import { type ReactNode, useEffect, useRef } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Bridge } from '../../domain/contracts/wire.ts';
import { DocumentsProvider } from '../data/documents.tsx';
import { EngineProvider, useQuery, useShell } from '../data/engine.tsx';
import { LockedScreen, SignInScreen } from '../features/signin/index.ts';
import { StoreTroubleScreen } from '../features/store/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { applyLanguage } from './i18n.ts';
import { RouterProvider } from './route.tsx';
import { ToastProvider } from './toasts.tsx';

/** Everything in the window. */
export function AppWindow({ bridge }: { readonly bridge: Bridge }) {
  return (
    <ErrorBoundary>
      <EngineProvider bridge={bridge}>
        <DocumentsProvider>
          <Localised>
            <ToastProvider>
              <RouterProvider>
                <Gate />
              </RouterProvider>
            </ToastProvider>
          </Localised>
        </DocumentsProvider>
      </EngineProvider>
    </ErrorBoundary>
  );
}

/** Applies language, theme and density as the preferences say. */
function Localised({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  const shell = useShell();
  const { value: preferences } = useQuery('preferences.get', {});
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!preferences) return;
    applyLanguage(preferences.language);
    const { theme, density } = preferences;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.documentElement.dataset.density = density;
    const key = `${preferences.language} ${theme}`;
    if (told.current === key) return;
    told.current = key;
    void shell.setLanguage(preferences.language);
    void shell.setTheme(theme);
  }, [preferences, shell]);
  return <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'vi-VN'}>{children}</I18nProvider>;
}

function Gate() {
  const { value: session } = useQuery('session.state', {});
  const { value: connection } = useQuery('connection.state', {});
  const { value: store } = useQuery('store.trouble', {});
  if (!session || !store) return <div className="gate" aria-busy="true" />;
  if (session.status === 'signed-out' || session.status === 'locked' || !session.person)
    return <SignInScreen session={session} />;
  if (store.trouble) return <StoreTroubleScreen trouble={store.trouble} />;
  const lockedBy = connection?.lockedBy ?? null;
  if (lockedBy !== null) return <LockedScreen session={session} lockedBy={lockedBy} />;
  return <Frame key={session.person.id} session={session} person={session.person} />;
}
