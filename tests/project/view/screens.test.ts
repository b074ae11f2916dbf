// Each screen of an experiment that was run, edited and run again: what a page is given, and what it is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/core/task.ts';
import { openView, type View } from '../../../src/project/view/open-view.ts';
import { openManifest, openSnapshot, shareStore } from '../../../src/project/view/snapshot.ts';
import type { MatrixIndex } from '../../../src/screens/matrix-index.ts';
import { DEFAULT_QUERY } from '../../../src/screens/matrix-query.ts';
import { selectMatrix } from '../../../src/screens/matrix-select.ts';
import type { ScenarioScreen } from '../../../src/screens/scenario.ts';
import type { ScreenName } from '../../../src/screens/screen.ts';
import { findInScreens } from '../../../src/screens/search-screens.ts';
import { testWorld } from '../../rig/world.ts';
import { edit, folderOfFile, marksOf, refusalOf, run, screen, searched, writeSmall } from './rig.ts';

const folder = folderOfFile();
let view: View;

beforeAll(async () => {
  writeSmall(folder);
  await run(folder);
  // b is told otherwise and drawn again; then a is told otherwise, and not drawn yet.
  edit(folder, 'experiment.yaml', ['be long', 'be longer']);
  edit(folder, 'answers.yaml', ['"Yes, of course."', '"Certainly, yes."']);
  await run(folder, '--scenario', 'pay:*');
  edit(folder, 'experiment.yaml', ['be short', 'be brief']);
  view = await openView(testWorld(folder), { file: 'experiment.yaml' });
}, 60_000);
afterAll(() => view[Symbol.dispose]());

