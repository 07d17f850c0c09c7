import type { DeskRow } from '../../domain/contracts/desk.ts';
import { CircleCheck, ClockArrowUp, LaptopMinimal, LoaderCircle, OctagonX } from './icons.ts';

const ICONS = {
  local: LaptopMinimal,
  waiting: ClockArrowUp,
  sending: LoaderCircle,
  received: CircleCheck,
  refused: OctagonX,
} as const;

/** Where an article is saved, in a word; the word is only spoken where it is the rule and the room is needed. */
export function SyncSign({
  sync,
  word,
  isQuiet = false,
}: {
  readonly sync: DeskRow['sync'];
  readonly word: string;
  readonly isQuiet?: boolean;
}) {
  const Icon = ICONS[sync];
  return (
    <span className={`sync sync-${sync}`} title={isQuiet ? word : undefined}>
      <Icon className="icon icon-s" aria-hidden />
      <span className={isQuiet ? 'sr' : 'clip'}>{word}</span>
    </span>
  );
}
