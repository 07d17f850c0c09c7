import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { keyLabel, useKey } from '../../app/keys.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { CircleHelp } from '../../ui/icons.ts';
import { StandingCard } from './StandingCard.tsx';

type Row = Pick<DeskRow, 'id' | 'title' | 'projectedState'>;

/** Where an article stands, over whatever is on the screen. */
export function StandingDialog({
  row,
  onClose,
  onShowChecks,
  onOpen,
}: {
  readonly row: Row;
  readonly onClose: () => void;
  readonly onShowChecks?: (() => void) | undefined;
  readonly onOpen?: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('standing.title')} isOpen onClose={onClose}>
      <p className="dialog-article">{row.title || t('article.untitled')}</p>
      <StandingCard
        articleId={row.id}
        state={row.projectedState}
        onShowChecks={
          onShowChecks &&
          (() => {
            onClose();
            onShowChecks();
          })
        }
      />
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

/** Asks where the open article stands. */
export function StandingButton({
  row,
  onShowChecks,
}: {
  readonly row: Row;
  readonly onShowChecks?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useKey('standing', () => {
    setOpen(true);
    return true;
  });
  return (
    <>
      <IconButton
        label={t('frame.withKey', { name: t('standing.title'), key: keyLabel('standing') })}
        onPress={() => setOpen(true)}
      >
        <CircleHelp className="icon" aria-hidden />
      </IconButton>
      {isOpen && <StandingDialog row={row} onClose={() => setOpen(false)} onShowChecks={onShowChecks} />}
    </>
  );
}
