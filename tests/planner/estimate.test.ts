import { describe, expect, it } from 'vitest';
import { asDigest, type Digest } from '../../src/core/brand.ts';
import { sha256 } from '../../src/core/canonical.ts';
import type { InputSource, OutputSource } from '../../src/core/estimate.ts';
import type { CellRecord, VariantUsage } from '../../src/core/history.ts';
import type { Price } from '../../src/core/manifest.ts';
import { cellId, type Task } from '../../src/core/task.ts';
import { type EstimateInput, estimate, tasksToCount } from '../../src/planner/estimate.ts';
import { planOf, task } from '../report/data.ts';

const NEW = { kind: 'pending', reason: { kind: 'new' } } as const;
const REAL = asDigest(sha256('real'));
const SIM = asDigest(sha256('sim'));
const PRICE: Price = { input: 1, cachedInput: null, output: 10 };

/** A pending cell of a variant whose content is named after it. */
function pending(variant: string, scenario: string, engine: Digest = REAL): Task {
  const part = asDigest(sha256(variant));
  return { ...task(variant, scenario, NEW), parts: { variant: part, scenario: part, engine } };
}

function head(of: Task, tokens: readonly [number | null, number | null], engine: Digest = REAL): CellRecord {
  const parts = { ...of.parts, engine };
  const [inputTokens, outputTokens] = tokens;
  return { id: 1, key: of.key, status: 'completed', parts, inputTokens, outputTokens, unadopted: null };
}

function usage(of: Partial<VariantUsage>): VariantUsage {
  const part = asDigest(sha256('a'));
  return { variant: 'a', part, engine: REAL, records: 1, inputTokens: 0, outputTokens: 0, ...of };
}

function given(
  of: Partial<Omit<EstimateInput, 'history'>> & {
    readonly cells?: readonly (readonly [Task, CellRecord])[];
    readonly usage?: readonly VariantUsage[];
  } = {},
): EstimateInput {
  const cells = new Map(of.cells?.map(([cell, known]) => [cellId(cell), known]));
  return {
    history: { byCell: (cell) => cells.get(cellId(cell)), usageByVariant: () => of.usage ?? [] },
    isComparable: (one, other) => one === other,
    paidOf: () => null,
    variantOf: () => ({
      model: 'm',
      price: PRICE,
      maxOutputTokens: 100,
      isSimulated: false,
      mayCallAgain: false,
    }),
    countedOf: () => ({ by: 'tokenizer', tokens: 7 }),
    isSampled: false,
    ...of,
  };
}

const sources = (input: InputSource, output: OutputSource) => ({ input, output });

describe('where the numbers of a call come from', () => {
  const cell = pending('a', 'one');
  const other = asDigest(sha256('another prompt'));
  const rows: readonly {
    readonly name: string;
    readonly given: EstimateInput;
    readonly is: readonly [number | null, number | null];
    readonly by: ReturnType<typeof sources>;
  }[] = [
    {
      name: 'the record of the same cell, before any mean',
      given: given({
        cells: [[cell, head(cell, [500, 40])]],
        usage: [usage({ inputTokens: 1, outputTokens: 1 })],
      }),
      is: [500, 40],
      by: sources('cell', 'cell'),
    },
    {
      name: 'the mean of the same content where the cell has none, whatever its name was',
      given: given({
        usage: [
          usage({ variant: 'old name', records: 3, inputTokens: 100, outputTokens: 10 }),
          usage({ records: 1, inputTokens: 200, outputTokens: 50 }),
          usage({ part: other, records: 90, inputTokens: 9_000, outputTokens: 9_000 }),
        ],
      }),
      is: [125, 20],
      by: sources('variant', 'variant'),
    },
    {
      name: 'the mean of the same name where the content is new',
      given: given({ usage: [usage({ part: other, inputTokens: 300, outputTokens: 30 })] }),
      is: [300, 30],
      by: sources('variant', 'variant'),
    },
    {
      name: 'the mean where the cell was answered without a word of its usage',
      given: given({
        cells: [[cell, head(cell, [null, null])]],
        usage: [usage({ inputTokens: 300, outputTokens: 30 })],
      }),
      is: [300, 30],
      by: sources('variant', 'variant'),
    },
    {
      name: 'the tokenizer where nothing is known: then the answer is unknown',
      given: given(),
      is: [7, null],
      by: sources('tokenizer', 'unknown'),
    },
    {
      name: 'the tokenizer where only a simulation has answered',
      given: given({
        cells: [[cell, head(cell, [500, 40], SIM)]],
        usage: [usage({ engine: SIM, inputTokens: 300, outputTokens: 30 })],
      }),
      is: [7, null],
      by: sources('tokenizer', 'unknown'),
    },
    {
      name: 'nothing where the prompt cannot be counted',
      given: given({ countedOf: () => ({ by: 'tokenizer', tokens: null }) }),
      is: [null, null],
      by: sources('unknown', 'unknown'),
    },
  ];

  it.each(rows)('$name', ({ given, is, by }) => {
    const made = estimate(planOf([cell]), given);
    expect([made.inputTokens, made.outputTokens]).toEqual(is);
    expect([made.sources.input[by.input], made.sources.output[by.output]]).toEqual([1, 1]);
  });

  it('asks for the counting of just the prompts that no history knows', () => {
    const known = pending('a', 'two');
    const plan = planOf([cell, known, { ...pending('a', 'three'), state: task('a', 'x', NEW).state }]);
    const counted = tasksToCount(plan, given({ cells: [[known, head(known, [1, 1])]] }));
    expect(counted.map(({ scenario }) => scenario)).toEqual(['one', 'three']);
    expect(tasksToCount(plan, given({ usage: [usage({})] }))).toEqual([]);
  });
});

