// biome-ignore-all lint/a11y/useSemanticElements: a drawn part of a long list can't be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: one tab stop for the whole grid
import { memo, type ReactNode } from 'react';
import type { DeskRow, ListRow } from '../../../domain/contracts/desk.ts';
import { CloudOff } from '../../ui/icons.ts';
import { Marked } from '../../ui/Marked.tsx';
import { StateSign } from '../../ui/StateMark.tsx';
import { SyncSign } from '../../ui/SyncSign.tsx';
import type { RowSpeech } from './rowSpeech.ts';

/** A cell that explains itself when pressed; by keys the grid does it. */
function Ask({
  label,
  onAsk,
  children,
}: {
  readonly label: string;
  readonly onAsk: () => void;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the grid has the keys for it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for it
    <div
      className="ask"
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        onAsk();
      }}
    >
      {children}
    </div>
  );
}

/** What rows do; the same functions for all rows of a list. */
export interface RowActs {
  readonly press: (index: number, row: ListRow | undefined) => void;
  readonly open: (index: number, row: ListRow | undefined) => void;
  /** Why it stands where it stands, or why it is due when it is due. */
  readonly ask: (index: number, row: ListRow, what: 'standing' | 'due') => void;
}

/** Who else works on it offline, in front of the second line; a word to the others, no bar. */
function OfflineMark({
  row,
  speech: { t, format, nameOf },
}: {
  readonly row: Pick<DeskRow, 'reservations'>;
  readonly speech: RowSpeech;
}) {
  const [one, ...more] = row.reservations ?? [];
  if (!one) return null;
  const name = nameOf(one.personId) || t('reservation.somebody');
  return (
    <span className="offline-mark" data-reservation="other">
      <CloudOff className="icon icon-s" aria-hidden />
      {more.length > 0
        ? t('reservation.rowMany', { name, count: more.length })
        : t('reservation.row', { name, day: format.shortDay(one.day) })}
      {' · '}
    </span>
  );
}

/** How much time is left, the day with its clause. */
function DueCell({ row, speech }: { readonly row: DeskRow; readonly speech: RowSpeech }) {
  const { text, tone } = speech.dueWords(row);
  const clause = row.due ? speech.clauseOf(row.due) : '';
  return (
    <>
      <div className={`due due-${tone} num clip`}>{text}</div>
      <div className="ref clip" title={clause || undefined}>
        {row.due ? (
          <>
            <span className="num">{speech.format.nearDay(row.due.date)}</span> · {clause}
          </>
        ) : (
          '\u00a0'
        )}
      </div>
    </>
  );
}

/** Where the article is saved, and since when. */
function SyncCell({ row, speech: { t, format } }: { readonly row: DeskRow; readonly speech: RowSpeech }) {
  const at = row.syncAt ?? row.savedAt;
  const isSaved = row.sync === 'waiting' || row.sync === 'sending' || row.sync === 'local';
  return (
    <>
      <SyncSign sync={row.sync} word={t(`sync.${row.sync}`)} />
      <div className="ref num clip">
        {at === null ? '\u00a0' : isSaved ? t('sync.savedAt', { at: format.moment(at) }) : format.moment(at)}
      </div>
    </>
  );
}

/**
 * One article in the list: state, title, deadline, who acts next, where it is saved. What it says it is given: a row that asked for language, people and
 * rules itself would take most of its time for that.
 */
export const ArticleRow = memo(function ArticleRow({
  id,
  index,
  row,
  isActive,
  speech,
  awaitsEnglish = false,
  onPress,
  onOpen,
  onAsk,
}: {
  readonly id: string;
  readonly index: number;
  readonly row: ListRow | undefined;
  readonly isActive: boolean;
  /** The same for all rows of a list. */
  readonly speech: RowSpeech;
  /** In the translator's list an article without English waits for the translator. */
  readonly awaitsEnglish?: boolean;
  readonly onPress: RowActs['press'];
  readonly onOpen: RowActs['open'];
  readonly onAsk: RowActs['ask'];
}) {
  const { t, nextActor } = speech;
  if (!row) {
    return (
      <div id={id} className="grid-row row row-empty" role="row" aria-rowindex={index + 2}>
        <div role="gridcell" aria-colspan={5}>
          <span className="sr">{t('desk.loading')}</span>
        </div>
      </div>
    );
  }
  const language = row.channel === 'en' ? 'en' : 'vi';
  const passage = row.found?.passage ?? null;
  const toTranslate = awaitsEnglish && row.channel === 'vi' && row.counterpartId === null;
  const next = toTranslate
    ? {
        ...nextActor(row),
        shortWho: t('next.you'),
        what: t('translation.toTranslate'),
        isMe: true,
        isNobody: false,
      }
    : nextActor(row);
  return (
    // The grid has the focus and the keys; its rows are reached through aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
    <div
      id={id}
      className="grid-row row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isActive}
      onClick={() => onPress(index, row)}
      onDoubleClick={() => onOpen(index, row)}
      data-article={row.id}
    >
      <div role="gridcell">
        <StateSign state={row.projectedState} word={speech.stateWord(row.projectedState, row.channel)} />
      </div>
      <div role="gridcell">
        <div className="row-title clip" lang={language} title={row.title}>
          {row.title ? (
            <Marked text={row.title} ranges={row.found?.titleRanges ?? []} />
          ) : (
            t('article.untitled')
          )}
        </div>
        {passage ? (
          <div className="row-second clip">
            {t('desk.found.in', { place: speech.placeOf(passage, row.categoryId) })}{' '}
            <span lang={language}>
              <Marked text={passage.text} ranges={passage.ranges} />
            </span>
          </div>
        ) : (
          <div className="row-second clip">
            <OfflineMark row={row} speech={speech} />
            {speech.secondLine(row)}
          </div>
        )}
      </div>
      <div role="gridcell">
        <Ask label={t('deadlines.explain')} onAsk={() => onAsk(index, row, 'due')}>
          <DueCell row={row} speech={speech} />
        </Ask>
      </div>
      <div role="gridcell">
        <Ask label={t('standing.title')} onAsk={() => onAsk(index, row, 'standing')}>
          <div className={`clip ${next.isMe ? 'you' : next.isNobody ? 'muted' : ''}`}>{next.shortWho}</div>
          <div className="row-second clip num">{next.what}</div>
        </Ask>
      </div>
      <div role="gridcell">
        <SyncCell row={row} speech={speech} />
      </div>
    </div>
  );
});
