import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../domain/contracts/desk.ts';
import { useFormat } from '../app/useFormat.ts';
import { useClause } from '../data/citation.ts';
import { Clock } from './icons.ts';

type Dated = Pick<DeskRow, 'due' | 'dueStatus'>;

/** The words for how much time is left, in working days. */
export type DueWords = (row: Dated) => {
  readonly text: string;
  readonly tone: 'late' | 'soon' | 'ok' | 'none';
};

export function useDueWords(): DueWords {
  const { t } = useTranslation();
  return useCallback<DueWords>(
    ({ dueStatus }) => {
      const count = Math.abs(dueStatus.workingDays);
      switch (dueStatus.code) {
        case 'late':
          // Past its day, and no working day since.
          return { text: count === 0 ? t('due.lateNow') : t('due.late', { count }), tone: 'late' };
        case 'today':
          return { text: t('due.today'), tone: 'late' };
        case 'soon':
          return { text: t('due.left', { count }), tone: 'soon' };
        case 'ok':
          return { text: t('due.left', { count }), tone: 'ok' };
        case 'done':
          return { text: t('due.done'), tone: 'none' };
        default:
          return { text: t('due.none'), tone: 'none' };
      }
    },
    [t],
  );
}

/** The deadline of the open article, as a chip. */
export function DueChip({ row }: { readonly row: Dated }) {
  const { t } = useTranslation();
  const format = useFormat();
  const clauseOf = useClause();
  const words = useDueWords();
  const { code } = row.dueStatus;
  if (code === 'none' || code === 'done') return null;
  const { tone, text: short } = words(row);
  const count = Math.abs(row.dueStatus.workingDays);
  const day = row.due ? format.shortDay(row.due.date) : '';
  const text =
    code === 'today' || (code === 'late' && count === 0)
      ? short
      : code === 'late'
        ? t('due.chipLate', { count })
        : t('due.chipLeft', { count, day });
  return (
    <span className={`due-chip due-${tone} num`} title={row.due ? clauseOf(row.due) : undefined}>
      <Clock className="icon icon-s" aria-hidden />
      {text}
    </span>
  );
}
