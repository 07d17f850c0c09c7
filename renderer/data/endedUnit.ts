import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { dateInVietnam } from '../../domain/deadlines/index.ts';
import type { Refusal } from '../../domain/lib/result.ts';
import { endedUnit } from '../../domain/people/unitRules.ts';
import { useSentence } from '../app/sentences.ts';
import { useFormat } from '../app/useFormat.ts';
import { useDirectory, useMe, useNamed } from './directory.ts';

/** Says that a unit has ended and who does its work now; null for one that lives or is not known here. */
export function useEndedUnit(): (unitId: string) => string | null {
  const { t } = useTranslation();
  const { units } = useDirectory();
  const named = useNamed();
  const format = useFormat();
  return useCallback(
    (unitId) => {
      const today = dateInVietnam(new Date().toISOString());
      const ended = endedUnit(unitId, [...units.values()], today);
      if (!ended) return null;
      const unit = named(units.get(unitId)?.name);
      const day = format.day(ended.endedOn);
      const heirs = ended.heirIds.map((id) => named(units.get(id)?.name)).join(', ');
      return heirs === '' ? t('unitEnded.noHeir', { unit, day }) : t('unitEnded.heirs', { unit, day, heirs });
    },
    [t, units, named, format],
  );
}

/**
 * The sentence for a refusal of the rules, as `useRefusal`; of a unit that has ended it says by name who took over. Where only
 * the code is known (a verdict), the unit is that of the person at this desk.
 */
export function useRuleSentence(): (refusal: Refusal) => string {
  const sentence = useSentence();
  const ended = useEndedUnit();
  const own = useMe()?.unitId ?? '';
  return useCallback(
    ({ code, detail }) => {
      const unitId = detail?.unitId;
      const named = code === 'unit-ended' ? ended(typeof unitId === 'string' ? unitId : own) : null;
      return named ?? sentence(code, detail);
    },
    [sentence, ended, own],
  );
}
