import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VERSION_LEVELS, type VersionInfo, type VersionLevel } from '../../../domain/contracts/history.ts';
import { useKey } from '../../app/keys.ts';
import { type Route, useRouter } from '../../app/route.tsx';
import { useSentence } from '../../app/sentences.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/Choice.tsx';
import { ArrowLeft, ChevronDown, ChevronUp, OctagonX } from '../../ui/icons.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { EmptyState } from '../../ui/Notice.tsx';
import { ArticleReading } from '../review/ArticleReading.tsx';
import { ComparisonView, countChanges } from '../review/ComparisonView.tsx';
import { useVersionText } from './useVersionText.ts';
import { NameVersion, RestoreVersion } from './VersionActions.tsx';
import { VersionList } from './VersionList.tsx';
import { useVersionWords } from './versionWords.ts';

type Show = VersionLevel | 'all' | 'marked';

/** With what a text is compared: the one before it in the list, none, or one that was chosen. */
type Base = { readonly kind: 'previous' | 'none' } | { readonly kind: 'version'; readonly id: string };

const isShown = (version: VersionInfo, show: Show): boolean =>
  show === 'all' ||
  version.levels.includes('now') ||
  (show === 'marked' ? !version.levels.includes('autosave') : version.levels.includes(show));

/** Lịch sử: every text of an article that this desk still has, and the difference of any two. Needs no portal. */
export function HistoryScreen({ articleId, back }: { readonly articleId: string; readonly back: Route }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { go } = useRouter();
  const { value: detail, refusal } = useQuery('articles.detail', { articleId });
  const { value: past, refusal: noPast } = useQuery('history.versions', { articleId });
  const refused = refusal ?? noPast;
  const leave = () => go(back);
  if (refused)
    return (
      <main className="screen" data-pane="main">
        <EmptyState
          icon={OctagonX}
          title={t('article.notOpened')}
          actions={
            <Button kind="primary" onPress={leave}>
              <ArrowLeft className="icon" aria-hidden />
              {t('action.back')}
            </Button>
          }
        >
          {sentence(refused.code)}
        </EmptyState>
      </main>
    );
  if (!detail || !past) return <main className="screen" aria-busy="true" data-pane="main" />;
  return <Versions {...past} row={detail.row} onBack={leave} />;
}

