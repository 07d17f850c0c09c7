import { ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { VersionInfo, VersionLevel } from '../../../domain/contracts/history.ts';
import {
  Bookmark,
  CircleCheck,
  Clock,
  CornerUpLeft,
  FileCheck,
  FileText,
  Globe,
  Minus,
  Send,
} from '../../ui/icons.ts';
import { useVersionWords } from './versionWords.ts';

const ICONS: Readonly<Record<VersionLevel, typeof Clock>> = {
  now: FileText,
  autosave: Clock,
  named: Bookmark,
  submitted: Send,
  reviewed: FileCheck,
  returned: CornerUpLeft,
  refused: Minus,
  approved: CircleCheck,
  published: Globe,
};

/** The texts of an article, newest first. The arrows choose; what is chosen is shown at once. */
export function VersionList({
  versions,
  selected,
  onSelect,
}: {
  readonly versions: readonly VersionInfo[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}) {
  const { t } = useTranslation();
  const words = useVersionWords();
  return (
    <ListBox
      className="versions scroll"
      aria-label={t('history.versions')}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      selectedKeys={[selected]}
      onSelectionChange={(keys) => {
        const [id] = keys === 'all' ? [] : [...keys];
        if (id !== undefined) onSelect(String(id));
      }}
    >
      {versions.map((version) => {
        const { title, line, note } = words(version);
        const level = version.levels.at(-1) ?? 'autosave';
        const Icon = ICONS[level];
        return (
          <ListBoxItem
            key={version.id}
            id={version.id}
            textValue={title}
            className={`version version-${level}`}
            data-version={version.id}
          >
            <Icon className="icon icon-s" aria-hidden />
            <span className="version-title">{title}</span>
            <small className="num">{line}</small>
            {note !== null && <small className="version-note">{note}</small>}
          </ListBoxItem>
        );
      })}
    </ListBox>
  );
}
