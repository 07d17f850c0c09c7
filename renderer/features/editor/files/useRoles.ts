import { useTranslation } from 'react-i18next';
import { useDirectory, useNamed } from '../../../data/directory.ts';
import type { Option } from '../../../ui/Choice.tsx';
import { DEFAULT_ROLE } from './useUploads.ts';

const GENERAL = [DEFAULT_ROLE, 'illustration', 'form'] as const;

/** What a file can be to an article of a category: a file field it fills, or something general. */
export function useRoles(categoryId: string): {
  readonly options: readonly Option[];
  readonly nameOf: (role: string) => string;
} {
  const { t } = useTranslation();
  const named = useNamed();
  const { categories } = useDirectory();
  const fields = categories.get(categoryId)?.fields.filter((field) => field.type === 'file') ?? [];
  const options = [
    ...fields.map((field) => ({ id: field.id, label: named(field.name) })),
    ...GENERAL.map((id) => ({ id, label: t(`files.role.${id as 'attachment' | 'illustration' | 'form'}`) })),
  ];
  return {
    options,
    nameOf: (role) => options.find((option) => option.id === role)?.label ?? t('files.role.attachment'),
  };
}
