import { useTranslation } from 'react-i18next';
import type { Refusal } from '../../../domain/lib/result.ts';
import { useCitation } from '../../data/citation.ts';
import { useRuleSentence } from '../../data/endedUnit.ts';
import { Notice } from '../../ui/Notice.tsx';

/** Why a decision did not go through: reason, rule, and that the work is safe. */
export function RefusalNotice({ refusal }: { readonly refusal: Refusal }) {
  const { t } = useTranslation();
  const sentence = useRuleSentence();
  const citation = useCitation();
  return (
    <Notice tone="warning" title={sentence(refusal)} isAlert>
      <p>
        {t('blocked.safe')} <span className="ref">{citation({ ref: refusal.ref ?? null })}</span>
      </p>
    </Notice>
  );
}
