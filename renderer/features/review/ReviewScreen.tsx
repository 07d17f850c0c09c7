import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListRow } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { CircleCheck } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';
import { StandingInLine } from '../delegation/index.ts';
import { type ArticleList, useArticleList, useRestedRange } from '../desk/useArticleList.ts';
import { Queue } from './Queue.tsx';
import { ReviewedArticle } from './ReviewedArticle.tsx';

const FILTER = { view: 'review', sort: 'due' } as const;
/** Rows around the one that is read are always known, so that the next one is there at once. */
const AROUND = 2;
/** As many as a menu can hold, in windows too narrow for the queue. */
const IN_MENU = 50;

/** Xét duyệt: what waits for this person's decision, what has changed since, and the decision. */
export function ReviewScreen({ articleId }: { readonly articleId: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { go } = useRouter();
  const [visible, setVisible] = useState({ from: 0, to: 8 });
  const [position, setPosition] = useState(0);
  const asking = useRestedRange(visible.from, visible.to);
  const list = useArticleList(FILTER, asking.from, asking.to, position, AROUND);
  const { value: connection } = useQuery('connection.state', {});
  const total = list.total ?? 0;
  /** Gone to, but its row has not come yet. */
  const [wanted, setWanted] = useState<number | null>(null);
  const at = articleId === undefined ? -1 : placeOf(list, articleId, position, visible);
  if (at >= 0 && at !== position) setPosition(at);
  const chosen: ListRow | undefined =
    at >= 0
      ? list.rowAt(at)
      : articleId === undefined
        ? list.rowAt(Math.min(position, Math.max(0, total - 1)))
        : undefined;
  const shownId = chosen?.id ?? articleId;

  const show = useCallback((id: string) => go({ screen: 'review', articleId: id }), [go]);
  const wantedRow = wanted === null ? undefined : list.rowAt(wanted);
  useEffect(() => {
    if (!wantedRow) return;
    setWanted(null);
    show(wantedRow.id);
  }, [wantedRow, show]);
  const step = (by: 1 | -1) => {
    const from = at >= 0 || articleId === undefined ? position : position - (by === 1 ? 1 : 0);
    const next = from + by;
    if (next < 0 || next >= total) return true;
    setPosition(next);
    setWanted(next);
    return true;
  };
  useKey('nextInQueue', () => step(1));
  useKey('previousInQueue', () => step(-1));
  // The decided article leaves the queue; the one that takes its place is shown.
  const onDecided = useCallback(() => go({ screen: 'review' }), [go]);
  const onVisible = useCallback(
    (from: number, to: number) =>
      setVisible((known) => (known.from === from && known.to === to ? known : { from, to })),
    [],
  );

  if (list.total === 0 && !articleId) {
    const asked = connection?.lastContactAt ?? null;
    return (
      <main className="screen" data-pane="main" aria-label={t('rail.review')}>
        <header className="header">
          <h1>{t('review.queue')}</h1>
        </header>
        <StandingInLine />
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
  const near = Array.from({ length: Math.min(total, IN_MENU) }, (_, index) => list.rowAt(index)).filter(
    (row) => row !== undefined,
  );
  return (
    <div className="columns">
      <Queue
        list={list}
        currentId={shownId}
        currentIndex={at >= 0 || articleId === undefined ? position : -1}
        onShow={show}
        onVisible={onVisible}
      />
      {shownId ? (
        <ReviewedArticle
          key={shownId}
          articleId={shownId}
          rows={near}
          total={total}
          onShow={show}
          onDecided={onDecided}
        />
      ) : (
        <main className="screen grow" aria-busy="true" />
      )}
    </div>
  );
}

/** Where in the queue an article is, as far as its rows are known: near where it was, or in sight; -1 elsewhere. */
function placeOf(
  list: ArticleList,
  articleId: string,
  position: number,
  visible: { readonly from: number; readonly to: number },
): number {
  if (list.rowAt(position)?.id === articleId) return position;
  for (let by = 1; by <= AROUND; by += 1) {
    if (list.rowAt(position + by)?.id === articleId) return position + by;
    if (list.rowAt(position - by)?.id === articleId) return position - by;
  }
  for (let index = visible.from; index < visible.to; index += 1)
    if (list.rowAt(index)?.id === articleId) return index;
  return -1;
}
