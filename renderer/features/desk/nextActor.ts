import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskRow } from '../../../domain/contracts/desk.ts';
import { ROLES, type Role } from '../../../domain/people/roles.ts';
import { useDirectory, useNamed } from '../../data/directory.ts';

const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name);

type Row = Pick<
  DeskRow,
  'mine' | 'nextRoles' | 'nextUnitId' | 'projectedState' | 'channel' | 'version' | 'title'
>;

/** Who acts next on an article and what for, in words. */
export type NextActor = (row: Row) => {
  /** With the unit, for a sentence. */
  readonly who: string;
  /** Without it, for a column. */
  readonly shortWho: string;
  readonly what: string;
  readonly isMe: boolean;
  readonly isNobody: boolean;
};

export function useNextActor(): NextActor {
  const { t } = useTranslation();
  const named = useNamed();
  const { units } = useDirectory();
  return useCallback<NextActor>(
    (row) => {
      const role = row.nextRoles.find(isRole);
      const unit = row.nextUnitId === null ? undefined : units.get(row.nextUnitId);
      // A submission gives the text a new number.
      const writing = ['draft', 'returned', 'correcting'].includes(row.projectedState);
      const version = writing ? row.version + 1 : Math.max(1, row.version);
      // Where no head of unit comes first, what was submitted is edited next.
      const doing = row.projectedState === 'submitted' && role === 'editor' ? 'endorsed' : row.projectedState;
      const what =
        row.channel === 'en' ? t(`nextEnglish.${doing}`, { version }) : t(`next.${doing}`, { version });
      if (row.mine)
        return { who: t('next.youInSentence'), shortWho: t('next.you'), what, isMe: true, isNobody: false };
      if (!role) {
        const portal = row.projectedState === 'approved';
        const who = portal ? t('next.portal') : t('next.nobody');
        return { who, shortWho: who, what, isMe: false, isNobody: !portal };
      }
      const who =
        unit && role !== 'editor'
          ? t('next.roleOfUnit', { role: t(`role.${role}`), unit: named(unit.shortName) })
          : t(`role.${role}`);
      return { who, shortWho: t(`role.${role}`), what, isMe: false, isNobody: false };
    },
    [t, named, units],
  );
}
