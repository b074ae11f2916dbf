// Whether a line of the gate holds, by numbers alone, and the words for it.
import { describe, expect, it } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { GateCell, GateEvidence } from '../../src/analysis/gate/gate-evidence.ts';
import { decide, undecided } from '../../src/analysis/gate/gate-verdict.ts';
import type { GateCondition, GateLine, GateSubject } from '../../src/core/gate-line.ts';
import type { GateVerdict } from '../../src/core/summary.ts';
import { displayWidth } from '../../src/core/text.ts';
import { exitWithGate } from '../../src/project/compare/invocation-gate.ts';
import { gateSentences, gateText } from '../../src/report/compare/gate-sheet.ts';

/** By scenario: a number a run. */
type Values = { readonly [scenario: string]: readonly (number | null)[] };

function cells(values: Values, more: Partial<GateCell> = {}): readonly GateCell[] {
  return Object.entries(values).flatMap(([scenario, runs]) =>
    runs.map((value, i) => ({
      ...{ variant: 'a', scenario, run: i + 1, lack: null, value, simulated: false },
      ...more,
    })),
  );
}

function line(condition: GateCondition, subject: Partial<GateSubject> = {}): GateLine {
  return {
    name: 'variants.a.pass',
    wanted: 'what is wanted',
    subject: {
      ...{ measure: 'pass', sum: 'mean', variant: 'a', category: null, tag: null, scorers: [] },
      ...subject,
    },
    condition,
  };
}

function evidence(of: Partial<GateEvidence> & Pick<GateEvidence, 'line' | 'cells'>): GateEvidence {
  return {
    against: null,
    filters: [],
    file: '',
    isPartlyJudged: false,
    hasScorers: true,
    clusterOf: null,
    ...of,
  };
}

const atLeast = (value: number, at: 'seen' | 'bound' = 'seen'): GateCondition => ({
  ...{ kind: 'number', sign: '>=', value, at },
});
const noWorse = (by: number | null, at: 'seen' | 'bound' = 'seen'): GateCondition => ({
  ...{ kind: 'no-worse', than: { kind: 'variant', variant: 'b' }, at },
  by: by === null ? null : { kind: 'amount', value: by },
});
const against = (values: Values): GateEvidence['against'] => ({
  ...{ kind: 'found', name: 'b', cells: cells(values, { variant: 'b' }) },
});

/** Twenty scenarios of three runs, from hard to easy. */
const MANY: Values = Object.fromEntries(
  Array.from({ length: 20 }, (_, i) => [
    `s${i}`,
    [0, 1, 2].map((run) => Number((i * 7 + run * 3) % 20 >= 4)),
  ]),
);
const CHANGED: Values = Object.fromEntries(
  Object.entries(MANY).map(([scenario, runs], i) => [scenario, i % 5 === 0 ? [0, 0, 0] : runs]),
);

