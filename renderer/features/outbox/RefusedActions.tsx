import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxItem } from '../../../domain/contracts/desk.ts';
import { useRefusal } from '../../app/sentences.ts';
import { useClient } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';

/** What can be done with something that the portal did not take: send it once more, or put it away after a question. */
export function RefusedActions({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const client = useClient();
  const sentence = useRefusal();
  const [asks, setAsks] = useState(false);
  const [error, setError] = useState<string>();
  const ask = async (name: 'outbox.sendAgain' | 'outbox.dismiss') => {
    const result = await client.ask(name, { id: item.id });
    if (!result.ok) return setError(sentence(result.error));
    setError(undefined);
    setAsks(false);
  };
  return (
    <>
      {item.maySendAgain && (
        <Button size="s" onPress={() => void ask('outbox.sendAgain')}>
          {t('outbox.sendAgain')}
        </Button>
      )}
      <Button size="s" onPress={() => setAsks(true)}>
        {t('outbox.dismiss')}
      </Button>
      {error && !asks && <p className="help-error">{error}</p>}
      <Dialog title={t('outbox.dismissTitle')} isOpen={asks} onClose={() => setAsks(false)}>
        <p className="muted">
          {item.kind === 'text' && item.keptText === null
            ? t('outbox.dismissTextOfText')
            : t('outbox.dismissText')}
        </p>
        {error && <p className="help-error">{error}</p>}
        <DialogActions>
          <Button onPress={() => setAsks(false)} autoFocus>
            {t('action.cancel')}
          </Button>
          <Button kind="primary" onPress={() => void ask('outbox.dismiss')}>
            {t('outbox.dismissConfirm')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
