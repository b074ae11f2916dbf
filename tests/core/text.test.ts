import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { displayWidth, jsonLine } from '../../src/core/text.ts';

/** C0, DEL, C1 (0x9b alone starts an escape sequence on many terminals), marks of direction, separators, tags. */
const ODD =
  '\u0000\u001b[31m\u007f\u0085\u009b31m\u061c\u200b\u200e\u200f\u2028\u2029\u202e\u2066\u2069\ufeff\u{e0041}';

it('writes JSON in which nothing is left that a terminal obeys, and which reads as the same value', () => {
  const value = { [`key ${ODD}`]: [ODD, 'plain "text" \\ \u00e9 \u4e2d \u{1f600}', 1.5, null, true] };
  const line = jsonLine(value);
  expect(line).toMatch(/^[\u0020-\u007e\u00a0-\u{1ffff}]*\n$/u);
  expect(line).not.toMatch(/[\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
  expect(line).toContain('\\u009b31m');
  expect(line).toContain('\\udb40\\udc41');
  expect(line).toContain('\u00e9 \u4e2d \u{1f600}');
  expect(JSON.parse(line)).toEqual(value);
});

describe('the width of text', () => {
  it('is what the package string-width says, of each character that is assigned', () => {
    const differing: string[] = [];
    for (let code = 0x20; code < 0x30000; code++) {
      const text = String.fromCodePoint(code);
      if (/[\p{C}]/u.test(text)) continue;
      if (displayWidth(text) !== stringWidth(text)) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });
  it.each([
    ...['naïve', '日本語', 'ｆｕｌｌ', 'ﾊﾝｶｸ', 'e\u0301', 'ไทย', 'हिन्दी', 'العربية', '한국어', '€ → ≥ …'],
    ...['👍🏽', '👨‍👩‍👧', '🇩🇪', '☺', '☺️', '1️⃣', '⚠', '⚠️', 'a 😀 b'],
  ])('is what the package string-width says, of %s', (text) => {
    expect(displayWidth(text)).toBe(stringWidth(text));
  });
});