function Versions({
  row,
  versions,
  mayName,
  mayRestore,
  onBack,
}: {
  readonly row: {
    readonly id: string;
    readonly title: string;
    readonly categoryId: string;
    readonly channel: 'vi' | 'en';
  };
  readonly versions: readonly VersionInfo[];
  readonly mayName: boolean;
  readonly mayRestore: boolean;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const words = useVersionWords();
  const [show, setShow] = useState<Show>('all');
  const [chosen, setChosen] = useState('now');
  const [base, setBase] = useState<Base>({ kind: 'previous' });
  const listed = useMemo(() => versions.filter((version) => isShown(version, show)), [versions, show]);
  const selected = listed.find((version) => version.id === chosen) ?? listed[0];
  const previous = selected && listed[listed.indexOf(selected) + 1];
  const wanted = base.kind === 'version' ? versions.find((version) => version.id === base.id) : undefined;
  const before = base.kind === 'none' ? undefined : (wanted ?? previous);
  const levels = VERSION_LEVELS.filter((level) => versions.some((version) => version.levels.includes(level)));
  if (!selected) return null;
  const label = words(selected).label;
  return (
    <div className="screen">
      <header className="header">
        <div className="crumb grow">
          <Button kind="quiet" onPress={onBack}>
            <ArrowLeft className="icon" aria-hidden />
            {t('action.back')}
          </Button>
          <h1 className="crumb-title clip">
            {t('history.titleOf', { title: row.title || t('article.untitled') })}
          </h1>
        </div>
        {mayName && <NameVersion articleId={row.id} versionId={selected.id} />}
        {mayRestore && selected.id !== 'now' && (
          <RestoreVersion
            articleId={row.id}
            versionId={selected.id}
            label={label}
            onRestored={() => setChosen('now')}
          />
        )}
      </header>
      <div className="columns history-columns">
        <nav className="pane history-side" aria-label={t('history.versions')} data-pane="queue">
          <div className="history-choices">
            <SelectField
              label={t('history.show')}
              placeholder={t('history.showAll')}
              value={show}
              onChange={(id) => setShow(id as Show)}
              options={[
                { id: 'all', label: t('history.showAll') },
                { id: 'marked', label: t('history.showMarked') },
                ...levels
                  .filter((level) => level !== 'now')
                  .map((level) => ({ id: level, label: t(`history.level.${level}`) })),
              ]}
            />
            <SelectField
              label={t('history.compareWith')}
              placeholder={t('history.previous')}
              value={base.kind === 'version' ? base.id : base.kind}
              onChange={(id) =>
                setBase(id === 'previous' || id === 'none' ? { kind: id } : { kind: 'version', id })
              }
              options={[
                { id: 'previous', label: t('history.previous') },
                { id: 'none', label: t('history.whole') },
                ...versions.map((version) => ({ id: version.id, label: words(version).label })),
              ]}
            />
          </div>
          <VersionList versions={listed} selected={selected.id} onSelect={setChosen} />
        </nav>
        <VersionView
          key={`${before?.id ?? ''} ${selected.id}`}
          row={row}
          before={before}
          after={selected}
          beforeLabel={before ? words(before).label : null}
          afterLabel={label}
          freshness={versions[0]?.fingerprint ?? ''}
          isFirst={base.kind === 'previous' && !previous}
        />
      </div>
    </div>
  );
}

function VersionView({
  row,
  before,
  after,
  beforeLabel,
  afterLabel,
  freshness,
  isFirst,
}: {
  readonly row: { readonly id: string; readonly categoryId: string; readonly channel: 'vi' | 'en' };
  readonly before: VersionInfo | undefined;
  readonly after: VersionInfo;
  readonly beforeLabel: string | null;
  readonly afterLabel: string;
  readonly freshness: string;
  readonly isFirst: boolean;
}) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const scroller = useRef<HTMLElement>(null);
  const [change, setChange] = useState(0);
  const shown = useVersionText(row.id, before?.id ?? null, after.id, freshness);
  const changes = shown?.kind === 'difference' ? countChanges(shown.comparison) : 0;
  const step = (by: 1 | -1): boolean => {
    if (changes === 0) return false;
    const next = change === 0 ? (by === 1 ? 1 : changes) : ((change - 1 + by + changes) % changes) + 1;
    setChange(next);
    scroller.current?.querySelector(`[data-change="${next}"]`)?.scrollIntoView({ block: 'center' });
    return true;
  };
  useKey('nextChange', () => step(1));
  useKey('previousChange', () => step(-1));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a link in it a long text could not be scrolled by keys
    <main ref={scroller} className="scroll" data-pane="text" aria-label={t('history.text')} tabIndex={0}>
      <div className="compare">
        <div className="history-head">
          <h2 className="num">
            {beforeLabel === null
              ? afterLabel
              : t('history.compared', { before: beforeLabel, after: afterLabel })}
          </h2>
          {changes > 0 && (
            <span className="btn-row change-steps">
              <span className="small muted nowrap num" role="status">
                {change === 0
                  ? t('review.changes', { count: changes })
                  : t('review.changeOf', { at: change, count: changes })}
              </span>
              <IconButton label={t('review.previousChange')} onPress={() => void step(-1)}>
                <ChevronUp className="icon" aria-hidden />
              </IconButton>
              <IconButton label={t('review.nextChange')} onPress={() => void step(1)}>
                <ChevronDown className="icon" aria-hidden />
              </IconButton>
              <Kbd>{t('key.nextChange')}</Kbd>
            </span>
          )}
        </div>
        {isFirst && <p className="muted">{t('history.nothingBefore')}</p>}
        {shown === undefined ? (
          <p className="muted" aria-busy="true">
            {t('review.comparing')}
          </p>
        ) : shown.kind === 'whole' ? (
          <ArticleReading content={shown.content} categoryId={row.categoryId} />
        ) : shown.kind === 'difference' ? (
          <ComparisonView
            comparison={shown.comparison}
            categoryId={row.categoryId}
            before={beforeLabel ?? ''}
            after={afterLabel}
            current={change}
            lang={row.channel}
          />
        ) : (
          <p className="muted">{sentence(shown.code)}</p>
        )}
      </div>
    </main>
  );
}
