import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffJson, historyJson } from '../../src/report/json.ts';
import { type DiffRow, type DiffSide, diffTable } from '../../src/report/records/diff.ts';
import { type HistoryRow, historyTable } from '../../src/report/records/history.ts';
import { recordText } from '../../src/report/records/record.ts';
import { STANDS } from '../../src/report/records/standing.ts';
import { variantDiff } from '../../src/report/records/variants.ts';
import { statusTable } from '../../src/report/run/status.ts';
import { type Column, type Row, renderTable } from '../../src/text/table.ts';
import { AT_80, AT_100, record } from './data.ts';

describe('a table', () => {
  const columns: readonly Column[] = [
    { head: 'name', shrinksTo: 10, cut: 'names' },
    { head: 'a long head', shortHead: 'short', align: 'right' },
  ];
  const row = (name: string, value: string): Row => ({ kind: 'cells', cells: [name, value] });
  const widths = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

  test('takes full heads, then short ones, then cuts names, as the width asks', () => {
    const rows = [row('a name of 20 letters', '1')];
    const at = (width: number): string => renderTable({ columns, rows }, { columns: width, colors: false });
    expect(at(33)).toBe(
      'name                  a long head\n─────────────────────────────────\na name of 20 letters            1\n',
    );
    expect(at(27)).toBe(
      'name                  short\n───────────────────────────\na name of 20 letters      1\n',
    );
    expect(at(18)).toMatchInlineSnapshot(`
      "name         short
      ──────────────────
      a nam…tters      1
      "
    `);
    expect(widths(at(25))).toBeLessThanOrEqual(25);
    expect(widths(at(18))).toBeLessThanOrEqual(18);
  });

  test('stays straight over hostile and wide cells', () => {
    const rows = [row('日本語', '1'), row('a\u001b[31m\nb', '2'), row('👩‍👧 x', '3')];
    expect(renderTable({ columns, rows }, AT_80)).toMatchInlineSnapshot(`
      "name         a long head
      ────────────────────────
      日本語                 1
      a\\x1b[31m b            2
      👩‍👧 x                   3
      "
    `);
  });

  test('of many rows looks as one of few does, whatever its cells hold', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 30 }),
      fc.constantFrom('日本語', '👩‍👧 x', 'a\u001b[31m\nb', '', ' '),
    );
    const few = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 50 });
    const body = (rows: readonly Row[], width: number): readonly string[] =>
      renderTable({ columns, rows }, { columns: width, colors: false }).split('\n').slice(2, -1);
    fc.assert(
      fc.property(few, fc.integer({ min: 20, max: 60 }), (cells, width) => {
        const rows = cells.map(([name, value]) => row(name, value));
        const times = Math.ceil(101 / rows.length);
        const once = body(rows, width);
        expect(body(Array.from({ length: times }, () => rows).flat(), width)).toEqual(
          Array.from({ length: times }, () => once).flat(),
        );
      }),
    );
  });
});

describe('status', () => {
  test('is a matrix with what is lacking, and how to get it', () => {
    const status = {
      experiment: 'x',
      complete: false,
      simulated: false,
      played: 0,
      imported: 0,
      rows: [
        { variant: 'baseline', run: 1, scenarios: 20, completed: 20, stale: 0, failed: 0, missing: 0 },
        { variant: 'applike', run: 1, scenarios: 20, completed: 10, stale: 6, failed: 1, missing: 3 },
      ],
    };
    expect(statusTable(status, AT_80)).toMatchInlineSnapshot(`
      "variant   run  scenarios  completed  stale  failed  missing
      ───────────────────────────────────────────────────────────
      baseline    1         20         20      .       .        .
      applike     1         20         10      6       1        3
      ───────────────────────────────────────────────────────────
      total                 40         30      6       1        3

      Incomplete: 30 of 40 cells have a current answer.
        6 stale    answered, but what is asked was edited since
        1 failed   asked, and no attempt brought an answer
        3 missing  never asked

      Next:
        npx expgraph run  # ask the 10 that are not complete
      "
    `);
  });

  test('of everything there is one sentence', () => {
    const rows = [{ variant: 'a', run: 1, scenarios: 2, completed: 2, stale: 0, failed: 0, missing: 0 }];
    const text = statusTable(
      { experiment: 'x', complete: true, simulated: false, played: 0, imported: 0, rows },
      AT_80,
    );
    expect(text.split('\n').at(-2)).toBe('Complete: 2 cells, each with a current record.');
    expect(
      statusTable(
        { experiment: 'x', complete: true, simulated: false, played: 0, imported: 0, rows: [] },
        AT_80,
      ),
    ).toBe('No cell is in scope.\n');
  });
});

