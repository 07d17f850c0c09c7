import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useQuery } from '../../data/engine.tsx';
import { CircleCheck } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';
import { ArticleGrid } from '../desk/ArticleGrid.tsx';
import type { ListSummary } from '../desk/useArticleList.ts';
import { ArticleScreen } from '../editor/ArticleScreen.tsx';
import { StartTranslationDialog } from './StartTranslationDialog.tsx';

/** Bản dịch: what is to be put into English, and the English next to its Vietnamese source. */
export function TranslationScreen({ articleId }: { readonly articleId: string | undefined }) {
  if (articleId)
    return <ArticleScreen key={articleId} route={{ screen: 'article', articleId, from: 'translation' }} />;
  return <TranslationList />;
}

function TranslationList() {
  const { t } = useTranslation();
  const format = useFormat();
  const { go } = useRouter();
  const { value: connection } = useQuery('connection.state', {});
  const [list, setList] = useState<ListSummary>();
  const [source, setSource] = useState<DeskRow>();
  const grid = useRef<HTMLDivElement>(null);
  const open = useCallback(
    (row: DeskRow) => {
      if (row.channel === 'en') go({ screen: 'translation', articleId: row.id });
      else if (row.counterpartId !== null) go({ screen: 'translation', articleId: row.counterpartId });
      else setSource(row);
    },
    [go],
  );
  const ignore = useCallback(() => {}, []);
  const asked = connection?.lastContactAt ?? null;
  return (
    <main className="screen" data-pane="list" aria-label={t('rail.translation')}>
      <header className="header">
        <h1>
          {t('translation.title')}{' '}
          {list?.total !== undefined && (
            <small className="num">{t('desk.total', { count: list.total })}</small>
          )}
        </h1>
        <span className="muted clip grow">{t('translation.intro')}</span>
      </header>
      <div className="pane grow" hidden={list?.total === 0}>
        <ArticleGrid
          label={t('translation.title')}
          gridRef={grid}
          filter={{ view: 'translation', sort: 'due' }}
          pressSelects={false}
          onOpen={open}
          onActive={ignore}
          onList={setList}
        />
      </div>
      {list?.total === 0 && (
        <EmptyState icon={CircleCheck} title={t('desk.empty.translation')}>
          {t('translation.emptyText')} {asked !== null && t('desk.empty.asked', { at: format.moment(asked) })}
        </EmptyState>
      )}
      {source && <StartTranslationDialog source={source} onClose={() => setSource(undefined)} />}
    </main>
  );
}
