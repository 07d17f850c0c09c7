import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ArticleDetail, DecisionInfo, DeskRow } from '../../../domain/contracts/desk.ts';
import type { Comparison } from '../../../domain/document/index.ts';
import { readContent } from '../../../domain/document/index.ts';
import { keyLabel, useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useSentence } from '../../app/sentences.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useMe } from '../../data/directory.ts';
import { useDocument, useReading } from '../../data/documents.tsx';
import { useClient, useQuery } from '../../data/engine.tsx';
import type { OpenDocument } from '../../data/openDocuments.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ChevronDown, ChevronUp, List, OctagonX, Pencil } from '../../ui/icons.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { EmptyState, Notice } from '../../ui/Notice.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { ChecksList, DecisionBar, DecisionChain, DecisionDialogs, useDeciding } from '../decisions/index.ts';
import { ArrivingNotice } from '../editor/ArrivingNotice.tsx';
import { HistoryLink } from '../history/index.ts';
import { ArticleReading } from './ArticleReading.tsx';
import { ComparisonView, countChanges } from './ComparisonView.tsx';

interface ReviewedProps {
  readonly articleId: string;
  /** The first of the queue, for a window too narrow to show it. */
  readonly rows: readonly DeskRow[];
  readonly total: number;
  readonly onShow: (articleId: string) => void;
  readonly onDecided: () => void;
}

/** One article under review. */
export function ReviewedArticle(props: ReviewedProps) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { value: detail, refusal } = useQuery('articles.detail', { articleId: props.articleId });
  const document = useDocument(props.articleId);
  const hasLeft = detail !== undefined && refusal?.code === 'article-unknown';
  const refused = document.status === 'refused' ? document.refusal : detail && !hasLeft ? undefined : refusal;
  if (refused)
    return (
      <main className="screen grow" data-pane="main">
        <EmptyState icon={OctagonX} title={t(hasLeft ? 'article.leftDesk' : 'article.notOpened')}>
          {sentence(refused.code)}
        </EmptyState>
      </main>
    );
  if (!detail || document.status !== 'open') return <main className="screen grow" aria-busy="true" />;
  return <Reviewed {...props} detail={detail} document={document.document} />;
}

/** More would not fit beside the title. */
const MOST_BASES = 2;

/** A text that the present one can be compared with: the one a decision was made on. */
export interface Basis {
  readonly decision: DecisionInfo;
  readonly isOwnApproval: boolean;
}

/** What is worth comparing with: this person's earlier approval first, then the last submission and the last approvals. */
export function basesOf(detail: ArticleDetail, meId: string | undefined): readonly Basis[] {
  const bound = detail.decisions.filter((one) => one.fingerprint !== null && one.action !== 'declare');
  const latest = (of: (one: DecisionInfo) => boolean): DecisionInfo | undefined =>
    bound.filter(of).sort((a, b) => b.proposedAt - a.proposedAt)[0];
  const own =
    bound.find((one) => one.id === detail.row.earlierApprovalId) ??
    latest(
      (one) => one.action === 'approve' && one.actorId === meId && one.verdictCode === 'content-changed',
    );
  const submitted = latest((one) => one.action === 'submit');
  const endorsed = latest((one) => one.action === 'endorse');
  const seen = new Set<string>();
  return [own, submitted, endorsed]
    .filter((one) => one !== undefined)
    .filter(
      (one) =>
        one.fingerprint !== null && !seen.has(one.fingerprint) && seen.add(one.fingerprint) !== undefined,
    )
    .slice(0, MOST_BASES)
    .map((decision) => ({ decision, isOwnApproval: decision === own }));
}

