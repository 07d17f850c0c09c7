import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import { useQuery } from '../../data/engine.tsx';
import { Notice } from '../../ui/Notice.tsx';

/** Says that the text of an article is still on its way, so that an empty page is not taken for an empty article. */
export function ArrivingNotice({ text }: { readonly text: ArticleDetail['text'] }) {
  const { t } = useTranslation();
  const { value: connection } = useQuery('connection.state', {});
  const isOffline = connection?.online === false;
  // The region stays, so that a screen reader hears of what changes.
  return (
    <div role="status" className={text === 'here' ? 'sr' : 'banner'}>
      {text === 'coming' && (
        <Notice tone="info" title={t('article.arriving.coming')}>
          <p>{isOffline ? t('article.arriving.comingOffline') : t('article.arriving.comingText')}</p>
        </Notice>
      )}
      {text === 'partly' && (
        <Notice tone="info" title={t('article.arriving.partly')}>
          <p>{t('article.arriving.partlyText')}</p>
        </Notice>
      )}
    </div>
  );
}
