import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { Check } from './icons.ts';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly isDanger?: boolean;
}

/** A button with a list of things to do. `trigger` is a Button or IconButton. */
export function Menu({
  trigger,
  label,
  entries,
  onAction,
  selected,
}: {
  readonly trigger: ReactNode;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onAction: (id: string) => void;
  /** For a choice of one: which entry is on. */
  readonly selected?: string;
}) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" offset={4}>
        <AriaMenu
          className="options"
          aria-label={label}
          onAction={(key) => onAction(String(key))}
          selectionMode={selected === undefined ? 'none' : 'single'}
          selectedKeys={selected === undefined ? [] : [selected]}
        >
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              className={`option ${entry.isDanger ? 'option-danger' : ''}`}
            >
              {({ isSelected }) => (
                <>
                  <span className="grow">{entry.label}</span>
                  {isSelected && <Check className="icon icon-s" aria-hidden />}
                </>
              )}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