describe('history', () => {
  const row: HistoryRow = {
    variant: 'applike',
    scenario: 'ambiguous:gym',
    run: 1,
    key: '3fa9c1d2e4'.padEnd(64, '0'),
    generation: 1,
    invocation: '0001-20261122T204501Z',
    startedAt: '2026-11-22T20:45:01.250Z',
    status: 'completed',
    attempts: 1,
    latencyMs: 121,
    inputTokens: 500,
    outputTokens: 52,
    costUsd: 0.0001,
    outputDigest: 'a',
    servedModel: 'model-1',
    moved: false,
    score: null,
    passed: null,
    changed: null,
    standing: 'superseded',
    simulated: false,
  };
  const again: HistoryRow = {
    ...row,
    generation: 2,
    invocation: '0002-20261122T205501Z',
    outputDigest: 'b',
    moved: true,
    changed: [],
    standing: 'current',
  };
  const edited: HistoryRow = {
    ...row,
    run: 2,
    key: '77ab0412aa'.padEnd(64, '0'),
    invocation: '0003-20261122T205601Z',
    status: 'failed',
    attempts: 5,
    latencyMs: null,
    inputTokens: null,
    costUsd: null,
    outputDigest: null,
    changed: [{ part: 'variant.system', from: 'You schedule.', to: 'You plan.' }],
    standing: 'current',
  };

  test('tells for each cell what came after what, and what changed between', () => {
    const text = historyTable([row, again, { ...row, run: 2, standing: 'stale' }, edited], AT_80);
    expect(text).toMatchInlineSnapshot(`
      "   record        inv.  started (UTC)        latency  tokens     cost  answer
      ────────────────────────────────────────────────────────────────────────────────
      applike/ambiguous:gym/1
         3fa9c1d2e4@1  0001  2026-11-22 20:45:01   121 ms     552  $0.0001  first
      *  3fa9c1d2e4@2  0002  2026-11-22 20:45:01   121 ms     552  $0.0001  moved
      applike/ambiguous:gym/2
         3fa9c1d2e4@1  0001  2026-11-22 20:45:01   121 ms     552  $0.0001  first
      *  77ab0412aa@1  0003  2026-11-22 20:45:01   failed       -        -  5 attempts
           variant.system changed
           from "You schedule."
           to   "You plan."

      4 records of 2 cells; * counts now. One in full: npx expgraph show 77ab0412aa@1
      moved: the same input got another answer. The provider moved, or chance did.
      "
    `);
  });

  test('shows verdicts, which of them flipped, and who answered instead', () => {
    const judged = { ...row, score: 1, passed: true };
    const worse = { ...again, score: 0.25, passed: false, servedModel: 'model-2' };
    expect(historyTable([judged, worse], AT_100)).toMatchInlineSnapshot(`
      "  record       inv. started (UTC)       latency tokens    cost answer          verdict
      ───────────────────────────────────────────────────────────────────────────────────────────────────
      applike/ambiguous:gym/1
        3fa9c1d2e4@1 0001 2026-11-22 20:45:01  121 ms    552 $0.0001 first           pass 1.00
      * 3fa9c1d2e4@2 0002 2026-11-22 20:45:01  121 ms    552 $0.0001 moved (model-2) fail 0.25 (was pass)

      2 records of 1 cell; * counts now. One in full: npx expgraph show 3fa9c1d2e4@2
      moved: the same input got another answer. The provider moved, or chance did.
      "
    `);
    expect(historyJson([judged, worse])).toMatchObject([
      { flip: null, moved: false, score: 1, passed: true, served_model: 'model-1' },
      { flip: 'to-fail', moved: true, score: 0.25, passed: false, served_model: 'model-2' },
    ]);
    expect(historyJson([judged, { ...worse, run: 2 }])).toMatchObject([{ flip: null }, { flip: null }]);
  });

  test('of nothing says so', () => {
    expect(historyTable([], AT_80)).toBe('No record: what matches was not drawn yet.\n');
  });

  test('as JSON keeps every number as it is', () => {
    expect(historyJson([edited])).toEqual([
      {
        variant: 'applike',
        scenario: 'ambiguous:gym',
        run: 2,
        key: edited.key,
        generation: 1,
        invocation: '0003-20261122T205601Z',
        started_at: '2026-11-22T20:45:01.250Z',
        status: 'failed',
        attempts: 5,
        latency_ms: null,
        input_tokens: null,
        output_tokens: 52,
        cost_usd: null,
        output_digest: null,
        served_model: 'model-1',
        standing: 'current',
        simulated: false,
        moved: false,
        score: null,
        passed: null,
        flip: null,
        changed: [{ part: 'variant.system', from: 'You schedule.', to: 'You plan.' }],
      },
    ]);
  });
});

