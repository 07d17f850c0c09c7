import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import { fieldsFor } from '../../../../domain/content/index.ts';
import type { DeskRow } from '../../../../domain/contracts/desk.ts';
import type { ArticleContent } from '../../../../domain/document/index.ts';
import { type FieldRule, holds, isRequired } from '../../../../domain/regulations/index.ts';
import { useFormat } from '../../../app/useFormat.ts';
import { useCitation } from '../../../data/citation.ts';
import { useDirectory, useNamed } from '../../../data/directory.ts';
import { FieldLabel } from '../../../ui/Field.tsx';
import { type ShownIssue, useIssueSentence } from '../../decisions/index.ts';
import { FieldControl } from './FieldControl.tsx';

/** The fields that the regulation asks for in this category, each with its clause. */
export function FieldsPanel({
  row,
  doc,
  content,
  isEditable,
  issues,
  attempted,
  onAttach,
}: {
  readonly row: DeskRow;
  readonly doc: Y.Doc;
  readonly content: ArticleContent;
  readonly isEditable: boolean;
  readonly issues: readonly ShownIssue[];
  /** After the first attempt to submit what is missing is marked; before, only what is wrong. */
  readonly attempted: boolean;
  readonly onAttach: (role: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const citation = useCitation();
  const { profile, categories, units } = useDirectory();
  const say = useIssueSentence(row.categoryId);
  const category = categories.get(row.categoryId);
  if (!profile || !category) return <p className="muted">{t('fields.loading')}</p>;
  // The language of the article decides which fields there are, the language of the window what they are called.
  const specs = fieldsFor(profile, row.categoryId, row.channel)
    .filter((field) => field.inEnglish !== 'inherit' && field.filledBy === undefined)
    .filter((field) => isShown(field, content))
    .map((field) => ({ ...field, label: i18n.language === 'en' ? field.name.en : field.name.vi }));
  const errorOf = (fieldId: string): string | undefined => {
    const issue = issues.find((one) => one.fieldId === fieldId && one.severity === 'must');
    if (!issue) return undefined;
    const isMissing = issue.code.startsWith('missing') || issue.code === 'precondition-unmet';
    return isMissing && !attempted ? undefined : say(issue);
  };
  const { eventField } = category.deadline;
  const noteOf = (fieldId: string): string | undefined => {
    const should = issues.find((one) => one.fieldId === fieldId && one.severity === 'should');
    if (should) return say(should);
    if (fieldId !== eventField || row.due === null) return undefined;
    return t('fields.due', { day: format.day(row.due.date), clause: citation(row.due) });
  };
  return (
    <div className="fields">
      <div className="field">
        <FieldLabel label={t('fields.category')} aside={citation(category)} />
        <p className="fixed-value">{named(category.name)}</p>
      </div>
      <div className="field">
        <FieldLabel label={t('fields.unit')} />
        <p className="fixed-value">{named(units.get(row.unitId)?.name)}</p>
      </div>
      {row.channel === 'en' && <p className="help">{t('fields.inherited')}</p>}
      {specs.map((field) => (
        <FieldControl
          key={field.id}
          field={field}
          doc={doc}
          isEditable={isEditable}
          isRequired={isRequired(field, content.fields)}
          error={errorOf(field.id)}
          help={noteOf(field.id)}
          files={content.files}
          onAttach={onAttach}
        />
      ))}
    </div>
  );
}

/** A field that depends on another is shown while its condition holds, or when it has a value that somebody entered. */
const isShown = (field: FieldRule, content: ArticleContent): boolean =>
  field.when === undefined || content.fields[field.id] !== undefined || holds(field.when, content.fields);
