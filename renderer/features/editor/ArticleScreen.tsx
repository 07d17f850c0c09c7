import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import { type Route, useRouter } from '../../app/route.tsx';
import { useSentence } from '../../app/sentences.ts';
import { useDocument } from '../../data/documents.tsx';
import { useQuery } from '../../data/engine.tsx';
import type { OpenDocument } from '../../data/openDocuments.ts';
import { Button } from '../../ui/Button.tsx';
import { ArrowLeft, OctagonX } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';
import { ArticleWorkspace } from './ArticleWorkspace.tsx';

type ArticleRoute = Extract<Route, { screen: 'article' }>;

/** An article opened for writing or reading. */
export function ArticleScreen({ route }: { readonly route: ArticleRoute }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { go } = useRouter();
  const { value: detail, refusal } = useQuery('articles.detail', { articleId: route.articleId });
  const document = useDocument(route.articleId);
  const back = () => go({ screen: route.from });
  const hasLeft = detail !== undefined && refusal?.code === 'article-unknown';
  const refused = document.status === 'refused' ? document.refusal : detail && !hasLeft ? undefined : refusal;
  if (refused)
    return (
      <main className="screen" data-pane="main">
        <EmptyState
          icon={OctagonX}
          title={t(hasLeft ? 'article.leftDesk' : 'article.notOpened')}
          actions={
            <Button kind="primary" onPress={back}>
              <ArrowLeft className="icon" aria-hidden />
              {t('action.back')}
            </Button>
          }
        >
          {sentence(refused.code)}
        </EmptyState>
      </main>
    );
  if (!detail || document.status !== 'open')
    return <main className="screen" aria-busy="true" aria-label={t('article.opening')} data-pane="main" />;
  return <Opened detail={detail} document={document.document} route={route} onBack={back} />;
}

function Opened({
  detail,
  document: opened,
  route,
  onBack,
}: {
  readonly detail: ArticleDetail;
  readonly document: OpenDocument;
  readonly route: ArticleRoute;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const title = detail.row.title || t('article.untitled');
  useEffect(() => {
    document.title = t('app.titleOf', { title });
    return () => {
      document.title = t('app.name');
    };
  }, [t, title]);
  return (
    <ArticleWorkspace
      detail={detail}
      document={opened}
      initialTab={route.tab ?? 'info'}
      backLabel={t(`rail.${route.from}`)}
      onBack={onBack}
    />
  );
}
