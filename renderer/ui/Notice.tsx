import type { ReactNode } from 'react';
import { CircleCheck, Flag, Info, OctagonX, TriangleAlert } from './icons.ts';

const ICONS = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: OctagonX,
  flag: Flag,
} as const;

/** Concerns what is on the screen and stays until it is solved. */
export function Notice({
  tone,
  title,
  children,
  icon,
  isAlert = false,
}: {
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: keyof typeof ICONS;
  readonly isAlert?: boolean;
}) {
  const Icon = ICONS[icon ?? tone];
  return (
    <div className={`notice notice-${tone}`} role={isAlert ? 'alert' : undefined}>
      <Icon className="icon icon-l" aria-hidden />
      <div className="grow">
        <p className="strong">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** A place without content says why and what to do next. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon: typeof Info;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="message">
      <Icon className="icon" aria-hidden />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="btn-row">{actions}</div>}
    </div>
  );
}