describe('a difference', () => {
  const side: DiffSide = {
    key: 'k',
    status: 'completed',
    outputDigest: 'a',
    servedModel: 'model-1',
    score: null,
    passed: null,
    excerpt: 'At what time shall I book it?',
  };
  const cell = { variant: 'applike', scenario: 'ambiguous:gym' };
  const rows: readonly DiffRow[] = [
    { ...cell, run: 1, before: side, after: side },
    {
      ...cell,
      run: 2,
      before: side,
      after: { ...side, outputDigest: 'b', excerpt: 'create_event({"title":"gym"})' },
    },
    { ...cell, run: 3, before: null, after: side },
    { ...cell, run: 4, before: side, after: null },
    {
      ...cell,
      run: 5,
      before: side,
      after: { ...side, key: 'z', status: 'failed', outputDigest: null, excerpt: '' },
    },
  ];
  const called = { before: '1', after: 'now' };

  test('is counted, and listed where there is one', () => {
    expect(diffTable(rows, { ...AT_100, called })).toMatchInlineSnapshot(`
      "1 -> now: 5 cells: 1 same, 1 with another answer, 1 with another status, 1 new, 1 gone
      1 cell with another answer to the same input: the provider moved, or chance did.

      ! applike/ambiguous:gym/5  (asked otherwise)
          before  "At what time shall I book it?"
          after   failed
      ~ applike/ambiguous:gym/2  (same input)
          before  "At what time shall I book it?"
          after   "create_event({\\"title\\":\\"gym\\"})"
      + applike/ambiguous:gym/3
          now     "At what time shall I book it?"
      - applike/ambiguous:gym/4
          was     "At what time shall I book it?"

      Next:
        npx expgraph history applike/ambiguous:gym/5  # every record of that cell
        npx expgraph show applike/ambiguous:gym/5     # its answer in full
      "
    `);
  });

  test('tells which verdicts flipped, and where another model answered', () => {
    const judged: readonly DiffRow[] = [
      {
        ...cell,
        run: 1,
        before: { ...side, passed: true, score: 1 },
        after: { ...side, outputDigest: 'b', servedModel: 'model-2', passed: false, score: 0 },
      },
      {
        ...cell,
        run: 2,
        before: { ...side, passed: false, score: 0 },
        after: { ...side, key: 'z', outputDigest: 'b', passed: true, score: 1 },
      },
      { ...cell, run: 3, before: side, after: { ...side, passed: true } },
    ];
    expect(diffTable(judged, { ...AT_100, called })).toMatchInlineSnapshot(`
      "1 -> now: 3 cells: 1 same, 2 with another answer
      1 cell with another answer to the same input: the provider moved, or chance did.
      2 verdicts flipped: 1 to fail, 1 to pass.

      ~ applike/ambiguous:gym/1  (pass -> fail, same input, other model)
          before  "At what time shall I book it?"
          after   "At what time shall I book it?"
      ~ applike/ambiguous:gym/2  (fail -> pass, asked otherwise)
          before  "At what time shall I book it?"
          after   "At what time shall I book it?"

      Next:
        npx expgraph history applike/ambiguous:gym/1  # every record of that cell
        npx expgraph show applike/ambiguous:gym/1     # its answer in full
      "
    `);
    expect(diffJson(judged, called)).toMatchObject({
      moved: 1,
      flips: { to_pass: 1, to_fail: 1 },
      rows: [
        {
          same_input: true,
          moved: true,
          flip: 'to-fail',
          after: { served_model: 'model-2', passed: false, score: 0 },
        },
        { same_input: false, moved: false, flip: 'to-pass' },
        { same_input: true, moved: false, flip: null },
      ],
    });
  });

  test('of nothing is one line', () => {
    expect(diffTable(rows.slice(0, 1), { ...AT_80, called })).toBe('1 -> now: 1 cell: 1 same\n');
    expect(diffTable([], { ...AT_80, called })).toBe('1 -> now: no cell is in either\n');
  });

  test('as JSON names its kind', () => {
    const json = diffJson(rows, called) as { counts: object; rows: { kind: string }[] };
    expect(json.counts).toEqual({ same: 1, 'output-changed': 1, 'status-changed': 1, new: 1, gone: 1 });
    expect(json.rows.map(({ kind }) => kind)).toEqual([
      'same',
      'output-changed',
      'new',
      'gone',
      'status-changed',
    ]);
  });
});

