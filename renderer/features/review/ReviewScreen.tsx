import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { CircleCheck } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';
import { Queue } from './Queue.tsx';
import { ReviewedArticle } from './ReviewedArticle.tsx';

const QUEUE_COUNT = 200;

/** Xét duyệt: what waits for this person's decision, what has changed since, and the decision. */
export function ReviewScreen({ articleId }: { readonly articleId: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { go } = useRouter();
  const { value: list } = useQuery('articles.list', {
    view: 'review',
    sort: 'due',
    offset: 0,
    count: QUEUE_COUNT,
  });
  const { value: connection } = useQuery('connection.state', {});
  const rows = useMemo(() => list?.rows ?? [], [list]);
  const [fallback, setFallback] = useState(0);
  const at = rows.findIndex((row) => row.id === articleId);
  const chosen: DeskRow | undefined =
    at >= 0 ? rows[at] : articleId ? undefined : rows[Math.min(fallback, rows.length - 1)];
  const shownId = chosen?.id ?? articleId;

  const show = useCallback((id: string) => go({ screen: 'review', articleId: id }), [go]);
  const step = (by: 1 | -1) => {
    const from = chosen ? rows.indexOf(chosen) : -1;
    const next = rows[from + by];
    if (next) show(next.id);
    return true;
  };
  useKey('nextInQueue', () => step(1));
  useKey('previousInQueue', () => step(-1));
  const onDecided = useCallback(() => {
    // The decided article leaves the queue; the one that takes its place is shown.
    setFallback(Math.max(0, at));
    go({ screen: 'review' });
  }, [at, go]);

  if (list && rows.length === 0 && !articleId) {
    const asked = connection?.lastContactAt ?? null;
    return (
      <main className="screen" data-pane="main" aria-label={t('rail.review')}>
        <header className="header">
          <h1>{t('review.queue')}</h1>
        </header>
        <EmptyState
          icon={CircleCheck}
          title={t('review.empty')}
          actions={
            <Button onPress={() => go({ screen: 'desk', view: 'all' })}>{t('desk.empty.showAll')}</Button>
          }
        >
          {t('review.emptyText')} {asked !== null && t('desk.empty.asked', { at: format.moment(asked) })}
        </EmptyState>
      </main>
    );
  }
  return (
    <div className="columns">
      <Queue rows={rows} total={list?.total ?? 0} currentId={shownId} onShow={show} />
      {shownId ? (
        <ReviewedArticle key={shownId} articleId={shownId} rows={rows} onShow={show} onDecided={onDecided} />
      ) : (
        <main className="screen grow" aria-busy="true" />
      )}
    </div>
  );
}
