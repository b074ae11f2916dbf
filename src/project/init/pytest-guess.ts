// Which parameter of a pytest harness is what it compares, and how often it asks: read off its items. Pure.
import type { PytestItem, VariantsFrom } from '../open/pytest-collect.ts';

export type Candidate = {
  readonly from: VariantsFrom;
  /** What it would compare, in the order of the tests. */
  readonly values: readonly string[];
};

/** Words that name what is compared, the surest first; the others may as well name what is asked. */
const SURE = ['variant', 'arm', 'approach', 'interface', 'condition', 'treatment', 'model'];
const LIKELY = ['prompt', 'system', 'config'];
const OF_RUNS = ['run', 'rep', 'repeat', 'repetition', 'trial', 'attempt', 'epoch', 'iteration'];
const REPEAT_PARAM = '__pytest_repeat_step_number';

/** What is compared has few values. */
const FEW = 8;

/**
 * The best first. A parameter with a word of SURE in its name, a marker of such a name, a parameter with a word of LIKELY,
 * then any whose values are the same for every scenario. None: nothing in the tests says it, and the environment must.
 */
export function candidatesOf(items: readonly PytestItem[]): readonly Candidate[] {
  const params = [...new Set(items.flatMap((item) => Object.keys(item.params)))]
    .filter((name) => !name.startsWith('_') && runsOfParam(items, name) === null)
    .flatMap((name) => paramRank(items, name) ?? []);
  const markers = new Set(
    items.flatMap((item) => item.markers.filter(({ args }) => args.length > 0).map(({ name }) => name)),
  );
  const marked = [...markers].flatMap((name) => {
    const place = SURE.indexOf(singular(name));
    const values = distinct(items.flatMap((item) => firstArgument(item, name)));
    return place < 0 ? [] : [{ from: { kind: 'marker' as const, name }, values, rank: [0, place, 1] }];
  });
  return [...params, ...marked].sort(byRank).map(({ from, values }) => ({ from, values }));
}

/** How often each cell is asked, where the harness itself says it; null = it does not. */
export function runsOf(items: readonly PytestItem[]): number | null {
  const steps = new Set(items.flatMap(({ params }) => params[REPEAT_PARAM]?.id ?? []));
  if (steps.size > 0) return steps.size;
  const marked = items.flatMap(({ markers }) => markers.filter(({ name }) => name === 'repeat'));
  const count = marked.map(({ args }) => args[0]).find((one) => Number.isSafeInteger(one) && Number(one) > 0);
  if (count !== undefined) return Number(count);
  const names = new Set(items.flatMap(({ params }) => Object.keys(params)));
  for (const name of names) {
    const runs = runsOfParam(items, name);
    if (runs !== null) return runs;
  }
  return null;
}

type Ranked = Candidate & { readonly rank: readonly number[] };

function paramRank(items: readonly PytestItem[], name: string): Ranked | null {
  const having = items.filter(({ params }) => params[name] !== undefined);
  const values = distinct(having.map(({ params }) => params[name]!.id));
  const words = wordsOf(name);
  const sure = SURE.findIndex((word) => words.includes(word));
  const likely = LIKELY.findIndex((word) => words.includes(word));
  const from = { kind: 'param' as const, name };
  if (sure >= 0) return { from, values, rank: [0, sure, 0] };
  const rest = restOf(having, name);
  // Twenty prompts under two models: the prompts are what is asked.
  const isFew = values.length <= rest.size && rest.size > 1;
  if (likely >= 0 && isFew) return { from, values, rank: [1, likely, values.length] };
  if (likely >= 0 && values.length <= FEW) return { from, values, rank: [3, likely, 0] };
  const isCross = [...rest.values()].every((under) => under.size === values.length);
  const isCompared = isFew && isCross && values.length > 1 && values.length <= FEW;
  return isCompared && values.length < rest.size ? { from, values, rank: [2, values.length, 0] } : null;
}

/** What is left of the items without the parameter, each with the values that it has there. */
function restOf(items: readonly PytestItem[], name: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rest = new Map<string, Set<string>>();
  for (const { nodeid, params } of items) {
    const others = Object.entries(params).filter(([other]) => other !== name && !other.startsWith('_'));
    const key = JSON.stringify([nodeid.split('[')[0], ...others.map(([other, { id }]) => [other, id])]);
    rest.set(key, (rest.get(key) ?? new Set()).add(params[name]!.id));
  }
  return rest;
}

/** How many runs a parameter counts: named like one, its values whole numbers one after the other. */
function runsOfParam(items: readonly PytestItem[], name: string): number | null {
  if (!OF_RUNS.includes(wordsOf(name)[0] ?? '')) return null;
  const values = [...new Set(items.flatMap(({ params }) => (params[name] ? [params[name].value] : [])))];
  const numbers = values.filter((value) => Number.isSafeInteger(value)).map(Number);
  const isCount = numbers.length === values.length && Math.min(...numbers) <= 1;
  return isCount && Math.max(...numbers) - Math.min(...numbers) + 1 === numbers.length
    ? numbers.length
    : null;
}

/** `tool_variant`, `modelId` -> the words in them, of one thing each. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .map(singular);
}

function singular(word: string): string {
  return word.toLowerCase().replace(/(?<=[^s])s$/, '');
}

function firstArgument({ markers }: PytestItem, name: string): readonly string[] {
  const argument = markers.find((mark) => mark.name === name)?.args[0];
  return typeof argument === 'string' || typeof argument === 'number' ? [String(argument)] : [];
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function byRank(a: Ranked, b: Ranked): number {
  for (const [n, own] of a.rank.entries()) if (own !== b.rank[n]) return own - b.rank[n]!;
  return 0;
}
