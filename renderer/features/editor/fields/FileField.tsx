import { useTranslation } from 'react-i18next';
import type { ContentFile } from '../../../../domain/document/index.ts';
import { useFormat } from '../../../app/useFormat.ts';
import { Button } from '../../../ui/Button.tsx';
import { type FieldFrame, FieldLabel, FieldNotes } from '../../../ui/Field.tsx';
import { FileText, Paperclip } from '../../../ui/icons.ts';
import type { FieldControlProps } from './fieldProps.ts';

/** A field that an attached file fills: the file's role is the field's id. */
export function FileField({
  field,
  files,
  isEditable,
  onAttach,
  frame,
  id,
}: FieldControlProps & { readonly frame: FieldFrame; readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = files.filter((file: ContentFile) => file.role === field.id);
  const label = `${id}-label`;
  const notes = `${id}-notes`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a field of the form, not a form section
    <div className="field" role="group" aria-labelledby={label} aria-describedby={notes}>
      <FieldLabel id={label} label={frame.label} aside={frame.aside} isRequired={frame.isRequired ?? false} />
      {own.map((file) => (
        <span key={file.id} className="input is-readonly file-of-field">
          <FileText className="icon" aria-hidden />
          <span className="clip grow">{file.label || file.name}</span>
          <span className="ref num">{format.bytes(file.size)}</span>
        </span>
      ))}
      {isEditable && (own.length === 0 || field.multiple) && (
        <Button id={id} size="s" className="attach" onPress={() => onAttach(field.id)}>
          <Paperclip className="icon icon-s" aria-hidden />
          {t('files.attachHere')}
        </Button>
      )}
      {!isEditable && own.length === 0 && <span className="muted small">{t('files.none')}</span>}
      <FieldNotes
        id={notes}
        help={
          field.formats ? t('files.formats', { formats: field.formats.join(', ').toUpperCase() }) : undefined
        }
        error={frame.error}
      />
    </div>
  );
}
