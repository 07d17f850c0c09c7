import { useTranslation } from 'react-i18next';
import { type Route, useRouter } from '../../app/route.tsx';
import { Button } from '../../ui/Button.tsx';
import { History } from '../../ui/icons.ts';

/** The way to the history of an article, and back to where it was opened. */
export function HistoryLink({ articleId }: { readonly articleId: string }) {
  const { t } = useTranslation();
  const { route, go } = useRouter();
  const back: Route =
    route.screen === 'article'
      ? { ...route, tab: 'history' }
      : route.screen === 'review'
        ? { ...route, articleId }
        : route;
  return (
    <p className="history-link">
      <Button size="s" onPress={() => go({ screen: 'history', articleId, back })}>
        <History className="icon icon-s" aria-hidden />
        {t('history.open')}
      </Button>
    </p>
  );
}
