import { describe, expect, test } from 'vitest';
import { cutText, displayWidth, fitText, sanitizeBlock, sanitizeLine } from '../../src/core/text.ts';
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatDurationPair,
  formatMoney,
  formatPercent,
  formatRate,
  formatRoughDuration,
  formatTime,
} from '../../src/text/format.ts';

const each = <In, Out>(inputs: readonly In[], format: (input: In) => Out): readonly Out[] =>
  inputs.map(format);

describe('numbers', () => {
  test('counts have a comma every three digits, whatever the locale', () => {
    expect(each([0, 999, 1000, 12345, 1234567], formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '12,345',
      '1,234,567',
    ]);
  });

  test('amounts agree with their noun', () => {
    expect(formatAmount(0, 'task')).toBe('0 tasks');
    expect(formatAmount(1, 'retry')).toBe('1 retry');
    expect(formatAmount(1200, 'retry')).toBe('1,200 retries');
  });

  test('durations take the unit that a person would take, and never say 60 s or 60 min', () => {
    const ms = [
      0, 0.4, 850, 999.6, 1_200, 59_949, 59_950, 184_000, 3_599_400, 3_599_600, 7_500_000, 273_600_000,
    ];
    expect(each(ms, formatDuration)).toEqual([
      '0 ms',
      '0 ms',
      '850 ms',
      '1.0 s',
      '1.2 s',
      '59.9 s',
      '1m 00s',
      '3m 04s',
      '59m 59s',
      '1h 00m',
      '2h 05m',
      '3d 04h',
    ]);
    expect(each([null, Number.NaN, Number.POSITIVE_INFINITY, -5], formatDuration)).toEqual([
      '-',
      '-',
      '-',
      '0 ms',
    ]);
    expect(each([0, 1, 1_500, 59_000, 61_000], formatRoughDuration)).toEqual([
      '0 s',
      '1 s',
      '2 s',
      '59 s',
      '1m 01s',
    ]);
  });

  test('a pair of durations shares one unit', () => {
    expect(formatDurationPair(121.4, 209.8)).toBe('121/210 ms');
    expect(formatDurationPair(800, 1_240)).toBe('0.8/1.2 s');
    expect(formatDurationPair(62_000, 180_400)).toBe('62/180 s');
    expect(formatDurationPair(null, null)).toBe('-');
  });

  test('money is as exact as it is small, and unknown is never 0', () => {
    expect(each([null, 0, 0.00001, 0.0312, 0.99996, 1.005, 1234.561, 9.999], formatMoney)).toEqual([
      'unknown',
      '$0',
      '<$0.0001',
      '$0.0312',
      '$1.00',
      '$1.00',
      '$1,234.56',
      '$10.00',
    ]);
  });

  test('rates are a second or a minute', () => {
    expect(each([1234.4, 31.2, 9.96, 2.54, 0.5, 0.2, 0.01], formatRate)).toEqual([
      '1,234/s',
      '31/s',
      '10/s',
      '2.5/s',
      '0.5/s',
      '12/min',
      '0.6/min',
    ]);
  });

  test('a hundred percent is said only of all', () => {
    expect(formatPercent(999, 1000)).toBe('99%');
    expect(formatPercent(1000, 1000)).toBe('100%');
    expect(formatPercent(0, 0)).toBe('100%');
  });

  test('times are cut from their ISO form', () => {
    expect(formatTime('2026-02-15T10:00:00.123Z')).toBe('2026-02-15 10:00:00');
  });
});

describe('text of others', () => {
  test('on one line it neither moves the cursor nor colours nor rings', () => {
    expect(sanitizeLine('a\u001b[2J\u001b]0;title\u0007b')).toBe('a\\x1b[2J\\x1b]0;title\\x07b');
    expect(sanitizeLine('one\r\ntwo\tthree\rfour\u0085\u2028')).toBe('one two three four\\x85\\u2028');
    expect(sanitizeLine('\u009b31m\u007f')).toBe('\\x9b31m\\x7f');
  });

  test('it cannot turn the direction of what is read or hide letters', () => {
    expect(sanitizeLine('evil\u202egnp.exe\u2066\u200b\ufeff\u{e0041}')).toBe(
      'evil\\u202egnp.exe\\u2066\\u200b\\ufeff\\u{e0041}',
    );
  });

  test('half a surrogate pair becomes a replacement character, letters of all scripts stay', () => {
    expect(sanitizeLine('\ud800 naïve 日本語 👩‍👧')).toBe('\ufffd naïve 日本語 👩‍👧');
  });

  test('on several lines the line ends stay', () => {
    expect(sanitizeBlock('a\r\nb\tc\rd\n\u001b[1m')).toBe('a\nb  c\nd\n\\x1b[1m');
  });

  test('its width is what a terminal gives it', () => {
    expect(each(['abc', 'é', 'e\u0301', '日本', '👩‍👧', 'ｗ', '…'], displayWidth)).toEqual([
      3, 1, 1, 4, 2, 2, 1,
    ]);
  });

  test('it is cut at the end or in the middle, never through a character', () => {
    expect(cutText('abcdef', { width: 6, from: 'end' })).toBe('abcdef');
    expect(cutText('abcdef', { width: 4, from: 'end' })).toBe('abc…');
    expect(cutText('applike[model=large]', { width: 9, from: 'middle' })).toBe('appl…rge]');
    expect(cutText('日本語日本語', { width: 6, from: 'end' })).toBe('日本…');
    expect(cutText('👩‍👧👩‍👧👩‍👧', { width: 4, from: 'end' })).toBe('👩‍👧…');
    expect(cutText('abc', { width: 0, from: 'end' })).toBe('');
    expect(fitText('日本語', { width: 4, from: 'end' })).toBe('日… ');
  });
});
