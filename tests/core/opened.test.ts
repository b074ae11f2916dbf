import { expect, it } from 'vitest';
import { openStack } from '../../src/core/opened.ts';

/** Something that says when it is closed, or that it cannot be. */
function thing(name: string, said: string[], problem?: string): Disposable {
  return {
    [Symbol.dispose]() {
      said.push(name);
      if (problem !== undefined) throw new Error(problem);
    },
  };
}

it('closes what was opened, last first, and once', () => {
  const said: string[] = [];
  const stack = openStack();
  const first = thing('first', said);
  expect(stack.use(first)).toBe(first);
  stack.defer(() => said.push('second'));
  stack[Symbol.dispose]();
  stack[Symbol.dispose]();
  expect(said).toEqual(['second', 'first']);
});

it('closes nothing that was moved: whoever has it does', () => {
  const said: string[] = [];
  const stack = openStack();
  stack.use(thing('one', said));
  const moved = stack.move();
  stack[Symbol.dispose]();
  expect(said).toEqual([]);
  moved[Symbol.dispose]();
  expect(said).toEqual(['one']);
});

it('closes all of it before it says that one could not be', () => {
  const said: string[] = [];
  const stack = openStack();
  stack.use(thing('a', said));
  stack.use(thing('b', said, 'b is stuck'));
  stack.use(thing('c', said));
  expect(() => stack[Symbol.dispose]()).toThrow(/^b is stuck$/);
  expect(said).toEqual(['c', 'b', 'a']);
  stack.use(thing('d', said, 'd is stuck'));
  stack.use(thing('e', said, 'e is stuck'));
  expect(() => stack[Symbol.dispose]()).toThrow(AggregateError);
});
