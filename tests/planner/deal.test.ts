// Shards of random manifests: each cell in one of them, none heavier than another by more than is dealt at once, and nothing
// moved by what has no say in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/canonical.ts';
import { EMPTY_HISTORY } from '../../src/core/history.ts';
import { type Cell, cellId, type Filter, NO_FILTER } from '../../src/core/task.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { cellsInScope, plan } from '../../src/planner/plan.ts';
import type { PlannedVariant } from '../../src/planner/planned.ts';
import { often } from '../rig/often.ts';

const part = (text: string) => ({ digest: digestOf(text) });

type Made = {
  readonly scenarios: readonly {
    readonly id: string;
    readonly category: string | null;
    readonly tags: readonly string[];
  }[];
  readonly variants: readonly PlannedVariant[];
};

type Spec = {
  readonly scenarios: readonly {
    readonly id: string;
    readonly category: string | null;
    readonly input: string;
  }[];
  readonly variants: readonly {
    readonly system: string;
    readonly runs: number;
    readonly without: readonly number[];
    /** It is sent nothing of a scenario: all of them are one draw. */
    readonly isDeaf: boolean;
  }[];
};

function made({ scenarios, variants }: Spec): Made {
  return {
    scenarios: scenarios.map(({ id, category }) => ({ id, category, tags: [] })),
    variants: variants.map(({ system, runs, without, isDeaf }, i) => ({
      name: `v${i}`,
      runs,
      variant: part(`${system}${isDeaf}`),
      engine: part('engine'),
      scenarios: scenarios.map(({ input }) => part(isDeaf ? '' : input)),
      ...(without.length === 0 ? {} : { without: new Set(without) }),
    })),
  };
}

