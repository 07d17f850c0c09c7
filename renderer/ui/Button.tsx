import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaProps, ToggleButton } from 'react-aria-components';
import { type KeyAction, keyLabel } from '../app/keys.ts';
import { Kbd } from './Kbd.tsx';

type Kind = 'plain' | 'primary' | 'danger' | 'quiet';

export interface ButtonProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  readonly kind?: Kind;
  readonly size?: 's' | 'm' | 'l';
  /** The key that does the same, shown on the button. */
  readonly shortcut?: KeyAction;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button named after what happens. Primary once per screen, never disabled. */
export function Button({
  kind = 'plain',
  size = 'm',
  shortcut,
  children,
  className = '',
  ...rest
}: ButtonProps) {
  const look = `btn btn-${kind} btn-${size} ${className}`;
  return (
    <AriaButton {...rest} className={look}>
      {children}
      {shortcut && <Kbd>{keyLabel(shortcut)}</Kbd>}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** What it does, for screen readers and as tooltip. */
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button that shows only an icon. */
export function IconButton({ label, children, className = '', ...rest }: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={`btn btn-icon ${className}`}
      render={(props) => <button {...props} title={label} />}
    >
      {children}
    </AriaButton>
  );
}

/** An icon that is on or off, in toolbars. Leaves the focus where it is, so that typing goes on. */
export function IconToggle({
  label,
  isOn,
  onPress,
  isDisabled = false,
  children,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <ToggleButton
      aria-label={label}
      isSelected={isOn}
      onChange={onPress}
      isDisabled={isDisabled}
      preventFocusOnPress
      className="btn btn-icon"
      render={(props) => <button {...props} title={label} />}
    >
      {children}
    </ToggleButton>
  );
}
