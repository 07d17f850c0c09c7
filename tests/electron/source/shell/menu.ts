import { strict } from '../shared/strict.ts';
import { app } from './app.ts';
import type { WebContents } from './webContents.ts';
import type { BrowserWindow } from './window.ts';

export interface Key {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}
export interface ItemOptions {
  id?: string;
  label?: string;
  sublabel?: string;
  type?: 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio';
  role?: string;
  accelerator?: string;
  enabled?: boolean;
  visible?: boolean;
  checked?: boolean;
  registerAccelerator?: boolean;
  toolTip?: string;
  submenu?: ItemOptions[] | Menu;
  click?: (item: MenuItem, window: BrowserWindow | undefined, event: Partial<Key>) => void;
}

/** Accelerators that Electron gives to roles. Editing roles are Chromium's own keys. */
const roleAccelerators: Record<string, string> = {
  reload: 'CmdOrCtrl+R',
  forcereload: 'Shift+CmdOrCtrl+R',
  resetzoom: 'CommandOrControl+0',
  zoomin: 'CommandOrControl+Plus',
  zoomout: 'CommandOrControl+-',
  togglefullscreen: 'F11',
  close: 'CommandOrControl+W',
  minimize: 'CommandOrControl+M',
  quit: 'CommandOrControl+Q',
  undo: 'CommandOrControl+Z',
  redo: 'Shift+CommandOrControl+Z',
  cut: 'CommandOrControl+X',
  copy: 'CommandOrControl+C',
  paste: 'CommandOrControl+V',
  selectall: 'CommandOrControl+A',
};
const editing = new Set([
  'undo',
  'redo',
  'cut',
  'copy',
  'paste',
  'pasteandmatchstyle',
  'delete',
  'selectall',
]);

let activeWindow: () => BrowserWindow | undefined = () => undefined;
/** Set by `window.ts`. */
export function menusBelongTo(focused: () => BrowserWindow | undefined): void {
  activeWindow = focused;
}

function runRole(role: string, window: BrowserWindow | undefined): void {
  const contents = window?.webContents;
  if (role === 'quit') app.quit();
  else if (role === 'close') window?.close();
  else if (role === 'minimize') window?.minimize();
  else if (role === 'reload') contents?.reload();
  else if (role === 'forcereload') contents?.reloadIgnoringCache();
  else if (role === 'resetzoom') contents?.setZoomFactor(1);
  else if (role === 'zoomin') contents?.setZoomLevel(contents.getZoomLevel() + 0.5);
  else if (role === 'zoomout') contents?.setZoomLevel(contents.getZoomLevel() - 0.5);
  else if (role === 'togglefullscreen') window?.setFullScreen(!window.isFullScreen());
  else if (editing.has(role)) {
    contents?.executeJavaScript(`document.execCommand('${role}')`, true).catch(() => {});
  }
}

export class MenuItem {
  id: string;
  label: string;
  sublabel: string;
  toolTip: string;
  type: string;
  role: string | undefined;
  accelerator: string | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  registerAccelerator: boolean;
  submenu: Menu | undefined;
  menu: Menu | undefined;
  click: (event?: Partial<Key>, window?: BrowserWindow, contents?: WebContents) => void;

  constructor(options: ItemOptions) {
    const role = options.role?.toLowerCase();
    const submenu = Array.isArray(options.submenu)
      ? Menu.buildFromTemplate(options.submenu)
      : options.submenu;
    this.submenu = submenu;
    this.type = options.type ?? (submenu ? 'submenu' : 'normal');
    if (this.type !== 'separator' && !role && options.label === undefined) {
      throw new Error('MenuItem must have a label, a role or be a separator');
    }
    if (this.type === 'submenu' && !submenu) throw new Error('Invalid submenu');
    this.id = options.id ?? '';
    this.role = role;
    this.label = options.label ?? role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.accelerator = options.accelerator ?? (role ? roleAccelerators[role] : undefined);
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.menu = undefined;
    this.click = (event = {}, window = activeWindow()) => {
      if (!this.enabled) return;
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') {
        for (const item of this.menu?.items ?? []) if (item.type === 'radio') item.checked = item === this;
      }
      if (role) runRole(role, window);
      else options.click?.(this, window, event);
    };
  }
}

const state: { application: Menu | null } = { application: null };

export class Menu {
  items: MenuItem[] = [];

  static buildFromTemplate(template: (ItemOptions | MenuItem)[]): Menu {
    if (!Array.isArray(template))
      throw new TypeError('Invalid template for Menu: Menu template must be an array');
    const menu = new Menu();
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    state.application = menu;
  }
  static getApplicationMenu(): Menu | null {
    return state.application;
  }

  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return strict('Menu', this);
  }
  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }
  insert(position: number, item: MenuItem): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item;
      const inside = item.submenu?.getMenuItemById(id);
      if (inside) return inside;
    }
    return null;
  }
  popup(options: { callback?: () => void } = {}): void {
    options.callback?.();
  }
  closePopup(): void {}
}

function matches(accelerator: string, pressed: Key): boolean {
  const parts = accelerator.toLowerCase().replace(/\+\+$/, '+plus').split('+');
  const key = parts.pop() ?? '';
  const wants = (...names: string[]): boolean => names.some((name) => parts.includes(name));
  const control = wants('ctrl', 'control', 'cmdorctrl', 'commandorcontrol');
  if (control !== pressed.ctrlKey || wants('alt', 'option') !== pressed.altKey) return false;
  if (wants('super', 'meta') !== pressed.metaKey) return false;
  if (wants('shift') !== pressed.shiftKey && key !== 'plus') return false;
  const names: Record<string, string> = {
    plus: '+',
    space: ' ',
    esc: 'escape',
    return: 'enter',
    up: 'arrowup',
    down: 'arrowdown',
    left: 'arrowleft',
    right: 'arrowright',
  };
  const name = names[key] ?? key;
  return (
    pressed.key.toLowerCase() === name ||
    pressed.code.toLowerCase() === `key${name}` ||
    pressed.code.toLowerCase() === `digit${name}` ||
    (name === '+' && pressed.code === 'Equal')
  );
}

/** A key that the page left alone; the application menu may want it. */
export function pressAccelerator(pressed: Key, contents: WebContents): void {
  const find = (menu: Menu | null): MenuItem | undefined => {
    for (const item of menu?.items ?? []) {
      if (item.submenu) {
        const inside = find(item.submenu);
        if (inside) return inside;
      }
      if (
        item.accelerator &&
        item.enabled &&
        item.registerAccelerator &&
        matches(item.accelerator, pressed)
      ) {
        return item;
      }
    }
    return undefined;
  };
  const item = find(state.application);
  if (!item || (item.role && editing.has(item.role))) return;
  item.click(pressed, activeWindow(), contents);
}