function Reviewed({
  detail,
  document: opened,
  rows,
  total,
  onShow,
  onDecided,
}: ReviewedProps & { readonly detail: ArticleDetail; readonly document: OpenDocument }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { go } = useRouter();
  const client = useClient();
  const me = useMe();
  const sentence = useSentence();
  const content = useReading(opened.doc, readContent) ?? readContent(opened.doc);
  const { row } = detail;
  const bases = useMemo(() => basesOf(detail, me?.id), [detail, me?.id]);
  const earlier = bases.find((basis) => basis.isOwnApproval);
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const basisId = chosen === undefined ? (earlier?.decision.id ?? null) : chosen;
  const basis = bases.find((one) => one.decision.id === basisId);
  const [comparison, setComparison] = useState<{
    readonly of: string;
    readonly value?: Comparison;
    readonly code?: string;
  }>();
  const [change, setChange] = useState(0);
  const scroller = useRef<HTMLElement>(null);

  // The text may move on while it is read: the comparison follows.
  useEffect(() => {
    if (basisId === null || !content) return;
    let left = false;
    client.ask('decisions.compare', { articleId: row.id, decisionId: basisId }).then((result) => {
      if (left) return;
      setComparison(
        result.ok ? { of: basisId, value: result.value } : { of: basisId, code: result.error.code },
      );
    });
    return () => {
      left = true;
    };
  }, [basisId, client, content, row.id]);
  const shown = comparison && comparison.of === basisId ? comparison : undefined;
  const changes = shown?.value ? countChanges(shown.value) : 0;

  const must = detail.checks.filter((issue) => issue.severity === 'must').length;
  const edit = useCallback(
    (tab: 'info' | 'checks' = 'info') => go({ screen: 'article', articleId: row.id, from: 'review', tab }),
    [go, row.id],
  );
  const deciding = useDeciding({
    detail,
    document: opened,
    shown: content,
    openMust: must,
    onMissing: () => edit('checks'),
    onDecided: (action) => {
      if (action !== 'declare') onDecided();
    },
  });

  const stepChange = (by: 1 | -1): boolean => {
    if (changes === 0) return false;
    const next = ((change - 1 + by + changes) % changes) + 1;
    const target = change === 0 ? (by === 1 ? 1 : changes) : next;
    setChange(target);
    scroller.current?.querySelector(`[data-change="${target}"]`)?.scrollIntoView({ block: 'center' });
    return true;
  };
  useKey('nextChange', () => stepChange(1));
  useKey('previousChange', () => stepChange(-1));

  // Reading goes on by keys: the text has the focus as soon as it stands there, unless something else was being used.
  useEffect(() => {
    const active = window.document.activeElement;
    const isInQueue = active instanceof HTMLElement && active.closest('[data-pane="queue"]') !== null;
    if (active === window.document.body || active === null || isInQueue)
      scroller.current?.focus({ preventScroll: true });
  }, []);
  const choices = [...bases.map((one) => one.decision.id), null];
  useKey('compareWith', () => {
    if (bases.length === 0) return false;
    setChosen(choices[(choices.indexOf(basisId) + 1) % choices.length] ?? null);
    setChange(0);
    return true;
  });

  const version = Math.max(1, row.version);
  const segment = (id: string | null, label: string) => (
    <button
      key={id ?? 'whole'}
      type="button"
      aria-pressed={basisId === id}
      onClick={() => {
        setChosen(id);
        setChange(0);
      }}
    >
      {label}
    </button>
  );
  return (
    <div className="screen grow">
      <header className="header">
        <Menu
          label={t('review.queue')}
          entries={rows.map((one) => ({ id: one.id, label: one.title || t('article.untitled') }))}
          selected={row.id}
          onAction={onShow}
          trigger={
            <AriaButton className="btn btn-plain btn-s only-narrow num">
              <List className="icon icon-s" aria-hidden />
              {t('desk.total', { count: total })}
            </AriaButton>
          }
        />
        <h1 className="review-title clip grow" lang={row.channel} title={row.title}>
          {row.title || t('article.untitled')}
        </h1>
        {bases.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a set of toggles, not a form section
          <span className="segmented num" role="group" aria-label={t('review.compareWith', { version })}>
            {bases.map((one) =>
              segment(
                one.decision.id,
                one.isOwnApproval
                  ? t('review.basis.approved', { version: one.decision.version ?? version })
                  : t(`review.basis.${one.decision.action === 'endorse' ? 'endorsed' : 'submitted'}`),
              ),
            )}
            {segment(null, t('review.basis.whole'))}
          </span>
        )}
        {bases.length > 0 && <Kbd>{keyLabel('compareWith')}</Kbd>}
        {changes > 0 && (
          <span className="btn-row change-steps">
            <span className="small muted nowrap num" role="status">
              {change === 0
                ? t('review.changes', { count: changes })
                : t('review.changeOf', { at: change, count: changes })}
            </span>
            <IconButton label={t('review.previousChange')} onPress={() => void stepChange(-1)}>
              <ChevronUp className="icon" aria-hidden />
            </IconButton>
            <IconButton label={t('review.nextChange')} onPress={() => void stepChange(1)}>
              <ChevronDown className="icon" aria-hidden />
            </IconButton>
            <Kbd>{t('key.nextChange')}</Kbd>
          </span>
        )}
      </header>
      <div className="columns review-columns">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a link in it a long text could not be scrolled by keys */}
        <main ref={scroller} className="scroll" data-pane="text" aria-label={t('review.text')} tabIndex={0}>
          <div className="compare">
            {earlier && (
              <Notice
                tone="warning"
                icon="flag"
                title={
                  earlier.decision.version !== null && earlier.decision.version !== row.version
                    ? t('review.earlierTitle', { approved: earlier.decision.version, version })
                    : t('review.earlierTitleSame')
                }
              >
                <p className="num">
                  {t('review.earlierText', { at: format.moment(earlier.decision.proposedAt) })}{' '}
                  {changes > 0 && t('review.differs', { count: changes })}
                </p>
              </Notice>
            )}
            <ArrivingNotice text={detail.text} />
            {basis === undefined ? (
              <ArticleReading content={content} categoryId={row.categoryId} />
            ) : shown?.value ? (
              <ComparisonView
                comparison={shown.value}
                categoryId={row.categoryId}
                before={t('review.then')}
                after={t('review.now')}
                current={change}
                lang={row.channel}
              />
            ) : shown?.code ? (
              <p className="muted">{sentence(shown.code)}</p>
            ) : (
              <p className="muted" aria-busy="true">
                {t('review.comparing')}
              </p>
            )}
          </div>
        </main>
        <aside className="panel pane panel-narrow" aria-label={t('review.panel')} data-pane="panel">
          <div className="scroll panel-body">
            <p className="review-state">
              <StateMark state={row.projectedState} channel={row.channel} asChip />
              {detail.mayEdit && (
                <Button size="s" onPress={() => edit()}>
                  <Pencil className="icon icon-s" aria-hidden />
                  {t('review.edit')}
                </Button>
              )}
            </p>
            <h2>{t('review.checks', { version })}</h2>
            <ChecksList issues={detail.checks} categoryId={row.categoryId} />
            <h2>{t('review.chain')}</h2>
            <DecisionChain detail={detail} withStart />
            <HistoryLink articleId={row.id} />
          </div>
        </aside>
      </div>
      <DecisionBar
        detail={detail}
        deciding={deciding}
        openMust={must}
        onShowChecks={() => edit('checks')}
        showsState={false}
      />
      <DecisionDialogs detail={detail} deciding={deciding} fileCount={content.files.length} />
    </div>
  );
}
