import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { useKey } from '../../app/keys.ts';
import { useQuery } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { DueChip } from '../../ui/DueChip.tsx';
import { DueExplained, useDueTitle } from './DueExplained.tsx';

/** Why an article is due on its day, over whatever is on the screen. */
export function DueDialog({
  articleId,
  title,
  onClose,
  onOpen,
}: {
  readonly articleId: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly onOpen?: () => void;
}) {
  const { t } = useTranslation();
  const { value: explanation, refusal } = useQuery('planning.explain', { articleId });
  const titleOf = useDueTitle();
  return (
    <Dialog title={titleOf(explanation?.dueDate ?? null)} isOpen onClose={onClose}>
      <p className="dialog-article">{title || t('article.untitled')}</p>
      <DueExplained explanation={explanation} refusal={refusal?.code} />
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {t('action.close')}
        </Button>
        {onOpen && (
          <Button kind="primary" onPress={onOpen}>
            {t('standing.openArticle')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** The deadline of the open article; pressing it explains it. */
export function DueButton({ row }: { readonly row: DeskRow }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useKey('explainDue', () => {
    setOpen(true);
    return true;
  });
  const hasChip = row.dueStatus.code !== 'none' && row.dueStatus.code !== 'done';
  return (
    <>
      {hasChip && (
        <button
          type="button"
          className="due-button"
          aria-haspopup="dialog"
          aria-description={t('deadlines.explain')}
          onClick={() => setOpen(true)}
        >
          <DueChip row={row} />
        </button>
      )}
      {isOpen && <DueDialog articleId={row.id} title={row.title} onClose={() => setOpen(false)} />}
    </>
  );
}
