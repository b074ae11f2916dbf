// Random experiments, edited and run at random through planner, loop and store, held against a pure model.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeMemoryStore } from '../../src/cache/memory.ts';
import type { Store } from '../../src/cache/store.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { shuffle } from '../../src/core/shuffle.ts';
import { cellId, type Filter, NO_FILTER, type Task } from '../../src/core/task.ts';
import { filesBelow } from '../rig/files.ts';
import { withFastFolder } from '../rig/folder.ts';
import {
  headOf,
  headOfCell,
  type Kept,
  type ModelExperiment,
  type ModelScenario,
  type ModelVariant,
  planOf,
  viewOfModel,
} from '../rig/graph-model.ts';
import { endOf, type Fate, manifestOf, type Played, play, viewCellsOf } from '../rig/graph-run.ts';
import type { Row } from '../rig/row.ts';
import { openAt, serve } from '../rig/story.ts';

const INVOCATIONS = 8;
/** One experiment in so many is kept on files, reopened for each invocation, its view read; the others in memory. */
const ON_FILES_EVERY = 5;

export const row: Row = {
  name: 'random-graph',
  how: 'random experiments (variants, scenarios, runs, two providers) that are edited, renamed, filtered, forced, interrupted and hit by failures at random, eight invocations each',
  holds:
    'every plan, record, head and view equals that of a pure model; no task runs twice for one key and generation',
  full: 1_000,
  unit: 'experiments',
  seconds: 20,
  fillsTime: true,
  async run({ count, random, isOver }) {
    const seen = { tried: 0, invocations: 0, orders: 0 };
    for (; seen.tried < count && !isOver(); seen.tried++) {
      const life = { random, seen, name: `experiment ${seen.tried + 1}` };
      if (seen.tried % ON_FILES_EVERY !== 0) {
        using store = makeMemoryStore();
        await live({ ...life, open: () => store, root: null });
      } else {
        await withFastFolder(async (folder) => {
          const root = path.join(folder, 'made');
          await live({ ...life, open: () => openAt(root), root });
        });
      }
    }
    const { tried, invocations, orders } = seen;
    return { tried, seen: `${invocations} invocations, ${orders} attempts: all as the model says` };
  },
};

type Life = {
  readonly random: () => number;
  readonly seen: { invocations: number; orders: number };
  readonly name: string;
  readonly open: () => Store;
  /** Where the store is kept; null = in memory. */
  readonly root: string | null;
};

async function live(life: Life): Promise<void> {
  const { random, seen } = life;
  const pick = picker(random);
  let experiment = newExperiment(pick);
  const kept: Kept[] = [];
  const realKeys = new Map<string, string>();
  for (let i = 1; i <= INVOCATIONS; i++) {
    const what = `${life.name}, invocation ${i}`;
    const edits = pick.below(4);
    for (let edit = 0; edit < edits; edit++) experiment = edited(experiment, pick);
    const filter = randomFilter(experiment, pick);
    const force = pick.chance(0.25);
    const manifest = manifestOf(experiment);
    const fates = new Map<string, Fate>();
    const rates = { left: pick.below(3) / 4, right: pick.below(3) / 4 };
    const store = life.open();
    try {
      const expected = planOf({ experiment, kept, filter, force });
      const played = await play({
        ...{ store, manifest, filter, force },
        stopAfter: pick.chance(0.25) ? 1 + pick.below(6) : Number.POSITIVE_INFINITY,
        fateOf: ({ key, cell }) => {
          const { provider } = experiment.variants.find(({ name }) => name === cell.variant)!;
          const fate =
            fates.get(key) ?? (random() < rates[provider] ? pick.one(['bad', 'flaky', 'down']) : 'good');
          fates.set(key, fate);
          return fate;
        },
        textOf: ({ key }) => `${what} answers ${key.slice(0, 8)}`,
      });
      assert.deepEqual(
        played.plan.tasks.map((task) => `${cellId(task)} ${stateOf(task)}`),
        expected.map((task) => `${cellId(task)} ${task.state}`),
        `${what}: another plan`,
      );
      for (const [n, { key }] of played.plan.tasks.entries()) {
        const known = realKeys.get(expected[n]!.key) ?? key;
        assert.equal(key, known, `${what}: a key moved`);
        realKeys.set(expected[n]!.key, key);
      }
      assert.equal(new Set(realKeys.values()).size, realKeys.size, `${what}: two contents have one key`);
      kept.push(...newlyKept({ played, fates, realKeys, what }));
      checkStore({ store, kept, realKeys, what });
      if (life.root) checkView({ store, root: life.root, experiment, kept, what });
      seen.invocations++;
      seen.orders += played.orders.length;
    } finally {
      if (life.root) store[Symbol.dispose]();
    }
  }
}

