import { useTranslation } from 'react-i18next';
import type { VersionInfo } from '../../../domain/contracts/history.ts';
import { useFormat } from '../../app/useFormat.ts';
import { useNamed } from '../../data/directory.ts';

export interface VersionWords {
  /** What the text is: its name, or what was done with it. */
  readonly title: string;
  /** Who and when. */
  readonly line: string;
  /** What the portal says of the decision, where that is not the obvious. */
  readonly note: string | null;
  /** Title and time in one, for choices and headings of columns. */
  readonly label: string;
}

/** A version as a person reads it. */
export function useVersionWords(): (version: VersionInfo) => VersionWords {
  const { t } = useTranslation();
  const format = useFormat();
  const named = useNamed();
  return (version) => {
    const level = version.levels.at(-1) ?? 'autosave';
    const word = t(`history.level.${level}`);
    const title =
      version.name ??
      (version.number === null || level === 'now'
        ? word
        : t('history.numbered', { level: word, version: version.number }));
    const who =
      version.authorName !== null
        ? named(version.authorName)
        : level === 'autosave'
          ? t('history.gathered')
          : null;
    const at = format.moment(version.at);
    const note =
      version.status === 'proposed'
        ? t('history.waiting')
        : version.status === 'refused'
          ? t('history.notAccepted')
          : null;
    return {
      title,
      line: who === null ? at : t('history.by', { who, at }),
      note,
      label: t('history.at', { title, at }),
    };
  };
}
