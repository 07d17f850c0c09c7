import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import type { Operation } from './recording.ts';

type Change = { readonly offset: number; readonly data: Buffer } | { readonly length: number };
type NameChange =
  | { readonly kind: 'set'; readonly name: string; readonly file: DiskFile }
  | { readonly kind: 'move'; readonly name: string; readonly from: string; readonly file: DiskFile }
  | { readonly kind: 'delete'; readonly name: string };

/** Which of the calls that were not synced reach the disk. */
type Luck = (random: Random) => boolean;

class Content {
  bytes = Buffer.alloc(0);
  length = 0;

  write(offset: number, data: Buffer): void {
    this.reserve(offset + data.length);
    this.bytes.set(data, offset);
    this.length = Math.max(this.length, offset + data.length);
  }

  resize(length: number): void {
    this.reserve(length);
    if (length < this.length) this.bytes.fill(0, length, this.length);
    this.length = length;
  }

  copy(): Content {
    const copy = new Content();
    copy.bytes = Buffer.from(this.bytes.subarray(0, this.length));
    copy.length = this.length;
    return copy;
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const grown = Buffer.alloc(Math.max(length, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

class DiskFile {
  private readonly synced = new Content();
  private pending: Change[] = [];

  change(change: Change): void {
    this.pending.push(change);
  }

  sync(): void {
    for (const change of this.pending) {
      if ('length' in change) this.synced.resize(change.length);
      else this.synced.write(change.offset, change.data);
    }
    this.pending = [];
  }

  /** What a power cut leaves: all that was synced, and of what came after only the pieces that were lucky. */
  afterCut(random: Random, pieceBytes: number, luck: Luck): Buffer {
    if (this.pending.length === 0) return this.synced.bytes.subarray(0, this.synced.length);
    const content = this.synced.copy();
    for (const change of this.pending) {
      if ('length' in change) {
        if (luck(random)) content.resize(change.length);
        continue;
      }
      const { offset, data } = change;
      let at = 0;
      while (at < data.length) {
        const end = Math.min(data.length, at + pieceBytes - ((offset + at) % pieceBytes));
        if (luck(random)) content.write(offset + at, data.subarray(at, end));
        at = end;
      }
    }
    return content.bytes.subarray(0, content.length);
  }
}

/**
 * A disk that promises only what fsync promises: content of a file up to its last fsync, names of a folder up to the
 * folder's last fsync. Everything later may be lost in any combination, in pieces of 512 or 4,096 bytes.
 */
export class Disk {
  /** Lines of the log of answers so far. */
  readonly answers: string[] = [];
  private readonly inodes = new Map<bigint, DiskFile>();
  private readonly folders = new Set<bigint>();
  private answersInode: bigint | undefined;
  private names = new Map<string, DiskFile>();
  private syncedNames = new Map<string, DiskFile>();
  private pendingNames: NameChange[] = [];

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'open':
        this.open(operation);
        break;
      case 'write':
        if (operation.inode === this.answersInode)
          this.answers.push(operation.data.toString('utf8').trimEnd());
        else this.file(operation.inode).change(operation);
        break;
      case 'truncate':
        this.file(operation.inode).change({ length: operation.length });
        break;
      case 'sync':
        this.sync(operation.inode);
        break;
      case 'unlink':
        this.names.delete(operation.name);
        this.pendingNames.push({ kind: 'delete', name: operation.name });
        break;
      default: {
        const file = this.names.get(operation.name);
        if (!file) throw new Error(`the recording renames ${operation.name}, which is not there`);
        this.names.set(operation.to, file);
        if (operation.kind === 'rename') {
          this.names.delete(operation.name);
          this.pendingNames.push({ kind: 'move', name: operation.to, from: operation.name, file });
        } else {
          this.pendingNames.push({ kind: 'set', name: operation.to, file });
        }
      }
    }
  }

  /** Writes to `folder` what the disk could hold if the power went now. */
  cut(folder: string, random: Random): void {
    const pieceBytes = random.pick([512, 4096]);
    const luck = randomLuck(random);
    const names = new Map(this.syncedNames);
    const nameLuck = randomLuck(random);
    // Journals of file systems usually keep the order of names; nothing promises it.
    const inOrder = random.chance(0.5);
    const reached = random.int(this.pendingNames.length + 1);
    for (const [i, change] of this.pendingNames.entries()) {
      if (inOrder ? i >= reached : !nameLuck(random)) continue;
      if (change.kind === 'delete') names.delete(change.name);
      else names.set(change.name, change.file);
      if (change.kind === 'move') names.delete(change.from);
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, file] of names) {
      const content = name.endsWith('-shm') ? noise(random) : file.afterCut(random, pieceBytes, luck);
      writeFileSync(join(folder, name), content);
    }
  }

  private open({ inode, name, created, emptied, folder }: Extract<Operation, { kind: 'open' }>): void {
    if (folder) {
      this.folders.add(inode);
    } else if (created && name === 'answers') {
      this.answersInode = inode;
    } else if (created) {
      const file = new DiskFile();
      this.inodes.set(inode, file);
      this.names.set(name, file);
      this.pendingNames.push({ kind: 'set', name, file });
    } else if (emptied) {
      this.file(inode).change({ length: 0 });
    }
  }

  private sync(inode: bigint): void {
    if (!this.folders.has(inode)) {
      this.file(inode).sync();
      return;
    }
    this.syncedNames = new Map(this.names);
    this.pendingNames = [];
  }

  private file(inode: bigint): DiskFile {
    const file = this.inodes.get(inode);
    if (!file) throw new Error(`the recording writes to an inode (${inode}) that was never created`);
    return file;
  }
}

function randomLuck(random: Random): Luck {
  const share = random.pick([0, 1, random.next(), 0.5, 0.95]);
  return (source) => source.chance(share);
}

/** The shared-memory index is never synced: after a cut it holds anything. */
function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.pick([0, 3, 500]) }, () => random.int(256)));
}
