// Which shard a cell belongs to (`--shard I/N`). It follows from what the manifest asks for and from the filters by name, and
// from nothing that a machine has or has not: whoever has the same files and types the same words deals the same.
//
// Scenarios are dealt whole, with all of their variants and runs, in the order of their ids: what is compared stays together, and
// equal answers to one scenario are judged once. What is left over when each shard has as many is dealt by scenario and run, each
// to whoever has least.
import { digestOf } from '../core/canonical.ts';
import type { Cell, Filter } from '../core/task.ts';
import { meansScenario, type PlannedScenario, type PlannedVariant } from './planned.ts';

export type DealInput = {
  /** Of the manifest, all of them: which ones are drawn moves no cell from one shard to another. */
  readonly variants: readonly PlannedVariant[];
  readonly scenarios: readonly PlannedScenario[];
  readonly filter: Pick<Filter, 'scenario' | 'category' | 'tag' | 'runs'>;
  readonly shards: number;
};

/** @returns the number of the shard, from 1 on; also of cells that the manifest does not have: imported ones, and those of another time */
export type Deal = (cell: Cell) => number;

export function makeDeal(input: DealInput): Deal {
  const { scenarios, shards } = input;
  const order = byId(scenarios);
  const { ownerOf, asked } = ownersOf(input, order);
  const { whole, rest } = dealWhole(order, { asked, shards });
  const dealRest = makeRest({ rest, asked, shards, runs: input.filter.runs });
  const indexOf = new Map(scenarios.map(({ id }, i) => [id, i]));
  return ({ variant, scenario, run }) => {
    const index = indexOf.get(scenario);
    const owner = index === undefined ? undefined : ownerOf(variant, index);
    const shard = owner === undefined ? undefined : (whole.get(owner) ?? dealRest(owner, run));
    return shard ?? byName(scenario, shards);
  };
}

type Owners = {
  /** The scenario with which a cell is dealt; undefined = nobody asks for it. */
  readonly ownerOf: (variant: string, scenario: number) => number | undefined;
  /** By scenario: which contents of variants are drawn for it. Scenarios of which others draw everything are not here. */
  readonly asked: ReadonlyMap<number, readonly number[]>;
};

/** Cells of one key are one draw, and must be in one shard: they go with the first scenario, by id, that asks for it. */
function ownersOf({ variants, scenarios, filter }: DealInput, order: readonly number[]): Owners {
  const wanted = order.filter((i) => meansScenario(filter, scenarios[i]!));
  const contents = new Map<string, PlannedVariant[]>();
  for (const variant of variants) {
    const content = `${variant.variant.digest} ${variant.engine.digest}`;
    addTo(contents, content, variant);
  }
  const asked = new Map<number, number[]>();
  const byVariant = new Map<string, ReadonlyMap<number, number>>();
  const first = new Map<number, number>();
  [...contents.values()].forEach((twins, content) => {
    const byDigest = new Map<string, number>();
    const owners = new Map<number, number>();
    for (const scenario of wanted) {
      for (const { without, scenarios: parts } of twins) {
        if (without?.has(scenario)) continue;
        const { digest } = parts[scenario]!;
        const owner = byDigest.get(digest) ?? scenario;
        if (owner === scenario && !byDigest.has(digest)) {
          byDigest.set(digest, scenario);
          addTo(asked, scenario, content);
        }
        owners.set(scenario, owner);
        if (!first.has(scenario)) first.set(scenario, owner);
      }
    }
    for (const { name } of twins) byVariant.set(name, owners);
  });
  return {
    asked,
    ownerOf: (variant, scenario) => byVariant.get(variant)?.get(scenario) ?? first.get(scenario),
  };
}

/** Of scenarios that are asked of the same variants each shard gets as many; `rest` is what is left over. */
function dealWhole(
  order: readonly number[],
  { asked, shards }: Pick<Owners, 'asked'> & Pick<DealInput, 'shards'>,
): { readonly whole: ReadonlyMap<number, number>; readonly rest: readonly number[] } {
  const groups = new Map<string, number[]>();
  for (const scenario of order) {
    const contents = asked.get(scenario)?.join(' ');
    if (contents !== undefined) addTo(groups, contents, scenario);
  }
  const whole = new Map<number, number>();
  const rest = new Set<number>();
  for (const group of groups.values()) {
    const even = group.length - (group.length % shards);
    group.forEach((scenario, i) => {
      if (i < even) whole.set(scenario, (i % shards) + 1);
      else rest.add(scenario);
    });
  }
  return { whole, rest: order.filter((scenario) => rest.has(scenario)) };
}

/** Run after run, as far as anybody asks: a further run, of `until:` or of a larger `runs:`, moves none of those before it. */
function makeRest(input: {
  readonly rest: readonly number[];
  readonly asked: Owners['asked'];
  readonly shards: number;
  readonly runs: readonly number[];
}): (scenario: number, run: number) => number | undefined {
  const { rest, asked, shards } = input;
  const isRest = new Set(rest);
  const listed = [...new Set(input.runs)].sort((a, b) => a - b);
  const loads = new Float64Array(shards);
  const dealt: Map<number, number>[] = [];
  return (scenario, run) => {
    const at = listed.length === 0 ? run - 1 : listed.indexOf(run);
    if (at < 0 || at >= MOST_RUNS || !isRest.has(scenario)) return undefined;
    while (dealt.length <= at) {
      const ofRun = new Map<number, number>();
      for (const one of rest) {
        const least = loads.indexOf(Math.min(...loads));
        loads[least]! += asked.get(one)!.length;
        ofRun.set(one, least + 1);
      }
      dealt.push(ofRun);
    }
    return dealt[at]!.get(scenario);
  };
}

/** As many as a manifest may ask for; imported answers may have any number. */
const MOST_RUNS = 1000;

/** Ids are the same in whatever order files are read and scenarios are written. */
function byId(scenarios: readonly PlannedScenario[]): readonly number[] {
  return [...scenarios.keys()].sort((a, b) => (scenarios[a]!.id < scenarios[b]!.id ? -1 : 1));
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function byName(scenario: string, shards: number): number {
  return (Number.parseInt(digestOf(scenario).slice(0, 12), 16) % shards) + 1;
}
