import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longJson } from '../../src/cache/disk/long-json.ts';
import { often } from '../rig/often.ts';

it('gives the very text that JSON.stringify gives, whatever the data', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      expect(await longJson(value)).toBe(JSON.stringify(value));
    }),
    often(300),
  );
});

it.each([
  ['words', 'word "quoted" \n\\'],
  ['pairs of surrogates', '\u{1f600}'],
  ['pairs of surrogates, shifted by one', 'x\u{1f600}'],
  ['lone surrogates', '\ud83d \udc00\ud83d'],
])('does so for long texts of %s', async (_, piece) => {
  const value = {
    text: `${piece.slice(0, 1)}${piece.repeat(600_000)}`,
    list: [undefined, null, 1],
    none: undefined,
  };
  const text = await longJson(value);
  // Compared as one value: a difference of megabytes is nothing to print.
  expect(text === JSON.stringify(value)).toBe(true);
});
