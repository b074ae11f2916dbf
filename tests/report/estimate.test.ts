import { describe, expect, test } from 'vitest';
import { estimateLine, estimateText } from '../../src/report/run/estimate.ts';
import { AT_80, AT_100, amount, estimateOf, variantAmount } from './data.ts';

const WIDE = { columns: 1_000, colors: false };
const UNKNOWN_ANSWERS = { outputTokens: null, outputTokensAtMost: 4_096, costUsd: null } as const;

describe('the line of an estimate', () => {
  test.each([
    ['knows all', estimateOf(), 'about 2,000 tokens in, about 1,000 out, about $0.0123.'],
    [
      'bounds answers that were never given',
      estimateOf({ ...UNKNOWN_ANSWERS, costUsdAtLeast: 0.002, costUsdAtMost: 0.043 }),
      'about 2,000 tokens in, at most 4,096 out, from $0.0020 to $0.0430.',
    ],
    [
      'has no upper bound where answers have none',
      estimateOf({
        ...UNKNOWN_ANSWERS,
        outputTokensAtMost: null,
        costUsdAtLeast: 0.002,
        costUsdAtMost: null,
      }),
      'about 2,000 tokens in, tokens out unknown, at least $0.0020.',
    ],
    [
      'does not know what prompts with pictures take',
      estimateOf({ inputTokens: null, costUsd: null, costUsdAtLeast: 0.002, costUsdAtMost: null }),
      'tokens in unknown, about 1,000 out, at least $0.0020.',
    ],
    [
      'does not call a model without a price free',
      estimateOf({ costUsd: null, byVariant: [variantAmount({ isPriced: false })] }),
      'about 2,000 tokens in, about 1,000 out, cost unknown: no price for model model-1.',
    ],
    [
      'names the models whose prices it lacks',
      estimateOf({
        costUsd: null,
        costUsdAtLeast: 0.002,
        byVariant: [
          variantAmount(),
          ...['b', 'c', 'd', 'd', 'e\u001b[2J'].map((model) => variantAmount({ model, isPriced: false })),
        ],
      }),
      'at least $0.0020, price unknown for models b, c, d and 1 more.',
    ],
    [
      'says when the money is a simulation’s',
      estimateOf({ byVariant: [variantAmount({ isSimulated: true })] }),
      'about $0.0123 of simulated money.',
    ],
    [
      'says when some of the money is',
      estimateOf({ byVariant: [variantAmount({ isSimulated: true }), variantAmount()] }),
      'about $0.0123, some of it simulated money.',
    ],
  ])('%s', (_, estimate, words) => {
    const line = estimateLine(estimate, WIDE);
    expect(line).toContain(`${words} Retries are not included.`);
    expect(line.startsWith('Estimate: 4 calls, ')).toBe(true);
  });

  test('is broken between words where it is too long', () => {
    expect(estimateLine(estimateOf(), AT_80)).toBe(
      'Estimate: 4 calls, about 2,000 tokens in, about 1,000 out, about $0.0123.\n  Retries are not included.\n',
    );
  });
});

describe('an estimate in full', () => {
  test('has a row per variant, and says where the numbers come from', () => {
    const known = variantAmount({ variant: 'baseline' });
    const fresh = variantAmount({
      ...UNKNOWN_ANSWERS,
      costUsdAtLeast: 0.002,
      costUsdAtMost: 0.043,
      sources: {
        input: { cell: 0, variant: 0, tokenizer: 4, simulation: 0, unknown: 0 },
        output: { cell: 0, variant: 0, unknown: 4 },
      },
    });
    const both = amount({
      ...UNKNOWN_ANSWERS,
      calls: 8,
      inputTokens: 4_000,
      outputTokensAtMost: 5_096,
      costUsdAtLeast: 0.0143,
      costUsdAtMost: null,
      sources: {
        input: { cell: 4, variant: 0, tokenizer: 4, simulation: 0, unknown: 0 },
        output: { cell: 4, variant: 0, unknown: 4 },
      },
    });
    const unpriced = variantAmount({ variant: 'other', costUsd: null, costUsdAtMost: null, isPriced: false });
    const estimate = { ...both, isSampled: true, byVariant: [known, fresh, unpriced] };
    expect(estimateText(estimate, AT_100)).toMatchInlineSnapshot(`
      "
      variant   calls  tokens in  tokens out       cost
      ─────────────────────────────────────────────────
      baseline      4      2,000       1,000    $0.0123
      applike       4      2,000     ≤ 4,096  ≤ $0.0430
      other         4      2,000       1,000    unknown
      ─────────────────────────────────────────────────
      estimate      8      4,000     ≤ 5,096  ≥ $0.0143

      Estimate: 8 calls, about 4,000 tokens in, at most 5,096 out, at least $0.0143, price unknown for
        model model-1. Retries are not included.
      Tokens in: 4 calls as in the same cells before, 4 calls counted with a tokenizer; a sample of the
        texts was counted, the rest goes by length.
      Tokens out: 4 calls as in the same cells before, 4 calls never drawn, at most max_output_tokens.
      "
    `);
  });

  test('of one variant needs no table', () => {
    expect(estimateText(estimateOf(), AT_100)).toMatchInlineSnapshot(`
      "Estimate: 4 calls, about 2,000 tokens in, about 1,000 out, about $0.0123. Retries are not included.
      Tokens: as in the same cells before.
      "
    `);
  });
});
