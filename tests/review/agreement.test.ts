// How far two readers agree, against R's irr and Python: references/agreement.R and agreement.py made the values, on the same 60 cards.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Coefficient,
  coefficientOf,
  cohenKappa,
  krippendorffAlpha,
} from '../../src/analysis/statistics/agreement.ts';
import type { VerdictLine } from '../../src/core/review.ts';
import { agreementOfReaders, ownRepeats } from '../../src/review/agreement.ts';
import type { CardReading } from '../../src/review/standing.ts';
import { PROTOCOL } from '../rig/blind-review.ts';

type Ratings = readonly (readonly (number | null)[])[];
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`references/${name}.json`, import.meta.url), 'utf8'));
const irr = read('agreement-r') as {
  readonly two: Ratings;
  readonly example: Ratings;
  readonly kappa: { readonly nominal: number; readonly quadratic: number };
  readonly scripted: {
    readonly first: readonly number[];
    readonly second: readonly number[];
    readonly kappa: number;
    readonly quadratic: number;
    readonly ordinal: number;
  };
  readonly alpha: { readonly [set: string]: { readonly nominal: number; readonly ordinal: number } };
};
const python = read('agreement-python') as typeof irr.scripted & { readonly ac2: number };

const LABELS = ['poor', 'acceptable', 'good'];

function reading(at: { card: string; reviewer: string; look?: number; label: string }): CardReading {
  const { card, reviewer, look = 1, label } = at;
  const labels = { tool_selection: label, naturalness: 'good' };
  return { reviewer, card, look, labels, line: { card, look, reviewer, labels } as unknown as VerdictLine };
}

/** Three cards a scenario. */
const CARDS = irr.scripted.first.map((_, i) => ({ card: `c${i}`, scenario: `s${Math.floor(i / 3)}` }));

function scripted(): readonly CardReading[] {
  const { first, second } = irr.scripted;
  return CARDS.flatMap(({ card }, i) => [
    reading({ card, reviewer: 'anna', label: LABELS[first[i]! - 1]! }),
    reading({ card, reviewer: 'bob', label: LABELS[second[i]! - 1]! }),
  ]);
}

describe('agreement of two readers', () => {
  test('is that of irr, krippendorff, scikit-learn and irrCAC', () => {
    const [tools, naturalness, pass] = agreementOfReaders({
      cards: CARDS,
      readings: scripted(),
      protocol: PROTOCOL,
    });
    expect(tools).toMatchObject({ dimension: 'tool_selection', cards: 60, scenarios: 20, readers: 2 });
    expect(tools!.kappa_quadratic!.value).toBeCloseTo(irr.scripted.quadratic, 12);
    expect(tools!.kappa_quadratic!.value).toBeCloseTo(python.quadratic, 12);
    expect(tools!.alpha_ordinal.value).toBeCloseTo(irr.scripted.ordinal, 12);
    expect(tools!.alpha_ordinal.value).toBeCloseTo(python.ordinal, 12);
    expect(tools!.ac2.value).toBeCloseTo(python.ac2, 11);
    const same = irr.scripted.first.filter((one, i) => one === irr.scripted.second[i]).length;
    expect(tools!.percent.value).toBeCloseTo(same / 60, 12);
    for (const { value, low, high } of [
      tools!.percent,
      tools!.kappa_quadratic!,
      tools!.alpha_ordinal,
      tools!.ac2,
    ]) {
      expect(low).toBeLessThan(value!);
      expect(high).toBeGreaterThan(value!);
    }
    // All said the same: nothing is left of chance to correct for, and no interval has a width.
    expect(naturalness).toMatchObject({
      percent: { value: 1, low: null, high: null },
      kappa_quadratic: { value: null },
      alpha_ordinal: { value: null },
      ac2: { value: 1 },
    });
    expect(pass).toMatchObject({ dimension: 'pass', cards: 60 });
  });

  test('counts cards that one of them read for nothing, and readers that nobody else read with for none', () => {
    const alone = [...scripted(), reading({ card: 'c0', reviewer: 'cleo', label: 'good' })].filter(
      ({ reviewer, card }) => reviewer !== 'bob' || Number(card.slice(1)) < 30,
    );
    const [tools] = agreementOfReaders({ cards: CARDS, readings: alone, protocol: PROTOCOL });
    expect(tools).toMatchObject({ cards: 30, readers: 3 });
    expect(tools!.kappa_quadratic).toBeUndefined();
    const two = alone.filter(({ reviewer }) => reviewer !== 'cleo');
    expect(agreementOfReaders({ cards: CARDS, readings: two, protocol: PROTOCOL })[0]).toMatchObject({
      cards: 30,
      readers: 2,
    });
  });
});

describe('published values', () => {
  const value = (ratings: Ratings, coefficient: Coefficient): number | null =>
    coefficientOf(
      ratings.map((row, i) => ({ cluster: String(i), ratings: row.map((one) => one && one - 1) })),
      coefficient,
    );

  test("are those of Cohen's kappa by irr", () => {
    expect(value(irr.two, cohenKappa(3))).toBeCloseTo(0.672131147541, 12);
    expect(value(irr.two, cohenKappa(3))).toBeCloseTo(irr.kappa.nominal, 12);
    expect(value(irr.two, cohenKappa(3, 'quadratic'))).toBeCloseTo(0.811320754717, 12);
    expect(value(irr.two, cohenKappa(3, 'quadratic'))).toBeCloseTo(irr.kappa.quadratic, 12);
  });

  test("are those of Krippendorff's example by irr", () => {
    const units = irr.example[0]!.map((_, i) => irr.example.map((observer) => observer[i]!));
    expect(value(units, krippendorffAlpha(5, 'nominal'))).toBeCloseTo(0.743421052632, 12);
    expect(value(units, krippendorffAlpha(5, 'nominal'))).toBeCloseTo(irr.alpha.example!.nominal, 12);
    expect(value(units, krippendorffAlpha(5, 'ordinal'))).toBeCloseTo(0.815387503755, 12);
    expect(value(units, krippendorffAlpha(5, 'ordinal'))).toBeCloseTo(irr.alpha.example!.ordinal, 12);
  });
});

test('of a card that a reader was shown twice it is told whether he said the same, dimension by dimension', () => {
  const readings = [
    ...scripted(),
    reading({ card: 'c0', reviewer: 'anna', look: 2, label: LABELS[irr.scripted.first[0]! - 1]! }),
    reading({ card: 'c1', reviewer: 'anna', look: 2, label: 'good' }),
  ];
  expect(ownRepeats({ readings, protocol: PROTOCOL })).toEqual([
    {
      reviewer: 'anna',
      cards: 2,
      same: [
        { dimension: 'tool_selection', cards: 1 },
        { dimension: 'naturalness', cards: 2 },
      ],
    },
  ]);
});
