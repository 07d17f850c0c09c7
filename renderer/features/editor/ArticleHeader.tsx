import { useTranslation } from 'react-i18next';
import type { ArticleDetail, DeskRow } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useSaved } from '../../data/documents.tsx';
import { useShell } from '../../data/engine.tsx';
import type { OpenDocument } from '../../data/openDocuments.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ArrowLeft, Ellipsis, LaptopMinimal, OctagonX } from '../../ui/icons.ts';
import { Menu } from '../../ui/Menu.tsx';
import { DueButton } from '../deadlines/index.ts';
import { useSecondLine } from '../desk/rowSpeech.ts';
import { OthersHere } from './presence/OthersHere.tsx';

/** The way back, what the article is, when it was last saved, its deadline. */
export function ArticleHeader({
  row,
  counterpart,
  document: opened,
  backLabel,
  onBack,
  isPanelShown,
  onPanel,
  onReserve,
}: {
  readonly row: DeskRow;
  readonly counterpart: ArticleDetail['counterpart'];
  readonly document: OpenDocument;
  readonly backLabel: string;
  readonly onBack: () => void;
  readonly isPanelShown: boolean;
  readonly onPanel: () => void;
  /** For who may say to work on it offline. */
  readonly onReserve?: () => void;
}) {
  const { t } = useTranslation();
  const shell = useShell();
  const { go } = useRouter();
  const secondLine = useSecondLine();
  useKey('print', () => {
    void shell.print();
    return true;
  });
  const { publicPath } = row;
  const entries = [
    ...(publicPath ? [{ id: 'portal', label: t('article.onPortal') }] : []),
    ...(counterpart
      ? [
          {
            id: 'counterpart',
            label: row.channel === 'en' ? t('article.openVietnamese') : t('article.openEnglish'),
          },
        ]
      : []),
    ...(onReserve ? [{ id: 'reserve', label: t('reservation.take') }] : []),
    { id: 'print', label: t('article.print') },
  ];
  return (
    <header className="header">
      <div className="crumb grow">
        <Button kind="quiet" onPress={onBack}>
          <ArrowLeft className="icon" aria-hidden />
          {backLabel}
        </Button>
        <h1 className="crumb-title clip">{secondLine(row)}</h1>
      </div>
      <OthersHere articleId={row.id} />
      <SavedMark document={opened} fallback={row.savedAt} />
      <DueButton row={row} />
      <Button size="s" className="only-very-narrow" aria-pressed={isPanelShown} onPress={onPanel}>
        {isPanelShown ? t('article.showText') : t('article.showPanel')}
      </Button>
      <Menu
        label={t('article.more')}
        entries={entries}
        onAction={(id) => {
          if (id === 'print') void shell.print();
          else if (id === 'reserve') onReserve?.();
          else if (id === 'counterpart' && counterpart)
            go({ screen: 'article', articleId: counterpart.id, from: 'desk' });
          else if (publicPath) void shell.openPublicPage(publicPath);
        }}
        trigger={
          <IconButton label={t('article.more')}>
            <Ellipsis className="icon" aria-hidden />
          </IconButton>
        }
      />
    </header>
  );
}

/** Says "saved" only after the disk has it. */
export function SavedMark({
  document: opened,
  fallback,
}: {
  readonly document: OpenDocument;
  readonly fallback: number | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const saved = useSaved(opened);
  const at = saved.savedAt ?? fallback;
  if (saved.kind === 'failed')
    return (
      <span className="sync sync-refused small" data-saved="failed">
        <OctagonX className="icon icon-s" aria-hidden />
        <span>{t('saved.failed')}</span>
      </span>
    );
  return (
    <span className="sync small saved-mark" data-saved={saved.kind} data-saved-at={at ?? undefined}>
      <LaptopMinimal className="icon icon-s" aria-hidden />
      <span className="num">
        {saved.kind === 'saving'
          ? t('saved.saving')
          : at === null
            ? t('saved.here')
            : t('saved.at', { at: format.seconds(at) })}
      </span>
    </span>
  );
}
