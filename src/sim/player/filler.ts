// Text without end for answers that have to be long: plain words, cut from one block so that a megabyte costs no memory.
import { makeDice, pick } from '../wire/dice.ts';

export type Filler = {
  readonly bytes: number;
  /** Where in the block it begins: answers to different questions differ. */
  readonly hash: number;
};

/** The piece of the filler that starts at `at`: ASCII that needs no escape in JSON, a block at most, never empty. */
export function fillerPiece({ bytes, hash }: Filler, at: number): Buffer {
  block ??= makeBlock();
  const start = (hash + at) % block.length;
  return block.subarray(start, Math.min(block.length, start + bytes - at));
}

const BLOCK_BYTES = 65_536;
let block: Buffer | null = null;

const WORDS =
  'after again all also and any as at back be because before but by can come day do even first for from get give go good have he her his how if in into it its just know like look make me more my new no not now of on one only or other our out over people say see she so some take than that the their them then there these they think this time to two up us use want way we well what when which who will with work would year you your'.split(
    ' ',
  );

function makeBlock(): Buffer {
  const dice = makeDice(1);
  let text = '';
  while (text.length < BLOCK_BYTES) text += ` ${pick(WORDS, dice)}`;
  return Buffer.from(text.slice(0, BLOCK_BYTES), 'latin1');
}