function stateOf({ state }: Task): string {
  return state.kind === 'pending' ? state.reason.kind : state.kind;
}

/** What must have been kept, by the orders that were given out; and that none was given out twice. */
function newlyKept(at: {
  readonly played: Played;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly realKeys: ReadonlyMap<string, string>;
  readonly what: string;
}): readonly Kept[] {
  const { played, what } = at;
  const attempts = new Map<string, number[]>();
  for (const { key, attempt } of played.orders) attempts.set(key, [...(attempts.get(key) ?? []), attempt]);
  for (const [key, numbers] of attempts) {
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
      `${what}: ${key} was tried as ${numbers}`,
    );
  }
  const pending = new Set<string>(played.plan.pending.map(({ key }) => key));
  assert.equal(pending.size, played.plan.pending.length, `${what}: a key is pending twice`);
  const stopped = played.result.stopped !== null;
  for (const key of attempts.keys())
    assert(pending.has(key), `${what}: ${key} was not pending and is executed`);
  if (!stopped) assert.equal(attempts.size, pending.size, `${what}: not all that is pending was executed`);
  const modelKeys = new Map([...at.realKeys].map(([model, real]) => [real, model]));
  return played.plan.pending.flatMap((task): readonly Kept[] => {
    const numbers = attempts.get(task.key);
    if (!numbers) return [];
    const status = endOf(at.fates.get(task.key)!, { attempts: numbers.length, stopped });
    if (status === null) return [];
    const text = status === 'completed' ? `${what} answers ${task.key.slice(0, 8)}` : null;
    return [{ key: modelKeys.get(task.key)!, cell: task, status, text }];
  });
}

function checkStore(at: {
  readonly store: Store;
  readonly kept: readonly Kept[];
  readonly realKeys: ReadonlyMap<string, string>;
  readonly what: string;
}): void {
  const { store, kept, what } = at;
  const { records, refused } = serve(store);
  assert.equal(refused, 0, what);
  assert.equal(records.size, kept.length, `${what}: ${records.size} records, the model has ${kept.length}`);
  for (const [model, real] of at.realKeys) {
    const generations = kept.filter(({ key }) => key === model);
    for (const [i, { status, text }] of generations.entries()) {
      const record = records.get(`${real}@${i + 1}`);
      assert.deepEqual(
        [record?.status, record?.output?.text ?? null],
        [status, text],
        `${what}: generation ${i + 1}`,
      );
    }
    const head = store.history.byKey(real as never);
    const wanted = headOf(kept, model);
    assert.equal(head === undefined, wanted === undefined, `${what}: a head too many or too few`);
    if (head) assert.equal(textOf(store, head.id), wanted!.text, `${what}: another record counts`);
  }
  for (const { cell } of kept) {
    const head = store.history.byCell(cell);
    assert.equal(
      textOf(store, head!.id),
      headOfCell(kept, cell)!.text,
      `${what}: another record counts for a cell`,
    );
  }
}

function textOf(store: Store, id: number): string | null {
  const read = store.read(store.row(id)!);
  assert.equal(read.kind, 'ok');
  return read.kind === 'ok' ? (read.value.output?.text ?? null) : null;
}

function checkView(at: {
  readonly store: Store;
  readonly root: string;
  readonly experiment: ModelExperiment;
  readonly kept: readonly Kept[];
  readonly what: string;
}): void {
  at.store.refreshView(viewCellsOf(manifestOf(at.experiment)));
  const runs = path.join(at.root, 'runs');
  const view: Record<string, string> = {};
  for (const file of filesBelow(runs)) {
    for (const line of readFileSync(path.join(runs, file), 'utf8').split('\n').slice(0, -1)) {
      const record = JSON.parse(line) as ScenarioResult;
      if (record.type !== 'scenario_result') continue;
      const standing = record.stale ? 'stale' : record.in_scope === false ? 'out of scope' : 'current';
      assert(!(cellId(record) in view), `${at.what}: ${cellId(record)} stands in the view twice`);
      view[cellId(record)] = `${record.status} ${record.output?.text ?? null} ${standing}`;
    }
  }
  assert.deepEqual(view, viewOfModel(at.experiment, at.kept), `${at.what}: another view`);
}

