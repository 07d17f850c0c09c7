import { useTranslation } from 'react-i18next';
import type { DelegationInfo } from '../../../domain/contracts/planning.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useQuery } from '../../data/engine.tsx';
import { Info } from '../../ui/icons.ts';

/** Says on a screen of work for whom the person stands in today, and until when. Nothing where nobody delegated. */
export function StandingInLine() {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const { value } = useQuery('planning.delegations', {});
  const now = (value?.received ?? []).filter((one) => one.isNow);
  if (now.length === 0) return null;
  return (
    <ul className="stand-in" aria-label={t('delegation.title')}>
      {now.map((one) => (
        <li key={one.id} className="num">
          <Info className="icon icon-s" aria-hidden />
          <span>
            {t('delegation.now', {
              name: named(one.from),
              role: one.roles.map((role) => t(`role.${role}`)).join(', '),
              until: format.day(one.lastDay),
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Both sides of delegation, with role, unit, days and the paper it rests on. */
export function DelegationFacts() {
  const { t } = useTranslation();
  const { value } = useQuery('planning.delegations', {});
  const received = value?.received ?? [];
  const given = value?.given ?? [];
  return (
    <section aria-labelledby="account-delegation">
      <h2 className="group-title" id="account-delegation">
        {t('delegation.title')}
      </h2>
      {received.length + given.length === 0 ? (
        <p className="muted block block-pad">{t('delegation.none')}</p>
      ) : (
        <dl className="facts block">
          {received.map((one) => (
            <Delegation key={one.id} one={one} name={t('delegation.received')} person={one.from} />
          ))}
          {given.map((one) => (
            <Delegation key={one.id} one={one} name={t('delegation.given')} person={one.to} />
          ))}
        </dl>
      )}
    </section>
  );
}

function Delegation({
  one,
  name,
  person,
}: {
  readonly one: DelegationInfo;
  readonly name: string;
  readonly person: DelegationInfo['from'];
}) {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const { units } = useDirectory();
  const span = one.isNow
    ? t('delegation.until', { day: format.day(one.lastDay) })
    : t('delegation.span', { from: format.day(one.firstDay), to: format.day(one.lastDay) });
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="strong">{named(person)}</span>
        <span className="row-second">
          {[one.roles.map((role) => t(`role.${role}`)).join(', '), named(units.get(one.unitId)?.name)]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="row-second num">{span}</span>
        {one.basis !== '' && (
          <span className="row-second">{t('delegation.basis', { basis: one.basis })}</span>
        )}
      </dd>
    </div>
  );
}
