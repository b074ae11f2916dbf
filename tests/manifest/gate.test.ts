// `gate:` as it is written: what each form means, and what is said where it means nothing.
import { describe, expect, it } from 'vitest';
import type { GateLine } from '../../src/core/gate-line.ts';
import { type Files, load, manifestOf } from './folder.ts';

/** Names with dots, blanks, brackets and words of the grammar in them. */
function files(gate: string): Files {
  return {
    'experiment.yaml': `version: 1
name: demo
provider: sim
scenarios: [s.yaml]
variants:
  base: {}
  gpt-4.1: { salt: a }
  "a by b": { salt: b }
  "x.pass": { salt: c }
  previous: { salt: d }
  m: { matrix: { temperature: [0, 1] } }
gate:
${gate}`,
    's.yaml':
      '- { id: a, input: hello, category: "low.cost", tags: [t], expect: { contains: x } }\n- { id: b, input: hello, category: sanity }\n',
  };
}

async function linesOf(gate: string): Promise<readonly GateLine[]> {
  return (await manifestOf(files(gate))).gate;
}

const conditionOf = async (text: string, name = 'variants.gpt-4.1.pass'): Promise<GateLine['condition']> =>
  (await linesOf(`  ${JSON.stringify(name)}: ${JSON.stringify(text)}\n`))[0]!.condition;

async function printed(gate: string): Promise<string> {
  const { manifest, printed: text } = await load(files(gate));
  expect(manifest).toBeNull();
  return text;
}

describe('what is measured', () => {
  it.each([
    ['pass', { measure: 'pass', sum: 'mean', variant: null, category: null, tag: null, scorers: [] }],
    ['cost', { measure: 'cost', sum: 'total' }],
    ['cost.mean', { measure: 'cost', sum: 'mean' }],
    ['latency', { measure: 'latency', sum: 'mean' }],
    ['latency.max', { measure: 'latency', sum: 'max' }],
    ['variants.gpt-4.1.pass', { measure: 'pass', variant: 'gpt-4.1' }],
    ['variants.x.pass.pass', { measure: 'pass', variant: 'x.pass' }],
    ['variants."x.pass".tokens.p50', { measure: 'tokens', sum: 'p50', variant: 'x.pass' }],
    ['variants.m[temperature=0].score', { measure: 'score', variant: 'm[temperature=0]' }],
    ['categories.low.cost.cost', { measure: 'cost', category: 'low.cost' }],
    [
      'variants.a by b.categories.sanity.tags.t.scorers.expect.score',
      { measure: 'score', variant: 'a by b', category: 'sanity', tag: 't', scorers: ['expect'] },
    ],
  ])('%s is read as it is meant', async (name, subject) => {
    const condition = name.includes('latency') ? '<= 2s' : '>= 0.5';
    const [line, ...more] = await linesOf(`  ${JSON.stringify(name)}: "${condition}"\n`);
    expect(more).toEqual([]);
    expect(line!.subject).toMatchObject(subject);
  });

  it('is each of what a glob or a matrix stands for, but not what it is held against', async () => {
    const lines = await linesOf(
      '  "variants.m.categories.*.pass": ">= 0"\n  "variants.*4*.pass": ">= 0"\n  "variants.m*.score": "no worse than m[temperature=1]"\n',
    );
    expect(lines.map(({ name }) => name)).toEqual([
      'variants.m[temperature=0].categories.low.cost.pass',
      'variants.m[temperature=0].categories.sanity.pass',
      'variants.m[temperature=1].categories.low.cost.pass',
      'variants.m[temperature=1].categories.sanity.pass',
      'variants.gpt-4.1.pass',
      'variants.m[temperature=0].score',
    ]);
  });
});

