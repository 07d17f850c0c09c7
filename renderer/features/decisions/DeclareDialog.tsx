import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import type { Refusal } from '../../../domain/lib/result.ts';
import { useKey } from '../../app/keys.ts';
import { useCitation } from '../../data/citation.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Choice.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { Deciding } from './useDeciding.ts';

/**
 * The author declares that the article holds no state secret; only then does anything of it leave the machine, and then
 * it can't be taken back (TB21 Điều 5.2 and 14.1, TB11 12.2, VP17 15.1).
 */
export function DeclareDialog({
  detail,
  deciding,
  thenSubmit,
  onClose,
}: {
  readonly detail: ArticleDetail;
  readonly deciding: Deciding;
  readonly thenSubmit: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const citation = useCitation();
  const [consent, setConsent] = useState(false);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const info = deciding.infoOf('declare');

  const declare = async () => {
    if (busy) return;
    if (!consent) return setAsked(true);
    setBusy(true);
    let refused = await deciding.propose('declare', null);
    // Declared already, in another window perhaps: the wish to submit still stands.
    if (refused?.code === 'already-declared') refused = null;
    if (!refused && thenSubmit) refused = await deciding.propose('submit', null);
    setBusy(false);
    if (refused) setRefusal(refused);
    else onClose();
  };
  useKey(
    'primary',
    () => {
      void declare();
      return true;
    },
    { inDialog: true },
  );
  return (
    <Dialog title={t('declare.title')} isOpen onClose={onClose}>
      <p className="dialog-article">{detail.row.title || t('article.untitled')}</p>
      <p>{t('declare.held')}</p>
      <p className="muted">{t('declare.cannotUnsend')}</p>
      <Checkbox
        isOn={consent}
        onChange={(on) => {
          setConsent(on);
          setAsked(false);
        }}
        error={asked ? t('declare.consentMissing') : undefined}
        autoFocus
      >
        {t('declare.consent')}
      </Checkbox>
      {refusal && <RefusalNotice refusal={refusal} />}
      <DialogActions note={info ? citation(info) : undefined}>
        <Button onPress={onClose}>{t('declare.later')}</Button>
        <Button kind="primary" shortcut="primary" onPress={() => void declare()}>
          {busy ? t('confirm.busy') : thenSubmit ? t('declare.andSubmit') : t('declare.only')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
