import {
  applyInAnyOrder,
  createArticleDoc,
  encodeState,
  stateVector,
} from '../../../domain/document/index.ts';
import { REMOTE_ORIGIN } from '../../../renderer/features/editor/binding/index.ts';
import { seeded } from '../../unit/document/support/random.ts';
import { type ActionName, act, anyAction } from './actions.ts';
import { Clock, turn } from './clock.ts';
import { checkEdit, type Desk, type Fault, openDesk } from './desk.ts';
import { Hub } from './hub.ts';
import { Writings } from './kept.ts';
import { checkDocuments, checkStored, liveShape, reloadedShape, showsItsDocument } from './oracles.ts';

/** One step of a session. What it does depends on its own seed and on the desk's text, so that others can be left out. */
export interface Step {
  readonly desk: number;
  readonly does: ActionName | 'leave' | 'return' | 'lock' | 'unlock';
  readonly seed: number;
  /** Time that passes afterwards. */
  readonly pauseMs: number;
  /** Whether an edit is undone together with the one before. */
  readonly joins: boolean;
}

export interface Plan {
  readonly seed: number;
  readonly editors: number;
  readonly steps: readonly Step[];
}

/** How a session went. */
export interface Outcome {
  readonly faults: readonly Fault[];
  /** Times that an editor showed something else than its document until it was healed. */
  readonly healed: number;
  /** Errors that the binding caught. */
  readonly caught: number;
  /** Edits made, and undos and redos among them. */
  readonly edits: number;
  readonly undos: number;
  /** What was done, in words, step by step. */
  readonly story: readonly string[];
}

export const OPERATIONS = 60;
const BODY = ['Ủy ban nhân dân tỉnh ban hành quyết định', 'Điều 1. Phạm vi điều chỉnh 😀'];

/** Draws a session of 60 operations, with desks going offline and back among them. */
export function planSession(seed: number, editors: number): Plan {
  const random = seeded(seed);
  const steps: Step[] = [];
  const away = new Set<number>();
  const locked = new Set<number>();
  const add = (desk: number, does: Step['does'], pauseMs: number) =>
    steps.push({ desk, does, seed: random.below(2 ** 31), pauseMs, joins: random.next() < 0.3 });
  for (let operation = 0; operation < OPERATIONS; operation += 1) {
    const desk = random.below(editors);
    if (random.next() < 0.06) {
      add(desk, away.has(desk) ? 'return' : 'leave', 0);
      if (!away.delete(desk)) away.add(desk);
    }
    if (random.next() < (locked.has(desk) ? 0.5 : 0.02)) {
      add(desk, locked.has(desk) ? 'unlock' : 'lock', 0);
      if (!locked.delete(desk)) locked.add(desk);
    }
    const pauseMs = random.next() < 0.5 ? random.below(80) : random.below(2500);
    add(desk, anyAction(random), pauseMs);
  }
  return { seed, editors, steps };
}

function hash(text: string, seed: number): number {
  let mixed = seed;
  for (const unit of text) mixed = Math.imul(mixed ^ (unit.codePointAt(0) ?? 0), 16777619);
  return mixed >>> 0;
}

/** The document and the desks of a session, and what is seen of them. */
class Session {
  readonly desks: Desk[];
  readonly hub: Hub;
  readonly clock = new Clock();
  readonly story: string[] = [];
  readonly writings = new Writings();
  edits = 0;
  undos = 0;

  constructor({ seed, editors }: Plan) {
    const { firstUpdate } = createArticleDoc({
      clientId: 9,
      meta: { categoryId: 'c', language: 'vi' },
      title: 'Tiêu đề',
      body: BODY,
    });
    this.hub = new Hub(this.clock, firstUpdate);
    this.desks = Array.from({ length: editors }, (_, at) =>
      openDesk({
        name: `desk ${at + 1}`,
        clientId: 100 + (hash(`client ${at}`, seed) % 1_000_000_000) * 4 + at,
        updates: [firstUpdate],
        clock: this.clock,
        append: (desk, update, updateId) =>
          this.hub.append(desk, update, updateId, seeded(hash(updateId, seed))),
      }),
    );
    for (const desk of this.desks) {
      this.hub.join(desk);
      this.writings.watch(desk.doc);
    }
  }

  async take(step: Step): Promise<void> {
    const desk = this.desks[step.desk];
    if (desk === undefined) return;
    const random = seeded(step.seed);
    const done = this.start(desk, step, random);
    await turn();
    checkEdit(desk);
    if (done !== undefined) this.story.push(`${desk.name} ${done}, then ${step.pauseMs} ms pass`);
    await this.clock.advance(step.pauseMs);
  }

  private start(desk: Desk, step: Step, random: ReturnType<typeof seeded>): string | undefined {
    switch (step.does) {
      case 'leave':
        desk.isOnline = false;
        return 'goes offline';
      case 'return':
        if (!desk.isOnline) this.hub.comeBack(desk, random);
        return 'comes back';
      case 'lock':
      case 'unlock':
        desk.editor.setEditable(step.does === 'unlock');
        return step.does === 'lock' ? 'may only read' : 'may write';
      default: {
        if (!desk.editor.isEditable()) return undefined;
        desk.binding.undoManager.captureTimeout = step.joins ? Number.MAX_SAFE_INTEGER : 0;
        const done = act(step.does, desk, random);
        this.edits += done === undefined ? 0 : 1;
        if (step.does === 'undo' || step.does === 'redo') this.undos += 1;
        return done;
      }
    }
  }

  /** Lets everything arrive, compares documents, heals, exchanges whole states, compares again. */
  async end(): Promise<Fault[]> {
    const { desks, hub } = this;
    for (const desk of desks) desk.editor.setEditable(true);
    await hub.settle();
    const faults = checkStored(desks, hub.stored);
    for (let round = 0; round < 2; round += 1) {
      for (const from of desks)
        for (const to of desks)
          if (from !== to)
            applyInAnyOrder(to.doc, [encodeState(from.doc, stateVector(to.doc))], REMOTE_ORIGIN);
      await turn();
    }
    await this.clock.advance(1000);
    faults.push(...checkDocuments(desks), ...desks.slice(0, 1).flatMap((desk) => this.writings.check(desk)));
    for (const desk of desks) {
      if (showsItsDocument(desk)) continue;
      desk.binding.check();
      await turn();
      if (!showsItsDocument(desk))
        faults.push({
          kind: 'unhealed',
          detail: `${desk.name} shows ${liveShape(desk)} instead of ${reloadedShape(desk)}`,
        });
    }
    return faults;
  }
}

/** Runs a session; the same plan always runs the same way. */
export async function runSession(plan: Plan): Promise<Outcome> {
  const session = new Session(plan);
  const { desks } = session;
  const faults: Fault[] = [];
  const onError = (error: unknown) => {
    faults.push({ kind: 'threw', detail: error instanceof Error ? String(error.stack) : String(error) });
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  try {
    for (const step of plan.steps) await session.take(step);
    faults.push(...(await session.end()));
  } catch (error) {
    onError(error);
  } finally {
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
    for (const desk of desks) desk.dispose();
  }
  faults.push(...desks.flatMap((desk) => desk.faults));
  const reports = desks.flatMap((desk) => desk.reports);
  return {
    faults,
    healed: reports.filter(({ kind }) => kind === 'healed').length,
    caught: reports.filter(({ kind }) => kind === 'sync-failed').length,
    edits: session.edits,
    undos: session.undos,
    story: session.story,
  };
}
