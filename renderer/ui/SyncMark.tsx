import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../domain/contracts/desk.ts';
import { useFormat } from '../app/useFormat.ts';
import { CircleCheck, ClockArrowUp, LaptopMinimal, LoaderCircle, OctagonX } from './icons.ts';

const ICONS = {
  local: LaptopMinimal,
  waiting: ClockArrowUp,
  sending: LoaderCircle,
  received: CircleCheck,
  refused: OctagonX,
} as const;

/** Where the article is saved, in a word. */
export function SyncSign({ row }: { readonly row: Pick<DeskRow, 'sync'> }) {
  const { t } = useTranslation();
  const Icon = ICONS[row.sync];
  return (
    <span className={`sync sync-${row.sync}`}>
      <Icon className="icon icon-s" aria-hidden />
      <span className="clip">{t(`sync.${row.sync}`)}</span>
    </span>
  );
}

/** Two lines of a list row: where the article is saved, and since when. */
export function SyncMark({ row }: { readonly row: Pick<DeskRow, 'sync' | 'syncAt' | 'savedAt'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = row.syncAt ?? row.savedAt;
  const saved = row.sync === 'waiting' || row.sync === 'sending' || row.sync === 'local';
  return (
    <>
      <SyncSign row={row} />
      <div className="ref num clip">
        {at === null ? ' ' : saved ? t('sync.savedAt', { at: format.moment(at) }) : format.moment(at)}
      </div>
    </>
  );
}
