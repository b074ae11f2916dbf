import { describe, expect, it } from 'vitest';
import type { Usage } from '../../src/core/outcome.ts';
import { costOf } from '../../src/core/usage-cost.ts';
import {
  boundOf,
  type CallBound,
  isFreeFailure,
  makeBudget,
  type Reservation,
  type Reserved,
} from '../../src/run/limits/budget.ts';
import { playBudget } from '../rig/budget-game.ts';

const bound = (more: Partial<CallBound> = {}): CallBound => ({
  ...{ arm: 'a', inputUsd: 0.1, outputUsd: 0.9, guessUsd: 0.5 },
  ...more,
});
const open = (arm = 'open'): CallBound => bound({ arm, outputUsd: null });
const cost = (outputUsd: number, inputUsd = 0.1) => ({ inputUsd, outputUsd });

function taken(reserved: Reserved): Reservation {
  if (reserved.kind !== 'reserved') throw new Error(`it was not reserved: ${reserved.kind}`);
  return reserved.reservation;
}

it.each([
  [{}, true],
  [{ isOfCode: true }, false],
  [{ isBegun: true }, false],
] as const)(
  'takes a refusal for free, but not one that code tells that paid calls before it, nor one behind half an answer: %o',
  (more, isFree) => {
    const failure = { kind: 'rate-limited', status: 429, message: 'x', retryAfterMs: null, ...more } as const;
    expect(isFreeFailure(failure)).toBe(isFree);
  },
);

describe('a budget', () => {
  it('holds as many calls at once as their declared maxima allow, whatever the first ones cost', () => {
    const budget = makeBudget(3);
    const first = taken(budget.reserve(bound()));
    budget.settle(first, cost(0.01));
    const kinds = Array.from({ length: 4 }, () => budget.reserve(bound()).kind);
    expect(kinds).toEqual(['reserved', 'reserved', 'wait', 'wait']);
  });

  it('is kept by the arm that asks: what a cheap one cost says nothing about a dear one', () => {
    const budget = makeBudget(3);
    for (let n = 0; n < 20; n++)
      budget.settle(taken(budget.reserve(bound({ outputUsd: 0.01 }))), cost(0, 0.01));
    const dear = bound({ arm: 'dear', outputUsd: 2 });
    expect([budget.reserve(dear).kind, budget.reserve(dear).kind]).toEqual(['reserved', 'wait']);
  });

  it('refuses a call that it does not hold once nothing is under way, and says what it needs', () => {
    const budget = makeBudget(1.5);
    const first = taken(budget.reserve(bound()));
    expect(budget.reserve(bound()).kind).toBe('wait');
    budget.settle(first, cost(0.9));
    expect(budget.reserve(bound())).toEqual({ kind: 'refused', bound: bound(), needsUsd: 1 });
  });

  it('holds nothing more than it has, not even a first call', () => {
    expect(makeBudget(0.5).reserve(bound()).kind).toBe('refused');
  });

  it('believes what it saw where an endpoint does not keep to the limit', () => {
    const budget = makeBudget(10);
    budget.settle(taken(budget.reserve(bound())), cost(4));
    expect([budget.reserve(bound()).kind, budget.reserve(bound()).kind]).toEqual(['reserved', 'wait']);
  });

  it('believes what it saw where prompts take more than can be estimated', () => {
    const budget = makeBudget(10);
    budget.settle(taken(budget.reserve(bound())), cost(0.9, 4));
    expect([budget.reserve(bound()).kind, budget.reserve(bound()).kind]).toEqual(['reserved', 'wait']);
  });

  it('counts what may have been charged, and answers that do not tell, as what was reserved', () => {
    const budget = makeBudget(2);
    budget.settle(taken(budget.reserve(bound())), 'uncertain');
    budget.settle(taken(budget.reserve(bound())), 'untold');
    expect(budget.spent()).toEqual({ usd: 2, assumedUsd: 2 });
    expect(budget.reserve(bound()).kind).toBe('refused');
  });

  it('gives back what was refused by the server', () => {
    const budget = makeBudget(1);
    for (let n = 0; n < 10; n++) budget.settle(taken(budget.reserve(bound())), 'nothing');
    expect(budget.spent().usd).toBe(0);
    expect(budget.reserve(bound()).kind).toBe('reserved');
  });

  it('lets what is free go on when it is used up', () => {
    const budget = makeBudget(1, 1);
    expect(budget.reserve(bound()).kind).toBe('refused');
    expect(budget.reserve(bound({ inputUsd: 0, outputUsd: 0 })).kind).toBe('reserved');
  });

  it('starts with what the invocation has spent before', () => {
    const budget = makeBudget(2, 1.5);
    expect(budget.reserve(bound()).kind).toBe('refused');
  });

  it('does not take a million calls that cost too little to show for free', () => {
    const price = { input: 0, cachedInput: null, output: 0.01 };
    const usage: Usage = {
      ...{ inputTokens: 1, outputTokens: 3, totalTokens: 4 },
      ...{ cachedInputTokens: null, reasoningTokens: null },
    };
    expect(costOf(usage, price)).toBe(0);
    const cheap = boundOf({ arm: 'a', size: { inputTokens: 1, outputTokens: 3 }, price });
    const budget = makeBudget(1e-6);
    let calls = 0;
    for (; calls < 100; calls++) {
      const reserved = budget.reserve(cheap);
      if (reserved.kind !== 'reserved') break;
      budget.settle(reserved.reservation, { inputUsd: 0, outputUsd: 3e-8 });
    }
    expect(calls).toBe(33);
  });
});

