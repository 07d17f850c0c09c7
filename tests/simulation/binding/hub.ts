import { applyInAnyOrder, encodeState, loadDoc } from '../../../domain/document/index.ts';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import type { Random } from '../../unit/document/support/random.ts';
import { type Clock, turn } from './clock.ts';
import type { Desk } from './desk.ts';

interface Arrival {
  readonly update: Uint8Array;
  readonly random: Random;
}

/**
 * What stands between the desks: stores every update that a desk appends, once, and brings it to the others: late, in
 * another order, several at once, twice, and not at all while a desk is offline.
 */
export class Hub {
  /** Every update as it was stored, in the order of arrival. */
  readonly stored: Uint8Array[];
  private readonly clock: Clock;
  private readonly known = new Set<string>();
  private readonly desks: Desk[] = [];
  private readonly waiting = new Map<Desk, Arrival[]>();
  private underWay = 0;

  constructor(clock: Clock, first: Uint8Array) {
    this.clock = clock;
    this.stored = [first];
  }

  join(desk: Desk): void {
    this.desks.push(desk);
    this.waiting.set(desk, []);
  }

  /** The store's answer to a desk; rejects while the desk is offline. `random` decides how the update travels on. */
  async append(
    from: Desk,
    update: Uint8Array,
    updateId: string,
    random: Random,
  ): Promise<{ savedAt: string }> {
    if (!from.isOnline) throw new Error('offline');
    const answer = { savedAt: String(this.clock.now) };
    if (this.known.has(updateId)) return answer;
    this.known.add(updateId);
    this.stored.push(update);
    for (const desk of this.desks) if (desk !== from) this.send(desk, update, random);
    // Now and then the answer is lost on the way: the desk must send the same once more.
    if (random.next() < 0.05) throw new Error('no answer');
    return answer;
  }

  private send(desk: Desk, update: Uint8Array, random: Random): void {
    const times = random.next() < 0.05 ? 2 : 1;
    for (let copy = 0; copy < times; copy += 1) {
      const delayMs = random.next() < 0.7 ? random.below(150) : random.below(4000);
      this.underWay += 1;
      this.clock.schedule(() => {
        this.underWay -= 1;
        this.waiting.get(desk)?.push({ update, random });
        // Some are held back, so that several arrive at once.
        if (desk.isOnline && random.next() < 0.8) this.deliver(desk);
      }, delayMs);
    }
  }

  /** Brings what waits for a desk, in any order, as one update or one by one. */
  deliver(desk: Desk): void {
    const arrivals = this.waiting.get(desk) ?? [];
    this.waiting.set(desk, []);
    const random = arrivals[0]?.random;
    if (random === undefined) return;
    const updates = arrivals.map(({ update }) => update);
    for (let at = updates.length - 1; at > 0; at -= 1) {
      const [moved] = updates.splice(random.below(at + 1), 1);
      if (moved !== undefined) updates.push(moved);
    }
    if (random.next() < 0.4)
      desk.doc.transact(() => applyInAnyOrder(desk.doc, updates, REMOTE_ORIGIN), REMOTE_ORIGIN);
    else for (const update of updates) applyInAnyOrder(desk.doc, [update], REMOTE_ORIGIN);
  }

  /** A desk comes back: what waits for it arrives, or it asks for everything, as after its engine was started again. */
  comeBack(desk: Desk, random: Random): void {
    desk.isOnline = true;
    if (random.next() < 0.5) this.deliver(desk);
    else applyInAnyOrder(desk.doc, [this.state()], REMOTE_ORIGIN);
  }

  /** What a desk that opens the article now would get. */
  state(): Uint8Array {
    const doc = loadDoc(this.stored);
    const state = encodeState(doc);
    doc.destroy();
    return state;
  }

  /** Lets everything arrive that is under way. */
  async settle(): Promise<void> {
    for (const desk of this.desks) desk.isOnline = true;
    for (let round = 0; round < 20; round += 1) {
      for (const desk of this.desks) this.deliver(desk);
      await turn();
      await this.clock.advance(6000);
      const isQuiet = this.desks.every(
        (desk) => !desk.batcher.hasUnsaved() && (this.waiting.get(desk) ?? []).length === 0,
      );
      if (isQuiet && this.underWay === 0) return;
    }
    throw new Error('the desks do not come to rest');
  }
}
