// Two values of JSON path by path: what is the same, what changed from what to what, what is new, what is missing. The order of
// members counts for nothing; entries of a list are found again where others stand before them. Pure.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export type ValueChange = {
  /** `attendees[1].name`; '' = the value itself. */
  readonly path: string;
  readonly kind: 'same' | 'changed' | 'added' | 'missing';
  readonly from: Json | undefined;
  readonly to: Json | undefined;
};

/** A model may nest its arguments as deep as it likes, and as wide: what is beyond is one value. */
const MAX_DEPTH = 10;
const MAX_ENTRIES = 200;
const MAX_CHANGES = 2_000;

/** Values that hold no others, and what is empty, by their paths. */
export function valueChanges(from: Json | undefined, to: Json | undefined): readonly ValueChange[] {
  const changes: ValueChange[] = [];
  compare({ path: '', depth: 0, changes }, from, to);
  return changes;
}

/** Of one value, as if it were compared with itself. */
export function valuePaths(value: Json): readonly ValueChange[] {
  return valueChanges(value, value);
}

/** Equal values have equal text, whatever the order of their members. */
export function stableJson(value: Json | undefined): string {
  try {
    return JSON.stringify(value, (_, one: Json) => (isJsonObject(one) ? sorted(one) : one)) ?? '';
  } catch {
    return '(nested too deep)';
  }
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

type At = { readonly path: string; readonly depth: number; readonly changes: ValueChange[] };

function compare(at: At, from: Json | undefined, to: Json | undefined): void {
  if (at.changes.length >= MAX_CHANGES) return;
  const isDeep = at.depth >= MAX_DEPTH;
  const [a, b] = isDeep ? [null, null] : [membersOf(from), membersOf(to)];
  if (a !== null && b !== null) {
    compareMembers(at, a, b);
    return;
  }
  const [before, after] = isDeep ? [null, null] : [entriesOf(from), entriesOf(to)];
  if (before !== null && after !== null) {
    compareEntries(at, before, after);
    return;
  }
  // Of what is there on one side only, each of its values has a line.
  const [gone, come] = [a ?? before, b ?? after];
  if (from === undefined && come !== null) {
    each(at, come, 'added');
    return;
  }
  if (to === undefined && gone !== null) {
    each(at, gone, 'missing');
    return;
  }
  const kind =
    from === undefined
      ? 'added'
      : to === undefined
        ? 'missing'
        : stableJson(from) === stableJson(to)
          ? 'same'
          : 'changed';
  at.changes.push({ path: at.path, kind, from, to });
}

/** null = it is none, or an empty one: that is a value like others. */
function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (!isJsonObject(value)) return null;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return entries.length === 0 || entries.length > MAX_ENTRIES ? null : new Map(entries);
}

function entriesOf(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_ENTRIES ? value : null;
}

function each(at: At, values: ReadonlyMap<string, Json> | readonly Json[], kind: 'added' | 'missing'): void {
  const inside = Array.isArray(values)
    ? values.map((value: Json, i) => [`${at.path}[${i}]`, value] as const)
    : [...(values as ReadonlyMap<string, Json>)].map(
        ([name, value]) => [memberPath(at.path, name), value] as const,
      );
  for (const [path, value] of inside) {
    const inner = { ...at, path, depth: at.depth + 1 };
    if (kind === 'added') compare(inner, undefined, value);
    else compare(inner, value, undefined);
  }
}

function compareMembers(at: At, a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): void {
  for (const name of new Set([...b.keys(), ...a.keys()]))
    compare({ ...at, path: memberPath(at.path, name), depth: at.depth + 1 }, a.get(name), b.get(name));
}

/** Names that would not read as one are quoted. Words of an intent, `at date`, do. */
function memberPath(path: string, name: string): string {
  if (!/^[\p{L}\p{N}_$-]+(?: [\p{L}\p{N}_$-]+)*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** Equal entries are each other; what lies between two such is compared one by one. */
function compareEntries(at: At, from: readonly Json[], to: readonly Json[]): void {
  const pairs = [...equalPairs(from.map(stableJson), to.map(stableJson)), [from.length, to.length] as const];
  let [i, j] = [0, 0];
  for (const [a, b] of pairs) {
    for (; i < a || j < b; ) {
      const [before, after] = [i < a ? from[i] : undefined, j < b ? to[j] : undefined];
      const place = after === undefined ? i : j;
      compare({ ...at, path: `${at.path}[${place}]`, depth: at.depth + 1 }, before, after);
      if (i < a) i++;
      if (j < b) j++;
    }
    if (a < from.length && b < to.length)
      compare({ ...at, path: `${at.path}[${b}]`, depth: at.depth + 1 }, from[a], to[b]);
    [i, j] = [a + 1, b + 1];
  }
}

/** A longest common subsequence; the table has the product of both lengths, which are bounded. */
function equalPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
