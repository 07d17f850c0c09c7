import { $createLinkNode, $toggleLink } from '@lexical/link';
import {
  $createTextNode,
  $getSelection,
  $isRangeSelection,
  $setSelection,
  type BaseSelection,
  type LexicalEditor,
} from 'lexical';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { safeHref } from '../../../../domain/document/index.ts';
import { useKey } from '../../../app/keys.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';

/** Sets or removes the link at the cursor. Addresses that could do harm are not taken. */
export function LinkDialog({
  editor,
  url,
  onClose,
}: {
  readonly editor: LexicalEditor;
  readonly url: string | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(url ?? 'https://');
  const [error, setError] = useState<string>();
  // The dialog takes the focus and with it the selection; what was chosen is put back before the command.
  const [selection] = useState<BaseSelection | null>(() =>
    editor.getEditorState().read(() => $getSelection()?.clone() ?? null),
  );

  const apply = (href: string | null) => {
    onClose();
    editor.update(
      () => {
        if (selection) $setSelection(selection.clone());
        const now = $getSelection();
        const isNew = href !== null && url === null && $isRangeSelection(now) && now.isCollapsed();
        if (isNew) now.insertNodes([$createLinkNode(href).append($createTextNode(href))]);
        else $toggleLink(href);
      },
      { onUpdate: () => editor.focus() },
    );
  };
  const set = () => {
    const href = safeHref(typed.trim());
    if (href === null || href === 'https://') return setError(t('link.form'));
    apply(href);
  };
  useKey(
    'primary',
    () => {
      set();
      return true;
    },
    { inDialog: true },
  );
  return (
    <Dialog title={t('link.title')} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          set();
        }}
        noValidate
      >
        <TextField
          label={t('link.address')}
          type="url"
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setError(undefined);
          }}
          autoFocus
          error={error}
        />
        <DialogActions>
          {url !== null && <Button onPress={() => apply(null)}>{t('link.remove')}</Button>}
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit">
            {t('link.set')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