describe('a condition', () => {
  it.each([
    ['>= 0.9', { kind: 'number', sign: '>=', value: 0.9, at: 'seen' }],
    ['  >=90 % ', { kind: 'number', sign: '>=', value: 0.9, at: 'seen' }],
    ['≥ .9', { kind: 'number', sign: '>=', value: 0.9, at: 'seen' }],
    ['< 1.', { kind: 'number', sign: '<', value: 1, at: 'seen' }],
    ['== 100%', { kind: 'number', sign: '==', value: 1, at: 'seen' }],
    ['>= 0.9, 95%', { kind: 'number', sign: '>=', value: 0.9, at: 'bound' }],
    ['>= 90%,95 %', { kind: 'number', sign: '>=', value: 0.9, at: 'bound' }],
    [
      'better than base',
      { kind: 'better', than: { kind: 'variant', variant: 'base' }, by: null, at: 'seen' },
    ],
    [
      'no  worse than base by 5%, 95%',
      { kind: 'no-worse', by: { kind: 'amount', value: 0.05 }, at: 'bound' },
    ],
    ['no worse than a by b by 0.1', { than: { kind: 'variant', variant: 'a by b' }, by: { value: 0.1 } }],
    ['no worse than "a by b"', { than: { kind: 'variant', variant: 'a by b' }, by: null }],
    ['no worse than invocation 12', { than: { kind: 'moment', text: '12' } }],
    ['no worse than 2026-02-01T12:00Z', { than: { kind: 'moment', text: '2026-02-01T12:00Z' } }],
    // A variant of this name is meant before any other meaning.
    ['no worse than previous', { than: { kind: 'variant', variant: 'previous' } }],
    [
      'no worse than ./a by b, c by 0.1',
      { than: { kind: 'store', shown: './a by b, c' }, by: { value: 0.1 } },
    ],
    ['no worse than imported old by 1%', { than: { kind: 'imported', variant: 'old' } }],
    ['no worse than imported "o by p" by 1%', { than: { kind: 'imported', variant: 'o by p' } }],
    ['no worse than .. by 1%', { than: { kind: 'store', shown: '..' } }],
  ])('%j is read as it is meant', async (text, condition) => {
    expect(await conditionOf(text)).toMatchObject(condition);
  });

  it.each([
    ['cost', '<= $0.50', 0.5],
    ['cost', '<= 0.5 USD', 0.5],
    ['latency.p95', '<= 800ms', 800],
    ['latency', '< 1.5s', 1500],
    ['tokens', '<= 200000', 200_000],
    ['answers', '== 2', 2],
  ])('%s %s is in the unit of what is measured', async (name, text, value) => {
    expect(await conditionOf(text, name)).toMatchObject({ value });
  });

  it('has a margin in percent of what it is held against where there is no share', async () => {
    for (const name of ['cost', 'tokens', 'latency.p95']) {
      expect(await conditionOf('no worse than base by 10%', `variants.m.${name}`)).toMatchObject({
        by: { kind: 'percent', value: 0.1 },
      });
    }
    expect(await conditionOf('no worse than base by 200ms', 'variants.m.latency')).toMatchObject({
      by: { kind: 'amount', value: 200 },
    });
  });

  it('may be one of a list, and is kept as it was written', async () => {
    const lines = await linesOf('  pass: [" >= 0.9 ", "<= 1"]\n');
    expect(lines.map(({ wanted }) => wanted)).toEqual(['>= 0.9', '<= 1']);
    const { printable } = await manifestOf(files('  pass: ">= 0.9"\n'));
    expect(printable.gate).toEqual([{ name: 'pass', wanted: '>= 0.9' }]);
    expect((await manifestOf(files('  {}\n'))).printable).not.toHaveProperty('gate');
  });
});

