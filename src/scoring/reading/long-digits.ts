// Whole numbers of an answer's JSON of which doubles do not hold each, an id of nineteen digits say: the text of their digits,
// as an expectation writes them.
import type { Json } from '../../core/json.ts';
import { parseNumbers } from '../../core/json-text.ts';
import { decimalOf, isSame } from './decimal.ts';

/** As JSON.parse, but for these. What a double happens to hold is written like its neighbours. @throws as JSON.parse */
export function parseDigits(text: string): Json {
  return parseNumbers(text, (written, value) =>
    WHOLE.test(written) && !Number.isSafeInteger(value) ? written : value,
  ) as Json;
}

const WHOLE = /^-?\d+$/;

/** Of a number beyond those that doubles hold each, and its digits. */
export function isDigitsOf(text: unknown, number: unknown): boolean {
  return isLongPair(text, number) && BigInt(text as string) === BigInt(number as number);
}

/** Of one that an expectation holds: `1e23` is written for what follows from it, and not for the nearest double. */
export function isMeantBy(text: unknown, number: unknown): boolean {
  if (!isLongPair(text, number)) return false;
  return isDigitsOf(text, number) || isSame(decimalOf(text as string)!, decimalOf(String(number))!);
}

/** More are no double's. */
const MAX_DIGITS = 310;

function isLongPair(text: unknown, number: unknown): boolean {
  if (typeof text !== 'string' || typeof number !== 'number') return false;
  if (!Number.isInteger(number) || Number.isSafeInteger(number)) return false;
  return text.length <= MAX_DIGITS && WHOLE.test(text);
}

/** All digits of a whole number, as patterns look at it. */
export function digitsOf(value: string | number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 1e21
    ? String(BigInt(value))
    : String(value);
}
