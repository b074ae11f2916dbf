// Pair mode once it is closed: strengths of three arms and the sign test, scenario by scenario.
import { expect, test } from 'vitest';
import type { HumanPreference } from '../../src/core/review.ts';
import { strengthsOf } from '../../src/review/strengths.ts';

const ARMS = ['a', 'b', 'c'];

/** Each two arms once in each of twelve scenarios; sides change. */
function preferences(said: (pair: string, i: number) => string): readonly HumanPreference[] {
  return Array.from({ length: 12 }, (_, i) => i).flatMap((i) =>
    (['ab', 'ac', 'bc'] as const).map((pair): HumanPreference => {
      const [left, right] = i % 2 === 0 ? [pair[0]!, pair[1]!] : [pair[1]!, pair[0]!];
      const side = (variant: string) => ({ variant, run: 1, answer: '0'.repeat(64) });
      const who = said(pair, i);
      return {
        ...{ scenario: `s${i}`, dimension: 'tone', left: side(left), right: side(right), reviewer: 'anna' },
        said: who === left ? 'left' : who === right ? 'right' : 'tie',
      };
    }),
  );
}

test('arms are ranked with intervals, and held against the first by the exact sign test over scenarios', () => {
  const said = preferences((pair, i) => {
    if (pair === 'ab') return i < 9 ? 'b' : i < 11 ? 'a' : 'tie';
    if (pair === 'ac') return i < 6 ? 'a' : 'c';
    return i < 8 ? 'b' : 'c';
  });
  const [tone] = strengthsOf(said, ARMS);
  expect(tone).toMatchObject({ dimension: 'tone', cards: 36, scenarios: 12, ties: 1 });
  const strength = new Map(tone!.arms.map((one) => [one.arm, one.strength]));
  expect(strength.get('b')!.value).toBeGreaterThan(strength.get('c')!.value!);
  expect(strength.get('c')!.value).toBeGreaterThan(strength.get('a')!.value!);
  expect([...strength.values()].reduce((sum, { value }) => sum + value!, 0)).toBeCloseTo(0, 8);
  for (const { value, low, high } of strength.values()) {
    expect(low).toBeLessThan(value!);
    expect(high).toBeGreaterThan(value!);
  }
  expect(tone!.signs).toEqual([
    // 9 of 11: twice (1 + 11 + 55) / 2^11.
    { arm: 'b', against: 'a', for: 9, against_it: 2, even: 1, p: expect.closeTo((2 * 67) / 2 ** 11, 10) },
    { arm: 'c', against: 'a', for: 6, against_it: 6, even: 0, p: 1 },
  ]);
});

test('an arm that never lost has no strength, and the sign test says what can be said', () => {
  const [tone] = strengthsOf(
    preferences((pair) => (pair === 'bc' ? 'tie' : 'a')),
    ARMS,
  );
  expect(tone!.arms.map(({ strength }) => strength.value)).toEqual([null, null, null]);
  expect(tone!.signs[0]).toMatchObject({ for: 0, against_it: 12, p: expect.closeTo(2 / 2 ** 12, 12) });
});

test('whose side it was makes no difference', () => {
  const said = preferences((pair, i) => (i % 3 === 0 ? pair[0]! : pair[1]!));
  const turned = said.map(
    (one): HumanPreference => ({
      ...one,
      left: one.right,
      right: one.left,
      said: one.said === 'left' ? 'right' : one.said === 'right' ? 'left' : 'tie',
    }),
  );
  expect(strengthsOf(turned, ARMS)).toEqual(strengthsOf(said, ARMS));
});
