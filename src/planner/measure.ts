// Sizes of many texts where measuring each would take too long: a sample is measured, the rest is taken from lengths.
import { makeRandom, shuffle } from '../core/shuffle.ts';

export type Texts = {
  readonly count: number;
  /** Made anew at each call: the texts of 100,000 cells are never held together. */
  readonly at: (index: number) => string;
};

export type Sizes = { readonly sizes: Float64Array; readonly isSampled: boolean };

/**
 * Each text's size, by `sizeOf`. Where there are more than `maxChars` characters, so many of them are measured, taken
 * from texts in a shuffled order that is always the same, and each other text is as dense as these.
 */
export function measureTexts(
  texts: Texts,
  input: { readonly sizeOf: (text: string) => number; readonly maxChars: number },
): Sizes {
  const lengths = new Float64Array(texts.count);
  let total = 0;
  for (let i = 0; i < texts.count; i++) {
    lengths[i] = texts.at(i).length;
    total += lengths[i]!;
  }
  if (total <= input.maxChars) {
    return { sizes: lengths.map((_, i) => input.sizeOf(texts.at(i))), isSampled: false };
  }
  const density = densityOf({ texts, lengths, ...input });
  return { sizes: lengths.map((length) => length * density), isSampled: true };
}

/** Size a character, over whole texts as long as they fit; of the one that does not, its beginning. */
function densityOf(input: {
  readonly texts: Texts;
  readonly lengths: Float64Array;
  readonly sizeOf: (text: string) => number;
  readonly maxChars: number;
}): number {
  const order = shuffle(Array.from(input.lengths.keys()), makeRandom(ORDER_SEED));
  let room = input.maxChars;
  let size = 0;
  for (const index of order) {
    if (room <= 0) break;
    const text = input.texts.at(index).slice(0, room);
    size += input.sizeOf(text);
    room -= text.length;
  }
  return size / (input.maxChars - room);
}

const ORDER_SEED = 1;
