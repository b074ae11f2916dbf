// How an invocation is called: `<number>-<start in UTC>-<origin>`. Its number is one more than the largest that whoever began it
// had seen, so what was seen comes before, whatever clocks say. Two that did not see each other may have one number; then
// the time decides, and behind it the origin, which no two share. Names of before have none.
declare const brand: unique symbol;
/** `0001-20261122T204501Z-k3f9m2q7`; `0001-20261122T204501Z` of versions that knew of one machine only. */
export type InvocationId = string & { readonly [brand]: 'invocation' };

/** The order of invocations, the same on every machine. */
export type InvocationOrder = {
  readonly sequence: number;
  /** 20261122204501 */
  readonly stamp: number;
  /** Its eight letters as a number below 2^40; 0 = it has none. */
  readonly origin: number;
};

const NAME = /^(\d{4,12})-(\d{8}T\d{6}Z)(?:-([0-9a-hjkmnp-tv-z]{8}))?$/;
/** Crockford's: none of them is taken for another one. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const ORIGIN_LETTERS = 8;

/** @param origin eight letters that no other machine makes (cache/disk/origin.ts); null = a name like those of before */
export function makeInvocationId(sequence: number, startedAt: Date, origin: string | null): InvocationId {
  const time = startedAt
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const tail = origin === null ? '' : `-${origin}`;
  return asInvocationId(`${String(sequence).padStart(4, '0')}-${time}${tail}`);
}

/** @param bits a whole number below 2^40 */
export function originOf(bits: number): string {
  let text = '';
  for (let rest = bits, i = 0; i < ORIGIN_LETTERS; i++, rest = Math.floor(rest / 32))
    text = LETTERS[rest % 32] + text;
  return text;
}

export function asInvocationId(text: string): InvocationId {
  if (!NAME.test(text)) throw new Error(`not an invocation: ${text.slice(0, 80)}`);
  return text as InvocationId;
}

export function isInvocationId(text: string): boolean {
  return NAME.test(text);
}

/** Whether somebody who wrote this meant an invocation, be it there or not: a number, or a name. */
export function seemsInvocation(text: string): boolean {
  return /^\d{1,9}$|^\d{4,9}-\d{8}T/.test(text);
}

/** null = the name is not one of ours. */
export function orderOf(name: string): InvocationOrder | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  let origin = 0;
  for (const letter of match[3] ?? '') origin = origin * 32 + LETTERS.indexOf(letter);
  return { sequence: Number(match[1]), stamp: Number(match[2]!.replaceAll(/[TZ]/g, '')), origin };
}

/** null = the name is not one of ours. */
export function invocationSequence(name: string): number | null {
  return orderOf(name)?.sequence ?? null;
}

/** Older ones first. */
export function compareOrder(a: InvocationOrder, b: InvocationOrder): number {
  return a.sequence - b.sequence || a.stamp - b.stamp || a.origin - b.origin;
}

export function isSameInvocation(a: InvocationOrder, b: InvocationOrder): boolean {
  return a.sequence === b.sequence && a.stamp === b.stamp && a.origin === b.origin;
}

/** Names that are not ours come first. */
export function compareNames(a: string, b: string): number {
  return compareOrder(orderOf(a) ?? NEVER, orderOf(b) ?? NEVER) || (a < b ? -1 : a > b ? 1 : 0);
}

/** For a Map. */
export function orderKey({ sequence, stamp, origin }: InvocationOrder): string {
  return `${sequence} ${stamp} ${origin}`;
}

/** All that is in the history when an invocation of this number begins anew; of several with that number, all of them. */
export function throughNumber(sequence: number): InvocationOrder {
  return { sequence, stamp: Number.MAX_SAFE_INTEGER, origin: Number.MAX_SAFE_INTEGER };
}

/** Whether it belongs to what was there when the other one had ended. */
export function isUpTo(row: InvocationOrder, moment: InvocationOrder): boolean {
  return compareOrder(row, moment) <= 0;
}

/** Later than everything. */
export const EVER: InvocationOrder = throughNumber(Number.MAX_SAFE_INTEGER);
/** Before everything. */
export const NEVER: InvocationOrder = { sequence: 0, stamp: 0, origin: 0 };

/** `7`, `0007`, `7-k3f9` (a number, and how its origin begins) or a whole name. @returns those that are meant, in their order */
export function invocationsMeant(text: string, names: Iterable<string>): readonly string[] {
  const [, digits, origin = ''] = /^(\d{1,9})(?:-([0-9a-z]{1,8}))?$/.exec(text) ?? [];
  const number = digits === undefined ? null : Number(digits);
  const isMeant = (name: string): boolean =>
    name === text ||
    (number !== null &&
      invocationSequence(name) === number &&
      (origin === '' || (originIn(name)?.startsWith(origin) ?? false)));
  return [...names].filter(isMeant).sort(compareNames);
}

/**
 * How people call each of these: `12`, and `12-k3f9m2q7` where two machines began one of that number.
 * @param digits at least so many
 */
export function shortNames(names: Iterable<string>, digits = 1): (name: string) => string {
  const counts = new Map<number, number>();
  for (const name of new Set(names)) {
    const number = invocationSequence(name);
    if (number !== null) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return (name) => {
    const number = invocationSequence(name);
    if (number === null) return name;
    const text = String(number).padStart(digits, '0');
    if ((counts.get(number) ?? 0) < 2) return text;
    const origin = originIn(name);
    return origin === null ? name : `${text}-${origin}`;
  };
}

/** What has to be said of a name beside it: nothing where its number alone is enough, or where it is none of ours. */
export function calledAmong(
  names: Iterable<string>,
  digits = 1,
): (name: string) => { readonly called?: string } {
  const short = shortNames(names, digits);
  return (name) => {
    const called = short(name);
    return called === shortName(name, digits) ? {} : { called };
  };
}

/** The one's own name, where no other is near. */
export function shortName(name: string, digits = 1): string {
  return shortNames([], digits)(name);
}

function originIn(name: string): string | null {
  return NAME.exec(name)?.[3] ?? null;
}
