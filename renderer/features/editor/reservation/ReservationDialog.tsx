import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../../domain/contracts/desk.ts';
import { addDays } from '../../../../domain/deadlines/dates.ts';
import type { Refusal } from '../../../../domain/lib/result.ts';
import { reservationDays } from '../../../../domain/workflow/reservations.ts';
import { useRefusal } from '../../../app/sentences.ts';
import { useFormat } from '../../../app/useFormat.ts';
import { useClient } from '../../../data/engine.tsx';
import { Button } from '../../../ui/Button.tsx';
import { DateField } from '../../../ui/DateField.tsx';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';

/** Asks until which day somebody works on the article offline, tomorrow unless another is typed. */
export function ReservationDialog({
  detail,
  isOpen,
  onClose,
}: {
  readonly detail: ArticleDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('reservation.title')} isOpen={isOpen} onClose={onClose}>
      {isOpen && <Form detail={detail} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ detail, onClose }: { readonly detail: ArticleDetail; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const sentence = useRefusal();
  const { first, last } = reservationDays(Date.now());
  const [day, setDay] = useState(detail.reservation.own?.day ?? addDays(first, 1));
  const [error, setError] = useState<string>();
  const say = (refusal: Refusal) =>
    sentence({
      ...refusal,
      // Days are written in the language of the window.
      detail: { ...refusal.detail, first: format.day(first), last: format.day(last) },
    });
  const confirm = async () => {
    const result = await client.ask('articles.reserve', { articleId: detail.row.id, day });
    if (!result.ok) return setError(say(result.error));
    onClose();
  };
  return (
    <>
      <p className="muted">{t('reservation.text')}</p>
      <DateField
        id="field-reservation-day"
        label={t('reservation.day')}
        value={day}
        onChange={(chosen) => {
          setDay(chosen);
          setError(undefined);
        }}
        help={t('reservation.dayHelp', { last: format.day(last) })}
        error={error}
      />
      <DialogActions>
        <Button onPress={onClose}>{t('action.cancel')}</Button>
        <Button kind="primary" isDisabled={day === ''} onPress={() => void confirm()}>
          {t('reservation.confirm')}
        </Button>
      </DialogActions>
    </>
  );
}
