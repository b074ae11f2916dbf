// `time: "09:30"`: the time of day, of a moment and alone.
import { expect, it } from 'vitest';
import { valueMistake } from '../../src/scoring/rules/value.ts';

const schemas = { schemas: () => () => [] };

it.each([
  ['2026-02-16T09:30:00Z', true],
  ['2026-02-18 09:30', true],
  ['2026-02-16T11:30:00+02:00', true],
  ['09:30', true],
  ['9:30', true],
  ['09:30:00', true],
  ['2026-02-16T19:30:00Z', false],
  ['21:30', false],
  ['2026-02-16', false],
  ['half past nine', false],
])('%s is at 09:30: %s', (value, holds) => {
  expect(valueMistake(value, { time: '09:30' }, schemas) === null).toBe(holds);
});
