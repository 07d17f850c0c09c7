import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import type { Refusal } from '../../../domain/lib/result.ts';
import { useKey } from '../../app/keys.ts';
import { useRouter } from '../../app/route.tsx';
import { useClient } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { RefusalNotice } from '../decisions/RefusalNotice.tsx';

/** Begins the English version of an approved Vietnamese article. */
export function StartTranslationDialog({
  source,
  onClose,
}: {
  readonly source: DeskRow;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const { go } = useRouter();
  const [articleId] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const start = async () => {
    if (busy) return;
    setBusy(true);
    const result = await client.ask('articles.createTranslation', { articleId, sourceArticleId: source.id });
    setBusy(false);
    if (!result.ok) return setRefusal(result.error);
    onClose();
    go({ screen: 'translation', articleId: result.value.articleId });
  };
  useKey(
    'primary',
    () => {
      void start();
      return true;
    },
    { inDialog: true },
  );
  return (
    <Dialog title={t('translation.startTitle')} isOpen onClose={onClose}>
      <p className="dialog-article" lang="vi">
        {source.title}
      </p>
      <p className="muted">{t('translation.startText')}</p>
      {refusal && <RefusalNotice refusal={refusal} />}
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {t('action.cancel')}
        </Button>
        <Button kind="primary" shortcut="primary" onPress={() => void start()}>
          {busy ? t('new.creating') : t('translation.start')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
