import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitNames } from '../../src/core/names.ts';
import { displayWidth } from '../../src/core/text.ts';
import { often } from '../rig/often.ts';

const fitted = (names: readonly string[], width: number) => [...fitNames(names, width).values()];

describe('names cut to a width', () => {
  it.each([
    ['that fit are themselves', ['baseline', 'applike'], 8, ['baseline', 'applike']],
    ['alone are cut in the middle', ['a-very-long-name-of-a-variant'], 11, ['a-ver…riant']],
    [
      'of a matrix keep what tells them apart',
      ['applike[model=sim-small,temperature=0]', 'applike[model=sim-large,temperature=0]'],
      24,
      ['applike[…sim-small,…0]', 'applike[…sim-large,…0]'],
    ],
    [
      'of a matrix of two axes keep both',
      ['small', 'large'].flatMap((m) => ['0', '0.7'].map((t) => `applike[model=sim-${m},temperature=${t}]`)),
      26,
      [
        'applike[…sim-small,…0]',
        'applike[…sim-small,…0.7]',
        'applike[…sim-large,…0]',
        'applike[…sim-large,…0.7]',
      ],
    ],
    [
      'that cannot be told apart in so little room are numbered',
      ['an-unbroken-name-1-with-an-equal-end', 'an-unbroken-name-2-with-an-equal-end'],
      12,
      ['an-unb…l-end', 'an-un…-end~2'],
    ],
    [
      'of one width with a shorter one stay apart from it',
      ['ab…yz', 'abcdefghijklmnopqrstuvwxyz'],
      5,
      ['ab…yz', 'a…z~2'],
    ],
  ])('%s', (_, names, width, wanted) => {
    expect(fitted(names, width)).toEqual(wanted);
  });

  it('never become equal and never wider than the width, whatever they are', () => {
    const word = fc.constantFrom(
      'a',
      'b',
      'model=',
      'sim-small,',
      'sim-large,',
      '[',
      ']',
      '/',
      ' ',
      '汉字',
      '…',
      '~2',
    );
    const name = fc.array(word, { maxLength: 12 }).map((words) => words.join(''));
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 60 }),
        fc.integer({ min: 8, max: 40 }),
        (names, width) => {
          const texts = fitted(names, width);
          expect(new Set(texts).size).toBe(names.length);
          expect(texts.filter((text) => displayWidth(text) > width)).toEqual([]);
        },
      ),
      often(500),
    );
  });
});
