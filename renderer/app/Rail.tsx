import { useTranslation } from 'react-i18next';
import type { PersonInfo } from '../../domain/contracts/rows.ts';
import type { Role } from '../../domain/people/roles.ts';
import { useQuery } from '../data/engine.tsx';
import {
  CalendarDays,
  CircleUserRound,
  FileCheck,
  Languages,
  LayoutDashboard,
  ListChecks,
  Send,
} from '../ui/icons.ts';
import { type KeyAction, keyLabel, useKey } from './keys.ts';
import { type Route, type Screen, useRouter } from './route.tsx';

interface Module {
  readonly screen: Exclude<Screen, 'article' | 'history'>;
  readonly icon: typeof Send;
  /** Roles that see it; everybody, if left out. */
  readonly roles?: readonly Role[];
  readonly atEnd?: boolean;
}

const MODULES: readonly Module[] = [
  { screen: 'desk', icon: LayoutDashboard },
  { screen: 'review', icon: FileCheck, roles: ['unit-head', 'editor', 'editor-in-chief'] },
  { screen: 'translation', icon: Languages, roles: ['translator'] },
  { screen: 'deadlines', icon: CalendarDays },
  { screen: 'sections', icon: ListChecks },
  { screen: 'outbox', icon: Send, atEnd: true },
  { screen: 'account', icon: CircleUserRound, atEnd: true },
];

const MODULE_KEYS: readonly KeyAction[] = [
  'module1',
  'module2',
  'module3',
  'module4',
  'module5',
  'module6',
  'module7',
];

/** The modules that a person's roles open, in the order of the rail. */
export const modulesFor = (roles: readonly Role[]): readonly Module[] =>
  MODULES.filter((module) => !module.roles || module.roles.some((role) => roles.includes(role)));

function activeModule(route: Route): Screen {
  if (route.screen === 'history') return activeModule(route.back);
  return route.screen === 'article' ? route.from : route.screen;
}

/** Left navigation. Shows only what the person's roles can do. */
export function Rail({ person }: { readonly person: PersonInfo }) {
  const { t } = useTranslation();
  const { route, go } = useRouter();
  const { value: counts } = useQuery('articles.counts', {});
  const { value: connection } = useQuery('connection.state', {});
  const modules = modulesFor(person.roles);
  const numbers: Partial<Record<Screen, number>> = {
    desk: counts?.mine ?? 0,
    review: counts?.review ?? 0,
    translation: counts?.translation ?? 0,
    outbox: connection?.waiting ?? 0,
  };
  const active = activeModule(route);
  return (
    <nav className="rail" aria-label={t('frame.rail')} data-pane="rail">
      <span className="brand">{t('app.name')}</span>
      {modules.map((module, at) => {
        const Icon = module.icon;
        const count = numbers[module.screen] ?? 0;
        const action = MODULE_KEYS[at];
        const first = module.atEnd && !modules[at - 1]?.atEnd;
        return (
          <button
            key={module.screen}
            type="button"
            className={`rail-item ${first ? 'rail-first-at-end' : ''}`}
            aria-current={active === module.screen ? 'page' : undefined}
            title={
              action
                ? t('frame.withKey', { name: t(`rail.${module.screen}`), key: keyLabel(action) })
                : undefined
            }
            onClick={() => go({ screen: module.screen })}
          >
            <Icon className="icon icon-l" aria-hidden />
            <span>{t(`rail.${module.screen}`)}</span>
            {count > 0 && (
              <>
                <span className="count" aria-hidden>
                  {count > 99 ? t('frame.over99') : count}
                </span>
                <span className="sr">{t('frame.count', { count })}</span>
              </>
            )}
            {action && <ModuleKey action={action} onPress={() => go({ screen: module.screen })} />}
          </button>
        );
      })}
    </nav>
  );
}

function ModuleKey({ action, onPress }: { readonly action: KeyAction; readonly onPress: () => void }) {
  useKey(action, () => {
    onPress();
    return true;
  });
  return null;
}
