import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../../domain/content/index.ts';
import type { ArticleDetail, CheckIssue } from '../../../domain/contracts/desk.ts';
import { readContent, wordCount } from '../../../domain/document/index.ts';
import { useSentence } from '../../app/sentences.ts';
import { useDirectory } from '../../data/directory.ts';
import { useReading } from '../../data/documents.tsx';
import type { OpenDocument } from '../../data/openDocuments.ts';
import { Notice } from '../../ui/Notice.tsx';
import { DecisionBar, DecisionDialogs, SecrecyBanner, useDeciding } from '../decisions/index.ts';
import { SourcePane } from '../translation/SourcePane.tsx';
import { ArrivingNotice } from './ArrivingNotice.tsx';
import { ArticleHeader } from './ArticleHeader.tsx';
import { ArticlePanel, type ArticleTab } from './ArticlePanel.tsx';
import { BodyEditor } from './body/BodyEditor.tsx';
import { BodyToolbar } from './body/BodyToolbar.tsx';
import { useBodyEditor } from './body/useBodyEditor.ts';
import { useUploads } from './files/useUploads.ts';
import { goToParagraph } from './goToPlace.ts';
import { Carets } from './presence/Carets.tsx';
import { useOthers, useTellPresence } from './presence/usePresence.ts';
import { ReservationDialog } from './reservation/ReservationDialog.tsx';
import { ReservationLines } from './reservation/ReservationLines.tsx';
import { TitleFields } from './TitleFields.tsx';
import { useLocalChecks } from './useLocalChecks.ts';

/** Names what is not open for writing now. */
const NOT_IN_PANEL: ReadonlySet<string> = new Set(['title', 'summary', 'body']);

/** Only the engine has the bytes of files, so only it finds what stands in them. */
const isOfAttachedWords = ({ place }: CheckIssue): boolean =>
  place?.kind === 'attachment' && place.part === 'text';