describe('an arm whose answers nobody bounds', () => {
  it('starts with one call and nothing beside it', () => {
    const budget = makeBudget(100);
    const other = taken(budget.reserve(bound()));
    expect(budget.reserve(open()).kind).toBe('wait');
    budget.settle(other, cost(0.9));
    const probe = taken(budget.reserve(open()));
    expect([budget.reserve(open()).kind, budget.reserve(bound()).kind]).toEqual(['wait', 'wait']);
    budget.settle(probe, cost(2));
    expect(budget.reserve(bound()).kind).toBe('reserved');
  });

  it('has as many calls at once as have ended', () => {
    const budget = makeBudget(1_000);
    for (let n = 0; n < 3; n++) budget.settle(taken(budget.reserve(open())), cost(1));
    const kinds = Array.from({ length: 5 }, () => budget.reserve(open()).kind);
    expect(kinds).toEqual(['reserved', 'reserved', 'reserved', 'wait', 'wait']);
  });

  it('is reserved what was seen, with more room the less was seen', () => {
    const budget = makeBudget(100);
    const needs = [1, 2, 4].map((ended) => {
      const fresh = makeBudget(100);
      for (let n = 0; n < ended; n++) fresh.settle(taken(fresh.reserve(open())), cost(1));
      return taken(fresh.reserve(open())).usd;
    });
    expect(needs).toEqual([2.1, 1.6, 1.35]);
    // p95: of a hundred answers five may be longer.
    for (let n = 0; n < 100; n++) budget.settle(taken(budget.reserve(open())), cost(n < 95 ? 0.01 : 0.5, 0));
    expect(taken(budget.reserve(open())).usd).toBeCloseTo(0.1 + 0.01 * 1.01);
  });

  it('takes a small budget for its first call all the same, and counts no more than there is', () => {
    const budget = makeBudget(0.3);
    const probe = taken(budget.reserve(open()));
    expect(probe.usd).toBeCloseTo(0.3);
    budget.settle(probe, 'uncertain');
    expect(budget.spent().usd).toBeCloseTo(0.3);
  });

  it('has no first call where not even its prompt can be paid', () => {
    expect(makeBudget(0.05).reserve(open()).kind).toBe('refused');
  });

  it('whose provider never tells usage goes on with what is taken for a long answer', () => {
    const budget = makeBudget(10);
    budget.settle(taken(budget.reserve(open())), 'untold');
    budget.settle(taken(budget.reserve(open())), 'untold');
    expect(budget.spent()).toEqual({ usd: 1.2, assumedUsd: 1.2 });
    expect([budget.reserve(open()).kind, budget.reserve(open()).kind]).toEqual(['reserved', 'reserved']);
  });
});

/** `npm run bench -- budget` plays a thousand. */
const GAMES = 100;

describe('over random prices, lengths, arms, tool loops and faults', () => {
  it(`not a cent is spent beyond the budget where answers are bounded (${GAMES} games)`, async () => {
    let stopped = 0;
    for (let seed = 1; seed <= GAMES; seed++) {
      const played = await playBudget({ seed, arms: 'declared' });
      const over = played.spentUsd - played.budgetUsd;
      expect(over, `seed ${seed}: ${JSON.stringify(played)}`).toBeLessThanOrEqual(played.budgetUsd * 1e-9);
      if (played.stopped === null) expect(played.unfinished, `seed ${seed}`).toBe(0);
      else stopped++;
    }
    expect(stopped).toBeGreaterThan(GAMES / 4);
  });

  it(`nothing is begun beyond the budget where they are not (${GAMES} games)`, async () => {
    for (let seed = 1; seed <= GAMES; seed++) {
      const played = await playBudget({ seed, arms: 'open' });
      expect(played.beyond, `seed ${seed}: ${JSON.stringify(played)}`).toBe(0);
      if (played.stopped === null) expect(played.unfinished, `seed ${seed}`).toBe(0);
    }
  });
});
