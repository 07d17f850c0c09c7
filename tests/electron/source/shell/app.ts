import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NotInStandInError, strict } from '../shared/strict.ts';
import { InstanceLock } from './lock.ts';
import { preventable, runtime } from './runtime.ts';

/** What the app needs from the windows to quit; set by `window.ts`, which itself needs the app. */
export interface Windows {
  count(): number;
  closeAll(): void;
  destroyAll(): void;
}

/** In KiB, as Electron counts; 0 for a process that has just ended. */
function residentMemory(pid: number): { workingSetSize: number; peakWorkingSetSize: number } {
  let status = '';
  try {
    status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {}
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { workingSetSize: of('VmRSS'), peakWorkingSetSize: of('VmHWM') };
}

class CommandLine {
  switches = new Map<string, string>();
  appendSwitch(name: string, value = ''): void {
    this.switches.set(name.toLowerCase(), String(value));
  }
  appendArgument(): void {}
  hasSwitch(name: string): boolean {
    return this.switches.has(name.toLowerCase());
  }
  getSwitchValue(name: string): string {
    return this.switches.get(name.toLowerCase()) ?? '';
  }
  removeSwitch(name: string): void {
    this.switches.delete(name.toLowerCase());
  }
}

class App extends EventEmitter {
  commandLine = strict('app.commandLine', new CommandLine());
  paths = new Map<string, string>();
  lock = new InstanceLock();
  windows: Windows = { count: () => 0, closeAll: () => {}, destroyAll: () => {} };
  quitting = false;
  exiting = false;
  /** Ends everything that the app started, then the process. */
  shutDown: (code: number) => Promise<void> = async (code) => process.exit(code);
  pendingExit: Promise<void>[] = [];
  becomeReady: () => void = () => {};
  readiness = new Promise<void>((resolve) => {
    this.becomeReady = resolve;
  });
  name = '';
  version = '';
  badge = 0;
  userTasks: unknown;

  get isPackaged(): boolean {
    return runtime.isPackaged;
  }
  isReady(): boolean {
    return runtime.ready;
  }
  whenReady(): Promise<void> {
    return this.readiness;
  }

  quit(): void {
    if (this.quitting || this.exiting) return;
    const event = preventable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.quitting = true;
    if (this.windows.count() === 0) this.finishQuit();
    else this.windows.closeAll();
  }

  /** A window refused to close. */
  cancelQuit(): void {
    this.quitting = false;
  }

  allWindowsClosed(): void {
    if (this.exiting) return;
    if (this.quitting) this.finishQuit();
    else if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  finishQuit(): void {
    const event = preventable({});
    this.emit('will-quit', event);
    if (event.defaultPrevented) {
      this.quitting = false;
      return;
    }
    this.end(Number(process.exitCode ?? 0));
  }

  exit(code = 0): void {
    this.end(code);
  }

  end(code: number): void {
    if (this.exiting) return;
    this.exiting = true;
    this.windows.destroyAll();
    this.emit('quit', preventable({}), code);
    void Promise.all(this.pendingExit).then(() => this.shutDown(code));
  }

  relaunch(): void {
    throw new NotInStandInError('app.relaunch');
  }
  focus(): void {}
  hide(): void {}
  show(): void {}

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    const userData = this.getPath('userData');
    const owned = this.lock.acquire(userData, ({ argv, cwd, data }) => {
      void this.readiness.then(() => this.emit('second-instance', preventable({}), argv, cwd, data));
    });
    if (!owned) {
      this.pendingExit.push(
        InstanceLock.tell(userData, { argv: process.argv, cwd: process.cwd(), data: additionalData ?? null }),
      );
    }
    return owned;
  }
  hasSingleInstanceLock(): boolean {
    return this.lock.held;
  }
  releaseSingleInstanceLock(): void {
    this.lock.release();
  }

  getPath(name: string): string {
    const set = this.paths.get(name);
    if (set !== undefined) return set;
    const home = os.homedir();
    const config = process.env.XDG_CONFIG_HOME || path.join(home, '.config');
    switch (name) {
      case 'home':
        return home;
      case 'appData':
        return config;
      case 'userData':
        return (
          this.commandLine.getSwitchValue('user-data-dir') ||
          path.join(this.getPath('appData'), this.getName())
        );
      case 'sessionData':
        return this.getPath('userData');
      case 'temp':
        return os.tmpdir();
      case 'exe':
        return runtime.executable;
      case 'module':
        return runtime.executable;
      case 'logs':
        return path.join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return path.join(this.getPath('userData'), 'Crashpad');
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos': {
        const folder = name[0]?.toUpperCase() + name.slice(1);
        return (
          process.env[`XDG_${name === 'downloads' ? 'DOWNLOAD' : name.toUpperCase()}_DIR`] ??
          path.join(home, folder)
        );
      }
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
  setPath(name: string, value: string): void {
    if (!path.isAbsolute(value)) throw new Error('Path must be absolute');
    this.getPath(name);
    this.paths.set(name, value);
  }
  setAppLogsPath(folder?: string): void {
    const logs = folder ?? this.getPath('logs');
    fs.mkdirSync(logs, { recursive: true });
    this.paths.set('logs', logs);
  }
  getAppPath(): string {
    return runtime.appPath;
  }
  getName(): string {
    return this.name || (runtime.manifest.productName ?? runtime.manifest.name);
  }
  setName(name: string): void {
    this.name = name;
  }
  getVersion(): string {
    return runtime.manifest.version;
  }
  getLocale(): string {
    return this.commandLine.getSwitchValue('lang') || this.getSystemLocale();
  }
  getSystemLocale(): string {
    const tag =
      (process.env.LC_ALL || process.env.LANG || 'en_US').split('.')[0]?.replace('_', '-') ?? 'en-US';
    return tag === 'C' || tag === 'POSIX' ? 'en-US' : tag;
  }
  getPreferredSystemLanguages(): string[] {
    return [this.getSystemLocale()];
  }
  getLocaleCountryCode(): string {
    return this.getSystemLocale().split('-')[1] ?? '';
  }
  getAppMetrics(): object[] {
    const metric = (pid: number, type: string, creationTime: number) => ({
      pid,
      type,
      creationTime,
      cpu: { percentCPUUsage: 0, idleWakeupsPerSecond: 0 },
      memory: residentMemory(pid),
    });
    return [
      metric(process.pid, 'Browser', Date.now() - process.uptime() * 1000),
      ...[...runtime.utilities].map(([pid, { name, startedAt }]) => ({
        ...metric(pid, 'Utility', startedAt),
        serviceName: 'node.mojom.NodeService',
        name,
      })),
    ];
  }
  enableSandbox(): void {
    if (runtime.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
  }
  disableHardwareAcceleration(): void {
    if (runtime.ready)
      throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
    this.commandLine.appendSwitch('disable-gpu');
  }
  setAppUserModelId(): void {}
  setDesktopName(): void {}
  setAboutPanelOptions(): void {}
  setBadgeCount(count: number): boolean {
    this.badge = count;
    return true;
  }
  getBadgeCount(): number {
    return this.badge;
  }
  setAsDefaultProtocolClient(): boolean {
    return false;
  }
  isAccessibilitySupportEnabled(): boolean {
    return false;
  }
  getGPUFeatureStatus(): object {
    return {};
  }
}

export const app = strict('app', new App());
