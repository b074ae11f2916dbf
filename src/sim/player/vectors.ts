// Texts as vectors: the same text always the same one, and texts that share words close to each other. No model: words and
// their pieces are counted at places that their hashes say.
import { hashText } from '../wire/dice.ts';

/** What a text is read up to: a book has no other words behind it. */
const MAX_CHARS = 32_000;
/** A word says more than a piece of one, by which `plant` and `plants` are close. */
const WORD_WEIGHT = 3;

/** Of length 1. @param dimensions at least 1 */
export function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  const add = (piece: string, weight: number): void => {
    const hash = hashText(piece);
    const at = hash % dimensions;
    // Half of the pieces count downwards: those that meet at one place by chance do not add up.
    vector[at] = vector[at]! + (hash & 0x80000000 ? -weight : weight);
  };
  // A text without words has a direction, too.
  add('', 1);
  for (const word of text
    .slice(0, MAX_CHARS)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(word, WORD_WEIGHT);
    const framed = `<${word}>`;
    for (let at = 0; at + 3 <= framed.length; at++) add(`3:${framed.slice(at, at + 3)}`, 1);
  }
  const length = Math.hypot(...vector.filter((value) => value !== 0)) || 1;
  return vector.map((value) => value / length);
}
