import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Args, QueryName, Reply, RequestName } from '../../domain/contracts/index.ts';
import type { Result } from '../../domain/lib/result.ts';
import { CAST, PASSWORD, type PersonId } from './cast.ts';
import { portalTimers } from './clock.ts';
import type { FromDesk, ToDesk } from './desk/messages.ts';
import type { DeskHost, DeskHosts } from './deskHost.ts';
import { Failure } from './failure.ts';
import { Ledger } from './ledger.ts';
import { Network, type NetworkOptions } from './network.ts';
import type { PersonAt } from './oracles/chain.ts';
import { History } from './oracles/truth.ts';
import { checkRequest, type Person } from './oracles/visibility.ts';
import { SimulatedPortal } from './portal.ts';
import type { Random } from './random.ts';
import { DeskWindow } from './window.ts';

/** One desk with the person at it. */
export interface Station {
  readonly index: number;
  readonly person: PersonId;
  readonly folder: string;
  readonly host: DeskHost;
  window: DeskWindow;
  inbox: ToDesk[];
  isOn: boolean;
  diskIsFull: boolean;
  hasStopped: boolean;
  /** Errors and warnings of its log, newest last. */
  readonly log: string[];
  rows: Readonly<Record<string, readonly Record<string, unknown>[]>> | null;
}

export interface WorldOptions {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly hosts: DeskHosts;
  /** Power cuts end the threads of desks, and not only what runs in them. */
  readonly endsThreads: boolean;
  readonly persons: readonly PersonId[];
  readonly random: Random;
  readonly onAnswer: NetworkOptions['onAnswer'];
}

const START = Date.UTC(2026, 7, 27, 1, 0);
const MOST_ROUNDS = 400;

/** No answer came: the desk died meanwhile, or has not answered yet. The window asks again when the engine is back. */
export const DIED = Symbol('died');

/** Desks, their lines, the portal and the clock. Everything that happens, happens in rounds, in an order that the seed gives. */
export class World {
  readonly stations: readonly Station[];
  readonly portal: SimulatedPortal;
  readonly network: Network;
  readonly ledger = new Ledger();
  /** Every update that the portal ever took. */
  readonly taken = new History();
  /** What everybody was, and from when on by the portal's clock. */
  readonly people = new Map<string, PersonAt[]>(
    Object.entries(CAST).map(([id, { roles, unitId }]) => [id, [{ from: 0, roles, unitId, active: true }]]),
  );
  readonly folder: string;
  readonly #hosts: DeskHosts;
  readonly #endsThreads: boolean;
  #clock = START;
  #portalTicks = START;
  step = 0;
  rounds = 0;

  constructor(options: WorldOptions) {
    this.folder = options.folder;
    this.#hosts = options.hosts;
    this.#endsThreads = options.endsThreads;
    this.portal = new SimulatedPortal(options.databaseUrl, join(options.folder, 'portal'), () => {
      this.#portalTicks = Math.max(this.#portalTicks + 1, this.#clock);
      return this.#portalTicks;
    });
    this.network = new Network(
      {
        portal: this.portal,
        desks: options.persons.length,
        onRequest: (_, request) => checkRequest(request, (articleId) => this.ledger.isDeclared(articleId)),
        onAnswer: async (desk, request, answer) => {
          await options.onAnswer(desk, request, answer);
          if (request.method === 'POST' && request.path === '/api/sync/updates')
            await this.taken.look(this.portal.portal.db);
        },
      },
      options.random,
    );
    this.stations = options.persons.map((person, index) => {
      const station: Station = {
        index,
        person,
        folder: join(options.folder, `desk-${index}`),
        host: options.hosts.take(options.endsThreads),
        window: undefined as unknown as DeskWindow,
        inbox: [],
        isOn: false,
        diskIsFull: false,
        hasStopped: false,
        log: [],
        rows: null,
      };
      station.window = new DeskWindow(`w${index}`, (data) =>
        station.inbox.push({ kind: 'fromWindow', windowId: station.window.windowId, data }),
      );
      return station;
    });
  }

  /** Milliseconds since 1970 of the one true clock. */
  get now(): number {
    return this.#clock;
  }