const SPEC: fc.Arbitrary<Spec> = fc.record({
  scenarios: fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      category: fc.constantFrom(null, 'a', 'b'),
      input: fc.oneof(
        { weight: 4, arbitrary: fc.string({ minLength: 3 }) },
        fc.constantFrom('same', 'alike'),
      ),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  ),
  variants: fc.array(
    fc.record({
      system: fc.constantFrom('one', 'two', 'three', 'four'),
      runs: fc.integer({ min: 1, max: 5 }),
      without: fc.oneof(fc.constant([]), fc.array(fc.nat(29), { maxLength: 15 })),
      isDeaf: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});
const SHARDS = fc.integer({ min: 1, max: 9 });
const FILTER: fc.Arbitrary<Partial<Filter>> = fc.record(
  {
    variant: fc.constantFrom(['v0'], ['v1', 'v2'], ['v*']),
    category: fc.constantFrom(['a'], ['a', 'b']),
    runs: fc.constantFrom([1], [2, 4], [3, 1]),
  },
  { requiredKeys: [] },
);

/** Cells of each shard; of everything where `of` is 0. */
function shardsOf(of: Made, shards: number, filter: Partial<Filter> = {}) {
  return Array.from({ length: shards }, (_, i) => [
    ...cellsInScope({ ...of, filter: { ...NO_FILTER, ...filter, shard: { number: i + 1, of: shards } } }),
  ]);
}

function whereOf(of: Made, shards: number, filter: Partial<Filter> = {}): ReadonlyMap<string, number> {
  const all = shardsOf(of, shards, filter);
  return new Map(all.flatMap((cells, i) => cells.map((cell): [string, number] => [cellId(cell), i])));
}

describe('shards', () => {
  it('have each cell that the filters leave once', () => {
    fc.assert(
      fc.property(SPEC, SHARDS, FILTER, (spec, shards, filter) => {
        const of = made(spec);
        const whole = [...cellsInScope({ ...of, filter: { ...NO_FILTER, ...filter } })].map(cellId);
        const dealt = shardsOf(of, shards, filter).flat().map(cellId);
        expect(dealt.toSorted()).toEqual(whole.toSorted());
      }),
      often(1000),
    );
  });

  it('never draw one key twice', () => {
    fc.assert(
      fc.property(SPEC, SHARDS, FILTER, (spec, shards, filter) => {
        const seen = new Map<string, number>();
        shardsOf(made(spec), shards, filter).forEach((cells, i) => {
          for (const { parts, run } of cells) {
            const key = sampleKey(parts, run);
            expect(seen.get(key) ?? i).toBe(i);
            seen.set(key, i);
          }
        });
      }),
      often(500),
    );
  });

  it('have as much to draw, give or take one scenario and run of all variants', () => {
    fc.assert(
      fc.property(SPEC, SHARDS, fc.integer({ min: 1, max: 5 }), (spec, shards, runs) => {
        const of = made({ ...spec, variants: spec.variants.map((variant) => ({ ...variant, runs })) });
        const draws = shardsOf(of, shards).map(
          (cells) => new Set(cells.map(({ parts, run }) => sampleKey(parts, run))).size,
        );
        const most = new Set(of.variants.map(({ variant }) => variant.digest)).size;
        expect(Math.max(...draws) - Math.min(...draws)).toBeLessThanOrEqual(most);
      }),
      often(1000),
    );
  });

  it('are the same in whatever order scenarios and variants are written, and whatever was drawn before', () => {
    fc.assert(
      fc.property(SPEC, SHARDS, (spec, shards) => {
        const of = made({ ...spec, variants: spec.variants.map((one) => ({ ...one, without: [] })) });
        const turned: Made = {
          scenarios: of.scenarios.toReversed(),
          variants: of.variants
            .map((variant) => ({ ...variant, scenarios: variant.scenarios.toReversed() }))
            .toReversed(),
        };
        expect(whereOf(turned, shards)).toEqual(whereOf(of, shards));
      }),
      often(300),
    );
  });

  it('keep their cells when a variant is left out by name, and when more runs are asked for', () => {
    fc.assert(
      fc.property(SPEC, SHARDS, fc.integer({ min: 0, max: 3 }), (spec, shards, more) => {
        const of = made(spec);
        const before = whereOf(of, shards);
        for (const [cell, shard] of whereOf(of, shards, { variant: ['v0'] }))
          expect(before.get(cell)).toBe(shard);
        const further = {
          ...of,
          variants: of.variants.map((variant) => ({ ...variant, runs: variant.runs + more })),
        };
        const after = whereOf(further, shards);
        for (const [cell, shard] of before) expect(after.get(cell)).toBe(shard);
      }),
      often(300),
    );
  });
});

function plain(scenarios: number, variants: number, runs: number): Made {
  return made({
    scenarios: Array.from({ length: scenarios }, (_, i) => ({
      id: `s${i + 10}`,
      category: null,
      input: `${i}`,
    })),
    variants: Array.from({ length: variants }, (_, i) => ({
      system: `${i}`,
      runs,
      without: [],
      isDeaf: false,
    })),
  });
}

const named = (cells: readonly Cell[], pick: (cell: Cell) => string): readonly string[] => [
  ...new Set(cells.map(pick)),
];

describe('what is dealt', () => {
  it('are scenarios as a whole: what is compared stays together, and what is left over is dealt run by run', () => {
    const [first, second, third] = shardsOf(plain(7, 2, 3), 3);
    expect(named(first!, ({ scenario, run }) => `${scenario}/${run}`)).toEqual([
      ...['s10/1', 's13/1', 's16/1', 's10/2', 's13/2', 's10/3', 's13/3'],
    ]);
    expect(named(second!, ({ scenario }) => scenario)).toEqual(['s11', 's14', 's16']);
    expect(third!.filter(({ scenario }) => scenario === 's16')).toMatchObject([
      { variant: 'v0', run: 3 },
      { variant: 'v1', run: 3 },
    ]);
  });

  it('are runs of one scenario where there are fewer scenarios than shards, and empty shards where there is less', () => {
    expect(shardsOf(plain(1, 2, 4), 4).map(({ length }) => length)).toEqual([2, 2, 2, 2]);
    expect(shardsOf(plain(1, 2, 1), 3).map(({ length }) => length)).toEqual([2, 0, 0]);
    expect(shardsOf(plain(0, 2, 1), 2).map(({ length }) => length)).toEqual([0, 0]);
  });

  it('is what filters by name leave, so that a few scenarios are spread as well as many', () => {
    const few = shardsOf(plain(12, 1, 1), 4, { scenario: ['s10', 's14', 's18', 's21'] });
    expect(few.map((cells) => named(cells, ({ scenario }) => scenario))).toEqual([
      ['s10'],
      ['s14'],
      ['s18'],
      ['s21'],
    ]);
    expect(shardsOf(plain(1, 1, 4), 2, { runs: [2, 4] }).map((cells) => cells.map(({ run }) => run))).toEqual(
      [[2], [4]],
    );
  });

  it('is told by the plan', () => {
    const of = plain(4, 1, 1);
    const planned = plan({
      ...{
        experiment: 'made',
        ...of,
        force: false,
        seed: 1,
        history: EMPTY_HISTORY,
        content: () => undefined,
      },
      filter: { ...NO_FILTER, shard: { number: 2, of: 4 } },
    });
    expect([planned.shard, planned.counts.tasks]).toEqual(['2/4', 1]);
  });
});
