type Listener = (...args: unknown[]) => void;
interface Entry {
  listener: Listener;
  once: boolean;
}

/** The `events` that a sandboxed preload may require. */
export class EventEmitter {
  private readonly entries = new Map<string | symbol, Entry[]>();

  private add(name: string | symbol, entry: Entry, first: boolean): this {
    if (typeof entry.listener !== 'function')
      throw new TypeError('The "listener" argument must be a function');
    const list = this.entries.get(name) ?? [];
    this.entries.set(name, first ? [entry, ...list] : [...list, entry]);
    return this;
  }
  on(name: string | symbol, listener: Listener): this {
    return this.add(name, { listener, once: false }, false);
  }
  addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }
  once(name: string | symbol, listener: Listener): this {
    return this.add(name, { listener, once: true }, false);
  }
  prependListener(name: string | symbol, listener: Listener): this {
    return this.add(name, { listener, once: false }, true);
  }
  off(name: string | symbol, listener: Listener): this {
    const list = this.entries.get(name) ?? [];
    const index = list.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) this.entries.set(name, list.toSpliced(index, 1));
    return this;
  }
  removeListener(name: string | symbol, listener: Listener): this {
    return this.off(name, listener);
  }
  removeAllListeners(name?: string | symbol): this {
    if (name === undefined) this.entries.clear();
    else this.entries.delete(name);
    return this;
  }
  listenerCount(name: string | symbol): number {
    return this.entries.get(name)?.length ?? 0;
  }
  listeners(name: string | symbol): Listener[] {
    return (this.entries.get(name) ?? []).map((entry) => entry.listener);
  }
  eventNames(): (string | symbol)[] {
    return [...this.entries.keys()].filter((name) => this.listenerCount(name) > 0);
  }
  setMaxListeners(): this {
    return this;
  }
  emit(name: string | symbol, ...args: unknown[]): boolean {
    const list = this.entries.get(name) ?? [];
    if (list.length === 0 && name === 'error') throw args[0];
    for (const entry of list) {
      if (entry.once) this.off(name, entry.listener);
      Reflect.apply(entry.listener, this, args);
    }
    return list.length > 0;
  }
}