describe('a line of the gate', () => {
  it.each([
    ['scenarios', null],
    ['clusters of four scenarios', (scenario: string): string => `c${Number(scenario.slice(1)) % 5}`],
  ])('has the numbers of compare over %s: mean and interval of an arm, and of a difference', (_, of) => {
    const arm = (values: Values, variant: string) => ({
      ...{ variant, at: null, model: null, unjudged: 0, simulated: false },
      cells: cells(values).map(({ scenario, run, value }) => ({
        ...{ scenario, run, value, record: null, lack: null, passed: null },
      })),
    });
    const compared = compareArms({
      ...{ experiment: 'x', metric: 'pass', scorers: [], pairs: [[0, 1]], between: 'variants', by: null },
      arms: [arm(MANY, 'b'), arm(CHANGED, 'a')],
      groupsOf: () => [null],
      cluster: of && { field: 'vars.c', of },
      allowed: { incomplete: false, mixedModels: false },
    });
    const found = (condition: GateCondition): number | null =>
      decide(
        evidence({ line: line(condition), cells: cells(CHANGED), against: against(MANY), clusterOf: of }),
      ).verdict.found;
    const [, second] = compared.arms;
    const [pair] = compared.pairs;
    expect(found(atLeast(0.5))).toBe(second!.summary!.mean);
    expect(found(atLeast(0.5, 'bound'))).toBe(second!.summary!.interval.low);
    expect(found(noWorse(0.1))).toBe(pair!.difference!.comparison.difference);
    expect(found(noWorse(0.1, 'bound'))).toBe(pair!.difference!.comparison.interval.low);
    expect(found(noWorse(0.1, 'bound'))).toBeLessThan(found(noWorse(0.1))!);
  });

  it('counts scenarios the same, however often each was drawn', () => {
    const { verdict } = decide(
      evidence({ line: line(atLeast(0.5)), cells: cells({ a: [0, 0, 0, 0, 0, 0], b: [1] }) }),
    );
    expect(verdict).toMatchObject({ found: 0.5, held: true });
    expect(verdict.sentence).toContain('0.500 in 7 cells (1 passed)');
  });

  it('holds exactly at its limit, and never shows what is below it as if it were there', () => {
    const tenths = cells(
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`s${i}`, [Number(i > 0)]])),
    );
    expect(decide(evidence({ line: line(atLeast(0.9)), cells: tenths })).state).toBe('held');
    const near = cells({ a: [0.8999] });
    const { verdict } = decide(evidence({ line: line(atLeast(0.9), { measure: 'score' }), cells: near }));
    expect(verdict.held).toBe(false);
    expect(verdict.sentence).toContain('and is 0.8999 in 1 cell');
  });

  it.each([
    ['pass', 0.2, 'held'],
    ['pass', 0.1, 'broken'],
  ] as const)('of %s that got worse by 0.2 may lose %f: it is %s', (measure, by, state) => {
    const [own, other] = [
      { a: [0.7], b: [0.5] },
      { a: [0.9], b: [0.7] },
    ];
    const of = { line: line(noWorse(by), { measure }), cells: cells(own), against: against(other) };
    expect(decide(evidence(of)).state).toBe(state);
  });

  it('takes less for better where it is time, tokens or money, at the bound as well', () => {
    const quick = { a: [100, 110], b: [200, 190], c: [150, 140] };
    const slow = { a: [130, 140], b: [220, 230], c: [190, 170] };
    const state = (condition: GateCondition, of: readonly [Values, Values]): string =>
      decide(
        evidence({
          line: line(condition, { measure: 'latency' }),
          cells: cells(of[0]),
          against: against(of[1]),
        }),
      ).state;
    const better: GateCondition = {
      kind: 'better',
      than: { kind: 'variant', variant: 'b' },
      by: null,
      at: 'bound',
    };
    expect(state(better, [quick, slow])).toBe('held');
    expect(state(better, [slow, quick])).toBe('broken');
    expect(state(noWorse(0, 'bound'), [quick, slow])).toBe('held');
    expect(state(noWorse(33), [slow, quick])).toBe('held');
    expect(state(noWorse(33, 'bound'), [slow, quick])).toBe('broken');
  });

  it('is held against the same cells only: scenarios that both have, and for totals runs', () => {
    const own = cells({ a: [1, 2, 3], b: [10, 10, 10], c: [100, 100, 100] });
    const total = decide(
      evidence({
        line: line(noWorse(0), { measure: 'tokens', sum: 'total' }),
        cells: own,
        against: against({ a: [1], b: [10, 11] }),
      }),
    );
    expect(total.verdict).toMatchObject({ found: -1, held: true });
    const mean = decide(
      evidence({
        line: line(noWorse(0), { measure: 'tokens' }),
        cells: own,
        against: against({ a: [2], d: [5] }),
      }),
    );
    expect(mean.verdict).toMatchObject({ found: 0, held: true });
    expect(mean.verdict.sentence).toContain('just as good: 2.0 against 2.0 of b in 1 scenario');
    const none = decide(evidence({ line: line(noWorse(0)), cells: own, against: against({ d: [1] }) }));
    expect(none.verdict).toMatchObject({ found: null, held: false });
    expect(none.verdict.sentence).toContain('no scenario has a number in both: b has none of these');
  });

  it('is broken where an interval is asked for and none can be told', () => {
    const alike = { a: [5], b: [5], c: [5] };
    const subject = { measure: 'tokens' } as const;
    const { verdict } = decide(evidence({ line: line(atLeast(1, 'bound'), subject), cells: cells(alike) }));
    expect(verdict).toMatchObject({ found: null, held: false });
    expect(verdict.sentence).toContain('of 3 scenarios that are all alike no interval can be told');
    const [one] = [
      decide(
        evidence({
          line: line(noWorse(0, 'bound'), subject),
          cells: cells({ a: [5, 6] }),
          against: against({ a: [5] }),
        }),
      ),
    ];
    expect(one!.verdict.sentence).toContain('of one scenario no interval can be told');
    // All passed is no certainty, and has an interval of its own.
    const passed = decide(
      evidence({ line: line(atLeast(0.4, 'bound')), cells: cells({ a: [1], b: [1], c: [1] }) }),
    );
    expect(passed.state).toBe('held');
  });

  it('is broken where nothing is measured: no cell, no scorer, a scorer that says neither', () => {
    const unjudged = cells({ a: [null], b: [null] }, { lack: 'unjudged' });
    const sentence = (of: Parameters<typeof evidence>[0]): string => {
      const { state, verdict } = decide(evidence(of));
      expect([state, verdict.held, verdict.found]).toEqual(['broken', false, null]);
      return verdict.sentence;
    };
    expect(sentence({ line: line(atLeast(0)), cells: [] })).toContain('and no cell is in its scope.');
    expect(sentence({ line: line(atLeast(0)), cells: unjudged, hasScorers: false })).toContain(
      'nothing judges these 2 cells',
    );
    expect(sentence({ line: line(atLeast(0)), cells: unjudged })).toContain(
      'no scorer says pass or fail of these 2 cells',
    );
    expect(
      sentence({ line: line(atLeast(0), { measure: 'score', scorers: ['x'] }), cells: unjudged }),
    ).toContain('x never says a score');
    expect(
      sentence({
        line: line(noWorse(0), { measure: 'cost' }),
        cells: cells({ a: [1] }),
        against: against({ a: [null] }),
      }),
    ).toContain('1 of 1 cell of b do not tell what they cost');
  });

  it('is open where cells are missing, of what is measured or of the arm that it is held against', () => {
    const lacking = (lack: GateCell['lack']): readonly GateCell[] => [
      ...cells({ a: [1] }),
      ...cells({ b: [null] }, { lack }),
    ];
    const command = (lack: GateCell['lack']): string | undefined =>
      decide(evidence({ line: line(atLeast(0)), cells: lacking(lack) })).verdict.command;
    expect(
      ['missing', 'stale', 'failed', 'archived', 'unscored'].map((lack) => command(lack as 'stale')),
    ).toEqual([
      'npx expgraph run',
      'npx expgraph run',
      'npx expgraph run --failed',
      'npx expgraph gc --restore',
      'npx expgraph score',
    ]);
    const other: GateEvidence['against'] = { kind: 'found', name: 'b', cells: lacking('stale') };
    const { state, verdict } = decide(
      evidence({ line: line(noWorse(0)), cells: cells({ a: [1] }), against: other }),
    );
    expect(state).toBe('open');
    expect(verdict).toMatchObject({ found: null, held: false, unsaid: true });
    expect(verdict.sentence).toContain(
      'cannot be said (wanted: what is wanted): of b, of 2 cells 1 stale: npx expgraph run',
    );
  });
});

