import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { decode, encode } from '../shared/codec.ts';
import { type MessagePortMain, type PortFrame, portOf, RemotePorts, transferred } from '../shared/ports.ts';
import { strict } from '../shared/strict.ts';
import { app } from './app.ts';
import { preventable, runtime } from './runtime.ts';

interface ForkOptions {
  env?: NodeJS.ProcessEnv;
  execArgv?: string[];
  cwd?: string;
  stdio?: 'pipe' | 'ignore' | 'inherit' | ('pipe' | 'ignore' | 'inherit')[];
  serviceName?: string;
  allowLoadingUnsignedLibraries?: boolean;
  respondToAuthRequestsFromMainProcess?: boolean;
}
type FromUtility = ['parent', string, number[]] | ['ready'] | PortFrame;

const running = new Set<UtilityProcess>();
/** Kills a child whose parent was killed itself; a process in a busy loop notices nothing. */
const guard = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => fs.existsSync(file));

export class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  stdout: Readable | null = null;
  stderr: Readable | null = null;
  child: ChildProcess;
  ports: RemotePorts;
  waiting: unknown[][] | undefined = [];
  name: string;

  constructor(modulePath: string, args: string[], options: ForkOptions) {
    super();
    this.name = options.serviceName ?? 'Node Utility Process';
    const given = options.stdio ?? 'inherit';
    const [, out = 'inherit', err = 'inherit'] = Array.isArray(given) ? given : ['ignore', given, given];
    const command = [
      runtime.node,
      ...(options.execArgv ?? []),
      path.join(runtime.folder, 'lib', 'utility.cjs'),
      modulePath,
      ...args,
    ];
    const guarded = guard ? [guard, '--pdeathsig', 'KILL', ...command] : command;
    const self = strict('utilityProcess', this);
    this.child = spawn(guarded[0] ?? runtime.node, guarded.slice(1), {
      cwd: options.cwd ?? process.cwd(),
      env: {
        ...(options.env ?? process.env),
        ELECTRON_STAND_IN: JSON.stringify({
          executable: runtime.executable,
          versions: { electron: process.versions.electron, chrome: process.versions.chrome },
          resourcesPath: (process as { resourcesPath?: string }).resourcesPath,
          packaged: runtime.isPackaged,
          parent: process.pid,
        }),
      },
      stdio: ['ignore', out, err, 'ipc'],
      serialization: 'advanced',
    });
    this.stdout = this.child.stdout;
    this.stderr = this.child.stderr;
    this.ports = new RemotePorts(1, (frame) => self.write(frame));
    this.child.on('message', (frame) => self.read(frame as FromUtility));
    this.child.once('exit', (code, signal) =>
      self.ended(code ?? (signal ? os.constants.signals[signal] : 1)),
    );
    this.child.once('error', (error) => {
      process.stderr.write(`${String(error)}\n`);
      self.ended(1);
    });
    running.add(self);
    // biome-ignore lint/correctness/noConstructorReturn: unknown members must throw, on the object that the app holds.
    return self;
  }

  write(frame: unknown[]): void {
    if (this.waiting) this.waiting.push(frame);
    else if (this.child.connected) this.child.send(frame, () => {});
  }

  read(frame: FromUtility): void {
    if (frame[0] === 'ready') {
      this.pid = this.child.pid;
      if (this.pid !== undefined) runtime.utilities.set(this.pid, { name: this.name, startedAt: Date.now() });
      const waiting = this.waiting ?? [];
      this.waiting = undefined;
      for (const early of waiting) this.write(early);
      this.emit('spawn');
    } else if (frame[0] === 'parent') {
      const ports = this.ports.import(frame[2]).map(portOf);
      this.emit('message', decode(frame[1]), ports);
    } else this.ports.read(frame);
  }

  ended(code: number): void {
    if (!running.delete(this)) return;
    this.ports.closeAll();
    if (this.pid !== undefined) runtime.utilities.delete(this.pid);
    this.pid = undefined;
    this.emit('exit', code);
    app.emit('child-process-gone', preventable({}), {
      type: 'Utility',
      reason: code === 0 ? 'clean-exit' : 'abnormal-exit',
      exitCode: code,
      serviceName: 'node.mojom.NodeService',
      name: this.name,
    });
  }

  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    const data = encode(message);
    this.write(['parent', data, this.ports.export(transferred(transfer))]);
  }

  kill(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.kill('SIGTERM');
  }
}

export const utilityProcess = strict('utilityProcess', {
  fork(modulePath: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess {
    if (!runtime.ready) throw new Error('utilityProcess cannot be created before app is ready.');
    if (typeof modulePath !== 'string' || modulePath === '')
      throw new TypeError('Missing UtilityProcess entry script.');
    return new UtilityProcess(modulePath, args, options);
  },
});

/** No utility process survives the shell. */
export function killUtilityProcesses(): void {
  for (const process of running) process.child.kill('SIGKILL');
}
