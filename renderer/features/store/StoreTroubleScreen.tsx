import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoreTrouble } from '../../../domain/contracts/desk.ts';
import type { Result } from '../../../domain/lib/result.ts';
import { useRefusal, useSentence } from '../../app/sentences.ts';
import { useToast } from '../../app/toasts.tsx';
import { useFormat } from '../../app/useFormat.ts';
import { useClient, useShell } from '../../data/engine.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Archive, Clock, CloudCheck, FolderOpen, LaptopMinimal, OctagonX } from '../../ui/icons.ts';

type Work = 'restore' | 'retry' | 'afresh';

/** The store on this machine can't be opened: what happened, what can be had back, and what becomes of the rest. */
export function StoreTroubleScreen({ trouble }: { readonly trouble: StoreTrouble }) {
  const { t } = useTranslation();
  const client = useClient();
  const shell = useShell();
  const sentence = useSentence();
  const refusal = useRefusal();
  const toast = useToast();
  const format = useFormat();
  const title = useId();
  const [working, setWorking] = useState<Work | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [backupFailed, setBackupFailed] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const { backup, mayStartAfresh, folder } = trouble;
  const at = backup ? format.moment(backup.takenAt) : '';

  const run = async (work: Work, ask: () => Promise<Result<unknown>>, done?: string) => {
    if (working) return;
    setWorking(work);
    setRefused(null);
    const result = await ask();
    setWorking(null);
    if (!result.ok) {
      if (result.error.code === 'backup-unusable') setBackupFailed(true);
      setRefused(refusal(result.error));
    } else if (done !== undefined) toast({ text: done });
  };
  const restore = () =>
    backup &&
    run(
      'restore',
      () => client.ask('store.restore', { takenAt: backup.takenAt }),
      t('store.restored', { at }),
    );
  const afresh = () => {
    setConfirming(false);
    void run('afresh', () => client.ask('store.startAfresh', { confirmed: true }), t('store.begun'));
  };

  return (
    <div className="gate">
      <main className="gate-main" aria-labelledby={title}>
        <section className="gate-card store-card">
          <div className="gate-brand">{t('app.name')}</div>
          <h1 id={title}>{t('store.title')}</h1>
          <p className="store-text">{sentence(trouble.code)}</p>
          {mayStartAfresh && (
            <ul className="gate-facts">
              <li>
                <Clock className="icon" aria-hidden />
                <span>
                  {backup
                    ? t('store.backupIs', { at, size: format.bytes(backup.sizeInBytes) })
                    : t('store.noBackup')}
                </span>
              </li>
              <li>
                <CloudCheck className="icon" aria-hidden />
                <span>{t('store.portalHas')}</span>
              </li>
              <li>
                <Archive className="icon" aria-hidden />
                <span>{t('store.movedAside')}</span>
              </li>
              <li>
                <LaptopMinimal className="icon" aria-hidden />
                <span>{backup ? t('store.unsentSince', { at }) : t('store.unsent')}</span>
              </li>
            </ul>
          )}
          {refused && (
            <p className="help-error" role="alert">
              <OctagonX className="icon icon-s" aria-hidden />
              <span>{refused}</span>
            </p>
          )}
          <div className="store-actions">
            {backup && (
              <Button kind="primary" size="l" onPress={restore}>
                {working === 'restore' ? t('store.restoring') : t('store.restore', { at })}
              </Button>
            )}
            <div className="btn-row">
              <Button onPress={() => void run('retry', () => client.ask('store.retry', {}))}>
                {working === 'retry' ? t('store.retrying') : t('store.retry')}
              </Button>
              <Button onPress={() => void shell.showDeskFolder(folder)}>
                <FolderOpen className="icon" aria-hidden />
                {t('store.openFolder')}
              </Button>
              {mayStartAfresh && (!backup || backupFailed) && (
                <Button onPress={() => setConfirming(true)}>{t('store.afresh')}</Button>
              )}
            </div>
          </div>
          <p className="small muted">{t('store.help')}</p>
          <button type="button" className="link small" onClick={() => void client.ask('session.signOut', {})}>
            {t('account.signOut')}
          </button>
        </section>
      </main>
      <Dialog title={t('store.afreshTitle')} isOpen={confirming} onClose={() => setConfirming(false)} isAlert>
        <p>{t('store.afreshText')}</p>
        <p className="muted">{t('store.afreshLoses')}</p>
        <DialogActions>
          <Button onPress={() => setConfirming(false)}>{t('store.cancel')}</Button>
          <Button kind="danger" onPress={afresh}>
            {t('store.afreshConfirm')}
          </Button>
        </DialogActions>
      </Dialog>
    </div>
  );
}