/** The writing surface of an article with everything that belongs to it. */
export function ArticleWorkspace({
  detail,
  document: opened,
  initialTab,
  backLabel,
  onBack,
}: {
  readonly detail: ArticleDetail;
  readonly document: OpenDocument;
  readonly initialTab: ArticleTab;
  readonly backLabel: string;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { row, mayEdit } = detail;
  const { doc } = opened;
  const { profile } = useDirectory();
  const content = useReading(doc, readContent) ?? readContent(doc);
  const checked = useLocalChecks(content, profile);
  const issues = useMemo(
    () => (mayEdit ? [...checked, ...detail.checks.filter(isOfAttachedWords)] : detail.checks),
    [checked, detail.checks, mayEdit],
  );
  const openMust = issues.filter((issue) => issue.severity === 'must').length;
  const [tab, setTab] = useState<ArticleTab>(initialTab);
  const [attempted, setAttempted] = useState(false);
  const [narrowPanel, setNarrowPanel] = useState(false);
  const [reserves, setReserves] = useState(false);
  const reserve = () => setReserves(true);
  const uploads = useUploads(row.id, doc);
  const addFiles = useCallback(
    (files: readonly File[]) => {
      if (!mayEdit || files.length === 0) return;
      uploads.add(files);
      setTab('files');
    },
    [mayEdit, uploads],
  );
  const body = useBodyEditor(doc, mayEdit, addFiles);
  useTellPresence(row.id, body.binding);
  const others = useOthers(row.id);
  useEffect(() => opened.setShared(others.length > 0), [opened, others]);
  const chooser = useRef<HTMLInputElement>(null);
  const chosenRole = useRef<string | undefined>(undefined);

  const goTo = useCallback((target: string, place?: Place) => {
    if (!NOT_IN_PANEL.has(target)) setTab('info');
    setNarrowPanel(!NOT_IN_PANEL.has(target));
    // After the tab has been drawn.
    setTimeout(() => {
      const field = window.document.getElementById(`field-${target}`);
      if (field && place?.kind === 'paragraph') return goToParagraph(field, place);
      const control = field?.matches('input, textarea, button, [contenteditable]')
        ? field
        : field?.querySelector<HTMLElement>('input, button, [tabindex]');
      (control ?? field)?.focus();
      field?.scrollIntoView({ block: 'center' });
    }, 50);
  }, []);
  const onMissing = useCallback(() => {
    setAttempted(true);
    const first = issues.find((issue) => issue.severity === 'must');
    setTab('checks');
    setNarrowPanel(true);
    if (first?.fieldId) goTo(first.fieldId, first.place);
  }, [goTo, issues]);
  const deciding = useDeciding({ detail, document: opened, openMust, onMissing });
  const choose = useCallback((role?: string) => {
    chosenRole.current = role;
    chooser.current?.click();
  }, []);
  const showChecks = () => {
    setTab('checks');
    setNarrowPanel(true);
  };
  const lang = row.channel === 'en' ? 'en' : 'vi';
  const problem = row.problem === null ? null : sentence(row.problem);
  const returned =
    row.reason !== null && (row.projectedState === 'returned' || row.projectedState === 'refused');

  return (
    <div className="screen">
      <ArticleHeader
        row={row}
        counterpart={detail.counterpart}
        document={opened}
        backLabel={backLabel}
        onBack={onBack}
        isPanelShown={narrowPanel}
        onPanel={() => setNarrowPanel(!narrowPanel)}
        {...(detail.reservation.mayTake ? { onReserve: reserve } : {})}
      />
      <div className={`columns article-columns ${narrowPanel ? 'shows-panel' : 'shows-work'}`}>
        {row.channel === 'en' && row.sourceArticleId !== null && (
          <SourcePane articleId={row.sourceArticleId} editor={body.editor} />
        )}
        <main className="pane grow work-pane" data-pane="text" aria-label={t('article.text')}>
          {mayEdit ? (
            <BodyToolbar handle={body} words={wordCount(content)} />
          ) : (
            <p className="toolbar read-only-note">
              <span className="clip">{t('article.readOnly')}</span>
              <span className="end num">{t('toolbar.words', { count: wordCount(content) })}</span>
            </p>
          )}
          <div className="scroll" data-scroll>
            <div className="paper prose">
              {row.local && (
                <SecrecyBanner
                  {...(deciding.mayDeclare
                    ? { onDeclare: () => deciding.openDialog({ kind: 'declare', thenSubmit: false }) }
                    : {})}
                />
              )}
              {problem !== null && (
                <div className="banner">
                  <Notice tone="danger" title={t('outbox.notAccepted')}>
                    <p>{problem}</p>
                    <p>{t('outbox.safe')}</p>
                  </Notice>
                </div>
              )}
              {returned && (
                <div className="banner">
                  <Notice
                    tone={row.projectedState === 'returned' ? 'warning' : 'danger'}
                    title={t(`article.${row.projectedState === 'returned' ? 'returned' : 'refused'}`)}
                  >
                    <q className="chain-reason">{row.reason}</q>
                  </Notice>
                </div>
              )}
              <ArrivingNotice text={detail.text} />
              <ReservationLines detail={detail} onChange={reserve} />
              <TitleFields doc={doc} lang={lang} isEditable={mayEdit} />
              <div className="body-surface">
                <BodyEditor
                  handle={body}
                  label={t('article.body')}
                  lang={lang}
                  isEditable={mayEdit}
                  placeholder={t('article.bodyPlaceholder')}
                />
                <Carets editor={body.editor} binding={body.binding} others={others} />
              </div>
            </div>
          </div>
        </main>
        <ArticlePanel
          detail={detail}
          doc={doc}
          content={content}
          issues={issues}
          attempted={attempted}
          tab={tab}
          onTab={setTab}
          uploads={uploads}
          onChoose={choose}
          onGo={goTo}
        />
      </div>
      <DecisionBar detail={detail} deciding={deciding} openMust={openMust} onShowChecks={showChecks} />
      <ReservationDialog detail={detail} isOpen={reserves} onClose={() => setReserves(false)} />
      <DecisionDialogs detail={detail} deciding={deciding} fileCount={content.files.length} />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t('files.choose')}
        data-file-chooser
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) {
            uploads.add(files, chosenRole.current);
            if (chosenRole.current === undefined) setTab('files');
          }
        }}
      />
    </div>
  );
}
