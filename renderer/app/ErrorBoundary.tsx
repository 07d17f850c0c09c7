import i18next from 'i18next';
import { Component, type ErrorInfo, type ReactNode } from 'react';

interface State {
  readonly failed: boolean;
}

/**
 * The last word when a screen throws: what was acknowledged as saved is with the engine, so opening the window again
 * is safe and loses nothing.
 */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error('a screen failed', error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    // Not the translation hook: the failure may be in what provides it.
    return (
      <main className="failure" role="alert">
        <h1>{i18next.t('failure.title')}</h1>
        <p>{i18next.t('failure.text')}</p>
        <button type="button" className="btn btn-primary btn-m" onClick={() => window.location.reload()}>
          {i18next.t('failure.reopen')}
        </button>
      </main>
    );
  }
}
