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

/** Two lines of a list row: where the article is saved, and since when. */
export function SyncMark({ row }: { readonly row: Pick<DeskRow, 'sync' | 'syncAt' | 'savedAt'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = ICONS[row.sync];
  const at = row.syncAt ?? row.savedAt;
  const saved = row.sync === 'waiting' || row.sync === 'sending' || row.sync === 'local';
  return (
    <>
      <div className={`sync sync-${row.sync}`}>
        <Icon className="icon icon-s" aria-hidden />
        <span className="clip">{t(`sync.${row.sync}`)}</span>
      </div>
      <div className="ref num clip">
        {at === null ? ' ' : saved ? t('sync.savedAt', { at: format.moment(at) }) : format.moment(at)}
      </div>
    </>
  );
}
