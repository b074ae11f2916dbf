// Tool calls of two answers held against each other: in their order, by their names, and argument by argument. Pure.
import type { Json } from '../../core/json.ts';
import type { ToolCallText } from '../../screens/scenario.ts';
import { stableJson, type ValueChange, valueChanges } from './value-diff.ts';

export type CallChange = {
  /**
   * `changed`: the same tool with other arguments; `other-tool`: another tool in its place, with something in common; `added`:
   * only the second answer has it; `missing`: only the first.
   */
  readonly kind: 'same' | 'changed' | 'other-tool' | 'added' | 'missing';
  readonly from: ToolCallText | null;
  readonly to: ToolCallText | null;
  /** It is made before or after others than before. */
  readonly moved: boolean;
  readonly arguments: readonly ValueChange[];
};

/** The table below has the product of both as its size; beyond, calls are held against each other by their place. */
const MAX_PAIRS = 40_000;
/** Beyond so many pairs arguments are equal or not: how much they have in common is not counted. */
const MAX_COMPARED = 2_500;

/** In the order of the second answer, and what is missing where it stood. */
export function diffCalls(from: readonly ToolCallText[], to: readonly ToolCallText[]): readonly CallChange[] {
  const kept = keptPairs(from, to);
  const moved = movedPairs(from, to, kept);
  const [before, after] = [new Set(moved.values()), new Set(moved.keys())];
  const changes: CallChange[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...kept, [from.length, to.length] as const]) {
    const gone = range(i, a).filter((n) => !before.has(n));
    const come = range(j, b);
    const pairs = replacements(from, to, { gone, come: come.filter((n) => !after.has(n)) });
    const replaced = new Set(pairs.values());
    for (const n of gone) if (!replaced.has(n)) changes.push(change(from[n]!, null));
    for (const n of come) {
      const was = moved.get(n) ?? pairs.get(n);
      changes.push(change(was === undefined ? null : from[was]!, to[n]!, moved.has(n)));
    }
    if (a < from.length && b < to.length) changes.push(change(from[a]!, to[b]!));
    [i, j] = [a + 1, b + 1];
  }
  return changes;
}

function change(from: ToolCallText | null, to: ToolCallText | null, moved = false): CallChange {
  const inside = valueChanges(from?.arguments, to?.arguments);
  const isSame = inside.every(({ kind }) => kind === 'same');
  const kind =
    from === null
      ? 'added'
      : to === null
        ? 'missing'
        : from.name !== to.name
          ? 'other-tool'
          : isSame
            ? 'same'
            : 'changed';
  return { kind, from, to, moved, arguments: inside };
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);

/** Calls of one name that keep their order. One that is equal weighs more than two of which nothing but the name is. */
function keptPairs(
  from: readonly ToolCallText[],
  to: readonly ToolCallText[],
): readonly (readonly [number, number])[] {
  const size = from.length * to.length;
  if (size > MAX_PAIRS)
    return range(0, Math.min(from.length, to.length)).flatMap((n) =>
      from[n]!.name === to[n]!.name ? [[n, n] as const] : [],
    );
  const likeness = size > MAX_COMPARED ? equality : similarity;
  const width = to.length + 1;
  const pairing = new Float64Array(size);
  const best = new Float64Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--) {
      const alike =
        from[i]!.name === to[j]!.name ? 1 + 2 * likeness(from[i]!.arguments, to[j]!.arguments) : 0;
      pairing[i * to.length + j] = alike;
      best[i * width + j] = Math.max(
        alike === 0 ? 0 : alike + best[(i + 1) * width + j + 1]!,
        best[(i + 1) * width + j]!,
        best[i * width + j + 1]!,
      );
    }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < from.length && j < to.length; ) {
    const alike = pairing[i * to.length + j]!;
    const here = best[i * width + j]!;
    if (alike > 0 && here === alike + best[(i + 1) * width + j + 1]!) pairs.push([i++, j++]);
    else if (here === best[(i + 1) * width + j]!) i++;
    else j++;
  }
  return pairs;
}

/** Calls that did not keep their order, with at least half of their arguments: the second's place -> the first's. */
function movedPairs(
  from: readonly ToolCallText[],
  to: readonly ToolCallText[],
  kept: readonly (readonly [number, number])[],
): ReadonlyMap<number, number> {
  const [keptFrom, keptTo] = [new Set(kept.map(([i]) => i)), new Set(kept.map(([, j]) => j))];
  const free = new Set(range(0, from.length).filter((i) => !keptFrom.has(i)));
  const pairs = new Map<number, number>();
  for (const j of range(0, to.length)) {
    if (keptTo.has(j)) continue;
    const found = mostAlike(
      [...free].filter((i) => from[i]!.name === to[j]!.name),
      (i) => similarity(from[i]!.arguments, to[j]!.arguments),
    );
    if (found === null) continue;
    free.delete(found);
    pairs.set(j, found);
  }
  return pairs;
}

/** Another tool with some of the same arguments stands in the place of one: the second's place -> the first's. */
function replacements(
  from: readonly ToolCallText[],
  to: readonly ToolCallText[],
  { gone, come }: { readonly gone: readonly number[]; readonly come: readonly number[] },
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  if (gone.length * come.length > MAX_COMPARED) return pairs;
  let next = 0;
  for (const j of come) {
    const found = gone.findIndex((i, n) => n >= next && similarity(from[i]!.arguments, to[j]!.arguments) > 0);
    if (found === -1) continue;
    pairs.set(j, gone[found]!);
    next = found + 1;
  }
  return pairs;
}

function mostAlike(among: readonly number[], likeness: (n: number) => number): number | null {
  let best: { readonly n: number; readonly alike: number } | null = null;
  // A bound on work: whoever makes hundreds of calls of one name is not read call by call.
  for (const n of among.slice(0, 50)) {
    const alike = likeness(n);
    if (alike >= 0.5 && (best === null || alike > best.alike)) best = { n, alike };
  }
  return best?.n ?? null;
}

function equality(a: Json, b: Json): number {
  return stableJson(a) === stableJson(b) ? 1 : 0;
}

/** Share of arguments that are the same in both, 0..1. */
function similarity(a: Json, b: Json): number {
  const inside = valueChanges(a, b);
  return inside.filter(({ kind }) => kind === 'same').length / Math.max(1, inside.length);
}
