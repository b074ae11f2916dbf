// Side by side before anything is drawn: what its address says, what stands where, what is held against what.
import { describe, expect, test } from 'vitest';
import { diffTools, signatureOf } from '../../src/page/parts/tools-diff.ts';
import { beginningOf, betweenOf, turnsOf, turnsSummary } from '../../src/page/parts/turns.ts';
import { askedPart, atRow, matrixPart, readReading, writeReading } from '../../src/page/scenario/address.ts';
import {
  baseChoices,
  baseWords,
  drawName,
  type RunRow,
  rowsOf,
  runsOf,
  shownRuns,
  toggledRuns,
} from '../../src/page/scenario/layout.ts';
import type { ArmColumn, DrawText } from '../../src/screens/scenario.ts';

const NOTHING: DrawText = {
  run: 1,
  mark: 'missing',
  answer: null,
  record: null,
  text: null,
  toolCalls: [],
  turns: [],
  finishReason: null,
  attempts: [],
  scores: [],
  score: null,
  passed: null,
  inputTokens: null,
  outputTokens: null,
  latencyMs: null,
  costUsd: null,
  model: null,
  servedModel: null,
  temperature: null,
  seed: null,
  startedAt: null,
  invocation: null,
  langsmithUrl: null,
  file: null,
};

/** Answers of its runs by number; null = it has none. */
const arm = (variant: string, answers: readonly (number | null)[]): ArmColumn => ({
  variant,
  system: null,
  tools: [],
  runs: answers.map((answer, n) => ({
    ...NOTHING,
    run: n + 1,
    answer,
    mark: answer === null ? 'missing' : 'passed',
  })),
});

/** `baseline run 1 <- other run 1 = first run 1 +2`: what it is held against, what it repeats, by how many it is repeated. */
const written = (rows: readonly RunRow[]): readonly string[] =>
  rows.flatMap(({ cells }) =>
    cells.map((cell) => {
      if (cell === null) return '-';
      const base = cell.base === null ? '' : ` <- ${cell.base.name}`;
      const repeats = cell.repeats === null ? '' : ` = ${drawName(cell.repeats)}`;
      return `${drawName(cell)}${base}${repeats}${cell.repeatedBy.length > 0 ? ` +${cell.repeatedBy.length}` : ''}`;
    }),
  );

describe('an address of side by side', () => {
  const full =
    'scenario=a:b&q=gym&tag=x&tag=y&at=4.1&show=score&arm=applike&runs=1,3&base=arm:applike&repeats=on&open=setup,turns&md=off&raw=on&marks=all';

  test('says the same when it is read and written', () => {
    expect(writeReading(new URLSearchParams(full), {}).toString()).toBe(new URLSearchParams(full).toString());
    expect(readReading(new URLSearchParams(full))).toEqual({
      scenario: 'a:b',
      runs: [1, 3],
      arm: 'applike',
      base: { kind: 'arm', variant: 'applike' },
      repeats: true,
      open: new Set(['setup', 'turns']),
      markdown: false,
      raw: true,
      marksAll: true,
    });
  });

  test('says nothing of what is as it always is', () => {
    const query = writeReading(new URLSearchParams(full), {
      runs: null,
      arm: null,
      base: { kind: 'first' },
      repeats: false,
      open: new Set(),
      markdown: null,
      raw: false,
      marksAll: false,
    });
    expect(query.toString()).toBe('scenario=a%3Ab&q=gym&tag=x&tag=y&at=4.1&show=score');
  });

  test('keeps what the matrix was asked for, and asks the server for no more than that', () => {
    const query = new URLSearchParams(full);
    expect(matrixPart(query).toString()).toBe('q=gym&tag=x&tag=y&at=4.1&show=score');
    expect(askedPart(query).toString()).toBe('scenario=a%3Ab&q=gym&tag=x&tag=y');
    expect([atRow(query, 7).get('at'), atRow(new URLSearchParams(), 7).get('at')]).toEqual(['7.1', null]);
  });

  test('is read whatever stands in it', () => {
    const state = readReading(
      new URLSearchParams('runs=x,0,-1,2,2,99999999&base=../x&open=<b>,turns&md=1&raw=1'),
    );
    expect([state.runs, state.base, [...state.open], state.markdown, state.raw]).toEqual([
      [2],
      { kind: 'first' },
      ['turns'],
      null,
      false,
    ]);
    expect(readReading(new URLSearchParams('runs=,')).runs).toBe(null);
    // One that was picked in the matrix; from then on the address says it as every other choice of runs.
    expect(writeReading(new URLSearchParams('scenario=a&run=3'), {}).toString()).toBe('scenario=a&runs=3');
  });
});

