import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useDueWords } from '../../ui/DueMark.tsx';
import { Flag } from '../../ui/icons.ts';
import { SyncSign } from '../../ui/SyncMark.tsx';

/** The articles that wait for a decision, the most urgent first. */
export function Queue({
  rows,
  total,
  currentId,
  onShow,
}: {
  readonly rows: readonly DeskRow[];
  readonly total: number;
  readonly currentId: string | undefined;
  readonly onShow: (articleId: string) => void;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const items = [...(list.current?.querySelectorAll<HTMLElement>('.queue-item') ?? [])];
    items[items.indexOf(document.activeElement as HTMLElement) + by]?.focus();
  };
  return (
    <nav
      ref={list}
      className="queue pane"
      aria-label={t('review.queue')}
      data-pane="queue"
      onKeyDown={onKeyDown}
    >
      <div className="header">
        <h1>
          {t('review.queue')} <small className="num">{t('desk.total', { count: total })}</small>
        </h1>
      </div>
      <div className="scroll">
        {rows.map((row) => (
          <QueueItem key={row.id} row={row} isCurrent={row.id === currentId} onShow={onShow} />
        ))}
      </div>
    </nav>
  );
}

function QueueItem({
  row,
  isCurrent,
  onShow,
}: {
  readonly row: DeskRow;
  readonly isCurrent: boolean;
  readonly onShow: (articleId: string) => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  const words = useDueWords();
  const due = words(row);
  return (
    <button
      type="button"
      className="queue-item"
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => onShow(row.id)}
      data-article={row.id}
    >
      <span className="row-title" lang={row.channel}>
        {row.title || t('article.untitled')}
      </span>
      <span className="line">
        <span className="clip">
          {row.channel === 'en' ? t('review.translation') : named(units.get(row.unitId)?.name)}
        </span>
        <SyncSign row={row} />
      </span>
      <span className="line num">
        <span className={`due due-${due.tone}`}>{due.text}</span>
        <span>{t('article.version', { version: Math.max(1, row.version) })}</span>
      </span>
      {row.earlierApprovalId !== null && (
        <span className="flag">
          <Flag className="icon icon-s" aria-hidden />
          {t('review.earlierShort')}
        </span>
      )}
    </button>
  );
}
