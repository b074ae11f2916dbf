import { expect, it } from 'vitest';
import { countTokens } from '../../src/project/plan/tokenizer.ts';

it.each([
  ['', 0],
  ['hello world', 2],
  ['At what time shall I book it?', 8],
  ['<|endoftext|>', 7],
])('the tokenizer takes %j for %i tokens', (text, tokens) => {
  expect(countTokens(text)).toBe(tokens);
});

it('the tokenizer counts a page without a blank in pieces: whole it would take minutes', () => {
  expect(countTokens('a'.repeat(400_000))).toBe(50_000);
  expect(countTokens('汉字'.repeat(100_000))).toBeGreaterThan(100_000);
});