type Picker = {
  below(limit: number): number;
  chance(share: number): boolean;
  one<Item>(items: readonly Item[]): Item;
  shuffled<Item>(items: readonly Item[]): readonly Item[];
};

function picker(random: () => number): Picker {
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    chance: (share) => random() < share,
    one: (items) => items[below(items.length)]!,
    shuffled: (items) => shuffle([...items], random),
  };
}

/** Few of each, so that contents and names come back: that is where caches go wrong. */
const TEXTS = ['one', 'two', 'three', 'four'];
const VARIANT_NAMES = ['a', 'b', 'c', 'd'];
const SCENARIO_NAMES = ['s1', 's2', 's3', 's4', 's5'];
const CATEGORIES = [null, 'easy', 'hard'];

function newVariant(name: string, pick: Picker): ModelVariant {
  return { name, system: pick.one(TEXTS), provider: pick.one(['left', 'right']), runs: 1 + pick.below(3) };
}

function newScenario(id: string, pick: Picker): ModelScenario {
  return { id, input: pick.one(TEXTS), category: pick.one(CATEGORIES) };
}

function newExperiment(pick: Picker): ModelExperiment {
  return {
    variants: VARIANT_NAMES.slice(0, 1 + pick.below(3)).map((name) => newVariant(name, pick)),
    scenarios: SCENARIO_NAMES.slice(0, 1 + pick.below(4)).map((id) => newScenario(id, pick)),
  };
}

function edited(experiment: ModelExperiment, pick: Picker): ModelExperiment {
  const { variants, scenarios } = experiment;
  const variant = pick.one(variants);
  const scenario = pick.one(scenarios);
  const freeVariant = VARIANT_NAMES.find((name) => variants.every((other) => other.name !== name));
  const freeScenario = SCENARIO_NAMES.find((id) => scenarios.every((other) => other.id !== id));
  const withVariant = (to: readonly ModelVariant[]): ModelExperiment => ({
    scenarios,
    variants: variants.flatMap((other) => (other === variant ? to : [other])),
  });
  const withScenario = (to: readonly ModelScenario[]): ModelExperiment => ({
    variants,
    scenarios: scenarios.flatMap((other) => (other === scenario ? to : [other])),
  });
  const edits: (() => ModelExperiment)[] = [
    () => withVariant([newVariant(variant.name, pick)]),
    () => withVariant([{ ...variant, runs: 1 + pick.below(3) }]),
    () => withVariant(freeVariant ? [{ ...variant, name: freeVariant }] : [variant]),
    () => withVariant(freeVariant ? [variant, { ...variant, name: freeVariant }] : [variant]),
    () => withVariant(variants.length > 1 ? [] : [variant]),
    () => withScenario([newScenario(scenario.id, pick)]),
    () => withScenario(freeScenario ? [{ ...scenario, id: freeScenario }] : [scenario]),
    () => withScenario(freeScenario ? [scenario, newScenario(freeScenario, pick)] : [scenario]),
    () => withScenario(scenarios.length > 1 ? [] : [scenario]),
    () => ({ variants: pick.shuffled(variants), scenarios: pick.shuffled(scenarios) }),
  ];
  return pick.one(edits)();
}

function randomFilter(experiment: ModelExperiment, pick: Picker): Filter {
  const some = <Item>(items: readonly Item[]): readonly Item[] => (pick.chance(0.2) ? [pick.one(items)] : []);
  const variant = some(experiment.variants.map(({ name }) => name));
  const scenario = some(experiment.scenarios.map(({ id }) => id));
  return {
    ...{
      ...NO_FILTER,
      variant,
      scenario,
      runs: some([1, 2, 3]),
      failed: pick.chance(0.1),
      stale: pick.chance(0.1),
    },
    category: some(['easy', 'hard']),
  };
}
