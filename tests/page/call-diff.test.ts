// Tool calls of two answers, argument by argument.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { type CallChange, diffCalls } from '../../src/page/parts/call-diff.ts';
import { type ValueChange, valueChanges, valuePaths } from '../../src/page/parts/value-diff.ts';

const call = (name: string, given: Json = {}) => ({ name, arguments: given });

const valueLine = ({ kind, path, from, to }: ValueChange): string =>
  `${kind} ${path}: ${[from, to].map((one) => JSON.stringify(one) ?? '-').join(' -> ')}`;
const differences = (from: Json, to: Json): readonly string[] =>
  valueChanges(from, to).flatMap((one) => (one.kind === 'same' ? [] : [valueLine(one)]));
const callLine = ({ kind, from, to, moved }: CallChange): string =>
  `${kind} ${from?.name ?? '-'} -> ${to?.name ?? '-'}${moved ? ' moved' : ''}`;

describe('arguments', () => {
  test('are held against each other by name, in whatever order they stand, and by their path where they are nested', () => {
    expect(
      valueChanges(
        { title: 'gym', at: { day: 'Mon', hour: 7 }, list: 'home' },
        { at: { hour: 8, day: 'Mon' }, title: 'gym', notify: true },
      ).map(valueLine),
    ).toEqual([
      'changed at.hour: 7 -> 8',
      'same at.day: "Mon" -> "Mon"',
      'same title: "gym" -> "gym"',
      'added notify: - -> true',
      'missing list: "home" -> -',
    ]);
  });

  test('find entries of a list again where another was put before them', () => {
    expect(differences({ who: ['Tom', 'Ann'] }, { who: ['Eve', 'Tom', 'Ann'] })).toEqual([
      'added who[0]: - -> "Eve"',
    ]);
    expect(differences({ who: ['Tom', 'Ann'] }, { who: ['Ann'] })).toEqual(['missing who[0]: "Tom" -> -']);
    expect(differences([{ a: 1, b: 2 }], [{ b: 2, a: 3 }])).toEqual(['changed [0].a: 1 -> 3']);
  });

  test('tell a number from its text, null from nothing and what is empty', () => {
    expect(differences({ a: 2, b: null, c: [] }, { a: '2', c: {} })).toEqual([
      'changed a: 2 -> "2"',
      'changed c: [] -> {}',
      'missing b: null -> -',
    ]);
  });

  test('may be no object: text that was no JSON is one value', () => {
    expect(differences('{"a":', { a: 1 })).toEqual(['changed : "{\\"a\\":" -> {"a":1}']);
  });

  test('are named so that no name is taken for a path', () => {
    expect(
      valuePaths({ 'a.b': 1, __proto__x: 2, 'c d': { e: [3] }, ' f': 4, 'g\nh': 5 }).map(({ path }) => path),
    ).toEqual(['["a.b"]', '__proto__x', 'c d.e[0]', '[" f"]', '["g\\nh"]']);
  });

  test('end at a depth and at a width: what is beyond is one value', () => {
    let deep: Json = 1;
    for (let n = 0; n < 50; n++) deep = { a: deep };
    expect(valuePaths(deep).map(({ path }) => path)).toEqual([
      Array.from({ length: 10 }, () => 'a').join('.'),
    ]);
    expect(valuePaths(Array.from({ length: 1_000 }, (_, n) => n))).toHaveLength(1);
  });

  test('are the same as themselves, and what is added one way is missing the other', () => {
    const turned = { same: 'same', changed: 'changed', added: 'missing', missing: 'added' } as const;
    const any = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(fc.property(any, (a) => valueChanges(a, a).every(({ kind }) => kind === 'same')));
    const leaf = fc.constantFrom<Json>(1, '1', null, 'text', [], {});
    const names = fc.constantFrom('a', 'b', 'c');
    const value: fc.Arbitrary<Json> = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf)));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const kinds = (changes: readonly ValueChange[]): readonly string[] =>
          changes.map(({ kind }) => kind).sort();
        const back = valueChanges(b, a).map((one) => ({ ...one, kind: turned[one.kind] }));
        expect(kinds(back)).toEqual(kinds(valueChanges(a, b)));
      }),
    );
  });
});

describe('calls', () => {
  test('are paired by name in their order, and told by what became of their arguments', () => {
    const from = [call('list'), call('create', { title: 'gym', at: 7 }), call('notify', { who: 'Tom' })];
    const to = [call('list'), call('create', { at: 8, title: 'gym' }), call('done')];
    expect(diffCalls(from, to).map(callLine)).toEqual([
      'same list -> list',
      'changed create -> create',
      'missing notify -> -',
      'added - -> done',
    ]);
  });

  test('pair the one that is alike, and not the first of its name', () => {
    const from = [call('create', { title: 'a', at: 1 }), call('create', { title: 'b', at: 2 })];
    expect(diffCalls(from, [call('create', { title: 'b', at: 2 })]).map(callLine)).toEqual([
      'missing create -> -',
      'same create -> create',
    ]);
  });

  test('say that one was moved where it is made in another order', () => {
    const [a, b] = [call('list', { of: 'home' }), call('create', { title: 'gym' })];
    const changes = diffCalls([a, b], [b, a]);
    expect(changes.map(({ kind, to }) => `${kind} ${to?.name}`)).toEqual(['same create', 'same list']);
    expect(changes.filter(({ moved }) => moved)).toHaveLength(1);
  });

  test('are of another tool in the place of one, where something of the arguments is the same', () => {
    const from = [call('create_task', { title: 'gym', due: '7:00' })];
    const to = [call('create_reminder', { title: 'gym', time: '07:00' })];
    const [change] = diffCalls(from, to);
    expect(callLine(change!)).toBe('other-tool create_task -> create_reminder');
    expect(change!.arguments.map(valueLine)).toEqual([
      'same title: "gym" -> "gym"',
      'added time: - -> "07:00"',
      'missing due: "7:00" -> -',
    ]);
    expect(diffCalls([call('a', { x: 1 })], [call('b', { y: 2 })]).map(callLine)).toEqual([
      'missing a -> -',
      'added - -> b',
    ]);
  });

  test('of hundreds are held against each other by their place, in bounded work', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => call('tick', { n }));
    const changes = diffCalls(many(400), many(401));
    expect([changes.length, changes.filter(({ kind }) => kind === 'same').length]).toEqual([401, 400]);
  });

  test('name each call of both exactly once, in the order of the second', () => {
    const calls = fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        arguments: fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ max: 2, min: 0 })),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(calls, calls, (from, to) => {
        const changes = diffCalls(from, to);
        expect(changes.flatMap((one) => one.to ?? [])).toEqual(to);
        const froms = changes.flatMap((one) => one.from ?? []);
        expect(froms.length).toBe(from.length);
        expect(new Set(froms).size).toBe(new Set(from).size);
        expect(diffCalls(to, to).every(({ kind, moved }) => kind === 'same' && !moved)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
