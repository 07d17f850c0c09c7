import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { View } from '../../domain/contracts/desk.ts';

/** Where the window is. Kept in memory: an address would outlive the article it names. */
export type Route =
  | {
      readonly screen: 'desk';
      readonly view?: View;
      /** Narrows the view to these, whatever was chosen in it before. */
      readonly categoryId?: string;
      readonly unitId?: string;
    }
  | {
      readonly screen: 'article';
      readonly articleId: string;
      readonly from: 'desk' | 'review' | 'translation' | 'deadlines' | 'outbox';
      readonly tab?: 'info' | 'checks' | 'files' | 'history';
    }
  | { readonly screen: 'review'; readonly articleId?: string }
  | { readonly screen: 'history'; readonly articleId: string; readonly back: Route }
  | { readonly screen: 'translation'; readonly articleId?: string }
  | { readonly screen: 'deadlines' }
  | { readonly screen: 'sections' }
  | { readonly screen: 'outbox' }
  | { readonly screen: 'account' };
export type Screen = Route['screen'];

interface Router {
  readonly route: Route;
  readonly go: (route: Route) => void;
}

const RouterContext = createContext<Router | null>(null);

export function RouterProvider({ children }: { children: ReactNode }) {
  const [route, setRoute] = useState<Route>({ screen: 'desk' });
  const go = useCallback((next: Route) => setRoute(next), []);
  const router = useMemo(() => ({ route, go }), [route, go]);
  return <RouterContext value={router}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) throw new Error('outside RouterProvider');
  return router;
}
