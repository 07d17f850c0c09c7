import { useTranslation } from 'react-i18next';
import type { FieldValue } from '../../../domain/document/index.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';

/** A field's value as a person reads it. */
export function useFieldValue(categoryId: string): (fieldId: string, value: FieldValue) => string {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const { profile, categories } = useDirectory();
  const fields = [...(categories.get(categoryId)?.fields ?? []), ...(profile?.commonFields ?? [])];
  return (fieldId, value) => {
    if (typeof value === 'boolean') return value ? t('field.yes') : t('field.no');
    if (typeof value === 'number') return format.number(value);
    if (Array.isArray(value)) return value.join('; ');
    const field = fields.find((one) => one.id === fieldId);
    if (field?.type === 'date') return format.day(value) || value;
    const option = field?.options?.find((one) => one.id === value);
    return option ? named(option.name) : value;
  };
}
