import * as Y from 'yjs';
import type { CursorPlace } from '../../../../domain/contracts/index.ts';
import type { Cursor } from '../binding/index.ts';

const encode = (position: Y.RelativePosition): string =>
  btoa(String.fromCharCode(...Y.encodeRelativePosition(position)));

const decode = (spot: string): Y.RelativePosition =>
  Y.decodeRelativePosition(Uint8Array.from(atob(spot), (letter) => letter.charCodeAt(0)));

/** A cursor as it travels to the others; null when it stands nowhere. */
export function placeOf(cursor: Cursor | null): CursorPlace | null {
  if (!cursor?.anchorPos || !cursor.focusPos) return null;
  return { anchor: encode(cursor.anchorPos), focus: encode(cursor.focusPos) };
}

/** The cursor that a place names; null for one that can't be read. */
export function cursorOf(place: CursorPlace): Cursor | null {
  try {
    return { anchorPos: decode(place.anchor), focusPos: decode(place.focus) };
  } catch {
    return null;
  }
}
