import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ISSUE_CODES } from '../../../domain/content/issues.ts';
import type { ActionInfo, ArticleDetail } from '../../../domain/contracts/desk.ts';
import type { Action } from '../../../domain/contracts/rows.ts';
import { type ArticleContent, fingerprint, readContent } from '../../../domain/document/index.ts';
import type { Refusal } from '../../../domain/lib/result.ts';
import { useToast } from '../../app/toasts.tsx';
import { useDirectory } from '../../data/directory.ts';
import { useClient, useQuery } from '../../data/engine.tsx';
import { type OpenDocument, RefusedError } from '../../data/openDocuments.ts';

/** What moves an article on, the strongest first: the one primary button. */
const FORWARD = ['approve', 'pass', 'endorse', 'submit'] as const satisfies readonly Action[];
export type ForwardAction = (typeof FORWARD)[number];
/** What leads back or out of the chain, always with a reason. */
const BACKWARD = [
  'refuse',
  'return',
  'recall',
  'correct',
  'archive',
  'reopen',
  'withdraw',
] as const satisfies readonly Action[];
export type BackwardAction = (typeof BACKWARD)[number];
const CHECKS: ReadonlySet<string> = new Set(ISSUE_CODES);

/** Which dialog stands open. `declare` may go on to submit. */
export type DecisionDialog =
  | { readonly kind: 'confirm'; readonly action: ForwardAction }
  | { readonly kind: 'reason'; readonly action: BackwardAction }
  | { readonly kind: 'declare'; readonly thenSubmit: boolean }
  | {
      readonly kind: 'blocked';
      readonly codes: readonly { readonly code: string; readonly ref: string | null }[];
    };

/** What a person may decide about an article, and the way there. */
export interface Deciding {
  readonly primary: ForwardAction | null;
  readonly others: readonly BackwardAction[];
  readonly mayDeclare: boolean;
  /** To whom a submission goes: the head of the unit, the board where no head comes first, or those who check translations. */
  readonly submitsTo: '' | 'Board' | 'English';
  readonly infoOf: (action: Action) => ActionInfo | undefined;
  readonly dialog: DecisionDialog | null;
  readonly openDialog: (dialog: DecisionDialog | null) => void;
  /** Presses the primary button: leads to what is missing, or asks once. */
  readonly press: () => void;
  /** Proposes; answers the refusal, or null when it is saved here. */
  readonly propose: (action: Action, reason: string | null) => Promise<Refusal | null>;
}

/**
 * The decisions of one article. `openMust` counts checks that the text on the screen does not meet; with any, pressing
 * the primary button calls `onMissing` instead of deciding.
 */
export function useDeciding(options: {
  readonly detail: ArticleDetail | undefined;
  readonly document: OpenDocument | null;
  /** What a reader sees, if the text is not being written here: the decision holds for exactly this. */
  readonly shown?: ArticleContent;
  readonly openMust: number;
  readonly onMissing: () => void;
  readonly onDecided?: (action: Action) => void;
}): Deciding {
  const { detail, document, shown, openMust, onMissing, onDecided } = options;
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const { value: connection } = useQuery('connection.state', {});
  const [dialog, openDialog] = useState<DecisionDialog | null>(null);
  const actions = detail?.actions ?? [];
  const infoOf = useCallback(
    (action: Action) => detail?.actions.find((one) => one.action === action),
    [detail],
  );
  const { profile } = useDirectory();
  const toBoard = profile?.chain.vi.some((step) => step.action === 'pass' && step.from.includes('submitted'));
  const submitsTo = detail?.row.channel === 'en' ? 'English' : toBoard ? 'Board' : '';
  const mayDeclare = infoOf('declare') !== undefined;
  const primary = FORWARD.find((action) => infoOf(action)) ?? (mayDeclare ? 'submit' : null);
  const others = BACKWARD.filter((action) => actions.some((one) => one.action === action));

  const propose = useCallback(
    async (action: Action, reason: string | null): Promise<Refusal | null> => {
      if (!detail || !document) return { code: 'article-unknown' };
      try {
        await document.flush();
      } catch (error) {
        return error instanceof RefusedError ? error.refusal : { code: 'not-saved' };
      }
      const result = await client.ask('decisions.propose', {
        decisionId: crypto.randomUUID(),
        articleId: detail.row.id,
        action,
        fingerprint: action === 'declare' ? null : fingerprint(shown ?? readContent(document.doc)),
        reason,
      });
      if (!result.ok) return result.error;
      if (action !== 'declare')
        toast({
          text: connection?.online
            ? t(`decided.${action}`)
            : t('decided.offline', { what: t(`decided.${action}`) }),
          tone: 'success',
        });
      onDecided?.(action);
      return null;
    },
    [client, connection?.online, detail, document, onDecided, shown, t, toast],
  );

  const press = useCallback(() => {
    if (!primary || !detail) return;
    const info = infoOf(primary);
    const blocked = info?.blockedBy ?? [];
    const guarded = primary === 'submit' || primary === 'approve';
    if (guarded && (openMust > 0 || blocked.some(({ code }) => CHECKS.has(code) || code === 'incomplete'))) {
      onMissing();
      return;
    }
    if (primary === 'submit' && mayDeclare) {
      openDialog({ kind: 'declare', thenSubmit: true });
      return;
    }
    const rest = blocked.filter(({ code }) => code !== 'not-declared');
    if (rest.length > 0) openDialog({ kind: 'blocked', codes: rest });
    else openDialog({ kind: 'confirm', action: primary });
  }, [detail, infoOf, mayDeclare, onMissing, openMust, primary]);

  return useMemo(
    () => ({ primary, others, mayDeclare, submitsTo, infoOf, dialog, openDialog, press, propose }),
    [primary, others, mayDeclare, submitsTo, infoOf, dialog, press, propose],
  );
}
