import { useTranslation } from 'react-i18next';
import type { View } from '../../../domain/contracts/desk.ts';
import { useSentence } from '../../app/sentences.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { CircleCheck, OctagonX, Plus, Search } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/Notice.tsx';

/** How articles come into a list, where its name does not say it. */
const HINTS: Readonly<Partial<Record<View, 'desk.empty.text' | 'deadlines.emptyText'>>> = {
  mine: 'desk.empty.text',
  returned: 'desk.empty.text',
  review: 'desk.empty.text',
  late: 'deadlines.emptyText',
  'at-risk': 'deadlines.emptyText',
  soon: 'deadlines.emptyText',
};

/** Why the list is empty, and the next step. */
export function DeskEmpty({
  view,
  text,
  filtersOn,
  refusal,
  onClearText,
  onClearFilters,
  onNew,
  onAll,
}: {
  readonly view: View;
  readonly text: string;
  /** How many filters narrow the list. */
  readonly filtersOn: number;
  readonly refusal: string | undefined;
  readonly onClearText: () => void;
  readonly onClearFilters: () => void;
  readonly onNew?: () => void;
  readonly onAll: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const { value: connection } = useQuery('connection.state', {});
  if (refusal)
    return (
      <EmptyState icon={OctagonX} title={t('desk.empty.refused')}>
        {sentence(refusal)}
      </EmptyState>
    );
  if (text !== '' || filtersOn > 0)
    return (
      <EmptyState
        icon={Search}
        title={text === '' ? t('desk.empty.filtered') : t('desk.empty.notFound', { text })}
        actions={
          <>
            {filtersOn > 0 && (
              <Button kind="primary" onPress={onClearFilters}>
                {t('desk.filter.clearAll', { count: filtersOn })}
              </Button>
            )}
            {text !== '' && (
              <Button kind={filtersOn > 0 ? 'plain' : 'primary'} onPress={onClearText}>
                {t('desk.empty.clearText')}
              </Button>
            )}
          </>
        }
      >
        {text !== '' && <>{t('desk.empty.searched')} </>}
        {filtersOn > 0 && t('desk.empty.filtersOn', { count: filtersOn })}
      </EmptyState>
    );
  const asked = connection?.lastContactAt ?? null;
  const hint = HINTS[view];
  return (
    <EmptyState
      icon={CircleCheck}
      title={t(`desk.empty.${view}`)}
      actions={
        <>
          {onNew && (
            <Button kind="primary" onPress={onNew}>
              <Plus className="icon" aria-hidden />
              {t('desk.new')}
            </Button>
          )}
          {view !== 'all' && <Button onPress={onAll}>{t('desk.empty.showAll')}</Button>}
        </>
      }
    >
      {[hint ? t(hint) : '', asked === null ? '' : t('desk.empty.asked', { at: format.moment(asked) })]
        .filter(Boolean)
        .join(' ')}
    </EmptyState>
  );
}
