// Whole numbers of JSON that JavaScript cannot hold, an id of nineteen digits say: read and written digit by digit.
import { withSources } from './json-text.ts';

/** What a reader wants in the place of such a number: a BigInt, its digits as text, or JSON that is written as it came. */
export type ForDigits = (digits: string) => unknown;

/** For JSON.stringify alone, which writes it as it came. Whoever looks at it asks `rawNumber`. */
export const unread = (digits: string): unknown => withSources.rawJSON(digits);

/** Long whole numbers as `forDigits` has them, everything else as JSON.parse. @throws as JSON.parse */
export function readDigits(text: string, forDigits: ForDigits): unknown {
  return withSources.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && isLong(source, value) ? forDigits(source) : value,
  );
}

/** As JSON.stringify, also in what it throws; a BigInt is written as the number that it is. */
export function writeDigits(value: unknown): string | undefined {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? unread(String(member)) : member,
  );
}

/** `2e22` and `10000000000000000` are held; of `9007199254740993` the last digit is not. */
function isLong(source: string, value: number): boolean {
  if (Number.isSafeInteger(value) || !Number.isFinite(value) || !/^-?\d+$/.test(source)) return false;
  return BigInt(source) !== BigInt(value);
}
