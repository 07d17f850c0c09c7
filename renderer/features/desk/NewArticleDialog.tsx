import { useMemo, useState } from 'react';
import { Autocomplete, Header, Input, ListBox, ListBoxSection, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PersonInfo } from '../../../domain/contracts/rows.ts';
import { categoriesForUnit } from '../../../domain/regulations/profiles.ts';
import type { Category } from '../../../domain/regulations/types.ts';
import { foldVietnamese } from '../../../domain/text/index.ts';
import { useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useCitation } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useEndedUnit, useRuleSentence } from '../../data/endedUnit.ts';
import { useClient } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { OptionItem } from '../../ui/Choice.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { FieldNotes, TextField } from '../../ui/Field.tsx';
import { Search } from '../../ui/icons.ts';
import { Notice } from '../../ui/Notice.tsx';

const matches = (text: string, typed: string): boolean =>
  foldVietnamese(text).includes(foldVietnamese(typed.trim()));

/** A new article: in which category of the regulation, under what title. */
export function NewArticleDialog({
  person,
  isOpen,
  onClose,
}: {
  readonly person: PersonInfo;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('new.title')} isOpen={isOpen} onClose={onClose} wide>
      <NewArticleForm person={person} onClose={onClose} />
    </Dialog>
  );
}

function NewArticleForm({ person, onClose }: { readonly person: PersonInfo; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const named = useNamed();
  const client = useClient();
  const sentence = useRuleSentence();
  const ended = useEndedUnit()(person.unitId);
  const { go } = useRouter();
  const { profile, units } = useDirectory();
  const citation = useCitation();
  const [articleId] = useState(() => crypto.randomUUID());
  const [categoryId, setCategoryId] = useState<string | null>(null);
  const [title, setTitle] = useState('');
  const [error, setError] = useState<{ readonly on: 'category' | 'title' | 'form'; readonly text: string }>();
  const [busy, setBusy] = useState(false);

  const { own, others } = useMemo(() => {
    const all = profile ? categoriesForUnit(profile, person.unitId) : [];
    const duties = new Set<string>([
      ...(units.get(person.unitId)?.categories ?? []),
      ...(profile?.units
        .find((unit) => unit.id === person.unitId)
        ?.categories.map((duty) => duty.categoryId) ?? []),
    ]);
    return {
      own: all.filter((category) => duties.has(category.id)),
      others: all.filter((category) => !duties.has(category.id)),
    };
  }, [profile, units, person.unitId]);

  const option = (category: Category) => ({
    id: category.id,
    label: named(category.name),
    note: citation(category),
  });

  const create = async () => {
    if (busy) return;
    if (categoryId === null) return setError({ on: 'category', text: t('new.categoryMissing') });
    if (title.trim() === '') return setError({ on: 'title', text: t('new.titleMissing') });
    setBusy(true);
    const result = await client.ask('articles.create', {
      articleId,
      categoryId,
      title: title.trim().normalize('NFC'),
    });
    setBusy(false);
    if (!result.ok) return setError({ on: 'form', text: sentence(result.error) });
    onClose();
    go({ screen: 'article', articleId, from: 'desk' });
  };
  useKey(
    'primary',
    () => {
      void create();
      return true;
    },
    { inDialog: true },
  );

  if (ended !== null)
    return (
      <>
        <Notice tone="warning" title={t('unitEnded.title')} isAlert>
          <p>{ended}</p>
        </Notice>
        <DialogActions>
          <Button kind="primary" onPress={onClose}>
            {t('action.close')}
          </Button>
        </DialogActions>
      </>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <p className="muted">{t('new.intro')}</p>
      <div className="field category-picker">
        <Autocomplete filter={matches}>
          <SearchField aria-label={t('new.searchCategory')} autoFocus className="input">
            <Search className="icon" aria-hidden />
            <Input placeholder={t('new.searchCategory')} />
          </SearchField>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
          <section className="category-list" aria-label={t('new.category')} tabIndex={0}>
            <ListBox
              className="options"
              aria-label={t('new.category')}
              selectionMode="single"
              selectedKeys={categoryId === null ? [] : [categoryId]}
              onSelectionChange={(keys) => {
                const [first] = keys === 'all' ? [] : [...keys];
                if (first !== undefined) setCategoryId(String(first));
                setError(undefined);
              }}
              disallowEmptySelection
              renderEmptyState={() => <p className="side-note">{t('new.noCategory')}</p>}
            >
              {own.length > 0 && (
                <ListBoxSection>
                  <Header className="options-head">{t('new.ownCategories')}</Header>
                  {own.map((category) => (
                    <OptionItem key={category.id} option={option(category)} />
                  ))}
                </ListBoxSection>
              )}
              <ListBoxSection>
                <Header className="options-head">{t('new.otherCategories')}</Header>
                {others.map((category) => (
                  <OptionItem key={category.id} option={option(category)} />
                ))}
              </ListBoxSection>
            </ListBox>
          </section>
        </Autocomplete>
        <FieldNotes id="new-category-notes" error={error?.on === 'category' ? error.text : undefined} />
      </div>
      <TextField
        label={t('new.articleTitle')}
        isRequired
        value={title}
        onChange={(value) => {
          setTitle(value);
          setError(undefined);
        }}
        maxLength={1000}
        help={t('new.titleHelp')}
        error={error?.on === 'title' ? error.text : undefined}
      />
      {error?.on === 'form' && <FieldNotes id="new-notes" error={error.text} />}
      <DialogActions note={t('new.staysHere')}>
        <Button onPress={onClose}>{t('action.cancel')}</Button>
        <Button kind="primary" type="submit" shortcut="primary">
          {busy ? t('new.creating') : t('new.create')}
        </Button>
      </DialogActions>
    </form>
  );
}
