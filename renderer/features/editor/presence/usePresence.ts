import { useEffect, useMemo } from 'react';
import type { Present } from '../../../../domain/contracts/index.ts';
import { useDirectory, useMe, useNamed } from '../../../data/directory.ts';
import { useClient, useQuery } from '../../../data/engine.tsx';
import type { EditorBinding } from '../binding/index.ts';
import { placeOf } from './places.ts';

/** Somebody else who has the article open now. */
export interface Other extends Present {
  /** In the language of the window; empty for somebody the directory does not know. */
  readonly name: string;
  /** 0 … 5: the colour of this person, the same for everybody. */
  readonly tone: number;
}

/** Tones of the style sheet. */
const TONES = 6;

function toneOf(personId: string): number {
  let sum = 0;
  for (let index = 0; index < personId.length; index += 1)
    sum = (sum * 31 + personId.charCodeAt(index)) >>> 0;
  return sum % TONES;
}

/** Tells the others that this window has the article open and where its cursor stands, for as long as the screen is shown. */
export function useTellPresence(articleId: string, binding: EditorBinding | null): void {
  const client = useClient();
  useEffect(() => {
    const tell = (isHere: boolean) => {
      const place = isHere ? placeOf(binding?.cursor() ?? null) : null;
      void client.ask('presence.tell', { articleId, isHere, place });
    };
    let frame = 0;
    const onCursor = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => tell(true));
    };
    tell(true);
    const stops = [binding?.onCursor(onCursor), client.onReconnected(() => tell(true))];
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop?.();
      tell(false);
    };
  }, [client, articleId, binding]);
}

/** Who else has the article open now, without the person's own other windows. */
export function useOthers(articleId: string): readonly Other[] {
  const { value } = useQuery('presence.others', { articleId });
  const { people } = useDirectory();
  const me = useMe();
  const named = useNamed();
  return useMemo(
    () =>
      (value?.others ?? [])
        .filter(({ personId }) => personId !== me?.id)
        .map((present) => ({
          ...present,
          name: named(people.get(present.personId)?.name),
          tone: toneOf(present.personId),
        })),
    [value, people, me, named],
  );
}
