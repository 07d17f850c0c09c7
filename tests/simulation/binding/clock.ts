import type { Schedule } from '../../../renderer/features/editor/binding/bindEditor.ts';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Lets all queued microtasks run: what Lexical, the binding and the batcher put off to the end of a turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when told to; milliseconds. */
export class Clock {
  now = 0;
  private tasks: Task[] = [];
  private order = 0;

  /** As the product's timers: runs once, returns what cancels it. */
  readonly schedule: Schedule = (run, delayMs) => {
    const task: Task = { at: this.now + delayMs, order: this.order++, run };
    this.tasks.push(task);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== task);
    };
  };

  /** Lets time pass; each task that falls due has a turn of its own. */
  async advance(byMs: number): Promise<void> {
    const until = this.now + byMs;
    for (let task = this.takeDue(until); task !== undefined; task = this.takeDue(until)) {
      this.now = Math.max(this.now, task.at);
      task.run();
      await turn();
    }
    this.now = until;
  }

  private takeDue(until: number): Task | undefined {
    let first: Task | undefined;
    for (const task of this.tasks) {
      if (task.at > until) continue;
      if (first === undefined || task.at < first.at || (task.at === first.at && task.order < first.order))
        first = task;
    }
    if (first !== undefined) this.tasks = this.tasks.filter((other) => other !== first);
    return first;
  }
}
