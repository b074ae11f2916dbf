// What the gate says of how answers came to be there: what is missing, drawn again, looked at twice, refused, or never drawn again.
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { Arm, ArmCell, CellDraws } from '../../src/analysis/compare/input.ts';
import { type Finding, isRefused } from '../../src/analysis/compare/result.ts';
import type { Until } from '../../src/core/until.ts';
import { compareJson } from '../../src/report/compare/json.ts';
import { compareSheet } from '../../src/report/compare/sheet.ts';
import { sheetText } from '../../src/text/sheet-text.ts';
import { ALLOW_ALL, arm, question, scenarios } from './compare-data.ts';

const ONCE: CellDraws = {
  completed: 1,
  failed: { byContent: 0, byTransport: 0 },
  since: 1,
  first: null,
  isChosen: false,
};
const drawn =
  (of: (cell: ArmCell) => Partial<CellDraws> = () => ({})) =>
  (cell: ArmCell): ArmCell => ({ ...cell, draws: { ...ONCE, ...of(cell) } });
const found = (arms: readonly Arm[], kind: Finding['kind'], more: object = {}): Finding | undefined =>
  compareArms(question(arms, more)).findings.find((one) => one.kind === kind);
const textOf = (of: ReturnType<typeof compareArms>): string =>
  sheetText(compareSheet(of), { columns: 100, colors: false });

describe('what is missing', () => {
  test('of one arm alone closes the gate as it does of two', () => {
    const alone = compareArms(question([arm('a', { x: [1, null] })]));
    expect(isRefused(alone)).toBe(true);
    expect(alone.findings).toMatchObject([{ kind: 'incomplete', arms: [0] }]);
  });

  const whole = arm(
    'baseline',
    scenarios(10, () => [1, 0, 1]),
  );

  test('more often in one arm than in the other is told with its numbers, refused or allowed', () => {
    const lacking = arm(
      'applike',
      scenarios(10, () => [1, null, null]),
      { lack: 'unscored' },
    );
    const refused = compareArms(question([whole, lacking]));
    expect(isRefused(refused)).toBe(true);
    const { message } = refused.findings.find(({ kind }) => kind === 'lacks-differ')!;
    expect(message).toBe(
      '0 of 30 cells of baseline and 20 of 30 cells of applike have no number (Fisher p < 0.001); what is missing hangs on the arm',
    );
    expect(found([whole, lacking], 'lacks-differ', { allowed: ALLOW_ALL })).toMatchObject({
      severity: 'warning',
    });
  });

  test('as often in both is told as missing, and not as a difference', () => {
    const half = (name: string): Arm =>
      arm(
        name,
        scenarios(10, () => [1, 0, null]),
      );
    const compared = compareArms(question([half('a'), half('b')]));
    expect(compared.findings.map(({ kind }) => kind)).toEqual(['incomplete', 'incomplete']);
  });

  test('because a scorer is silent is not sent to be scored again', () => {
    const silent = arm(
      'applike',
      { a: [1, null] },
      { lack: 'unscored', edit: (cell) => (cell.value === null ? { ...cell, isSilent: true } : cell) },
    );
    const { hint } = found([whole, silent], 'incomplete')!;
    expect(hint).toMatch(/^in 1 cell a scorer judged and did not say this/);
    expect(hint).not.toContain('npx expgraph score');
  });
});

