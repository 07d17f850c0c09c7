import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ISSUE_CODES, type IssueCode } from '../../domain/content/issues.ts';
import { type ErrorCode, isErrorCode } from '../../domain/contracts/errors.ts';
import type { Refusal } from '../../domain/lib/result.ts';

/** What a verdict waits for. */
type WaitingKey = 'waiting-for-text' | 'waiting-for-files';

const ISSUES: ReadonlySet<string> = new Set(ISSUE_CODES);
const isIssueCode = (code: string): code is Exclude<IssueCode, ErrorCode> => ISSUES.has(code);
const WAITING: ReadonlySet<string> = new Set<WaitingKey>(['waiting-for-text', 'waiting-for-files']);

/** The sentence for a code of `domain/contracts/errors.ts`, of a wait, or of a check; unknown codes get the general one. */
export function useSentence(): (code: string, params?: Readonly<Record<string, unknown>>) => string {
  const { t } = useTranslation();
  return useCallback(
    (code, params = {}) => {
      if (isErrorCode(code)) return t(`error.${code}`, { ...params });
      if (WAITING.has(code)) return t(`waiting.${code as WaitingKey}`);
      if (isIssueCode(code)) return t(`check.${code}`, { ...params });
      return t('error.internal');
    },
    [t],
  );
}

/** The sentence for a refusal, with its values. */
export function useRefusal(): (refusal: Refusal) => string {
  const sentence = useSentence();
  return useCallback((refusal) => sentence(refusal.code, refusal.detail), [sentence]);
}
