import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDate } from '../../domain/deadlines/dates.ts';
import { useFormat } from '../app/useFormat.ts';
import { type FieldFrame, TextField } from './Field.tsx';

/**
 * Reads a typed day, `3/9/2026`, `03-09-2026`, `3.9.26` or `2026-09-03`, as `YYYY-MM-DD`; null when it is none.
 * The day comes first, as everywhere in Viet Nam.
 */
export function readDay(text: string): string | null {
  const trimmed = text.trim();
  if (isDate(trimmed)) return trimmed;
  const match = /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{2}|\d{4})$/.exec(trimmed);
  if (!match) return null;
  const [, day = '', month = '', year = ''] = match;
  const date = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}

/** Writes a day as it is typed: `03/9/2026`. */
export function writeDay(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  if (!isDate(date)) return date;
  return `${day}/${Number(month) < 3 ? month : Number(month)}/${year}`;
}

interface DateFieldProps extends FieldFrame {
  readonly id?: string;
  /** `YYYY-MM-DD`, or empty. */
  readonly value: string;
  readonly onChange: (date: string) => void;
  readonly isReadOnly?: boolean;
}

/** A day, typed. What cannot be read stays as typed, with a sentence, and is not stored. */
export function DateField(props: DateFieldProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState(writeDay(props.value));
  const [touched, setTouched] = useState(false);
  const [storedText, setStoredText] = useState(props.value);
  if (storedText !== props.value) {
    setStoredText(props.value);
    if (readDay(text) !== props.value) setText(writeDay(props.value));
  }
  useEffect(() => {
    if (!touched) return;
    const read = readDay(text);
    if (read !== null) setText(writeDay(read));
  }, [touched, text]);
  const unreadable = touched && text.trim() !== '' && readDay(text) === null;
  return (
    <TextField
      {...props}
      className="num"
      inputMode="numeric"
      value={text}
      onChange={(typed) => {
        setText(typed);
        setTouched(false);
        const read = typed.trim() === '' ? '' : readDay(typed);
        if (read !== null && read !== props.value) props.onChange(read);
      }}
      onBlur={() => setTouched(true)}
      error={unreadable ? t('field.dateForm') : props.error}
      help={
        props.help ??
        (text === '' ? t('field.dateHelp') : format.day(props.value) === '' ? t('field.dateHelp') : undefined)
      }
    />
  );
}
