import { useTranslation } from 'react-i18next';
import type { View } from '../../../domain/contracts/desk.ts';
import { useFormat } from '../../app/useFormat.ts';
import {
  Building2,
  Clock,
  ClockAlert,
  CornerUpLeft,
  FileCheck,
  FolderOpen,
  Globe,
  Languages,
  LayoutDashboard,
  TriangleAlert,
  User,
} from '../../ui/icons.ts';

const ICONS: Readonly<Record<View, typeof User>> = {
  mine: User,
  working: LayoutDashboard,
  unit: Building2,
  late: ClockAlert,
  'at-risk': TriangleAlert,
  soon: Clock,
  returned: CornerUpLeft,
  review: FileCheck,
  translation: Languages,
  published: Globe,
  all: FolderOpen,
};

/** The lists of the desk with how many there are in each. */
export function ViewsSide({
  views,
  view,
  counts,
  onView,
}: {
  readonly views: readonly View[];
  readonly view: View;
  readonly counts: Readonly<Partial<Record<View, number>>> | undefined;
  readonly onView: (view: View) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <nav className="side" aria-labelledby="desk-views" data-pane="views">
      <h2 id="desk-views">{t('desk.views')}</h2>
      {views.map((one) => {
        const Icon = ICONS[one];
        return (
          <button
            key={one}
            type="button"
            className="side-item"
            aria-current={one === view ? 'true' : undefined}
            onClick={() => onView(one)}
          >
            <Icon className="icon icon-s" aria-hidden />
            <span className="clip">{t(`view.${one}`)}</span>
            <span className="num">{counts ? format.number(counts[one] ?? 0) : ''}</span>
          </button>
        );
      })}
    </nav>
  );
}