describe('cells that were drawn again', () => {
  /** Every third scenario was lost at first, and drawn again until it was won. */
  const values = scenarios(12, (i) => [i % 2]);
  const baseline = arm('baseline', values, { edit: drawn() });
  const redrawn = arm(
    'applike',
    scenarios(12, () => [1]),
    {
      edit: (cell) =>
        drawn(({ scenario }) =>
          values[scenario]![0] === 0 ? { completed: 2, first: { value: 0 }, isChosen: true } : {},
        )(cell),
    },
  );

  test('in one arm only are told above the numbers, with what the first draws say', () => {
    const compared = compareArms(question([baseline, redrawn]));
    const finding = compared.findings.find(({ kind }) => kind === 'redraws-differ')!;
    expect(finding).toMatchObject({
      severity: 'warning',
      isFirst: true,
      arms: [0, 1],
      count: 6,
      firstDraws: { difference: 0, p: 1 },
    });
    expect(finding.message).toContain(
      '0 of 12 cells of baseline and 6 of 12 cells of applike (up to 2 draws each)',
    );
    expect(finding.message).toContain('6 cells of these were chosen by how they had come out');
    expect(finding.message).toContain('with first draws: 0.000, p = 1.000');
    expect(isRefused(compared)).toBe(false);
    const text = textOf(compared);
    expect(text.indexOf('First of all')).toBeGreaterThan(0);
    expect(text.indexOf('First of all')).toBeLessThan(text.indexOf('scenarios'));
    expect(compareJson(compared)).toMatchObject({
      findings: [{ kind: 'redraws-differ', first_draws: { difference: 0, p: 1 } }],
    });
  });

  test('one of them alone is told, below the numbers where it turns nothing', () => {
    const one = arm('applike', values, {
      edit: drawn(({ scenario }) => (scenario === 's:01' ? { completed: 2, first: { value: 1 } } : {})),
    });
    const finding = found([baseline, one], 'redraws-differ')!;
    expect(finding).toMatchObject({ count: 1, cells: ['applike/s:01/1'] });
    expect(finding.isFirst).toBeUndefined();
  });

  test('whose first draw has no number are told to be without', () => {
    const gone = arm('applike', values, {
      edit: drawn(({ scenario }) => (scenario === 's:01' ? { completed: 2, first: { value: null } } : {})),
    });
    expect(found([baseline, gone], 'redraws-differ')!.message).toContain(
      'without 1 cell whose first draw has no number',
    );
  });

  test('in both arms as often are nothing to tell, and first draws have no later ones', () => {
    const twice = drawn(() => ({ completed: 2, first: { value: 0 } }));
    const both = ['a', 'b'].map((name) => arm(name, values, { edit: twice }));
    expect(found(both, 'redraws-differ')).toBeUndefined();
    expect(found([baseline, redrawn], 'redraws-differ', { isFirstDraws: true })).toBeUndefined();
  });
});

describe('failed cells that were tried again', () => {
  const values = scenarios(20, () => [1]);
  const baseline = arm('baseline', values, { edit: drawn() });
  const rerun = (by: 'byContent' | 'byTransport', count: number): Arm =>
    arm('applike', values, {
      edit: drawn(({ scenario }) =>
        Number(scenario.slice(2)) <= count ? { failed: { byContent: 0, byTransport: 0, [by]: 1 } } : {},
      ),
    });

  test('because of what was answered are told, with what they would be as losses', () => {
    expect(found([baseline, rerun('byContent', 6)], 'reruns-differ')!.message).toBe(
      '0 of 20 cells of baseline and 6 of 20 cells of applike had failed by what was asked or answered, and were tried again until they answered; counted as 0: -0.300, p = 0.031',
    );
  });

  test('because of the network are told only where they fell on one arm', () => {
    expect(found([baseline, rerun('byTransport', 3)], 'reruns-differ')).toBeUndefined();
    expect(found([baseline, rerun('byTransport', 9)], 'reruns-differ')!.message).toContain(
      'had failed on the way to the model',
    );
  });
});

const UNTIL: Until = {
  goal: { kind: 'decided', size: 0.1 },
  ...{ metric: 'score', variants: ['a', 'b'], runs: 3, maxRuns: 10 },
};