describe('a mistake', () => {
  it('in a name points at what is wrong, and says what was meant', async () => {
    expect(
      await printed(`  passed: ">= 0.9"
  failed: "== 0"
  base.pass: ">= 0.9"
  variant.base.pass: ">= 0.9"
  variants.bsae.pass: ">= 0.9"
  variants.base: ">= 0.9"
  variants.zz*.pass: ">= 0.9"
  scorers.expct.pass: ">= 0.9"
  scorers.expect.variants.base.pass: ">= 0.9"
  scorers.expect.cost: "<= 0.5"
  latency.p59: "<= 2s"
`),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:13:3 error: "passed" is nothing that can be measured
       13 |   passed: ">= 0.9"
          |   ^^^^^^
          help: did you mean "pass"?

      experiment.yaml:14:3 error: "failed" is nothing that can be measured
       14 |   failed: "== 0"
          |   ^^^^^^
          help: a run in which something failed or is missing exits with 1, whatever the gate

      experiment.yaml:15:3 error: "base.pass" is nothing that can be measured
       15 |   base.pass: ">= 0.9"
          |   ^^^^^^^^^
          help: did you mean "variants.base.pass"?

      experiment.yaml:16:3 error: "variant.base.pass" is nothing that can be measured
       16 |   variant.base.pass: ">= 0.9"
          |   ^^^^^^^^^^^^^^^^^
          help: did you mean "variants.base.pass"?

      experiment.yaml:17:12 error: there is no variant "bsae"
       17 |   variants.bsae.pass: ">= 0.9"
          |            ^^^^
          help: did you mean "base"?

      experiment.yaml:18:3 error: this says whose answers are measured, and not what of them
       18 |   variants.base: ">= 0.9"
          |   ^^^^^^^^^^^^^
          help: add one of them: .pass .score .cost .tokens .latency .answers

      experiment.yaml:19:12 error: "zz*" matches no variant
       19 |   variants.zz*.pass: ">= 0.9"
          |            ^^^
          help: known: base, gpt-4.1, a by b, x.pass, previous, m[temperature=0], m[temperature=1], m

      experiment.yaml:20:11 error: there is no scorer "expct"
       20 |   scorers.expct.pass: ">= 0.9"
          |           ^^^^^
          help: did you mean "expect"?

      experiment.yaml:21:18 error: "variants" stands before "scorers"
       21 |   scorers.expect.variants.base.pass: ">= 0.9"
          |                  ^^^^^^^^^
          help: the order is variants.NAME.categories.NAME.tags.NAME.scorers.NAME.pass, each at most once

      experiment.yaml:22:3 error: no scorer says cost
       22 |   scorers.expect.cost: "<= 0.5"
          |   ^^^^^^^
          help: scorers say pass and score; leave "scorers" out

      experiment.yaml:23:11 error: latency has no "p59"
       23 |   latency.p59: "<= 2s"
          |           ^^^
          help: did you mean "p50"?
      "
    `);
  });

  it('in a condition points at what is wrong, and says what would be right', async () => {
    expect(
      await printed(`  pass:
    - "0.9"
    - ">= 90"
    - "> 1"
    - "=> 0.9"
    - "at least 0.9"
    - "no wors than base"
    - ">= x"
    - ">="
    - ">= 0.9, 90%"
    - "== 0.9, 95%"
    - " "
    - "no worse than base"
  latency: ["<= 3", "<= 2s by 5"]
  latency.p95: "<= 2s, 95%"
  cost: "<= 5%"
  answers: ["no worse than base", "<= 5, 95%"]
  variants.base.pass:
    - "no worse than base"
    - "no worse than m"
    - "no worse than bsae by 0.1"
    - "better than gpt-4.1 by 3"
    - "no worse than invocation x"
    - "no worse than 12"
    - "no worse than 2026-99-99"
    - "better than gpt-4.1 by"
    - "no worse than baseline-artifacts"
`),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:14:8 error: a number alone is no condition
       14 |     - "0.9"
          |        ^^^
          help: write for example ">= 0.9"

      experiment.yaml:15:11 error: "90" is no share between 0 and 1
       15 |     - ">= 90"
          |           ^^
          help: write 90% or 0.9

      experiment.yaml:16:8 error: pass is never > 1
       16 |     - "> 1"
          |        ^^^

      experiment.yaml:17:8 error: "=>" compares nothing
       17 |     - "=> 0.9"
          |        ^^
          help: write >=

      experiment.yaml:18:8 error: "at least" is no sign
       18 |     - "at least 0.9"
          |        ^^^^^^^^
          help: write >=

      experiment.yaml:19:8 error: "no wors than base" is no condition
       19 |     - "no wors than base"
          |        ^^^^^^^^^^^^^^^^^
          help: write a sign and a number (>= 0.9), or "no worse than NAME by 0.05", "better than NAME"

      experiment.yaml:20:11 error: "x" is no share between 0 and 1
       20 |     - ">= x"
          |           ^
          help: write for example 0.9 or 90%

      experiment.yaml:21:7 error: a number is missing here
       21 |     - ">="
          |       ^^^^
          help: write for example >= 0.9

      experiment.yaml:22:16 error: intervals are of 95 %, as those of compare
       22 |     - ">= 0.9, 90%"
          |                ^^
          help: write ", 95%", or leave it out

      experiment.yaml:23:8 error: an interval is not equal to a number
       23 |     - "== 0.9, 95%"
          |        ^^
          help: write >= or <= with ", 95%"

      experiment.yaml:24:8 error: there is no condition here
       24 |     - " "
          |        ^
          help: write a sign and a number (>= 0.9), or "no worse than NAME by 0.05", "better than NAME"

      experiment.yaml:25:22 error: this does not say which variant is held against "base"
       25 |     - "no worse than base"
          |                      ^^^^
          help: write variants.gpt-4.1.pass, or variants.*.pass for every other variant

      experiment.yaml:26:17 error: "3" is no length of time
       26 |   latency: ["<= 3", "<= 2s by 5"]
          |                 ^
          help: write for example 800ms or 2s

      experiment.yaml:26:25 error: "2s by 5" is no length of time
       26 |   latency: ["<= 3", "<= 2s by 5"]
          |                         ^^^^^^^
          help: write for example 800ms or 2s

      experiment.yaml:27:24 error: a p95 has no interval: it is of means over scenarios
       27 |   latency.p95: "<= 2s, 95%"
          |                        ^^
          help: measure latency.mean, or leave ", 95%" out

      experiment.yaml:28:13 error: "5%" is no amount of money
       28 |   cost: "<= 5%"
          |             ^^
          help: it is in USD: write for example 0.50 or $0.50

      experiment.yaml:29:14 error: more answers are neither better nor worse
       29 |   answers: ["no worse than base", "<= 5, 95%"]
          |              ^^^^^^^^
          help: write for example >= 60

      experiment.yaml:29:42 error: a total has no interval: it is of means over scenarios
       29 |   answers: ["no worse than base", "<= 5, 95%"]
          |                                          ^^
          help: leave ", 95%" out

      experiment.yaml:31:7 error: "base" is held against itself
       31 |     - "no worse than base"
          |       ^^^^^^^^^^^^^^^^^^^^
          help: name another variant

      experiment.yaml:32:22 error: "m" is 2 variants: it takes one of them
       32 |     - "no worse than m"
          |                      ^
          help: known: m[temperature=0], m[temperature=1]

      experiment.yaml:33:22 error: there is no variant "bsae"
       33 |     - "no worse than bsae by 0.1"
          |                      ^^^^
          help: did you mean "base"?

      experiment.yaml:34:31 error: "3" is no share between 0 and 1
       34 |     - "better than gpt-4.1 by 3"
          |                               ^
          help: write for example by 0.05

      experiment.yaml:35:33 error: "x" is no invocation
       35 |     - "no worse than invocation x"
          |                                 ^
          help: write for example invocation 12

      experiment.yaml:36:22 error: "12" is no variant
       36 |     - "no worse than 12"
          |                      ^^
          help: write "invocation 12" if that is meant

      experiment.yaml:37:22 error: "2026-99-99" is no date
       37 |     - "no worse than 2026-99-99"
          |                      ^^^^^^^^^^
          help: write for example 2026-02-01 or 2026-02-01T12:00Z

      experiment.yaml:38:7 error: a number is missing here
       38 |     - "better than gpt-4.1 by"
          |       ^^^^^^^^^^^^^^^^^^^^^^^^
          help: write for example by 0.05

      experiment.yaml:39:22 error: there is no variant "baseline-artifacts"
       39 |     - "no worse than baseline-artifacts"
          |                      ^^^^^^^^^^^^^^^^^^
          help: did you mean "./baseline-artifacts"?
      "
    `);
  });

  it('of a missing quote says that one is missing, once', async () => {
    expect(await printed('  pass: >= 0.9\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:13:10 error: not valid YAML: this does not belong here
       13 |   pass: >= 0.9
          |          ^
          help: text that starts with > needs quotes: ">= 0.9"
      "
    `);
    expect(await printed('  cost: <= 1\n  pass:\n    - > 0.9\n')).toContain('needs quotes: ">= 0.9"');
  });

  it('of odd values is told, and is never thrown', async () => {
    const odd = [
      'constructor',
      '__proto__',
      'toString',
      'variants.',
      'variants..pass',
      'variants.".pass',
      '.',
      'pass.',
      '"pass"',
      '‮pass',
      'a'.repeat(900),
      'variants.*.*.*.*.*.*.*.*.*',
      '*',
    ];
    for (const name of odd) {
      const { manifest, printed: text } = await load(files(`  ${JSON.stringify(name)}: ">= 0.9"\n`));
      expect(manifest, name).toBeNull();
      expect(text.split('\n').every((line) => line.length < 2_000)).toBe(true);
    }
    const conditions = [
      '>= NaN',
      '>= Infinity',
      '>= 1e999',
      '>= 0x10',
      '>= -0',
      '>= 0.9.9',
      '>= 1,000',
      'no worse than',
      'better than by',
      `>= ${'9'.repeat(500)}`,
      'no worse than ".."',
      '>= 0.9, 95%, 95%',
      'no worse than base by -1',
      'better than base by 1e-3',
      ', 95%',
    ];
    for (const text of conditions) {
      const { manifest } = await load(files(`  variants.m.pass: ${JSON.stringify(text)}\n`));
      expect(manifest, text).toBeNull();
    }
    for (const value of ['5', 'null', '{ at_least: 0.9 }', '[]', '[[">= 0.9"]]', 'true']) {
      expect((await load(files(`  pass: ${value}\n`))).manifest, value).toBeNull();
    }
  });
});
