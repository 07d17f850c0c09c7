import { useTranslation } from 'react-i18next';
import type { ArticleDetail } from '../../../../domain/contracts/desk.ts';
import { useSentence } from '../../../app/sentences.ts';
import { useFormat } from '../../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../../data/directory.ts';
import { useClient } from '../../../data/engine.tsx';
import { Button } from '../../../ui/Button.tsx';
import { CloudOff } from '../../../ui/icons.ts';

/** Who works on the article offline and until when; for the person's own word the way to change it or take it back. Bars nothing. */
export function ReservationLines({
  detail,
  onChange,
}: {
  readonly detail: ArticleDetail;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const format = useFormat();
  const named = useNamed();
  const sentence = useSentence();
  const { people } = useDirectory();
  const { row, reservation } = detail;
  const { own, problem } = reservation;
  const others = row.reservations ?? [];
  const giveBack = () => void client.ask('articles.reserve', { articleId: row.id, day: null });
  const ownText =
    own === null
      ? null
      : own.day === null
        ? t('reservation.backWaiting')
        : t(own.isWaiting ? 'reservation.ownWaiting' : 'reservation.own', { day: format.day(own.day) });
  // The region stays, so that a screen reader hears of those who come.
  return (
    <div role="status" className="reservations small">
      {others.map((one) => (
        <p key={one.personId} data-reservation="other">
          <CloudOff className="icon icon-s" aria-hidden />
          <span>
            {t('reservation.of', {
              name: named(people.get(one.personId)?.name) || t('reservation.somebody'),
              day: format.day(one.day),
            })}{' '}
            <span className="muted">{t('reservation.note')}</span>
          </span>
        </p>
      ))}
      {ownText !== null && (
        <p data-reservation="own">
          <CloudOff className="icon icon-s" aria-hidden />
          <span>{ownText}</span>
          {own?.day && (
            <>
              <Button size="s" kind="quiet" onPress={onChange}>
                {t('reservation.change')}
              </Button>
              <Button size="s" kind="quiet" onPress={giveBack}>
                {t('reservation.giveBack')}
              </Button>
            </>
          )}
        </p>
      )}
      {problem !== null && (
        <p className="help-error">
          {t('reservation.notTaken')} {problem === 'reservation-day' ? '' : sentence(problem)}
        </p>
      )}
    </div>
  );
}
