import type { TFunction } from 'i18next';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow, Found } from '../../../domain/contracts/desk.ts';
import { type Format, useFormat } from '../../app/useFormat.ts';
import { type Rule, useClause } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { type DueWords, useDueWords } from '../../ui/DueChip.tsx';
import { stateWord } from '../../ui/StateMark.tsx';
import { fieldLabelOf } from '../decisions/index.ts';
import { type NextActor, useNextActor } from './nextActor.ts';

/** What rows say and in which language: the same object until language or directory change. */
export interface RowSpeech {
  readonly t: TFunction;
  readonly format: Format;
  readonly stateWord: (state: DeskRow['projectedState'], channel: DeskRow['channel']) => string;
  readonly secondLine: (row: Pick<DeskRow, 'categoryId' | 'unitId'>) => string;
  /** Where in an article a passage stands: the name of its field or file, or which part of it. */
  readonly placeOf: (passage: NonNullable<Found['passage']>, categoryId: string) => string;
  readonly nextActor: NextActor;
  readonly dueWords: DueWords;
  readonly clauseOf: (rule: Rule) => string;
  /** Of a person; empty for somebody unknown. */
  readonly nameOf: (personId: string) => string;
}

/** The category and unit of an article, one line. */
export function useSecondLine(): RowSpeech['secondLine'] {
  const named = useNamed();
  const { categories, units } = useDirectory();
  return useCallback(
    (row) =>
      [named(categories.get(row.categoryId)?.name), named(units.get(row.unitId)?.name)]
        .filter(Boolean)
        .join(' · '),
    [named, categories, units],
  );
}

export function useRowSpeech(): RowSpeech {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  const { people, profile } = useDirectory();
  const secondLine = useSecondLine();
  const nextActor = useNextActor();
  const dueWords = useDueWords();
  const clauseOf = useClause();
  return useMemo(
    () => ({
      t,
      format,
      stateWord: (state, channel) => stateWord(t, state, channel),
      secondLine,
      placeOf: ({ place, name }, categoryId) => {
        if (place === 'attachments') return name ?? t('desk.found.attachment');
        const fieldId = place === 'fields' ? name : place;
        return fieldId === null
          ? t('desk.found.field')
          : fieldLabelOf(fieldId, categoryId, profile, named, t);
      },
      nextActor,
      dueWords,
      clauseOf,
      nameOf: (personId) => named(people.get(personId)?.name),
    }),
    [t, format, named, people, profile, secondLine, nextActor, dueWords, clauseOf],
  );
}
