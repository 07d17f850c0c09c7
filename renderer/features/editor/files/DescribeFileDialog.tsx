import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import { type ContentFile, setFile } from '../../../../domain/document/index.ts';
import { useKey } from '../../../app/keys.ts';
import { Button } from '../../../ui/Button.tsx';
import { SelectField } from '../../../ui/Choice.tsx';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { useRoles } from './useRoles.ts';

/** What a file is to the article, and the title citizens see instead of its name. */
export function DescribeFileDialog({
  doc,
  file,
  categoryId,
  onClose,
}: {
  readonly doc: Y.Doc;
  readonly file: ContentFile;
  readonly categoryId: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { options } = useRoles(categoryId);
  const [label, setLabel] = useState(file.label);
  const [role, setRole] = useState(file.role);
  const save = () => {
    const { id, ...entry } = file;
    setFile(doc, id, { ...entry, label: label.trim().normalize('NFC'), role }, 'files');
    onClose();
  };
  useKey(
    'primary',
    () => {
      save();
      return true;
    },
    { inDialog: true },
  );
  return (
    <Dialog title={t('files.describeTitle')} isOpen onClose={onClose}>
      <p className="muted clip">{file.name}</p>
      <TextField
        label={t('files.label')}
        value={label}
        onChange={setLabel}
        help={t('files.labelHelp')}
        maxLength={300}
        autoFocus
      />
      <SelectField
        label={t('files.roleLabel')}
        options={options}
        value={role}
        onChange={setRole}
        placeholder={t('field.choose')}
      />
      <DialogActions>
        <Button onPress={onClose}>{t('action.cancel')}</Button>
        <Button kind="primary" onPress={save}>
          {t('action.save')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
