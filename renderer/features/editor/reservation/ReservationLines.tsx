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
  const ownText = (): string | null => {
    if (own === null) return null;
    if (own.day === null) return t('reservation.backWaiting');
    const day = format.day(own.day);
    return own.isWaiting ? t('reservation.ownWaiting', { day }) : t('reservation.own', { day });
  };
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
      {own !== null && (
        <p data-reservation="own">
          <CloudOff className="icon icon-s" aria-hidden />
          <span>{ownText()}</span>
          {own.day !== null && (
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
