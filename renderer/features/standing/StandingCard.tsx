import { useTranslation } from 'react-i18next';
import type { NextPersonInfo, StandingInfo } from '../../../domain/contracts/planning.ts';
import type { ArticleState } from '../../../domain/regulations/types.ts';
import { useSentence } from '../../app/sentences.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';
import { useRuleSentence } from '../../data/endedUnit.ts';
import { useQuery } from '../../data/engine.tsx';
import { CircleCheck, Clock, OctagonX, User } from '../../ui/icons.ts';

const KNOWN = [
  'not-taken',
  'not-declared',
  'incomplete',
  'waiting-for-text',
  'waiting-for-files',
  'source-not-approved',
  'nobody-may-act',
  'four-eyes',
  'unsent-text',
  'unsent-decision',
] as const;
type Known = (typeof KNOWN)[number];
const isKnown = (code: string): code is Known => (KNOWN as readonly string[]).includes(code);

/** Why an article does not go out, and who acts next: each reason with its clause, each person with role and unit. */
export function StandingCard({
  articleId,
  state,
  onShowChecks,
}: {
  readonly articleId: string;
  readonly state: ArticleState;
  readonly onShowChecks?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const { value: standing, refusal } = useQuery('planning.standing', { articleId });
  if (!standing)
    return refusal ? (
      <p className="muted">{sentence(refusal.code)}</p>
    ) : (
      <p className="muted" aria-busy="true">
        {t('standing.reading')}
      </p>
    );
  return (
    <div className="standing">
      <h3>{t('standing.why')}</h3>
      <Obstacles standing={standing} state={state} onShowChecks={onShowChecks} />
      <h3>{t('standing.who')}</h3>
      <People standing={standing} />
    </div>
  );
}

function Obstacles({
  standing,
  state,
  onShowChecks,
}: {
  readonly standing: StandingInfo;
  readonly state: ArticleState;
  readonly onShowChecks?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const ruled = useRuleSentence();
  const citation = useCitation();
  if (standing.obstacles.length === 0)
    return (
      <p className="check-clear">
        <CircleCheck className="icon ok" aria-hidden />
        {standing.stepsLeft > 0
          ? t('standing.nothing', { count: standing.stepsLeft })
          : t('standing.finished', { state: t(`state.${state}`) })}
      </p>
    );
  return (
    <ul className="checks">
      {standing.obstacles.map(({ code, ref, stopsNext, count, why }) => {
        const Icon = stopsNext ? OctagonX : Clock;
        return (
          <li key={code}>
            <Icon className={`icon ${stopsNext ? 'must' : 'should'}`} aria-hidden />
            <div>
              <p>
                {isKnown(code) ? t(`standing.obstacle.${code}`, { count }) : ruled({ code })}
                {why !== null && ` ${sentence(why, { count: format.number(count) })}`}
              </p>
              <div className="foot">
                <span className="ref">
                  {[stopsNext ? '' : t('standing.later'), citation({ ref })].filter(Boolean).join(' · ')}
                </span>
                {code === 'incomplete' && onShowChecks && (
                  <button type="button" className="link" onClick={onShowChecks}>
                    {t('standing.showChecks')}
                  </button>
                )}
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function People({ standing }: { readonly standing: StandingInfo }) {
  const { t } = useTranslation();
  const { next, nextTotal } = standing;
  if (next.length === 0) return <p className="muted">{t('standing.nobody')}</p>;
  return (
    <ul className="people">
      {next.map((person) => (
        <Person key={`${person.personId} ${person.action}`} person={person} />
      ))}
      {nextTotal > next.length && (
        <li className="muted num">{t('standing.more', { count: nextTotal - next.length })}</li>
      )}
    </ul>
  );
}

function Person({ person }: { readonly person: NextPersonInfo }) {
  const { t } = useTranslation();
  const named = useNamed();
  const format = useFormat();
  const { units } = useDirectory();
  const unit = units.get(person.unitId);
  return (
    <li>
      <User className="icon" aria-hidden />
      <div>
        <p className={person.isMe ? 'you' : 'strong'}>
          {person.isMe ? t('standing.me', { name: named(person.name) }) : named(person.name)}
        </p>
        <p className="small muted">
          {[person.roles.map((role) => t(`role.${role}`)).join(', '), named(unit?.name)]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p className="small muted num">
          {t(`standing.action.${person.action}`)}
          {person.onBehalfOf !== null && (
            <>
              {' · '}
              {t('standing.inPlaceOf', {
                name: named(person.onBehalfOf),
                until: person.until === null ? '' : format.day(person.until),
              })}
            </>
          )}
        </p>
      </div>
    </li>
  );
}
