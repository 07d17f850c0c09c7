import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import type { Place } from '../../../domain/content/index.ts';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import type { ArticleContent } from '../../../domain/document/index.ts';
import { useKey } from '../../app/keys.ts';
import { ChecksList, DecisionChain, type ShownIssue } from '../decisions/index.ts';
import { HistoryLink } from '../history/index.ts';
import { FieldsPanel } from './fields/FieldsPanel.tsx';
import { FilesPanel } from './files/FilesPanel.tsx';
import type { Uploads } from './files/useUploads.ts';

export type ArticleTab = 'info' | 'checks' | 'files' | 'history';
const TABS = ['info', 'checks', 'files', 'history'] as const satisfies readonly ArticleTab[];

function stepChecks(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-check-link]')];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[(at + by + links.length) % links.length]?.focus();
  return true;
}

/** What belongs to the open article: fields, checks, attachments, history. */
export function ArticlePanel({
  detail,
  doc,
  content,
  issues,
  attempted,
  tab,
  onTab,
  uploads,
  onChoose,
  onGo,
}: {
  readonly detail: ArticleDetail;
  readonly doc: Y.Doc;
  readonly content: ArticleContent;
  readonly issues: readonly ShownIssue[];
  readonly attempted: boolean;
  readonly tab: ArticleTab;
  readonly onTab: (tab: ArticleTab) => void;
  readonly uploads: Uploads;
  readonly onChoose: (role?: string) => void;
  readonly onGo: (target: string, place?: Place) => void;
}) {
  const { t } = useTranslation();
  const { row, mayEdit } = detail;
  const step = (by: 1 | -1) => {
    onTab('checks');
    setTimeout(() => stepChecks(by), 50);
    return true;
  };
  useKey('nextCheck', () => step(1));
  useKey('previousCheck', () => step(-1));
  const counts: Readonly<Record<ArticleTab, number>> = {
    info: 0,
    checks: issues.length,
    files: content.files.length,
    history: 0,
  };
  const must = issues.filter((issue) => issue.severity === 'must').length;
  return (
    <aside className="panel pane" aria-label={t('panel.label')} data-pane="panel">
      <Tabs className="panel-tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as ArticleTab)}>
        <TabList className="tabs" aria-label={t('panel.label')}>
          {TABS.map((id) => (
            <Tab key={id} id={id} className="tab">
              {t(`panel.${id}`)}
              {counts[id] > 0 && <span className="num">{counts[id]}</span>}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="info" className="scroll panel-body">
          <FieldsPanel
            row={row}
            doc={doc}
            content={content}
            isEditable={mayEdit}
            issues={issues}
            attempted={attempted}
            onAttach={onChoose}
          />
        </TabPanel>
        <TabPanel id="checks" className="scroll panel-body">
          <p className="sum strong">
            {issues.length === 0
              ? t('checks.none')
              : t('checks.sum', {
                  must: t('checks.mustCount', { count: must }),
                  should: t('checks.shouldCount', { count: issues.length - must }),
                })}
          </p>
          <ChecksList issues={issues} categoryId={row.categoryId} onGo={onGo} />
        </TabPanel>
        <TabPanel id="files" className="scroll panel-body">
          <FilesPanel
            articleId={row.id}
            categoryId={row.categoryId}
            doc={doc}
            files={content.files}
            states={detail.files}
            isLocal={row.local}
            isEditable={mayEdit}
            uploads={uploads}
            onChoose={() => onChoose()}
          />
        </TabPanel>
        <TabPanel id="history" className="scroll panel-body">
          <HistoryLink articleId={row.id} />
          <DecisionChain detail={detail} withStart />
        </TabPanel>
      </Tabs>
    </aside>
  );
}
