import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../domain/contracts/desk.ts';
import type { Refusal } from '../../../domain/lib/result.ts';
import { useKey } from '../../app/keys.ts';
import { useCitation } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useRuleSentence } from '../../data/endedUnit.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Choice.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { FieldLabel, FieldNotes } from '../../ui/Field.tsx';
import { DeclareDialog } from './DeclareDialog.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { BackwardAction, Deciding, ForwardAction } from './useDeciding.ts';

/** The dialogs of deciding: confirm once, give a reason, declare, or read what stands in the way. */
export function DecisionDialogs({
  detail,
  deciding,
  fileCount,
}: {
  readonly detail: ArticleDetail;
  readonly deciding: Deciding;
  readonly fileCount: number;
}) {
  const { dialog, openDialog } = deciding;
  const close = () => openDialog(null);
  if (dialog === null) return null;
  switch (dialog.kind) {
    case 'confirm':
      return (
        <ConfirmDialog
          action={dialog.action}
          detail={detail}
          deciding={deciding}
          fileCount={fileCount}
          onClose={close}
        />
      );
    case 'reason':
      return <ReasonDialog action={dialog.action} detail={detail} deciding={deciding} onClose={close} />;
    case 'declare':
      return (
        <DeclareDialog detail={detail} deciding={deciding} thenSubmit={dialog.thenSubmit} onClose={close} />
      );
    case 'blocked':
      return <BlockedDialog codes={dialog.codes} onClose={close} />;
  }
}

interface OneDialog {
  readonly detail: ArticleDetail;
  readonly deciding: Deciding;
  readonly onClose: () => void;
}

function ConfirmDialog({
  action,
  detail,
  deciding,
  fileCount,
  onClose,
}: OneDialog & { readonly action: ForwardAction; readonly fileCount: number }) {
  const { t } = useTranslation();
  const named = useNamed();
  const citation = useCitation();
  const [consent, setConsent] = useState(false);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { row } = detail;
  const version = action === 'submit' ? row.version + 1 : Math.max(1, row.version);
  const info = deciding.infoOf(action);
  const needsConsent = action === 'approve';

  const decide = async () => {
    if (busy) return;
    if (needsConsent && !consent) return setAsked(true);
    setBusy(true);
    const refused = await deciding.propose(action, null);
    setBusy(false);
    if (refused) setRefusal(refused);
    else onClose();
  };
  useKey(
    'primary',
    () => {
      void decide();
      return true;
    },
    { inDialog: true },
  );
  const english = row.channel === 'en';
  return (
    <Dialog title={t(`confirm.${action}Title`, { version })} isOpen onClose={onClose}>
      <p className="dialog-article" lang={english ? 'en' : 'vi'}>
        {row.title || t('article.untitled')}
      </p>
      <p className="muted">
        {action === 'submit' && deciding.submitsTo === 'Board'
          ? t('confirm.submitBoard')
          : english
            ? t(`confirm.${action}English`)
            : t(`confirm.${action}Text`)}
      </p>
      {info?.onBehalfOf && (
        <p className="strong">{t('delegation.decides', { name: named(info.onBehalfOf) })}</p>
      )}
      {action === 'submit' && <p className="muted">{t('confirm.bundle', { count: fileCount })}</p>}
      {needsConsent && (
        <Checkbox
          isOn={consent}
          onChange={(on) => {
            setConsent(on);
            setAsked(false);
          }}
          error={asked ? t('confirm.consentMissing') : undefined}
          autoFocus
        >
          {t('confirm.consent', { version })}
        </Checkbox>
      )}
      {refusal && <RefusalNotice refusal={refusal} />}
      <DialogActions note={info ? citation(info) : undefined}>
        <Button onPress={onClose} autoFocus={!needsConsent}>
          {t('action.cancel')}
        </Button>
        <Button kind="primary" shortcut="primary" onPress={() => void decide()}>
          {busy
            ? t('confirm.busy')
            : t(action === 'submit' ? `action.submit${deciding.submitsTo}` : `action.${action}`, { version })}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

const DANGEROUS: ReadonlySet<BackwardAction> = new Set<BackwardAction>(['refuse', 'withdraw']);

function ReasonDialog({
  action,
  detail,
  deciding,
  onClose,
}: OneDialog & { readonly action: BackwardAction }) {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  const citation = useCitation();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { row } = detail;
  const unit = named(units.get(row.unitId)?.name);
  const info = deciding.infoOf(action);

  const decide = async () => {
    if (busy) return;
    if (reason.trim() === '') return setMissing(true);
    setBusy(true);
    const refused = await deciding.propose(action, reason.trim().normalize('NFC'));
    setBusy(false);
    if (refused) setRefusal(refused);
    else onClose();
  };
  useKey(
    'primary',
    () => {
      void decide();
      return true;
    },
    { inDialog: true },
  );
  const version = Math.max(1, row.version);
  return (
    <Dialog title={t(`reason.${action}Title`, { version, unit })} isOpen onClose={onClose}>
      <p className="muted">{t(`reason.${action}Text`)}</p>
      {info?.onBehalfOf && (
        <p className="strong">{t('delegation.decides', { name: named(info.onBehalfOf) })}</p>
      )}
      <div className="field">
        <FieldLabel htmlFor="reason" label={t(`reason.${action}Label`)} isRequired />
        <textarea
          id="reason"
          className={`input ${missing ? 'is-error' : ''}`}
          rows={4}
          maxLength={4000}
          value={reason}
          autoFocus
          aria-required
          aria-invalid={missing || undefined}
          aria-describedby="reason-notes"
          onChange={(event) => {
            setReason(event.target.value);
            setMissing(false);
          }}
        />
        <FieldNotes id="reason-notes" error={missing ? t('reason.missing') : undefined} />
      </div>
      {refusal && <RefusalNotice refusal={refusal} />}
      <DialogActions note={info ? citation(info) : undefined}>
        <Button onPress={onClose}>{t('action.cancel')}</Button>
        <Button
          kind={DANGEROUS.has(action) ? 'danger' : 'primary'}
          shortcut="primary"
          onPress={() => void decide()}
        >
          {busy ? t('confirm.busy') : t(`action.${action}`)}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function BlockedDialog({
  codes,
  onClose,
}: {
  readonly codes: readonly { readonly code: string; readonly ref: string | null }[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const sentence = useRuleSentence();
  const citation = useCitation();
  return (
    <Dialog title={t('blocked.title')} isOpen onClose={onClose}>
      <ul className="blocked">
        {codes.map(({ code, ref }) => (
          <li key={code}>
            {sentence({ code })} <span className="ref">{citation({ ref })}</span>
          </li>
        ))}
      </ul>
      <DialogActions note={t('blocked.safe')}>
        <Button onPress={onClose} autoFocus>
          {t('action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
