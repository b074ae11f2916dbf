// Whatever user code hands to a tracer becomes plain data, at once and without harm.
import { expect, test } from 'vitest';
import { toPlain } from '../../src/tracing/spans/json-copy.ts';

test('copies: what is changed later is not changed in the trace', () => {
  const given = { messages: [{ content: 'before' }] };
  const plain = toPlain(given);
  given.messages[0]!.content = 'after';
  expect(plain).toEqual({ messages: [{ content: 'before' }] });
});

test('names what JSON has no form for', () => {
  class Point {
    readonly x = 1;
    readonly move = (): void => {};
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const hostile = {
    get loud(): string {
      throw new Error('no');
    },
  };
  expect(
    toPlain({
      circle,
      hostile,
      big: 12n,
      nothing: undefined,
      infinite: Number.POSITIVE_INFINITY,
      bytes: new Uint8Array(3),
      when: new Date(0),
      error: new TypeError('wrong'),
      map: new Map([['a', 1]]),
      set: new Set([1, 2]),
      point: new Point(),
      lone: 'a\ud800',
      own: { toJSON: () => 'mine' },
    }),
  ).toEqual({
    circle: { self: '[circular]' },
    hostile: '[unreadable: no]',
    big: '12',
    infinite: 'Infinity',
    bytes: '[3 bytes]',
    when: '1970-01-01T00:00:00.000Z',
    error: { name: 'TypeError', message: 'wrong' },
    map: { a: 1 },
    set: [1, 2],
    point: { x: 1 },
    lone: 'a\ufffd',
    own: 'mine',
  });
});

test('an endless or huge object costs a bounded time', () => {
  let deep: object = {};
  for (let i = 0; i < 1000; i++) deep = { deep };
  expect(JSON.stringify(toPlain(deep)).length).toBeLessThan(1000);
  const wide = Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`m${i}`, i]));
  expect(JSON.stringify(toPlain(wide))).toContain('too many values');
});
