import { at, fault, type Place, type ProfileFault } from './faults.ts';
import type { ArticleState, ChainAction, ChainStep, RegulationProfile } from './types.ts';

/** Actions that bring an article nearer to the public, in no order of their own. */
const FORWARD: ReadonlySet<ChainAction> = new Set<ChainAction>(['submit', 'endorse', 'pass', 'approve']);
/** States in which nothing more has to happen. */
const ENDS: ReadonlySet<ArticleState> = new Set<ArticleState>(['published', 'archived']);

type Chains = Pick<RegulationProfile, 'chain' | 'lastWord' | 'posts'>;

/**
 * What is wrong with the chains of a profile: a circle, no approval, no way to it, an approval by another than the one
 * with the last word, a step that no post may take, a state that an article can't leave. An empty chain is a
 * channel that the regulation does not know.
 */
export function* chainFaults(profile: Chains, where: Place): Generator<ProfileFault> {
  for (const channel of ['vi', 'en'] as const) {
    const chain = profile.chain[channel];
    const place = [...where, ...at('chain', channel)];
    if (chain.length === 0) {
      if (channel === 'vi') yield fault(place, 'no-steps');
      continue;
    }
    yield* roleFaults(profile, chain, place);
    yield* approvalFaults(profile, chain, place);
    yield* wayFaults(chain, place);
  }
}

function* roleFaults({ posts }: Chains, chain: readonly ChainStep[], place: Place): Generator<ProfileFault> {
  const held = new Set(posts.map((post) => post.role));
  for (const step of chain) {
    const able = step.roles.filter((role) => role !== 'administrator' && held.has(role));
    if (able.length === 0)
      yield fault(place, 'no-post', { step: step.action, ref: step.ref, role: step.roles.join(' ') });
  }
}

function* approvalFaults(
  { lastWord }: Chains,
  chain: readonly ChainStep[],
  place: Place,
): Generator<ProfileFault> {
  const approvals = chain.filter((step) => step.action === 'approve');
  if (approvals.length === 0) yield fault(place, 'nobody-approves');
  for (const step of chain) {
    const public_ = step.to === 'approved' || (step.to === 'published' && step.action !== 'recall');
    if (public_ && step.action !== 'approve')
      yield fault(place, 'unapproved', { step: step.action, ref: step.ref });
    if ((step.action === 'approve') !== (step.to === 'approved'))
      yield fault(place, 'leads-elsewhere', { step: step.action, ref: step.ref, state: step.to });
    if (step.action === 'approve' && step.roles.some((role) => role !== lastWord.role))
      yield fault(place, 'other-last-word', {
        role: step.roles.join(' '),
        ref: step.ref,
        wanted: lastWord.role,
      });
  }
}

function* wayFaults(chain: readonly ChainStep[], place: Place): Generator<ProfileFault> {
  const forward = chain.filter((step) => FORWARD.has(step.action));
  const circle = findCircle(forward);
  if (circle) yield fault(place, 'circle', { path: circle.join(' → ') });
  const reached = reach(chain, 'draft');
  if (!reach(forward, 'draft').has('approved')) yield fault(place, 'no-way');
  for (const state of reached) {
    if (state === 'approved' || ENDS.has(state)) continue;
    const ways = reach(chain, state);
    if (![...ENDS].some((end) => ways.has(end)) && !ways.has('approved'))
      yield fault(place, 'dead-end', { state });
  }
}

function reach(chain: readonly ChainStep[], from: ArticleState): Set<ArticleState> {
  const known = new Set<ArticleState>([from]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const step of chain) {
      if (known.has(step.to) || !step.from.some((state) => known.has(state))) continue;
      known.add(step.to);
      grown = true;
    }
  }
  return known;
}

function findCircle(forward: readonly ChainStep[]): ArticleState[] | null {
  const next = (state: ArticleState) =>
    forward.filter((step) => step.from.includes(state)).map((step) => step.to);
  const walk = (path: readonly ArticleState[]): ArticleState[] | null => {
    const last = path.at(-1);
    if (last === undefined) return null;
    for (const state of next(last)) {
      const index = path.indexOf(state);
      if (index >= 0) return [...path.slice(index), state];
      const found = walk([...path, state]);
      if (found) return found;
    }
    return null;
  };
  for (const start of new Set(forward.flatMap((step) => step.from))) {
    const found = walk([start]);
    if (found) return found;
  }
  return null;
}