it('what is kept of other content than the manifest has now is stale, with its answer and score', async () => {
  expect(await marksOf(view)).toEqual([
    'pay:one stale stale | passed failed',
    'pay:two stale stale | passed passed',
    'book:one stale stale | stale stale',
    'down stale stale | stale stale',
  ]);
  const { rows } = await screen(view, 'matrix', { q: 'id:pay:one' });
  expect(rows[0]!.cells[0]!.map(({ answer, score }) => [answer, score])).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

describe('one scenario', () => {
  it('shows what each arm was told when it answered, not what the manifest says since', async () => {
    const { arms, input, expect: expected } = await screen(view, 'scenario', { scenario: 'pay:one' });
    expect(arms.map(({ variant, system, tools }) => [variant, system, tools])).toEqual([
      ['a', 'be short', []],
      ['b', 'be longer', []],
    ]);
    expect(input).toEqual([{ role: 'user', content: 'may I pay later' }]);
    expect(expected).toEqual({ contains: 'yes' });
  });

  it('has each draw with its answer, attempts, scores with reasons and the place of its line', async () => {
    const { arms } = await screen(view, 'scenario', { scenario: 'pay:one', variant: 'b' });
    expect(arms.map(({ variant }) => variant)).toEqual(['b']);
    const [first, second] = arms[0]!.runs;
    expect(first).toMatchObject({
      run: 1,
      mark: 'passed',
      answer: 1,
      text: 'Certainly, yes.',
      toolCalls: [],
      turns: [],
      finishReason: 'stop',
      attempts: [{ n: 1, error: null }],
      scores: [{ scorer: 'contains', score: 1, passed: true, missing: null }],
      score: 1,
      passed: true,
      model: 'sim-small',
      servedModel: 'sim-small',
      langsmithUrl: null,
    });
    expect(first!.record).toMatch(/^[0-9a-f]{12}@1$/);
    expect(first!.file).toMatch(/^artifacts\/small\/history\/0002-[^/]+\/b_run1\.jsonl:\d+$/);
    expect(second).toMatchObject({ mark: 'failed', answer: 2, text: 'No.', passed: false });
    expect(second!.scores[0]!.reason).toContain('yes');
  });

  it('has the calls of tools, and why an attempt failed', async () => {
    const booked = await screen(view, 'scenario', { scenario: 'book:one' });
    expect(booked.arms[0]!.runs[0]).toMatchObject({
      text: 'Done.',
      toolCalls: [{ name: 'create_task', arguments: { title: 'Dentist at 9', with: ['Ann', 'Bob'] } }],
      passed: null,
      scores: [],
    });
    const down = await screen(view, 'scenario', { scenario: 'down' });
    expect(down.arms[0]!.runs[0]).toMatchObject({
      mark: 'stale',
      text: null,
      answer: null,
      attempts: [{ n: 1, error: { kind: 'bad-request', status: 400 } }],
    });
  });

  it('has the neighbours that the matrix has, by what was asked of it', async () => {
    const place = async (query: Readonly<Record<string, string>>): Promise<unknown> => {
      const { previous, next, position, total } = await screen(view, 'scenario', query);
      return [previous, next, position, total];
    };
    expect(await place({ scenario: 'pay:two' })).toEqual(['pay:one', 'book:one', 1, 4]);
    expect(await place({ scenario: 'pay:two', sort: 'scenario', order: 'down' })).toEqual([
      null,
      'pay:one',
      0,
      4,
    ]);
    expect(await place({ scenario: 'pay:two', q: 'mark:passed' })).toEqual(['pay:one', null, 1, 2]);
    // It is none of those that are asked for: it stands among all.
    expect(await place({ scenario: 'down', q: 'mark:passed' })).toEqual(['book:one', null, 3, 4]);
  });
});

it('the history of a cell has each record with what was edited before it', async () => {
  const { generations } = await screen(view, 'cell', { variant: 'b', scenario: 'pay:one', run: '1' });
  expect(
    generations.map(({ draw, standing, generation, changed, moved }) => [
      [draw.text, draw.mark, standing, generation, moved],
      changed,
    ]),
  ).toEqual([
    [['Yes, of course.', 'stale', 'stale', 1, false], []],
    [
      ['Certainly, yes.', 'passed', 'current', 1, false],
      [
        { path: 'variant.system', from: 'be long', to: 'be longer' },
        {
          path: 'scenario.sim_answer[0][0].text',
          from: 'Yes, of course.',
          to: 'Certainly, yes.',
        },
      ],
    ],
  ]);
  expect(generations.map(({ invocation }) => invocation.slice(0, 4))).toEqual(['0001', '0002']);
});

it('a cell that was never drawn has no history, and one that nobody asks for is not there', async () => {
  expect(await refusalOf(view, 'cell', { variant: 'c', scenario: 'pay:one', run: '1' })).toMatchObject({
    kind: 'not-found',
  });
  expect(await refusalOf(view, 'cell', { variant: 'a', scenario: 'pay:one', run: '3' })).toMatchObject({
    kind: 'not-found',
  });
  expect(await refusalOf(view, 'cell', { variant: 'a' })).toMatchObject({ kind: 'bad-request' });
  expect(await refusalOf(view, 'cell', { variant: 'a', scenario: 'x', run: '1e3' })).toMatchObject({
    kind: 'bad-request',
  });
});

it('invocations are listed newest first with how they ended', async () => {
  const { invocations } = await screen(view, 'invocations');
  expect(
    invocations.map(({ invocation, command, ended, executed, failed, argv }) => [
      invocation.slice(0, 4),
      command,
      ended,
      executed,
      failed,
      argv,
    ]),
  ).toEqual([
    ['0002', 'run', 'complete', 4, 0, ['run', '--scenario', 'pay:*']],
    ['0001', 'run', 'incomplete', 16, 4, ['run']],
  ]);
});

it('two moments are told apart cell by cell, and what is the same is counted', async () => {
  const { a, b, counts, cells } = await screen(view, 'diff');
  expect([a.slice(0, 4), b.slice(0, 4)]).toEqual(['0001', '0002']);
  expect(counts).toEqual({ same: 15, 'another answer': 1, 'another status': 0, new: 0, gone: 0 });
  expect(cells).toEqual([
    {
      variant: 'b',
      scenario: 'pay:one',
      run: 1,
      change: 'another answer',
      from: 'passed',
      to: 'passed',
      scoreFrom: 1,
      scoreTo: 1,
    },
  ]);
  expect((await screen(view, 'diff', { a: '2', b: '1' })).counts).toMatchObject({ 'another answer': 1 });
  expect(await refusalOf(view, 'diff', { a: '9' })).toMatchObject({ kind: 'bad-request' });
});

it('a plan says edit by edit what it made stale', async () => {
  const { tasks, pending, cached, edits, estimate, text } = await screen(view, 'plan');
  expect([tasks, pending, cached, estimate.calls]).toEqual([16, 12, 4, 12]);
  expect(edits.map(({ kind, changed, total }) => [kind, changed, total])).toEqual([
    ['stale', [{ path: 'variant.system', from: 'be short', to: 'be brief' }], 8],
    ['stale', [{ path: 'variant.system', from: 'be long', to: 'be longer' }], 4],
  ]);
  expect(edits[1]!.cells[0]).toEqual({ variant: 'b', scenario: 'book:one', run: 1 });
  expect(text).toContain('16 tasks: 12 to run');
});

it('rows that an invocation changed are those with a record that is newer', async () => {
  expect((await screen(view, 'matrix', { since: '1' })).rows.map(({ scenario }) => scenario)).toEqual([
    'pay:one',
    'pay:two',
  ]);
  expect((await screen(view, 'matrix', { since: '2' })).total).toBe(0);
});

/** As a report puts it into its file. */
async function indexOf(revision: string): Promise<MatrixIndex> {
  const world = testWorld(folder);
  const opened = await openManifest(world, 'experiment.yaml', () => {});
  const shared = shareStore(world, opened.experiment);
  const asked = { shared, filter: NO_FILTER, revision, before: null, isJudgedAnew: true };
  using snapshot = await openSnapshot(world, { ...opened, ...asked });
  shared.release();
  return snapshot.index;
}

const SEARCHES: readonly (readonly [string, readonly string[]])[] = [
  ['certainly', ['pay:one']],
  ['"by card"', ['pay:two']],
  ['CARD', ['pay:two']],
  ['dentist', ['book:one']],
  // Descriptions and names are looked at, too.
  ['call', ['book:one']],
  ['pay:', ['pay:one', 'pay:two']],
  ['tool:create_task', ['book:one']],
  ['tool:create', []],
  ['tool:create*', ['book:one']],
  ['arg.title:"at 9"', ['book:one']],
  ['arg.with:bob', ['book:one']],
  ['arg.title:bob', []],
  ['yes -certainly', ['pay:two']],
  ['finish:stop', ['pay:one', 'pay:two', 'book:one']],
  ['finish:bad-request', ['down']],
  ['tag:money,none', ['pay:one', 'book:one']],
  ['score:<1 variant:b', ['pay:one']],
  ['nowhere', []],
];

describe('searching', () => {
  const found = async (q: string): Promise<unknown> => {
    const { rows } = await searched(view, { q });
    return rows.map(({ scenario }) => scenario);
  };
  it.each(SEARCHES)('%j finds %j', async (q, scenarios) => {
    expect(await found(q)).toEqual(scenarios);
  });

  it('a file from disk finds the same in what is inside of it', async () => {
    const whole = await screen(view, 'matrix');
    const screens = new Map<string, ScenarioScreen>();
    for (const { scenario } of whole.rows)
      screens.set(scenario, await screen(view, 'scenario', { scenario }));
    const index = JSON.parse(JSON.stringify(await indexOf(view.revision()))) as MatrixIndex;
    const texts = findInScreens(index, (scenario) => screens.get(scenario) ?? null);
    for (const [q] of SEARCHES) {
      const selected = selectMatrix(index, { ...DEFAULT_QUERY, search: q }, texts);
      expect([q, selected]).toEqual([q, { kind: 'ok', value: await searched(view, { q }) }]);
    }
  });

  it('that makes no sense is refused in a sentence', async () => {
    expect(await refusalOf(view, 'matrix', { q: 'score:high' })).toEqual({
      kind: 'bad-request',
      message: 'score:high is no number; write for example score:<0.5',
    });
    expect(await refusalOf(view, 'scenario', { scenario: 'pay:one', q: 'mark:x' })).toMatchObject({
      kind: 'bad-request',
    });
  });
});

it('a name from an address is nothing but a name that is not there', async () => {
  const hostile = [
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '\u0000',
    '\u001b[2J',
    '%2e%2e',
    '',
    '😀'.repeat(2_000),
  ];
  for (const name of hostile) {
    const kinds = [
      await refusalOf(view, 'scenario', { scenario: name }),
      await refusalOf(view, 'cell', { variant: name, scenario: name, run: '1' }),
      await refusalOf(view, name as ScreenName),
      await refusalOf(view, 'diff', { a: name, b: name }),
    ].map((refusal) => refusal?.kind);
    // Nothing is said, so the last two are meant.
    const moment = name === '' ? undefined : 'bad-request';
    expect([name.slice(0, 20), ...kinds]).toEqual([
      name.slice(0, 20),
      'not-found',
      'not-found',
      'not-found',
      moment,
    ]);
    expect((await screen(view, 'matrix', { category: name })).total).toBe(0);
    expect((await screen(view, 'matrix', { variant: name })).columns).toEqual([]);
  }
});
