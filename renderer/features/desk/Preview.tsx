import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useQuery, useShell } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { DueChip } from '../../ui/DueChip.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { ChecksList } from '../decisions/Checks.tsx';
import { DecisionChain } from '../decisions/DecisionChain.tsx';
import { StandingCard } from '../standing/index.ts';
import { useSecondLine } from './rowSpeech.ts';

/** The chosen article beside a wide list: who has it, by when, what is missing. */
export function Preview({
  row,
  onOpen,
}: {
  readonly row: DeskRow | undefined;
  readonly onOpen: (row: DeskRow) => void;
}) {
  const { t } = useTranslation();
  return (
    <aside className="preview" aria-label={t('preview.label')} data-pane="preview">
      {row ? (
        <PreviewOf key={row.id} row={row} onOpen={onOpen} />
      ) : (
        <p className="muted">{t('preview.none')}</p>
      )}
    </aside>
  );
}

function PreviewOf({ row, onOpen }: { readonly row: DeskRow; readonly onOpen: (row: DeskRow) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const citation = useCitation();
  const secondLine = useSecondLine();
  const shell = useShell();
  const { value: detail } = useQuery('articles.detail', { articleId: row.id });
  const { publicPath } = row;
  return (
    <>
      <div className="btn-row">
        <StateMark state={row.projectedState} channel={row.channel} asChip />
        <DueChip row={row} />
      </div>
      <h2 lang={row.channel === 'en' ? 'en' : 'vi'}>{row.title || t('article.untitled')}</h2>
      <p className="small muted num">
        {secondLine(row)}
        {row.version > 0 && <> · {t('article.version', { version: row.version })}</>}
      </p>
      {row.reason && (row.projectedState === 'returned' || row.projectedState === 'refused') && (
        <>
          <h3>{t('preview.reason')}</h3>
          <q className="chain-reason">{row.reason}</q>
        </>
      )}
      <StandingCard articleId={row.id} state={row.projectedState} />
      {row.due && (
        <>
          <h3>{t('preview.due')}</h3>
          <p className="num">
            {t('preview.dueText', { day: format.day(row.due.date), clause: citation(row.due) })}
          </p>
        </>
      )}
      {detail && (
        <>
          <h3>{t('preview.chain')}</h3>
          <DecisionChain detail={detail} withStart />
          {row.projectedState !== 'published' && row.projectedState !== 'withdrawn' && (
            <>
              <h3>{t('preview.checks')}</h3>
              <ChecksList issues={detail.checks} categoryId={row.categoryId} />
            </>
          )}
        </>
      )}
      <div className="btn-row preview-actions">
        <Button kind="primary" onPress={() => onOpen(row)}>
          {detail?.mayEdit ? t('preview.edit') : t('preview.read')}
        </Button>
        {publicPath && (
          <Button onPress={() => void shell.openPublicPage(publicPath)}>{t('article.onPortal')}</Button>
        )}
      </div>
    </>
  );
}
