import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a second instance tells the first. */
export interface SecondInstance {
  argv: string[];
  cwd: string;
  data: unknown;
}

function socketName(userData: string): string {
  return `\0electron-stand-in-${createHash('sha256').update(fs.realpathSync(userData)).digest('hex').slice(0, 32)}`;
}

/**
 * The single-instance lock of a user data folder. SQLite's file lock decides at once and dies with the
 * process, however it ends; an abstract socket carries the second instance's arguments.
 */
export class InstanceLock {
  private database: DatabaseSync | undefined;
  private server: net.Server | undefined;

  acquire(userData: string, onSecond: (second: SecondInstance) => void): boolean {
    if (this.database) return true;
    fs.mkdirSync(userData, { recursive: true });
    const database = new DatabaseSync(path.join(userData, 'SingleInstance.lock'), { timeout: 0 });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version = 1; COMMIT');
    } catch {
      database.close();
      return false;
    }
    this.database = database;
    this.server = net.createServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => {
        onSecond(JSON.parse(Buffer.concat(chunks).toString('utf8')) as SecondInstance);
        socket.end();
      });
    });
    this.server.on('error', () => {});
    this.server.listen(socketName(userData));
    this.server.unref();
    return true;
  }

  /** Resolves when the first instance has been told, or can't be. */
  static tell(userData: string, second: SecondInstance): Promise<void> {
    return new Promise((resolve) => {
      let attempts = 0;
      const attempt = (): void => {
        const socket = net.connect(socketName(userData));
        socket.on('error', () => {
          attempts += 1;
          if (attempts > 20) resolve();
          else setTimeout(attempt, 50);
        });
        socket.on('connect', () => socket.end(JSON.stringify(second)));
        socket.on('close', (failed) => {
          if (!failed) resolve();
        });
      };
      attempt();
    });
  }

  get held(): boolean {
    return this.database !== undefined;
  }

  release(): void {
    this.server?.close();
    this.server = undefined;
    this.database?.close();
    this.database = undefined;
  }
}