describe('a command that goes on', () => {
  it('is about the manifest that was named', () => {
    const file = '-f other.yaml';
    const { verdict } = decide(evidence({ line: line(atLeast(1)), cells: cells({ a: [0] }), file }));
    expect(verdict.command).toBe('npx expgraph show --not-passed --variant a -f other.yaml');
    expect(verdict.sentence).toMatch(/: npx expgraph show --not-passed --variant a -f other\.yaml$/);
  });
});

describe('the exit code', () => {
  const verdict = (of: Partial<GateVerdict>): GateVerdict => ({
    name: 'pass',
    wanted: '',
    found: 1,
    held: true,
    sentence: '',
    ...of,
  });
  const [held, broken] = [verdict({}), verdict({ held: false })];
  const { verdict: open } = undecided(line(atLeast(0)), {
    why: 'the run was interrupted',
    mends: ['run'],
    file: '',
  });

  it('is 6 where all is there and a line is broken, and that of what is not there else', () => {
    expect(exitWithGate(0, {})).toBe(0);
    expect(exitWithGate(0, { gate: [held] })).toBe(0);
    expect(exitWithGate(0, { gate: [held, broken] })).toBe(6);
    expect(exitWithGate(0, { gate: [broken, open] })).toBe(1);
    for (const code of [1, 2, 3, 4, 130]) expect(exitWithGate(code, { gate: [broken, open] })).toBe(code);
  });
});

describe('the words', () => {
  it('fit 80 columns but for commands, which have lines of their own, and tell nothing to the terminal', () => {
    const name = `variants.\u001b[31m${'long-'.repeat(10)}\u202e.pass`;
    const of = { ...line(atLeast(0.9)), name, wanted: '>= 0.9' };
    const { verdict } = decide(evidence({ line: of, cells: cells({ a: [0], b: [1] }, { simulated: true }) }));
    const text = gateText([verdict], { columns: 80, colors: false });
    const lines = text.split('\n');
    expect(lines).toContain('  npx expgraph show --not-passed --variant a');
    expect(lines.filter((one) => displayWidth(one) > 80)).toEqual([]);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('0.500 in 2 simulated cells (1 passed)');
    expect(gateSentences([verdict])[0]).toMatch(/^gate broken: variants\./);
    expect(gateText([], { columns: 80, colors: false })).toBe('');
  });
});
