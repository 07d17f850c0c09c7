import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeskRow, type ListArgs, VIEWS, type View } from '../../../domain/contracts/desk.ts';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import { useKey } from '../../app/keys.ts';
import { type Route, useRouter } from '../../app/route.tsx';
import { useMediaQuery } from '../../app/useMediaQuery.ts';
import { useDirectory } from '../../data/directory.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { List, Plus, Search } from '../../ui/icons.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { StandingInLine } from '../delegation/index.ts';
import { ArticleGrid } from './ArticleGrid.tsx';
import { DeskEmpty } from './DeskEmpty.tsx';
import { Filters } from './Filters.tsx';
import { filtersOn, listArgsOf, NO_FILTER, useRememberedFilter } from './filter.ts';
import { NewArticleDialog } from './NewArticleDialog.tsx';
import { Preview } from './Preview.tsx';
import type { ListSummary } from './useArticleList.ts';
import { useDebounced } from './useDebounced.ts';
import { ViewsSide } from './ViewsSide.tsx';

const SEARCH_PAUSE_MS = 200;

/** Bàn làm việc: what there is, who acts next and by when. */
export function DeskScreen({
  person,
  route,
}: {
  readonly person: PersonInfo;
  readonly route: Extract<Route, { readonly screen: 'desk' }>;
}) {
  const { t } = useTranslation();
  const { go } = useRouter();
  const { profile } = useDirectory();
  const { value: counts } = useQuery('articles.counts', {});
  const [view, setView] = useState<View>(route.view ?? 'working');
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useRememberedFilter(person.id, view, route);
  const [listSort, setListSort] = useState<ListArgs['sort']>('due');
  const [searchSort, setSearchSort] = useState<ListArgs['sort']>('relevance');
  const [creating, setCreating] = useState(false);
  const [active, setActive] = useState<DeskRow>();
  const [list, setList] = useState<ListSummary>();
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const hasPreview = useMediaQuery('(min-width: 1600px)');
  // The blank behind a word says that it is finished.
  const settled = useDebounced(typed.trimStart(), SEARCH_PAUSE_MS);
  const text = settled.trim() === '' ? '' : settled;
  const [sort, setSort] = text === '' ? [listSort, setListSort] : [searchSort, setSearchSort];

  const mayCreate =
    profile?.chain.vi.some(
      (step) => step.action === 'submit' && step.roles.some((role) => person.roles.includes(role)),
    ) ?? false;
  const views = VIEWS.filter(
    (one) =>
      (one !== 'review' ||
        person.roles.some(
          (role) => role === 'unit-head' || role === 'editor' || role === 'editor-in-chief',
        )) &&
      (one !== 'translation' || person.roles.includes('translator')),
  );

  useKey('find', () => {
    search.current?.focus();
    search.current?.select();
    return true;
  });
  useKey(
    'newArticle',
    () => {
      setCreating(true);
      return true;
    },
    { enabled: mayCreate },
  );

  const open = useCallback(
    (row: DeskRow) => go({ screen: 'article', articleId: row.id, from: 'desk' }),
    [go],
  );
  const total = list?.total;

  return (
    <div className="columns">
      <ViewsSide views={views} view={view} counts={counts} onView={setView} />
      <main className="screen grow" data-pane="list" aria-label={t(`view.${view}`)}>
        <header className="header">
          <Menu
            trigger={
              <Button className="only-narrow" size="s" aria-label={t('desk.views')}>
                <List className="icon icon-s" aria-hidden />
              </Button>
            }
            label={t('desk.views')}
            selected={view}
            entries={views.map((id) => ({ id, label: t(`view.${id}`) }))}
            onAction={(id) => setView(id as View)}
          />
          <h1>
            {t(`view.${view}`)}{' '}
            {total !== undefined && <small className="num">{t('desk.total', { count: total })}</small>}
          </h1>
          <label className="search">
            <Search className="icon" aria-hidden />
            <input
              ref={search}
              type="search"
              value={typed}
              placeholder={t('desk.search')}
              aria-label={t('desk.search')}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape' && typed !== '') setTyped('');
                else if (event.key === 'ArrowDown' || event.key === 'Enter') grid.current?.focus();
                else return;
                event.preventDefault();
              }}
            />
            <Kbd>{t('key.find')}</Kbd>
          </label>
          <span className="grow" />
          {mayCreate && (
            <Button kind="primary" onPress={() => setCreating(true)}>
              <Plus className="icon" aria-hidden />
              {t('desk.new')}
            </Button>
          )}
        </header>
        <StandingInLine />
        <p className="sr" role="status">
          {text !== '' && total !== undefined && list?.isWaiting === false
            ? t('desk.foundCount', { count: total })
            : ''}
        </p>
        <Filters filter={filter} onFilter={setFilter} sort={sort} onSort={setSort} isSearch={text !== ''} />
        <div className="pane grow list-place" hidden={total === 0}>
          {total === undefined && <p className="list-loading muted">{t('desk.firstLoad')}</p>}
          <ArticleGrid
            label={t(`view.${view}`)}
            gridRef={grid}
            filter={{
              view,
              sort,
              ...(text === '' ? {} : { text }),
              ...listArgsOf(filter),
            }}
            pressSelects={hasPreview}
            onOpen={open}
            onActive={setActive}
            onList={setList}
          />
        </div>
        {total === 0 && (
          <DeskEmpty
            view={view}
            text={text.trim()}
            filtersOn={filtersOn(filter)}
            refusal={list?.refusal}
            onClearText={() => setTyped('')}
            onClearFilters={() => setFilter(NO_FILTER)}
            {...(mayCreate ? { onNew: () => setCreating(true) } : {})}
            onAll={() => setView('all')}
          />
        )}
      </main>
      {hasPreview && <Preview row={active} onOpen={open} />}
      {mayCreate && <NewArticleDialog person={person} isOpen={creating} onClose={() => setCreating(false)} />}
    </div>
  );
}