  /** The portal's administrator changed somebody just now. */
  isNow(person: PersonId, next: Omit<PersonAt, 'from'>): void {
    this.people.get(person)?.push({ ...next, from: this.#portalTicks + 1 });
  }

  /** Who sits at a desk, as the portal knows them now. */
  personAt(desk: number): Person {
    const id = this.stations[desk]?.person ?? '';
    const now = this.people.get(id)?.at(-1);
    if (!now) throw new Error(`nobody at desk ${desk}`);
    return { id, roles: now.roles, unit: now.unitId, active: now.active };
  }

  async begin(): Promise<void> {
    await mkdir(join(this.folder, 'portal'), { recursive: true });
    this.#tick(0);
    await this.portal.start();
    for (const station of this.stations) await this.switchOn(station);
    for (const station of this.stations) await this.signIn(station);
    await this.settle();
  }

  async end(): Promise<void> {
    for (const { host } of this.stations) await this.#hosts.giveBack(host, this.#endsThreads);
    if (this.portal.isUp) await this.portal.crash();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Starts the engine of a desk on its folder, in a new thread if there is none. */
  async switchOn(station: Station): Promise<void> {
    station.host.begin();
    station.isOn = true;
    station.inbox = [];
    const seed = (station.index + 1) * 7919 + this.step * 104_729;
    const start: ToDesk = {
      kind: 'start',
      folder: station.folder,
      portalUrl: 'https://portal.example',
      seed,
    };
    await this.#give(station, [start]);
    await this.#give(station, [{ kind: 'window', windowId: station.window.windowId }]);
    station.window.askAgain();
    await this.#give(station, []);
  }

  /** Power cut: what the engine was doing stops where it is. */
  async kill(station: Station): Promise<void> {
    station.isOn = false;
    station.inbox = [];
    station.diskIsFull = false;
    await station.host.die();
    this.network.forget(station.index);
  }

  /** The engine ends in order; the thread stays. */
  async switchOff(station: Station): Promise<void> {
    station.hasStopped = false;
    await this.#give(station, [{ kind: 'stop' }]);
    if (station.isOn && !station.hasStopped)
      throw new Failure('stop', `desk ${station.index} does not end: ${station.log.at(-1) ?? ''}`);
    station.isOn = false;
    station.inbox = [];
    this.network.forget(station.index);
  }

  async signIn(station: Station): Promise<void> {
    const id = station.window.ask('session.signIn', { account: station.person, password: PASSWORD });
    await this.#give(station, []);
    await this.settle();
    station.window.answer(id);
  }

  /** Gives messages to one desk and lets it work; its requests wait on the line. */
  async give(station: Station, items: readonly ToDesk[] = []): Promise<void> {
    await this.#give(station, items);
  }

  /** Asks an engine; nothing reaches the portal before the next `settle`. */
  async ask<N extends RequestName>(
    station: Station,
    name: N,
    args: Args<N>,
    id?: string,
  ): Promise<Result<Reply<N>> | typeof DIED> {
    const asked = station.window.ask(name, args, id);
    await this.#give(station, []);
    return this.#answerOf(station, asked) as Result<Reply<N>> | typeof DIED;
  }

  async look<N extends QueryName>(station: Station, name: N, args: Args<N>): Promise<Reply<N> | null> {
    const id = station.window.look(name, args);
    await this.#give(station, []);
    const answer = station.window.answer(id);
    station.window.unwatch(id);
    return answer?.ok ? (answer.value as Reply<N>) : null;
  }

  #answerOf(station: Station, id: string): Result<unknown> | typeof DIED {
    return station.window.answer(id) ?? DIED;
  }

  /** Lets everything happen that happens without time. */
  async settle(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > MOST_ROUNDS)
        throw new Failure('liveness', `still busy after ${MOST_ROUNDS} rounds: ${this.#busiest()}`);
      await this.network.deliver();
      const given = await Promise.all(
        this.stations.map((station) => {
          const arrivals = this.network.arrivals(station.index);
          if (!station.isOn) return null;
          if (arrivals.length === 0 && station.inbox.length === 0) return null;
          return this.#work(
            station,
            arrivals.map((event) => ({ kind: 'fetch', event })),
          );
        }),
      );
      for (const [index, result] of given.entries()) {
        const station = this.stations[index];
        if (result && station) await this.#absorb(station, result);
      }
      this.rounds += 1;
      if (
        this.network.isQuiet &&
        this.stations.every((station) => !station.isOn || station.inbox.length === 0)
      )
        return;
    }
  }

  /** Time passes, and everything that was due happens. */
  async advance(ms: number): Promise<void> {
    this.#tick(ms);
    portalTimers.fire(this.#clock);
    await this.portal.settle();
    for (const station of this.stations) {
      const { nextDue } = station.host;
      if (station.isOn && nextDue !== null && nextDue <= this.#clock) station.inbox.push({ kind: 'advance' });
    }
    await this.settle();
  }

  /** Sets how far a desk's clock is off. */
  skew(station: Station, ms: number): void {
    station.host.clock[1] = ms;
  }

  #tick(ms: number): void {
    this.#clock += ms;
    for (const station of this.stations) station.host.clock[0] = this.#clock;
  }

  async #give(station: Station, items: readonly ToDesk[]): Promise<void> {
    if (!station.isOn) {
      station.inbox = [];
      return;
    }
    await this.#absorb(station, await this.#work(station, items));
  }

  #work(station: Station, items: readonly ToDesk[]) {
    const all = [...station.inbox, ...items];
    station.inbox = [];
    return station.host.round(all);
  }

  async #absorb(station: Station, { out, died }: { out: readonly FromDesk[]; died: boolean }): Promise<void> {
    for (const message of out) {
      if (message.kind === 'fetch') this.network.sent(station.index, message.request);
      else if (message.kind === 'abort') this.network.aborted(station.index, message.id);
      else if (message.kind === 'toWindow') station.window.hear(message.data);
      else if (message.kind === 'stopped') station.hasStopped = true;
      else if (message.kind === 'dump') station.rows = message.rows;
      else if (message.kind === 'log') {
        station.log.push(`[${this.step}] ${message.level} ${message.line.slice(0, 600)}`);
        if (station.log.length > 60) station.log.shift();
      } else if (message.kind === 'started' && message.error !== null)
        throw new Failure('start', `desk ${station.index} does not start: ${message.error}`);
    }
    if (died) await this.kill(station);
  }

  #busiest(): string {
    return [...this.network.counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 4)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ');
  }
}
