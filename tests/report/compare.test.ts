// What a comparison comes to, and what stands in its way.
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { ArmCell } from '../../src/analysis/compare/input.ts';
import { isRefused } from '../../src/analysis/compare/result.ts';
import { areDrawnApart, distanceInTime } from '../../src/analysis/compare/times.ts';
import { refusalSentences } from '../../src/report/compare/sheet.ts';
import { ALLOW_ALL, arm, question, scenarios } from './compare-data.ts';

const kinds = (of: ReturnType<typeof compareArms>): readonly string[] => of.findings.map(({ kind }) => kind);

describe('a comparison', () => {
  test('is paired by scenario, each of the same weight', () => {
    const baseline = arm('baseline', { a: [0, 0, 0], b: [1, 1, 1], only: [1] });
    const applike = arm('applike', { a: [1, 0, 1], b: [1] });
    const { arms, pairs } = compareArms(question([baseline, applike]));
    expect(arms.map(({ summary }) => [summary!.scenarios, summary!.values])).toEqual([
      [3, 7],
      [2, 4],
    ]);
    const { difference } = pairs[0]!;
    expect(difference!.comparison.pairs).toBe(2);
    expect(difference!.comparison.difference).toBeCloseTo(1 / 3, 12);
    expect(difference!.means.first).toBeCloseTo(1 / 2, 12);
    expect(difference!.comparison.signs).toEqual({ better: 1, worse: 0, same: 1 });
  });

  test('does not hang on the order of cells, and says the same each time', () => {
    const values = scenarios(12, (i) => [i / 12, (i % 5) / 5]);
    const backwards = Object.fromEntries(Object.entries(values).reverse());
    const other = scenarios(12, (i) => [(i % 3) / 3, 1]);
    const numbers = (first: typeof values): unknown =>
      compareArms(question([arm('a', first), arm('b', other)])).pairs[0]!.difference;
    expect(numbers(backwards)).toEqual(numbers(values));
  });

  test('of several variants holds the first against each other one, and corrects for their number', () => {
    const first = arm(
      'a',
      scenarios(8, () => [0]),
    );
    const better = arm(
      'b',
      scenarios(8, (i) => [1 - i / 100]),
    );
    const alike = arm(
      'c',
      scenarios(8, (i) => [i % 2 === 0 ? 1 : -1]),
    );
    const { pairs } = compareArms(question([first, better, alike]));
    expect(pairs.map(({ first: one, second }) => [one, second])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    const [found, not] = pairs.map(({ difference }) => difference!);
    expect(found!.comparison.permutation.p).toBe(2 / 256);
    expect(found!.adjustedP).toBe(4 / 256);
    expect(found!.tests).toBe(2);
    expect(not!.adjustedP).toBe(1);
  });

  test('by group corrects within the groups, the ones without a name last', () => {
    const values = { 'x:1': [0], 'x:2': [0], 'y:1': [0], plain: [0] };
    const others = { 'x:1': [1], 'x:2': [1], 'y:1': [0], plain: [1] };
    const compared = compareArms(question([arm('a', values), arm('b', others)], { by: 'category' }));
    const groups = compared.pairs[0]!.groups;
    expect(
      groups.map(({ name, difference }) => [name, difference?.comparison.pairs, difference?.tests]),
    ).toEqual([
      ['x', 2, 3],
      ['y', 1, 3],
      [null, 1, 3],
    ]);
    expect(groups[0]!.difference!.adjustedP).toBe(1);
  });

  test('of passes has exact tests over scenarios, pass@k and pass^k', () => {
    const baseline = arm('baseline', { a: [1, 0, 0], b: [0, 0, 0], c: [1, 1, 1], d: [1, 0, 0] });
    const applike = arm('applike', { a: [1, 1, 0], b: [1, 1, 1], c: [1, 1, 1], d: [0, 0, 0] });
    const { arms, pairs } = compareArms(question([baseline, applike], { metric: 'pass' }));
    expect(pairs[0]!.difference!.passTests).toEqual({
      mcnemar: { onlyFirst: 0, onlySecond: 2, p: 0.5 },
      fisher: {
        first: { passed: 1, failed: 3 },
        second: { passed: 3, failed: 1 },
        p: expect.closeTo(34 / 70, 12),
      },
    });
    const rounded = arms[0]!.passK!.map(({ k, at, hat }) => [
      k,
      Number(at.toFixed(4)),
      Number(hat.toFixed(4)),
    ]);
    expect(rounded).toEqual([
      [1, 0.4167, 0.4167],
      [2, 0.5833, 0.25],
      [3, 0.75, 0.25],
    ]);
  });

  test('counts scenarios that were answered alike in every run by their answers, not by their scores', () => {
    const other = (cell: ArmCell): ArmCell =>
      cell.run === 2 && cell.scenario === 'b'
        ? { ...cell, record: { ...cell.record!, outputDigest: 'another way to put it' } }
        : cell;
    const { arms } = compareArms(
      question([arm('a', { a: [1, 1], b: [1, 1], c: [1] }, { edit: other }), arm('b', { a: [1] })]),
    );
    expect(arms[0]!.answeredAlike).toEqual({ alike: 1, of: 2 });
    expect(arms[0]!.summary!.consistency).toEqual({ alike: 2, of: 2 });
  });

  test('of an arm that passed everything does not say that it always will', () => {
    const all = arm(
      'all',
      scenarios(20, () => [1, 1, 1]),
    );
    const none = arm(
      'none',
      scenarios(20, () => [0]),
    );
    const long = arm(
      'long',
      scenarios(20, () => [70]),
    );
    const of = (metric: 'pass' | 'tokens', arms = [all, none]): readonly unknown[] =>
      compareArms(question(arms, { metric })).arms.map(({ summary }) => summary!.interval);
    // scipy.stats.binomtest(20, 20).proportion_ci(method='wilson')
    expect(of('pass')).toEqual([
      { low: expect.closeTo(0.8389, 4), high: 1 },
      { low: 0, high: expect.closeTo(0.1611, 4) },
    ]);
    expect(of('tokens', [long, long])).toEqual([
      { low: 70, high: 70 },
      { low: 70, high: 70 },
    ]);
  });

  test('of arms without a common scenario is none', () => {
    const compared = compareArms(question([arm('a', { a: [1] }), arm('b', { b: [1] })]));
    expect(compared.pairs[0]!.difference).toBeNull();
  });
});

describe('the gate', () => {
  const whole = arm(
    'whole',
    scenarios(4, () => [1, 0]),
  );

  test('is open where every cell is there', () => {
    expect(
      compareArms(
        question([
          whole,
          arm(
            'other',
            scenarios(4, () => [1, 1]),
          ),
        ]),
      ).findings,
    ).toEqual([]);
  });

  test.each(['missing', 'stale', 'failed', 'unscored'] as const)('is closed by a cell that is %s', (lack) => {
    const lacking = arm(
      'lacking',
      scenarios(4, (i) => [1, i === 2 ? null : 1]),
      { lack },
    );
    const refused = compareArms(question([whole, lacking]));
    expect(isRefused(refused)).toBe(true);
    expect(refused.findings).toMatchObject([
      { kind: 'incomplete', severity: 'refusal', mark: null, arms: [1], cells: ['lacking/s:03/2'], count: 1 },
    ]);
    const words = lack === 'unscored' ? 'not scored' : lack;
    expect(refusalSentences(refused.findings)[0]).toContain(
      `lacking is incomplete: of 8 cells 1 ${words} (lacking/s:03/2).`,
    );
    const told = compareArms(question([whole, lacking], { allowed: ALLOW_ALL }));
    expect(isRefused(told)).toBe(false);
    expect(told.arms.map(({ marks }) => marks)).toEqual([[], ['incomplete']]);
    expect(told.pairs[0]!.marks).toEqual(['incomplete']);
    expect(told.arms[1]).toMatchObject({ cells: 8, lacking: { [lack]: 1 }, summary: { values: 7 } });
  });

  test('says for each kind of lack what to do', () => {
    const hint = (lack: ArmCell['lack'], more: object = {}): string => {
      const lacking = arm('b', { a: [1, null] }, { lack, ...more });
      return compareArms(question([whole, lacking], { metric: 'cost' })).findings[0]!.hint!;
    };
    expect(hint('missing')).toBe('`npx expgraph run` draws them');
    expect(hint('failed')).toBe('`npx expgraph run --failed` tries failed cells again');
    expect(hint('unscored')).toBe('`npx expgraph score` scores what is there, and says which scorers fail');
    expect(hint('archived')).toBe('`npx expgraph gc --restore` brings archived records back');
    expect(hint('not-told')).toBe('write prices under providers.<name>.pricing and draw again');
    expect(hint('missing', { at: '0001-20261122T204501Z' })).toMatch(/choose another moment/);
  });

  test('counts archived numbers where it is told to, for they are still known', () => {
    const edit = (cell: ArmCell): ArmCell =>
      cell.scenario === 's:01' ? { ...cell, lack: 'archived' } : cell;
    const archived = arm(
      'archived',
      scenarios(4, () => [1, 0]),
      { edit },
    );
    expect(isRefused(compareArms(question([whole, archived])))).toBe(true);
    const told = compareArms(question([whole, archived], { allowed: ALLOW_ALL }));
    expect(told.arms[1]).toMatchObject({
      marks: ['incomplete'],
      summary: { values: 8 },
      lacking: { archived: 2 },
    });
  });

  test('stays closed where nothing is left to compare', () => {
    const empty = arm('empty', { a: [null] });
    expect(kinds(compareArms(question([whole, empty])))).toEqual(['incomplete']);
    const told = compareArms(question([whole, empty], { allowed: ALLOW_ALL }));
    expect(isRefused(told)).toBe(true);
    expect(told.findings.at(-1)!.message).toBe('no cell of empty has a value for score that counts');
    expect(compareArms(question([whole, arm('none', {})])).findings[0]!.message).toBe(
      'none has no cell in scope',
    );
  });

  test('says of a moment why an arm may not be there', () => {
    const hint = (unjudged: number): string | null =>
      compareArms(question([whole, arm('gone', {}, { at: '2026-02-01', unjudged })])).findings[0]!.hint;
    expect(hint(0)).toMatch(/earlier name/);
    expect(hint(4)).toMatch(/^scorers know the variants and scenarios of today/);
  });

  const servedBy =
    (model: (cell: ArmCell) => string | null) =>
    (cell: ArmCell): ArmCell => ({
      ...cell,
      record: cell.record && { ...cell.record, servedModel: model(cell) },
    });

  test('is closed by an arm that more than one model answered, in one run or over runs', () => {
    const mixed = arm(
      'mixed',
      scenarios(4, () => [1, 1]),
      {
        edit: servedBy(({ run }) => (run === 2 ? 'model-1-0202' : 'model-1-0101')),
      },
    );
    const refused = compareArms(question([whole, mixed]));
    expect(refused.findings).toMatchObject([
      {
        kind: 'mixed-models',
        severity: 'refusal',
        arms: [1],
        count: 4,
        cells: expect.arrayContaining(['mixed/s:01/2']),
      },
    ]);
    expect(refused.findings[0]!.message).toContain('model-1-0101 in 4 cells, model-1-0202 in 4 cells');
    const told = compareArms(question([whole, mixed], { allowed: { incomplete: false, mixedModels: true } }));
    expect(isRefused(told)).toBe(false);
    expect(told.pairs[0]!.marks).toEqual(['mixed-models']);
    const only = compareArms(question([whole, mixed], { allowed: { incomplete: true, mixedModels: false } }));
    expect(isRefused(only)).toBe(true);
  });

  test('is closed where one name was asked for and each arm got another model; over time that is told', () => {
    const other = arm(
      'other',
      scenarios(4, () => [1, 1]),
      { edit: servedBy(() => 'model-1-0202') },
    );
    expect(compareArms(question([whole, other])).findings).toMatchObject([
      { kind: 'models-differ', severity: 'refusal', arms: [0, 1] },
    ]);
    expect(kinds(compareArms(question([whole, { ...other, model: 'model-2' }])))).toEqual([]);
    const then = { ...whole, at: '0001-20261122T204501Z' };
    const now = { ...other, variant: 'whole', at: 'now' };
    expect(compareArms(question([then, now], { between: 'moments' })).findings).toMatchObject([
      { kind: 'models-differ', severity: 'warning' },
    ]);
  });

  test('records that name no model are of none', () => {
    const silent = arm(
      'silent',
      scenarios(4, () => [1, 1]),
      { edit: servedBy(({ run }) => (run === 1 ? 'model-1-0101' : null)) },
    );
    expect(compareArms(question([whole, silent])).findings).toEqual([]);
  });

  test('warns of arms drawn one after the other, and not of small chance', () => {
    const later = (cell: ArmCell): ArmCell => ({
      ...cell,
      record: { ...cell.record!, startedAtMs: 90_000_000 },
    });
    const second = arm(
      'second',
      scenarios(4, () => [1, 1]),
      { edit: later },
    );
    expect(compareArms(question([whole, second])).findings).toMatchObject([
      { kind: 'drawn-apart', severity: 'warning' },
    ]);
    expect(areDrawnApart([1, 2], [3, 4])).toBe(false);
    expect(areDrawnApart([], [3, 4])).toBe(false);
    expect(distanceInTime([1, 3, 5], [1, 3, 5])).toBe(0);
    expect(distanceInTime([1, 2], [3, 4])).toBe(1);
  });

  test('warns where one arm took more attempts than the other', () => {
    const values = scenarios(20, () => [1, 1]);
    const retried = (cell: ArmCell): ArmCell => ({
      ...cell,
      record: { ...cell.record!, attempts: cell.run === 1 ? 3 : 1 },
    });
    const compared = compareArms(question([arm('calm', values), arm('troubled', values, { edit: retried })]));
    expect(compared.findings).toMatchObject([{ kind: 'retries-differ', severity: 'warning' }]);
    expect(compared.findings[0]!.message).toBe(
      '0 % of the cells of calm took more than one attempt, 50 % of troubled',
    );
  });

  test('is closed for arms that share every draw', () => {
    const twin = { ...whole, variant: 'twin' };
    const { findings, pairs } = compareArms(question([whole, twin]));
    expect(findings).toMatchObject([
      { kind: 'shared-draws', severity: 'refusal', count: 8, hint: expect.stringContaining('salt') },
    ]);
    expect(findings[0]!.message).toBe(
      'whole and twin have equal content and share every draw: they are one arm with two names (8 cells)',
    );
    expect(pairs).toEqual([]);
  });

  test('is closed for twins of which one has more runs', () => {
    const longer = { ...whole, variant: 'longer' };
    const shorter = { ...whole, variant: 'shorter', cells: whole.cells.filter(({ run }) => run === 1) };
    expect(compareArms(question([longer, shorter])).findings).toMatchObject([
      { kind: 'shared-draws', severity: 'refusal', count: 4 },
    ]);
  });

  test('leaves twins out where there is something else to compare, and no arm counts for two', () => {
    const twin = { ...whole, variant: 'twin' };
    const other = arm(
      'other',
      scenarios(4, () => [0, 1]),
    );
    const { findings, pairs } = compareArms(question([whole, twin, other, { ...other, variant: 'again' }]));
    expect(findings).toMatchObject([
      { kind: 'shared-draws', severity: 'warning', arms: [0, 1] },
      { kind: 'shared-draws', severity: 'warning', arms: [2, 3] },
    ]);
    expect(findings[1]!.message).toBe(
      'other and again have equal content and share every draw: they are one arm with two names; other is compared (8 cells); left out',
    );
    expect(pairs).toMatchObject([{ first: 0, second: 2, difference: { tests: 1 } }]);
  });

  test('warns of single draws that count for both arms', () => {
    const half = arm(
      'half',
      scenarios(4, () => [1, 1]),
      {
        edit: (cell) =>
          cell.run === 1 ? whole.cells.find((one) => one.scenario === cell.scenario && one.run === 1)! : cell,
      },
    );
    expect(compareArms(question([whole, half])).findings).toMatchObject([
      { kind: 'shared-draws', severity: 'warning', count: 4 },
    ]);
  });

  test('tells of cells that no scorer is about', () => {
    const some = arm(
      'some',
      scenarios(4, () => [1, 1]),
      { unjudged: 3 },
    );
    expect(compareArms(question([whole, some])).findings).toMatchObject([
      { kind: 'unjudged', severity: 'warning', count: 3 },
    ]);
  });
});

describe('one variant at two moments', () => {
  test('tells untouched cells, changed input, another answer to the same input, and flipped verdicts', () => {
    const then = arm('v', { a: [1], b: [1], c: [1], d: [0] }, { at: '0001-20261122T204501Z' });
    const judge = (cell: ArmCell): ArmCell => ({ ...cell, passed: cell.value === 1 });
    const before = { ...then, cells: then.cells.map(judge) };
    const changes: { readonly [scenario: string]: (cell: ArmCell) => ArmCell } = {
      b: (cell) => ({
        ...cell,
        value: 0,
        record: { ...cell.record!, id: 900, outputDigest: 'x', servedModel: 'model-2' },
      }),
      c: (cell) => ({ ...cell, record: { ...cell.record!, id: 901 } }),
      d: (cell) => ({
        ...cell,
        value: 1,
        record: { ...cell.record!, id: 902, key: 'edited', outputDigest: 'y' },
      }),
    };
    const after = {
      ...before,
      at: 'now',
      cells: before.cells.map((cell) => judge(changes[cell.scenario]?.(cell) ?? cell)),
    };
    const { moved } = compareArms(question([before, after], { between: 'moments' })).pairs[0]!;
    expect(moved).toEqual({
      cells: 4,
      untouched: 1,
      anotherAnswer: [{ cell: 'v/b/1', servedModels: { before: 'model-1-0101', after: 'model-2' } }],
      inputChanged: ['v/d/1'],
      flips: [
        { cell: 'v/b/1', from: 'pass', to: 'fail', sameInput: true },
        { cell: 'v/d/1', from: 'fail', to: 'pass', sameInput: false },
      ],
    });
  });
});
