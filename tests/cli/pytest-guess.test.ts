// What a pytest harness compares, read off its items: names first, then values that are the same for every scenario.
import { describe, expect, it } from 'vitest';
import { passedNames } from '../../src/project/init/pytest-env.ts';
import { candidatesOf, runsOf } from '../../src/project/init/pytest-guess.ts';
import type { PytestItem } from '../../src/project/open/pytest-collect.ts';

type Params = { readonly [name: string]: readonly (string | number)[] };

/** All of every parameter with all of the others, as pytest makes them. */
function crossed(params: Params, more: Partial<PytestItem> = {}): readonly PytestItem[] {
  let rows: { readonly [name: string]: string | number }[] = [{}];
  for (const [name, values] of Object.entries(params))
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  return rows.map((row) => item(row, more));
}

function item(row: { readonly [name: string]: string | number }, more: Partial<PytestItem> = {}): PytestItem {
  const params = Object.entries(row).map(([name, value]) => [name, { id: String(value), value }] as const);
  return {
    ...{ nodeid: `test_it.py::test_it[${JSON.stringify(row)}]`, params: Object.fromEntries(params) },
    ...{
      markers: [],
      runParam: null,
      variant: null,
      scenario: '',
      input: null,
      category: null,
      description: null,
    },
    ...{ tags: [], doc: null, ...more },
  };
}

const some = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${word}${n}`);
const names = (items: readonly PytestItem[]): readonly string[] =>
  candidatesOf(items).map(({ from }) => `${from.kind}:${from.name}`);

describe('what a harness compares', () => {
  it.each<readonly [string, Params, readonly string[]]>([
    ['a word of its name', { variant_name: some('v', 2), scenario: some('s', 20) }, ['param:variant_name']],
    ['a word within its name', { toolVariant: some('v', 2), case: some('s', 3) }, ['param:toolVariant']],
    ['a model', { model_id: some('m', 2), case: some('s', 3) }, ['param:model_id']],
    [
      'a variant before a model',
      { model: some('m', 2), arms: some('a', 2), q: some('s', 9) },
      ['param:arms', 'param:model'],
    ],
    ['a system prompt under questions', { system: some('p', 2), question: some('q', 9) }, ['param:system']],
    [
      'models, where prompts are what is asked',
      { prompt: some('p', 20), model: some('m', 2) },
      ['param:model'],
    ],
    [
      'what is the same for every scenario',
      { toolset: some('t', 2), case: some('c', 20) },
      ['param:toolset'],
    ],
    ['nothing, where there is only what is asked', { case: some('c', 20) }, []],
    ['nothing, where prompts are all there is', { prompt: some('p', 20) }, []],
    ['no run', { rep: [1, 2, 3], case: some('c', 20) }, []],
    ['nothing of ours or of pytest-repeat', { __pytest_repeat_step_number: [0, 1], case: some('c', 9) }, []],
    ['no word that only begins alike', { invariant: some('i', 12), case: some('c', 12) }, []],
  ])('is %s', (_, params, expected) => {
    expect(names(crossed(params))).toEqual(expected);
  });

  it('is no parameter whose values differ by scenario', () => {
    const items = some('c', 9).flatMap((id, n) =>
      some('t', 1 + (n % 2)).map((tool) => item({ tool, case: id })),
    );
    expect(names(items)).toEqual([]);
  });

  it('may be a marker with an argument', () => {
    const items = crossed({ case: some('c', 3) }, { markers: [{ name: 'variant', args: ['a'] }] });
    expect(names(items)).toEqual(['marker:variant']);
  });

  it.each<readonly [string, readonly PytestItem[], number | null]>([
    ['the steps of pytest-repeat', crossed({ __pytest_repeat_step_number: [0, 1, 2, 3], case: ['a'] }), 4],
    ['its mark', crossed({ case: ['a'] }, { markers: [{ name: 'repeat', args: [5] }] }), 5],
    ['a parameter that counts', crossed({ rep: [1, 2, 3], case: ['a', 'b'] }), 3],
    ['a parameter that counts from 0', crossed({ trial: [0, 1], case: ['a', 'b'] }), 2],
    ['nothing', crossed({ case: ['a'] }), null],
    ['no parameter that only looks like it', crossed({ run: ['fast', 'slow'], case: ['a'] }), null],
    ['no numbers with holes', crossed({ run: [1, 5], case: ['a'] }), null],
  ])('is asked as often as %s says', (_, items, runs) => {
    expect(runsOf(items)).toBe(runs);
  });
});

it('names the keys of the clients that are imported, and of the rest what is there', () => {
  const env = {
    OPENAI_BASE_URL: 'x',
    LANGSMITH_API_KEY: 'x',
    CASES: 'x',
    HOME: '/',
    ANTHROPIC_BASE_URL: 'x',
  };
  expect(
    passedNames({
      environ: ['CASES', 'OTHER', 'MY_API_KEY', 'HOME'],
      imports: ['openai', 'langsmith', 'os'],
      env,
    }),
  ).toEqual(['CASES', 'LANGSMITH_API_KEY', 'MY_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']);
});