/** Nothing is known of it beside itself, and nothing is cut or broken. */
const ALONE = {
  tracePage: null,
  simulated: false,
  scores: [],
  scenario: null,
  standing: STANDS,
  lines: 'whole',
  cut: null,
  whole: 'npx expgraph show x',
} as const;

describe('a record', () => {
  test('says unknown of what nobody told, and not sent of what was left out', () => {
    const at = { ...AT_80, ...ALONE };
    const shown = (of: Parameters<typeof record>[0]): readonly string[] =>
      recordText(record(of), at)
        .split('\n')
        .filter((line) => /^(model|sent|took)/.test(line));
    expect(shown({ temperature: null, seed: null })).toEqual([
      'model       sim-small at sim',
      'sent        temperature not sent, seed not sent',
      'took        640 ms, 2 attempts',
    ]);
    const unknown = ['input', 'model', 'temperature', 'system'] as ['input', ...string[]] as never;
    const none = { temperature: null, seed: null, model: '', served_model: null, duration_ms: null };
    expect(shown({ ...none, unknown })).toEqual([
      'model       unknown at sim',
      'sent        temperature unknown, seed not sent, system prompt unknown, messages unknown',
      'took        an unknown time, 2 attempts',
    ]);
  });

  test('reads as a transcript', () => {
    expect(recordText(record({}), { ...AT_80, ...ALONE })).toMatchInlineSnapshot(`
      "applike/ambiguous:gym/1 completed
      key         2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683@2
      invocation  0003-20261122T204501Z
      category    ambiguous
      model       sim-small at sim
      sent        temperature 0.2, seed 7
      started     2026-11-22 20:45:01 UTC
      took        640 ms, 2 attempts
      tokens      512 in, 40 out, 552 in all
      cost        $0.0001
      output      e0ee8bb50685e05fa0f47ed04203ae953fdfd055f5bd2892ea186504254f8c3a

      ── system ──────────────────────────────────────────────────
        You schedule.

      ── user ────────────────────────────────────────────────────
        gym tomorrow

      ── answer ──────────────────────────────────────────────────
        At what time?
        (finish reason: stop)

      ── attempts ────────────────────────────────────────────────
      1  rate-limited (429) after 12 ms: slow down
      2  answered after 120 ms, request req_7
      "
    `);
  });

  test('shows calls of tools, refusals, and what did not parse', () => {
    const output = {
      text: '',
      tool_calls: [
        { name: 'create_event', arguments: { title: 'gym' } },
        { name: 'update', arguments: {}, arguments_text: '{"half' },
      ],
      messages: [],
      finish_reason: 'tool_calls',
      refusal: 'I must not.',
    };
    const text = recordText(record({ output }), { ...AT_80, ...ALONE });
    expect(text.slice(text.indexOf('── answer'), text.indexOf('── attempts'))).toMatchInlineSnapshot(`
      "── answer ──────────────────────────────────────────────────
        → create_event
            title: gym
        → update (not JSON)
            {"half
        refused: I must not.
        (finish reason: tool_calls)

      "
    `);
  });

  test('of a failure says what each attempt ran into', () => {
    const failed = record({
      status: 'failed',
      output: null,
      output_digest: null,
      usage: null,
      cost_usd: null,
    });
    const standing = { ...STANDS, kind: 'stale', reason: null } as const;
    expect(recordText(failed, { ...AT_80, ...ALONE, standing })).toMatchInlineSnapshot(`
      "applike/ambiguous:gym/1 failed · stale
      note        stale: the manifest asks for other content now; npx expgraph run draws it again
      key         2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683@2
      invocation  0003-20261122T204501Z
      category    ambiguous
      model       sim-small at sim
      sent        temperature 0.2, seed 7
      started     2026-11-22 20:45:01 UTC
      took        640 ms, 2 attempts
      tokens      not reported
      cost        unknown
      output      -

      ── system ──────────────────────────────────────────────────
        You schedule.

      ── user ────────────────────────────────────────────────────
        gym tomorrow

      ── answer ──────────────────────────────────────────────────
        (none)

      ── attempts ────────────────────────────────────────────────
      1  rate-limited (429) after 12 ms: slow down
      2  answered after 120 ms, request req_7
      "
    `);
  });

  test('lets nothing that a model wrote reach the terminal as a command', () => {
    const evil = 'a\u001b]0;owned\u0007\r\nb\u202e\u009b2J';
    const text = recordText(
      record({
        scenario: evil,
        served_model: evil,
        input: {
          prompt: evil,
          messages: [{ role: evil, content: [{ type: 'text', text: evil }, { type: 'image' }] }],
        },
        output: {
          text: evil,
          tool_calls: [{ name: evil, arguments: { [evil]: evil } }],
          messages: [],
          finish_reason: evil,
        },
      }),
      { ...AT_80, ...ALONE },
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain('  a\\x1b]0;owned\\x07\n  b\\u202e\\x9b2J');
  });

  test('of several turns is read from top to bottom: conversation, properties, turns, log', () => {
    const output = {
      text: 'done',
      tool_calls: [{ name: 'list', arguments: {} }],
      messages: [
        { role: 'assistant', content: null, tool_calls: [{ function: { name: 'list' } }] },
        { role: 'tool', tool_call_id: 't', content: 'two\u001b[31m things' },
        { type: 'function_call_output', call_id: 'x', output: 'of the responses API' },
        { type: 'function_call', name: 'again', arguments: '{}' },
      ],
      finish_reason: 'stop',
      turn_limit: true as const,
      properties: { steps: 2 },
    };
    const turn = { n: 1, started_at: '2026-11-22T20:45:01.000Z', duration_ms: 5, request_id: null };
    const [first] = record({}).attempts;
    const text = recordText(
      record({
        output,
        turns: [
          {
            ...turn,
            finish_reason: 'tool_calls',
            usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
            tool_results: [{ name: 'list', source: 'none', error: 'no-result' }],
          },
          { ...turn, n: 2, finish_reason: null, usage: null, tool_results: [] },
        ],
        attempts: [{ ...first!, log: 'said on the way\n' }],
      }),
      { ...AT_80, ...ALONE },
    );
    const titles = [...text.matchAll(/^── (.+?) ─/gm)].map(([, title]) => title);
    expect(titles.slice(-9)).toEqual([
      'assistant',
      'tool',
      'tool',
      'assistant',
      'answer',
      'properties',
      'turns',
      'attempts',
      'log of attempt 1',
    ]);
    for (const words of [
      'of the responses API',
      'steps: 2',
      '(finish reason: stop; cut off at max_turns)',
      '1  tool_calls after 5 ms, 3 tokens; told: list from none (no-result)',
      '2  ended after 5 ms',
      'said on the way',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('\u001b[31m');
  });
});

test('differences of variants say what is not sent, and what a program sends or not', () => {
  const view = {
    ...{ experiment: 'x', varies: null },
    pairs: [
      {
        ...{ from: 'a', to: 'b', untold: { from: false, to: false } },
        differences: [{ path: 'temperature', from: 0.2, to: undefined, declared: null }],
      },
      {
        ...{ from: 'a', to: 'c', untold: { from: false, to: true } },
        differences: [
          { path: 'temperature', from: undefined, to: null, declared: null },
          { path: 'command', from: undefined, to: ['x'], declared: null },
        ],
      },
    ],
  };
  const lines = variantDiff(view, AT_80).split('\n');
  expect(lines.filter((line) => /^ +[-+] /.test(line)).map((line) => line.trim())).toEqual([
    ...['- 0.2', '+ not sent'],
    ...['- not sent', '+ unknown', '+ ["x"]'],
  ]);
});
