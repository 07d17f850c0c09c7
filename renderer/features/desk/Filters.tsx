import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ListArgs } from '../../../domain/contracts/desk.ts';
import { ARTICLE_STATES, type ArticleState } from '../../../domain/regulations/types.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { ArrowDownWideNarrow, ChevronDown, X } from '../../ui/icons.ts';
import { Menu, type MenuEntry } from '../../ui/Menu.tsx';

export interface DeskFilter {
  readonly state: ArticleState | null;
  readonly unitId: string | null;
  readonly categoryId: string | null;
}
export const NO_FILTER: DeskFilter = { state: null, unitId: null, categoryId: null };
const ALL = 'all';
const SORTS = ['due', 'updated', 'title'] as const satisfies readonly ListArgs['sort'][];

/** What narrows the list, each chip showing its value. */
export function Filters({
  filter,
  onFilter,
  sort,
  onSort,
}: {
  readonly filter: DeskFilter;
  readonly onFilter: (filter: DeskFilter) => void;
  readonly sort: ListArgs['sort'];
  readonly onSort: (sort: ListArgs['sort']) => void;
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units, categories } = useDirectory();
  const all: MenuEntry = { id: ALL, label: t('desk.filter.all') };
  const states = [all, ...ARTICLE_STATES.map((id) => ({ id, label: t(`state.${id}`) }))];
  const unitEntries = [all, ...[...units.values()].map((unit) => ({ id: unit.id, label: named(unit.name) }))];
  const categoryEntries = [
    all,
    ...[...categories.values()]
      .filter((one) => one.drafting)
      .map((one) => ({ id: one.id, label: named(one.name) })),
  ];
  const value = (id: string) => (id === ALL ? null : id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: chips above a list are no form section
    <div className="filters" role="group" aria-label={t('desk.filters')}>
      <FilterChip
        name={t('desk.filter.state')}
        entries={states}
        value={filter.state}
        onValue={(id) => onFilter({ ...filter, state: value(id) as ArticleState | null })}
      />
      <FilterChip
        name={t('desk.filter.unit')}
        entries={unitEntries}
        value={filter.unitId}
        onValue={(id) => onFilter({ ...filter, unitId: value(id) })}
      />
      <FilterChip
        name={t('desk.filter.category')}
        entries={categoryEntries}
        value={filter.categoryId}
        onValue={(id) => onFilter({ ...filter, categoryId: value(id) })}
      />
      <span className="grow" />
      <Menu
        label={t('desk.sortBy')}
        selected={sort}
        entries={SORTS.map((id) => ({ id, label: t(`desk.sort.${id}`) }))}
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

function FilterChip({
  name,
  entries,
  value,
  onValue,
}: {
  readonly name: string;
  readonly entries: readonly MenuEntry[];
  readonly value: string | null;
  readonly onValue: (id: string) => void;
}) {
  const { t } = useTranslation();
  const shown = entries.find((entry) => entry.id === (value ?? ALL))?.label ?? '';
  const isOn = value !== null;
  return (
    <span className={`filter-set ${isOn ? 'is-on' : ''}`}>
      <Menu
        label={name}
        selected={value ?? ALL}
        entries={entries}
        onAction={onValue}
        trigger={
          <AriaButton className={`filter ${isOn ? 'is-on' : ''}`}>
            <span>{t('desk.filter.name', { name })}</span>{' '}
            <b className="clip">{isOn ? shown : t('desk.filter.any')}</b>
            {!isOn && <ChevronDown className="icon icon-s" aria-hidden />}
          </AriaButton>
        }
      />
      {isOn && (
        <AriaButton
          className="filter-clear"
          aria-label={t('desk.filter.clear', { name })}
          onPress={() => onValue(ALL)}
        >
          <X className="icon icon-s" aria-hidden />
        </AriaButton>
      )}
    </span>
  );
}
