import { useTranslation } from 'react-i18next';
import type { CountedDay, DueExplanation } from '../../../domain/contracts/planning.ts';
import { weekday } from '../../../domain/deadlines/dates.ts';
import { useSentence } from '../../app/sentences.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useCitation } from '../../data/citation.ts';
import { useNamed } from '../../data/directory.ts';
import { foldDays } from './months.ts';

/** `Vì sao hạn là thứ Năm 03/9?` */
export function useDueTitle(): (dueDate: string | null) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (dueDate) =>
    dueDate === null
      ? t('deadlines.whyNone')
      : t('deadlines.why', {
          weekday: t(`weekday.${weekdayKey(dueDate)}`),
          day: format.day(dueDate),
        });
}

/** 0 Sunday … 6 Saturday, as the strings name them. */
export const weekdayKey = (date: string): 0 | 1 | 2 | 3 | 4 | 5 | 6 => weekday(date) as 0;

/** The rule in its own words, then every day that was counted or left out, and why. */
export function DueExplained({
  explanation,
  refusal,
}: {
  readonly explanation: DueExplanation | undefined;
  readonly refusal: string | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  const sentence = useSentence();
  const citation = useCitation();
  if (!explanation)
    return refusal ? (
      <p className="muted">{sentence(refusal)}</p>
    ) : (
      <p className="muted" aria-busy="true">
        {t('standing.reading')}
      </p>
    );
  const { status, mode, workingDays, event, dueDate, portalSays, quote } = explanation;
  const clause = citation(explanation);
  return (
    <div className="explain">
      <p>
        {workingDays !== null && (mode === 'within' || mode === 'before')
          ? t(`deadlines.rule.${mode}`, { count: workingDays, event: named(event) })
          : t(`deadlines.mode.${mode}`, { event: named(event) })}{' '}
        {clause !== '' && <span className="ref">{clause}</span>}
      </p>
      {quote !== null && (
        <p className="small muted" lang="vi">
          {t('deadlines.quote', { quote })}
        </p>
      )}
      {status !== 'counted' && (
        <p className="muted">{t(`deadlines.status.${status}`, { event: named(event) })}</p>
      )}
      {status === 'counted' && (
        <ol aria-label={t('deadlines.dayByDay')}>
          {foldDays(explanation.days).map((days) => (
            <Days key={days[0].date} days={days} explanation={explanation} />
          ))}
        </ol>
      )}
      {status === 'counted' && (
        <p className="small muted">{t(`deadlines.counting.${mode === 'before' ? 'before' : 'within'}`)}</p>
      )}
      {!explanation.complete && <p className="small due-soon">{t('deadlines.incomplete')}</p>}
      {explanation.assumed && <p className="small due-soon">{t('deadlines.assumed')}</p>}
      {portalSays !== null && (
        <p className="small due-soon num">
          {dueDate === null
            ? t('deadlines.portalSaysOnly', { day: format.day(portalSays) })
            : t('deadlines.portalSays', { day: format.day(portalSays) })}
        </p>
      )}
    </div>
  );
}

function Days({
  days,
  explanation,
}: {
  readonly days: readonly [CountedDay, ...CountedDay[]];
  readonly explanation: DueExplanation;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  const { dueDate, today, event } = explanation;
  const [first] = days;
  const last = days.at(-1) ?? first;
  const isDue = first.date === dueDate;
  const why = (): string => {
    if (first.kind === 'event') return t('deadlines.day.event', { event: named(event) });
    const holiday = first.compensates
      ? t('deadlines.day.compensates', { name: named(first.name), day: format.shortDay(first.compensates) })
      : named(first.name);
    if (isDue) return t('deadlines.day.due');
    if (first.kind === 'counted' || first.kind === 'workday') return '';
    if (first.kind === 'weekend') return t('deadlines.day.weekend');
    return holiday ? t(`deadlines.day.${first.kind}`, { name: holiday }) : t(`deadlines.kind.${first.kind}`);
  };
  const day = `${t(`weekdayShort.${weekdayKey(first.date)}`)} ${format.shortDay(first.date)}`;
  const isOff = first.kind !== 'event' && first.n === null;
  return (
    <li className={`${isOff ? 'off' : ''} ${isDue ? 'end' : ''}`}>
      <span className="num">
        {days.length === 1
          ? day
          : t('deadlines.day.range', { from: format.shortDay(first.date), to: format.shortDay(last.date) })}
      </span>
      <span>{first.n !== null && <span className="nth">{first.n}</span>}</span>
      <span>
        {why()}
        {days.some((one) => one.date === today) && (
          <>
            {why() === '' ? '' : ' · '}
            {t('deadlines.today')}
          </>
        )}
      </span>
    </li>
  );
}
