// How near two vectors are, and what of a server's answer can be compared at all.
import { expect, it } from 'vitest';
import { nearnessOf, similarityOf } from '../../src/scoring/similarity.ts';

const at = { passAt: 0.8 };

it.each([
  ['the same', [1, 2, 3], [1, 2, 3], 1],
  ['the same way, another length', [1, 2, 3], [10, 20, 30], 1],
  ['at a right angle', [1, 0], [0, 5], 0],
  ['half-way', [1, 0], [1, 1], Math.round(Math.SQRT1_2 * 1e6) / 1e6],
  ['large beyond a float’s squares', [1e300, 0], [1e300, 1e300], Math.round(Math.SQRT1_2 * 1e6) / 1e6],
  ['small beyond a float’s squares', [1e-300, 0], [1e-300, 1e-300], Math.round(Math.SQRT1_2 * 1e6) / 1e6],
])('scores what is %s', (_, answer, reference, score) => {
  expect(similarityOf([answer, reference], at)).toEqual({
    kind: 'ok',
    value: {
      ...{ score, passed: score >= 0.8, label: null, reason: `cosine ${score} to the reference` },
      details: { cosine: score, dimensions: answer.length },
    },
  });
});

it('scores the opposite as nothing, and keeps what came', () => {
  expect(
    similarityOf(
      [
        [1, 0],
        [-1, 0],
      ],
      at,
    ),
  ).toMatchObject({
    value: { score: 0, passed: false, details: { cosine: -1 } },
  });
});

it('takes vectors of any length', () => {
  const long = Array.from({ length: 100_000 }, (_, n) => Math.sin(n));
  expect(similarityOf([long, long], at)).toMatchObject({ value: { score: 1 } });
});

const holes: number[][] = [];
holes[1] = [1, 2];

it.each<[string, readonly (readonly number[])[], string]>([
  ['one vector', [[1]], '1 vectors came for 2 texts'],
  ['none', [], '0 vectors came for 2 texts'],
  ['three', [[1], [1], [1]], '3 vectors came for 2 texts'],
  ['a hole', holes, '2 vectors came for 2 texts'],
  ['an empty one', [[], [1]], 'a vector came without numbers'],
  [
    'other lengths',
    [
      [1, 2],
      [1, 2, 3],
    ],
    'vectors of 2 and 3 numbers cannot be compared',
  ],
  [
    'NaN',
    [
      [Number.NaN, 1],
      [1, 1],
    ],
    'a vector came with something else than numbers',
  ],
  [
    'infinity',
    [
      [1, 1],
      [Number.POSITIVE_INFINITY, 1],
    ],
    'a vector came with something else than numbers',
  ],
  ['texts', [['1', '2'] as never, [1, 1]], 'a vector came with something else than numbers'],
  [
    'zeros',
    [
      [0, 0],
      [1, 1],
    ],
    'a vector came that is nothing but zeros',
  ],
])('compares nothing with %s', (_, vectors, why) => {
  expect(similarityOf(vectors, at)).toEqual({ kind: 'err', error: why });
});

it('asks nobody about an answer without text, and about one that is the reference', () => {
  const reference = 'Paris';
  expect(nearnessOf({ text: ' \n', reference }, 0.8)).toMatchObject({ score: 0, passed: false });
  expect(nearnessOf({ text: 'Paris', reference }, 0.8)).toMatchObject({ score: 1, passed: true });
  expect(nearnessOf({ text: 'Paris.', reference }, 0.8)).toBeNull();
});