describe('answers that came in steps', () => {
  const stepwise = (
    name: string,
    since: (cell: ArmCell) => number,
    valuesOf: (i: number) => readonly number[],
  ): Arm => arm(name, scenarios(8, valuesOf), { edit: drawn((cell) => ({ since: since(cell) })) });
  const byRun = ({ run }: ArmCell): number => Math.max(1, run - 2);
  const flat = (): readonly number[] => [0, 0, 0, 0, 0, 0, 0];

  test('are told with what p has to be after as many looks', () => {
    const [a, b] = [stepwise('a', byRun, flat), stepwise('b', byRun, flat)];
    const finding = found([a, b], 'looks')!;
    expect(finding.steps).toEqual({ count: 5, level: expect.closeTo(0.0193, 4) });
    expect(finding.message).toBe('the answers of a and b came in 5 steps, and each was a chance to look');
    expect(finding.hint).toContain(`compares p with ${finding.steps!.level.toFixed(3)} instead of 0.05`);
    expect(found([a, b], 'looks', { until: UNTIL })).toBeUndefined();
  });

  test('qualify what is found where it would not be at that level', () => {
    // One of eight against the others, so that p is between: seven up and one down by enough.
    const b = stepwise('b', byRun, (i) => flat().map(() => (i === 0 ? -0.2 : 0.5)));
    const compared = compareArms(question([stepwise('a', byRun, flat), b]));
    const p = compared.pairs[0]!.difference!.adjustedP;
    expect(p).toBeLessThan(0.05);
    expect(p).toBeGreaterThan(0.01);
    const held = p < compared.findings.find(({ kind }) => kind === 'looks')!.steps!.level;
    expect(textOf(compared).includes('for one look only')).toBe(!held);
  });

  test('are not told where the arms were drawn one after the other, or a single cell came late', () => {
    const first = stepwise('a', () => 1, flat);
    expect(found([first, stepwise('b', () => 2, flat)], 'looks')).toBeUndefined();
    const late = stepwise('b', ({ scenario, run }) => (scenario === 's:01' && run === 1 ? 2 : 1), flat);
    expect(found([first, late], 'looks')).toBeUndefined();
  });
});

describe('answers that did not end as others do', () => {
  const values = scenarios(20, () => [1]);
  const ending = (name: string, kind: 'refused' | 'cut' | 'filtered', count: number): Arm =>
    arm(name, values, {
      edit: (cell) => ({
        ...cell,
        record: cell.record && {
          ...cell.record,
          ending: Number(cell.scenario.slice(2)) <= count ? kind : null,
        },
      }),
    });

  test.each([
    ['refused', 'were refused by the model'],
    ['cut', 'were cut off at a limit of tokens'],
    ['filtered', 'were stopped by a content filter'],
  ] as const)('%s ones are counted in each arm, and told where the arms differ', (kind, words) => {
    const compared = compareArms(question([ending('a', kind, 1), ending('b', kind, 12)]));
    expect(compared.arms.map(({ endings }) => endings[kind])).toEqual([1, 12]);
    expect(compared.findings).toMatchObject([
      {
        kind: 'endings-differ',
        message: `answers that ${words}: 1 of 20 of a, 12 of 20 of b (Fisher p < 0.001)`,
      },
    ]);
    const few = compareArms(question([ending('a', kind, 1), ending('b', kind, 3)]));
    expect(few.findings).toEqual([]);
    expect(textOf(few)).toMatch(kind === 'cut' ? /cut 3/ : new RegExp(`${kind} 3`));
  });
});

describe('two moments', () => {
  const before = arm('a', { x: [1, 0], y: [1, 1] }, { at: '0001-20261122T204501Z' });

  test('between which nothing was drawn say so above the numbers', () => {
    const compared = compareArms(question([before, { ...before, at: 'now' }], { between: 'moments' }));
    expect(compared.findings).toMatchObject([{ kind: 'not-redrawn', isFirst: true, count: 4 }]);
    const text = textOf(compared);
    expect(text).toMatch(
      /First of all\nnothing of a was drawn again between 0001 and now: 4 answers are compared/,
    );
  });

  test('of which the second has one new draw do not', () => {
    const after = arm('a', { x: [1, 0], y: [1, 1] }, { at: 'now' });
    const one = { ...before, at: 'now', cells: [...before.cells.slice(1), after.cells[0]!] };
    const compared = compareArms(question([before, one], { between: 'moments' }));
    expect(compared.findings).toEqual([]);
  });
});
