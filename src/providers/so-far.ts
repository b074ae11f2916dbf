// Servers that say the text so far in the place of each piece: DashScope's plans, gateways. Pure.
import type { Json, JsonObject } from '../core/json.ts';

/** Of one member of a choice. */
type Told = {
  /** The last piece; null = one of them did not go on the one before it: they are pieces. */
  last: string | null;
  /** How often a piece said all that was said before it, and more. */
  growths: number;
};

export type SoFar = Map<string, Told>;

/** What comes in pieces, and stays what it is where it is said again. */
const NAMES = ['content', 'reasoning_content', 'reasoning'] as const;

export function hear(soFar: SoFar, delta: JsonObject): void {
  for (const name of NAMES) {
    const piece: Json | undefined = delta[name];
    if (typeof piece !== 'string' || piece === '') continue;
    const told = soFar.get(name);
    if (told === undefined) soFar.set(name, { last: piece, growths: 0 });
    else if (told.last !== null) {
      if (piece.length > told.last.length && piece.startsWith(told.last)) told.growths += 1;
      else if (piece !== told.last) {
        told.last = null;
        continue;
      }
      told.last = piece;
    }
  }
}

/** Two pieces of a word may begin alike; three that grow so, or a sentence said again, are no pieces. */
export function saidSoFar(soFar: SoFar): JsonObject {
  const whole: { [name: string]: Json } = {};
  for (const [name, { last, growths }] of soFar) {
    if (last !== null && last.trim() !== '' && (growths > 1 || (growths === 1 && last.length >= LONG)))
      whole[name] = last;
  }
  return whole;
}

/** Longer than a token, of which an incremental piece has one, or a few. */
const LONG = 16;