describe('an estimate', () => {
  const known = pending('a', 'one');
  const fresh = pending('b', 'one');
  const plan = planOf([known, fresh]);
  const cells = [[known, head(known, [1_000, 500])]] as const;
  const priced = (prices: { readonly [variant: string]: Price | null }, limit: number | null = 100) => ({
    variantOf: (variant: string) => ({
      model: `model-${variant}`,
      price: prices[variant]!,
      maxOutputTokens: limit,
      isSimulated: false,
      mayCallAgain: false,
    }),
  });

  it('adds up by variant and in all', () => {
    const made = estimate(plan, given({ cells, ...priced({ a: PRICE, b: PRICE }) }));
    expect(made).toEqual({
      calls: 2,
      inputTokens: 1_007,
      outputTokens: null,
      outputTokensAtMost: 600,
      costUsd: null,
      costUsdAtLeast: 0.006007,
      costUsdAtMost: 0.007007,
      sources: {
        input: { cell: 1, variant: 0, tokenizer: 1, simulation: 0, unknown: 0 },
        output: { cell: 1, variant: 0, unknown: 1 },
      },
      isSampled: false,
      byVariant: [
        {
          variant: 'a',
          model: 'model-a',
          isPriced: true,
          isSimulated: false,
          mayCallAgain: false,
          calls: 1,
          inputTokens: 1_000,
          outputTokens: 500,
          outputTokensAtMost: 500,
          costUsd: 0.006,
          costUsdAtLeast: 0.006,
          costUsdAtMost: 0.006,
          sources: {
            input: { cell: 1, variant: 0, tokenizer: 0, simulation: 0, unknown: 0 },
            output: { cell: 1, variant: 0, unknown: 0 },
          },
        },
        {
          variant: 'b',
          model: 'model-b',
          isPriced: true,
          isSimulated: false,
          mayCallAgain: false,
          calls: 1,
          inputTokens: 7,
          outputTokens: null,
          outputTokensAtMost: 100,
          costUsd: null,
          costUsdAtLeast: 0.000007,
          costUsdAtMost: 0.001007,
          sources: {
            input: { cell: 0, variant: 0, tokenizer: 1, simulation: 0, unknown: 0 },
            output: { cell: 0, variant: 0, unknown: 1 },
          },
        },
      ],
    });
  });

  it.each([
    ['no price is known', { a: null, b: null }, 100, [null, 0, null]],
    ['one price is known', { a: PRICE, b: null }, 100, [null, 0.006, null]],
    ['an answer has no limit', { a: PRICE, b: PRICE }, null, [null, 0.006007, null]],
  ] as const)('never calls a cost zero or whole where %s', (_, prices, limit, cost) => {
    const made = estimate(plan, given({ cells, ...priced(prices, limit) }));
    expect([made.costUsd, made.costUsdAtLeast, made.costUsdAtMost]).toEqual(cost);
  });

  it('of nothing to run is nothing', () => {
    const made = estimate(planOf([]), given());
    expect([made.calls, made.inputTokens, made.costUsd, made.byVariant]).toEqual([0, 0, 0, []]);
  });
});