describe('runs', () => {
  test('are those of any arm; one is hidden or shown again, and the last one stays', () => {
    const all = runsOf({ arms: [arm('a', [1, 1]), arm('b', [1, 1, 2])] });
    expect(all).toEqual([1, 2, 3]);
    expect(toggledRuns(all, null, 2)).toEqual([1, 3]);
    expect(toggledRuns(all, [1, 3], 2)).toBe(null);
    expect(toggledRuns(all, [3], 1)).toEqual([1, 3]);
    expect(toggledRuns(all, [3], 3)).toEqual([3]);
    expect(toggledRuns(all, [3], 9)).toEqual([3]);
    expect(shownRuns(all, [7])).toEqual([1, 2, 3]);
  });
});

describe('draws', () => {
  const arms = [arm('baseline', [1, 1, 2]), arm('applike', [3, 2, null]), arm('third', [1])];

  test('are held against the first arm, and those of an equal answer name the first that is read', () => {
    expect(written(rowsOf(arms, { runs: [1, 2, 3], base: { kind: 'first' } }))).toEqual([
      'baseline run 1 +2',
      'applike run 1 <- baseline run 1',
      'third run 1 <- baseline run 1 = baseline run 1',
      'baseline run 2 = baseline run 1',
      'applike run 2 <- baseline run 2 +1',
      '-',
      'baseline run 3 = applike run 2',
      'applike run 3 <- baseline run 3',
      '-',
    ]);
  });

  test('are held against the run before, another arm or nothing; never against what has no answer', () => {
    const bases = (rows: readonly RunRow[]) =>
      rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell === null ? [] : [cell.base?.name ?? null])));
    expect(bases(rowsOf(arms, { runs: [3], base: { kind: 'previous' } }))).toEqual([
      'baseline run 2',
      'applike run 2',
    ]);
    expect(bases(rowsOf(arms, { runs: [1, 3], base: { kind: 'arm', variant: 'applike' } }))).toEqual([
      'applike run 1',
      null,
      'applike run 1',
      null,
      null,
    ]);
    expect(bases(rowsOf(arms, { runs: [1], base: { kind: 'none' } }))).toEqual([null, null, null]);
  });

  test('repeat only what is shown: a run that is hidden hides what would be the first', () => {
    expect(written(rowsOf(arms, { runs: [2], base: { kind: 'none' } }))).toEqual([
      'baseline run 2',
      'applike run 2',
      '-',
    ]);
  });

  test('have their bases named for whoever chooses', () => {
    expect(baseChoices(arms).map((choice) => baseWords(choice, arms))).toEqual([
      'baseline, same run',
      'the run before',
      'applike, same run',
      'third, same run',
      'nothing',
    ]);
  });
});

describe('a conversation', () => {
  const turns = turnsOf([
    {
      role: 'assistant',
      content: 'Let me look.',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'list', arguments: '{"day":"Mon"}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: '{"events":[]}' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c2', type: 'function', function: { name: 'add', arguments: 'not JSON' } }],
    },
    { role: 'assistant', content: '' },
    { role: 'assistant', content: 'Done.' },
  ]);

  test('is told by who speaks, with calls as calls and results by the tool that gave them', () => {
    expect(turns).toEqual([
      {
        title: 'assistant',
        isResult: false,
        files: [],
        text: 'Let me look.',
        calls: [{ name: 'list', arguments: { day: 'Mon' } }],
      },
      { title: 'list answers', isResult: true, files: [], text: 'events: []', calls: [] },
      {
        title: 'assistant',
        isResult: false,
        files: [],
        text: '',
        calls: [{ name: 'add', arguments: 'not JSON' }],
      },
      { title: 'assistant', isResult: false, files: [], text: 'Done.', calls: [] },
    ]);
  });

  test('leaves the answer to where it stands by itself, and says what is in it while it is folded', () => {
    expect(turnsSummary(betweenOf(turns, ' Done. '))).toBe('3 messages, 1 result of tools');
    expect(betweenOf(turns, 'Something else')).toHaveLength(4);
    expect(beginningOf('a  long\nresult of a tool', 10)).toBe('a long res…');
  });
});

describe('tools', () => {
  const tool = (
    name: string,
    description: string,
    properties: object = {},
    required: readonly string[] = [],
  ) => ({
    name,
    description,
    parameters: { type: 'object', properties: { ...properties }, required: [...required] },
  });

  test('are held against those of another arm by name', () => {
    const from = [tool('list', 'Lists.'), tool('add', 'Adds.'), tool('gone', 'x')];
    const to = [tool('add', 'Adds one.'), tool('list', 'Lists.'), tool('new', 'x')];
    expect(
      diffTools(from, to).map(({ kind, name, changes }) => [kind, name, changes.map(({ path }) => path)]),
    ).toEqual([
      ['changed', 'add', ['description']],
      ['same', 'list', []],
      ['added', 'new', []],
      ['missing', 'gone', []],
    ]);
  });

  test('are named with their parameters, optional ones marked', () => {
    expect(signatureOf(tool('add', '', { title: {}, time: {} }, ['title']))).toBe('title, time?');
    expect([
      signatureOf({ name: 'x', description: null, parameters: null }),
      signatureOf({ name: 'x', description: null, parameters: 'y' }),
    ]).toEqual(['', '']);
  });
});
