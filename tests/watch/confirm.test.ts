// When a round is asked about.
import { expect, it } from 'vitest';
import type { VariantAmount } from '../../src/core/estimate.ts';
import { consentFor } from '../../src/watch/confirm.ts';

function amount(of: Partial<VariantAmount>): VariantAmount {
  const sources = {
    input: { cell: 0, variant: 0, tokenizer: 0, simulation: 0, unknown: 0 },
    output: { cell: 0, variant: 0, unknown: 0 },
  };
  return {
    ...{ variant: 'a', model: 'm', isPriced: true, isSimulated: false, mayCallAgain: false },
    ...{ calls: 1, inputTokens: 1, outputTokens: 1, outputTokensAtMost: 1, sources },
    ...{ costUsd: 0.2, costUsdAtLeast: 0.2, costUsdAtMost: 0.2 },
    ...of,
  };
}

const UNKNOWN = { costUsd: null, costUsdAtLeast: 0, costUsdAtMost: null };

it.each([
  ['what is cheap', [amount({})], 0.5, { kind: 'free' }],
  ['what costs exactly as much as it may', [amount({ costUsd: 0.5 })], 0.5, { kind: 'free' }],
  [
    'all arms together',
    [amount({ costUsd: 0.3 }), amount({ costUsd: 0.3 })],
    0.5,
    { kind: 'above', costUsd: 0.6, limitUsd: 0.5 },
  ],
  [
    'the most that it may cost, where that is all that is known',
    [amount({ costUsd: null, costUsdAtLeast: 0.1, costUsdAtMost: 2 })],
    0.5,
    { kind: 'above', costUsd: 2, limitUsd: 0.5 },
  ],
  ['what nobody knows', [amount({ ...UNKNOWN, variant: 'b' })], 0.5, { kind: 'unknown', variants: ['b'] }],
  ['what is played and has no price', [amount({ ...UNKNOWN, isSimulated: true })], 0.5, { kind: 'free' }],
  [
    'anything, where nobody wants to be asked',
    [amount(UNKNOWN), amount({ costUsd: 99 })],
    null,
    { kind: 'free' },
  ],
  ['what costs anything at all', [amount({})], 0, { kind: 'above', costUsd: 0.2, limitUsd: 0 }],
])('%s', (_, byVariant, limit, consent) => {
  expect(consentFor(byVariant, limit)).toEqual(consent);
});
