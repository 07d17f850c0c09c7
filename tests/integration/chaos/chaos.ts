import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeskProcess } from './desk.ts';
import { type Fault, Relay } from './relay.ts';
import { PortalProcess, startPostgres } from './servers.ts';

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly log?: (line: string) => void;
}

export interface ChaosReport {
  readonly rounds: number;
  readonly seed: number;
  /** Words whose saving a desk acknowledged. */
  readonly acknowledged: number;
  readonly killedDesks: number;
  readonly killedPortals: number;
  readonly killedDatabases: number;
  readonly lineFaults: number;
  /** Words that were acknowledged and are not on a desk or not once. */
  readonly lost: readonly string[];
  /** What else is not as it must be. */
  readonly faults: readonly string[];
}

interface Text {
  readonly title: string;
  readonly fingerprint: string;
  readonly portalFingerprint: string | null;
  readonly state: string;
  readonly decisions: readonly { readonly id: string; readonly action: string; readonly status: string }[];
  readonly files: readonly { readonly sha256: string; readonly isStored: boolean }[];
}
interface State {
  readonly online: boolean;
  readonly waiting: number;
  readonly sending: number;
  readonly refused: readonly string[];
}

const ACCOUNTS = ['dau-moi.sldtbxh', 'dau-moi-2.sldtbxh', 'lanh-dao.sldtbxh'] as const;
const QUIET_MS = 120_000;
/** Every so many rounds a new article is made, and the one before is submitted with a file. */
const ARTICLE_ROUNDS = 8;

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Desks, portals and PostgreSQL as real processes, a real line between them: in each round something is killed or the line
 * is spoiled while people write. When all is well again every acknowledged word is on every desk, also a new one, once.
 */
