import { Menu } from 'electron';
import { type MenuLanguage, menuStrings } from './strings.ts';

/** The application menu in the person's language. Only roles and new windows: what concerns the work is in the window. */
export function showMenu(language: MenuLanguage, openWindow: () => void): void {
  const s = menuStrings(language);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: s.file,
        submenu: [
          { label: s.newWindow, accelerator: 'CmdOrCtrl+Shift+N', click: openWindow },
          { type: 'separator' },
          { label: s.closeWindow, role: 'close' },
          { label: s.quit, role: 'quit' },
        ],
      },
      {
        label: s.edit,
        submenu: [
          { label: s.cut, role: 'cut' },
          { label: s.copy, role: 'copy' },
          { label: s.paste, role: 'paste' },
          { label: s.pasteAsText, role: 'pasteAndMatchStyle' },
          { label: s.selectAll, role: 'selectAll' },
        ],
      },
      {
        label: s.view,
        submenu: [
          { label: s.zoomIn, role: 'zoomIn' },
          { label: s.zoomOut, role: 'zoomOut' },
          { label: s.zoomReset, role: 'resetZoom' },
          { type: 'separator' },
          { label: s.fullScreen, role: 'togglefullscreen' },
        ],
      },
    ]),
  );
}
