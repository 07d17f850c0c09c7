import type { Chromium } from './chromium.ts';

/** What the parts of the shell share. Filled by `main.ts` before the app's code runs. */
export interface Runtime {
  /** The launcher, as the app sees it in `process.execPath`. */
  executable: string;
  /** Folder of the launcher. */
  folder: string;
  node: string;
  appPath: string;
  isPackaged: boolean;
  manifest: { name: string; version: string; productName?: string; main: string };
  chromium: Chromium | undefined;
  ready: boolean;
  profile: () => string;
  /** Utility processes that run, by process id and the name they were started under. */
  utilities: Map<number, { name: string; startedAt: number }>;
}

export const runtime: Runtime = {
  executable: process.execPath,
  folder: '',
  node: process.execPath,
  appPath: '',
  isPackaged: false,
  manifest: { name: 'Electron', version: '0.0.0', main: 'index.js' },
  chromium: undefined,
  ready: false,
  profile: () => '',
  utilities: new Map(),
};

/** Throws before the app is ready, as Electron does for windows, sessions and screens. */
export function chromium(): Chromium {
  if (!runtime.chromium) throw new Error('this cannot be used before app is ready');
  return runtime.chromium;
}

/** An event whose default can be prevented. */
export function preventable<T extends object>(
  details: T,
): T & { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}