export async function runChaos({ rounds, seed, log = () => {} }: ChaosOptions): Promise<ChaosReport> {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const folder = await mkdtemp(join(tmpdir(), 'soan-chaos-'));
  const postgres = await startPostgres(join(folder, 'database'));
  const portals = [0, 1].map(() => new PortalProcess(postgres.url, join(folder, 'portal')));
  const line = new Relay(() => portals.filter((one) => one.isRunning).map((one) => one.port));
  const portalUrl = `http://127.0.0.1:${await line.start()}`;
  const desks = ACCOUNTS.map((account) => new DeskProcess(account, join(folder, account), portalUrl));
  const [writer, colleague] = desks as [DeskProcess, DeskProcess, DeskProcess];
  const words = new Map<string, string[]>();
  const submitted: { articleId: string; decisionId: string; sha256: string }[] = [];
  const counts = { killedDesks: 0, killedPortals: 0, killedDatabases: 0, lineFaults: 0 };
  const lost: string[] = [];
  const faults: string[] = [];
  const ended: DeskProcess[] = [];

  const write = async (desk: DeskProcess, articleId: string, name: string) => {
    for (let n = 0; n < 1 + Math.floor(random() * 4); n += 1) {
      const word = `${name}n${n}`;
      const answer = await desk.tell({ do: 'write', articleId, word, place: Math.floor(random() * 60) });
      if (!answer) return;
      words.get(articleId)?.push(word);
    }
  };

  /** Spoils something and gives the way to put it right. */
  const spoil = async (): Promise<{ readonly what: string; readonly heal: () => Promise<void> }> => {
    const onLine = (fault: Fault) => {
      counts.lineFaults += 1;
      line.set(fault);
      return { what: `line ${fault.kind}`, heal: async () => line.set({ kind: 'none' }) };
    };
    const killPortals = async (which: readonly PortalProcess[]) => {
      counts.killedPortals += which.length;
      await Promise.all(which.map((portal) => portal.kill()));
      return {
        what: `${which.length} portals killed`,
        heal: async () => void (await Promise.all(which.map((portal) => portal.start()))),
      };
    };
    switch (Math.floor(random() * 9)) {
      case 0:
        return onLine({ kind: 'cut' });
      case 1:
        return onLine({ kind: 'stall' });
      case 2:
        return onLine({ kind: 'delay', ms: 20 + Math.floor(random() * 400) });
      case 3:
      case 4:
        return onLine({ kind: 'truncate', bytes: Math.floor(random() * 4000) });
      case 5:
        return killPortals([pick(portals)]);
      case 6:
        return killPortals(portals);
      case 7: {
        counts.killedDatabases += 1;
        await postgres.kill();
        return { what: 'PostgreSQL killed', heal: () => postgres.start() };
      }
      default: {
        const desk = pick(desks);
        counts.killedDesks += 1;
        await desk.kill();
        return { what: `desk ${desk.account} killed`, heal: () => desk.start() };
      }
    }
  };

  const quiet = async (desk: DeskProcess): Promise<void> => {
    const until = Date.now() + QUIET_MS;
    for (;;) {
      const state = (await desk.tell({ do: 'state' }))?.value as State;
      if (state.online && state.waiting === 0 && state.sending === 0) {
        for (const one of state.refused) faults.push(`${desk.account}: refused ${one}`);
        return;
      }
      if (Date.now() > until)
        throw new Error(`${desk.account} does not come to rest: ${JSON.stringify(state)}`);
      await sleep(100);
    }
  };

  const textOf = async (desk: DeskProcess, articleId: string): Promise<Text | null> =>
    desk.tell({ do: 'text', articleId }).then(
      (answer) => answer?.value as Text,
      () => null,
    );

  /** Waits until a desk shows what the portal holds, then looks at every word. */
  const check = async (desk: DeskProcess, fingerprints: Map<string, string>): Promise<void> => {
    for (const [articleId, expected] of words) {
      const own = submitted.find((one) => one.articleId === articleId);
      const isThere = (one: Text | null) =>
        one !== null &&
        one.fingerprint === one.portalFingerprint &&
        (!own || (one.state === 'submitted' && one.files.every(({ isStored }) => isStored)));
      const until = Date.now() + QUIET_MS;
      let text = await textOf(desk, articleId);
      while (!isThere(text) && Date.now() < until) {
        await sleep(100);
        text = await textOf(desk, articleId);
      }
      if (!text) {
        faults.push(`${desk.account}: has no ${articleId}`);
        continue;
      }
      const there = text.title.split(' ');
      for (const word of expected) {
        const times = there.filter((one) => one === word).length;
        if (times !== 1) lost.push(`${desk.account}: ${word} of ${articleId} ${times} times`);
      }
      const known = fingerprints.get(articleId) ?? text.fingerprint;
      fingerprints.set(articleId, known);
      if (known !== text.fingerprint || text.portalFingerprint !== known)
        faults.push(`${desk.account}: another text of ${articleId}`);
      if (!own) continue;
      const verdict = text.decisions.filter(({ action, id }) => action === 'submit' && id === own.decisionId);
      if (verdict.length !== 1 || verdict[0]?.status !== 'accepted' || text.state !== 'submitted')
        faults.push(`${desk.account}: ${articleId} is ${text.state}, ${JSON.stringify(verdict)}`);
      if (!text.files.some(({ sha256, isStored }) => sha256 === own.sha256 && isStored))
        faults.push(`${desk.account}: the file of ${articleId} is not stored`);
    }
  };

  try {
    await portals[0]?.start();
    await portals[1]?.start();
    await Promise.all(desks.map((desk) => desk.start()));
    let current = '';
    for (let round = 0; round < rounds; round += 1) {
      if (round % ARTICLE_ROUNDS === 0) {
        const former = current;
        current = `article-${seed}-${round}`;
        words.set(current, []);
        await writer.tell({ do: 'create', articleId: current, title: '' });
        if (former !== '') {
          const attached = await writer.tell({
            do: 'attach',
            articleId: former,
            bytes: 700_000,
            seed: round,
          });
          const proposed = await writer.tell({ do: 'submit', articleId: former });
          if (attached && proposed)
            submitted.push({
              articleId: former,
              sha256: String(attached.value),
              decisionId: String(proposed.value),
            });
        }
      }
      const { what, heal } = await spoil();
      const others = (await textOf(colleague, current)) === null ? [] : [colleague];
      const writing = [writer, ...others].map((desk, index) => write(desk, current, `r${round}d${index}`));
      await sleep(100 + random() * 900);
      const healing = heal();
      await Promise.all([...writing, healing]);
      log(`round ${round}: ${what}`);
    }
    line.set({ kind: 'none' });
    await Promise.all(desks.map(quiet));
    const fresh = new DeskProcess('dau-moi-2.sldtbxh', join(folder, 'fresh'), portalUrl);
    ended.push(fresh);
    await fresh.start();
    const fingerprints = new Map<string, string>();
    for (const desk of [...desks, fresh]) await check(desk, fingerprints);
  } catch (error) {
    const output = portals.map((portal) => portal.output.slice(-1500)).join('\n');
    throw new Error(`seed ${seed}: ${String(error)}\n${output}`, { cause: error });
  } finally {
    await Promise.all([...desks, ...ended].map((desk) => desk.kill()));
    await Promise.all(portals.map((portal) => portal.kill()));
    await line.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const acknowledged = [...words.values()].reduce((sum, one) => sum + one.length, 0);
  return { rounds, seed, acknowledged, ...counts, lost, faults };
}
