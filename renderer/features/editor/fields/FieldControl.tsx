import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney, readNumber } from '../../../../domain/content/index.ts';
import { fieldsMap, fieldText, setField } from '../../../../domain/document/index.ts';
import { useClause } from '../../../data/citation.ts';
import { useNamed } from '../../../data/directory.ts';
import { useMapValue, useSharedText } from '../../../data/useSharedText.ts';
import { RadioField, SelectField } from '../../../ui/Choice.tsx';
import { DateField } from '../../../ui/DateField.tsx';
import { type FieldFrame, FieldLabel, FieldNotes, TextField } from '../../../ui/Field.tsx';
import { FileField } from './FileField.tsx';
import type { FieldControlProps } from './fieldProps.ts';

const ORIGIN = 'field';
/** Few enough options to lie open. */
const RADIO_MAX = 3;

/** One field of the form, by its kind. Texts merge word by word; of dates, choices and numbers the later stays. */
export function FieldControl(props: FieldControlProps) {
  const { field } = props;
  const clauseOf = useClause();
  const frame: FieldFrame = {
    label: field.label,
    aside: clauseOf(field),
    isRequired: props.isRequired,
    help: props.help,
    error: props.error,
  };
  const shared = { ...props, frame, id: `field-${field.id}` };
  switch (field.type) {
    case 'date':
      return <DateControl {...shared} />;
    case 'choice':
      return <ChoiceControl {...shared} />;
    case 'boolean':
      return <BooleanControl {...shared} />;
    case 'number':
    case 'money':
      return <NumberControl {...shared} />;
    case 'file':
      return <FileField {...shared} />;
    default:
      return field.multiple ? <ListControl {...shared} /> : <TextControl {...shared} />;
  }
}

type Shared = FieldControlProps & { readonly frame: FieldFrame; readonly id: string };

function DateControl({ field, doc, isEditable, frame, id }: Shared) {
  const value = useMapValue(fieldsMap(doc), field.id);
  return (
    <DateField
      {...frame}
      id={id}
      value={typeof value === 'string' ? value : ''}
      isReadOnly={!isEditable}
      onChange={(date) => setField(doc, field.id, date === '' ? null : date, ORIGIN)}
    />
  );
}

function ChoiceControl({ field, doc, isEditable, frame, id }: Shared) {
  const { t } = useTranslation();
  const named = useNamed();
  const value = useMapValue(fieldsMap(doc), field.id);
  const options = (field.options ?? []).map((option) => ({ id: option.id, label: named(option.name) }));
  const choice = {
    ...frame,
    id,
    options,
    value: typeof value === 'string' ? value : null,
    isReadOnly: !isEditable,
    onChange: (chosen: string) => setField(doc, field.id, chosen, ORIGIN),
  };
  return options.length <= RADIO_MAX ? (
    <RadioField {...choice} />
  ) : (
    <SelectField {...choice} placeholder={t('field.choose')} />
  );
}

function BooleanControl({ field, doc, isEditable, frame, id }: Shared) {
  const { t } = useTranslation();
  const value = useMapValue(fieldsMap(doc), field.id);
  return (
    <RadioField
      {...frame}
      id={id}
      options={[
        { id: 'yes', label: t('field.yes') },
        { id: 'no', label: t('field.no') },
      ]}
      value={typeof value === 'boolean' ? (value ? 'yes' : 'no') : null}
      isReadOnly={!isEditable}
      onChange={(chosen) => setField(doc, field.id, chosen === 'yes', ORIGIN)}
    />
  );
}

/** Shows a value as typed; what can be read as a number is stored as one, the rest as text with its check. */
function NumberControl({ field, doc, isEditable, frame, id }: Shared) {
  const value = useMapValue(fieldsMap(doc), field.id);
  const stored = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const read = field.type === 'money' ? readMoney : readNumber;
  const [typed, setTyped] = useState(stored);
  useEffect(() => {
    setTyped((now) => (now === stored || String(read(now) ?? now) === stored ? now : stored));
  }, [stored, read]);
  return (
    <TextField
      {...frame}
      id={id}
      className="num"
      inputMode="decimal"
      value={typed}
      isReadOnly={!isEditable}
      onChange={(text) => {
        setTyped(text);
        const trimmed = text.trim();
        setField(doc, field.id, trimmed === '' ? null : (read(trimmed) ?? trimmed), ORIGIN);
      }}
    />
  );
}

const TYPES = { email: 'email', phone: 'tel', url: 'url' } as const;

function TextControl({ field, doc, isEditable, frame, id }: Shared) {
  const text = fieldText(doc, field.id);
  const notes = `${id}-notes`;
  const isLong = field.type === 'longText';
  const input = useSharedText<HTMLInputElement>(text);
  const area = useSharedText<HTMLTextAreaElement>(text);
  const shared = {
    id,
    readOnly: !isEditable,
    spellCheck: false,
    autoComplete: 'off',
    'aria-required': frame.isRequired || undefined,
    'aria-invalid': frame.error ? true : undefined,
    'aria-describedby': notes,
  } as const;
  const look = `input ${frame.error ? 'is-error' : ''} ${isEditable ? '' : 'is-readonly'}`;
  const type = field.type in TYPES ? TYPES[field.type as keyof typeof TYPES] : 'text';
  return (
    <div className="field">
      <FieldLabel
        htmlFor={id}
        label={frame.label}
        aside={frame.aside}
        isRequired={frame.isRequired ?? false}
      />
      {isLong ? (
        <textarea {...shared} ref={area} className={`${look} auto-grow`} rows={2} />
      ) : (
        <span className={look}>
          <input {...shared} ref={input} type={type} />
        </span>
      )}
      <FieldNotes id={notes} help={frame.help} error={frame.error} />
    </div>
  );
}

function ListControl({ field, doc, isEditable, frame, id }: Shared) {
  const { t } = useTranslation();
  const value = useMapValue(fieldsMap(doc), field.id);
  const stored = Array.isArray(value) ? value.join('\n') : '';
  const [typed, setTyped] = useState(stored);
  useEffect(() => {
    setTyped((now) => (linesOf(now).join('\n') === stored ? now : stored));
  }, [stored]);
  const notes = `${id}-notes`;
  return (
    <div className="field">
      <FieldLabel
        htmlFor={id}
        label={frame.label}
        aside={frame.aside}
        isRequired={frame.isRequired ?? false}
      />
      <textarea
        id={id}
        className={`input ${frame.error ? 'is-error' : ''} ${isEditable ? '' : 'is-readonly'}`}
        rows={3}
        value={typed}
        readOnly={!isEditable}
        spellCheck={false}
        aria-describedby={notes}
        aria-invalid={frame.error ? true : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          const lines = linesOf(event.target.value);
          setField(doc, field.id, lines.length === 0 ? null : lines, ORIGIN);
        }}
      />
      <FieldNotes id={notes} help={frame.help ?? t('field.onePerLine')} error={frame.error} />
    </div>
  );
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().normalize('NFC'))
    .filter((line) => line !== '');
