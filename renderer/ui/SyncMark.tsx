import type { DeskRow } from '../../domain/contracts/desk.ts';
import { CircleCheck, ClockArrowUp, LaptopMinimal, LoaderCircle, OctagonX } from './icons.ts';

const ICONS = {
  local: LaptopMinimal,
  waiting: ClockArrowUp,
  sending: LoaderCircle,
  received: CircleCheck,
  refused: OctagonX,
} as const;

/** Where an article is saved, in a word. */
export function SyncSign({ sync, word }: { readonly sync: DeskRow['sync']; readonly word: string }) {
  const Icon = ICONS[sync];
  return (
    <span className={`sync sync-${sync}`}>
      <Icon className="icon icon-s" aria-hidden />
      <span className="clip">{word}</span>
    </span>
  );
}
