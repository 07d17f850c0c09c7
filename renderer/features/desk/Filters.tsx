import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ListArgs } from '../../../domain/contracts/desk.ts';
import { ARTICLE_STATES } from '../../../domain/regulations/types.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { Button } from '../../ui/Button.tsx';
import { ArrowDownWideNarrow, ChevronDown } from '../../ui/icons.ts';
import { Menu, type MenuEntry } from '../../ui/Menu.tsx';
import { DatesFilter } from './DatesFilter.tsx';
import { ChipButton, FilterChip } from './FilterChip.tsx';
import { type DeskFilter, filtersOn, NO_FILTER } from './filter.ts';

const ALL = 'all';
const CHANNELS = ['vi', 'en'] as const;
const SORTS = ['due', 'updated', 'title'] as const satisfies readonly ListArgs['sort'][];
const SEARCH_SORTS = ['relevance', ...SORTS] as const satisfies readonly ListArgs['sort'][];

/** What narrows the list, each chip showing its value. */
export function Filters({
  filter,
  onFilter,
  sort,
  onSort,
  isSearch,
}: {
  readonly filter: DeskFilter;
  readonly onFilter: (filter: DeskFilter) => void;
  readonly sort: ListArgs['sort'];
  readonly onSort: (sort: ListArgs['sort']) => void;
  /** Answers to a search can also be sorted by how well they fit. */
  readonly isSearch: boolean;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units, categories } = useDirectory();
  const states = ARTICLE_STATES.map((id) => ({ id, label: t(`state.${id}`) }));
  const unitEntries = [...units.values()].map((unit) => ({ id: unit.id, label: named(unit.name) }));
  const categoryEntries = [...categories.values()]
    .filter((one) => one.drafting)
    .map((one) => ({ id: one.id, label: named(one.name) }));
  const channels = CHANNELS.map((id) => ({ id, label: t(`desk.filter.channels.${id}`) }));
  const count = filtersOn(filter);
  return (
    // biome-ignore lint/a11y/useSemanticElements: chips above a list are no form section
    <div className="filters" role="group" aria-label={t('desk.filters')}>
      <MenuChip
        name={t('desk.filter.state')}
        entries={states}
        value={filter.state}
        onValue={(id) => onFilter({ ...filter, state: id as DeskFilter['state'] })}
      />
      <MenuChip
        name={t('desk.filter.unit')}
        entries={unitEntries}
        value={filter.unitId}
        onValue={(unitId) => onFilter({ ...filter, unitId })}
      />
      <MenuChip
        name={t('desk.filter.category')}
        entries={categoryEntries}
        value={filter.categoryId}
        onValue={(categoryId) => onFilter({ ...filter, categoryId })}
      />
      <MenuChip
        name={t('desk.filter.channel')}
        entries={channels}
        value={filter.channel}
        onValue={(id) => onFilter({ ...filter, channel: id as DeskFilter['channel'] })}
      />
      <DatesFilter value={filter.dates} onValue={(dates) => onFilter({ ...filter, dates })} />
      {count > 1 && (
        <Button kind="quiet" size="s" onPress={() => onFilter(NO_FILTER)}>
          {t('desk.filter.clearAll', { count })}
        </Button>
      )}
      <span className="grow" />
      <Menu
        label={t('desk.sortBy')}
        selected={sort}
        entries={(isSearch ? SEARCH_SORTS : SORTS).map((id) => ({ id, label: t(`desk.sort.${id}`) }))}
        onAction={(id) => onSort(id as ListArgs['sort'])}
        trigger={
          <AriaButton className="filter">
            <ArrowDownWideNarrow className="icon icon-s" aria-hidden />
            {t('desk.sortBy')} <b>{t(`desk.sort.${sort}`)}</b>
            <ChevronDown className="icon icon-s" aria-hidden />
          </AriaButton>
        }
      />
    </div>
  );
}

function MenuChip({
  name,
  entries,
  value,
  onValue,
}: {
  readonly name: string;
  readonly entries: readonly MenuEntry[];
  readonly value: string | null;
  readonly onValue: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const shown = entries.find((entry) => entry.id === value)?.label ?? '';
  return (
    <FilterChip name={name} isOn={value !== null} onClear={() => onValue(null)}>
      <Menu
        label={name}
        selected={value ?? ALL}
        entries={[{ id: ALL, label: t('desk.filter.all') }, ...entries]}
        onAction={(id) => onValue(id === ALL ? null : id)}
        trigger={<ChipButton name={name} value={value === null ? null : shown} />}
      />
    </FilterChip>
  );
}
