import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ChevronDown, X } from '../../ui/icons.ts';

/** What a chip shows, for the trigger of its menu or popover. */
export function ChipButton({
  name,
  value,
}: {
  readonly name: string;
  /** Null when the filter is off. */
  readonly value: string | null;
}) {
  const { t } = useTranslation();
  const isOn = value !== null;
  return (
    <AriaButton className={`filter ${isOn ? 'is-on' : ''}`}>
      <span>{t('desk.filter.name', { name })}</span> <b className="clip">{value ?? t('desk.filter.any')}</b>
      {!isOn && <ChevronDown className="icon icon-s" aria-hidden />}
    </AriaButton>
  );
}

/** A chip with the button that takes its filter off. */
export function FilterChip({
  name,
  isOn,
  onClear,
  children,
}: {
  readonly name: string;
  readonly isOn: boolean;
  readonly onClear: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <span className={`filter-set ${isOn ? 'is-on' : ''}`}>
      {children}
      {isOn && (
        <AriaButton className="filter-clear" aria-label={t('desk.filter.clear', { name })} onPress={onClear}>
          <X className="icon icon-s" aria-hidden />
        </AriaButton>
      )}
    </span>
  );
}
