// Results of other programs as they really write them: read whole, judged, compared; nothing superseded in silence.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string | Uint8Array): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};
const lines = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type Row = { readonly [column: string]: unknown };

/** Every record, as export has it. */
async function rows(): Promise<readonly Row[]> {
  const { stdout } = await expgraph('export', '--all');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

const cells = (all: readonly Row[], ...columns: readonly string[]): readonly unknown[][] =>
  all.map((row) => columns.map((column) => row[column])).sort((a, b) => (String(a) < String(b) ? -1 : 1));

async function imports(...args: string[]): Promise<void> {
  const done = await expgraph('import', ...args);
  expect(done.code, done.stderr).toBe(0);
}

beforeEach(() => {
  folder = tempFolder();
  write(
    'experiment.yaml',
    'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {}, b: { system: other } }\n',
  );
  write(
    's.yaml',
    '- { id: one, input: hello, expect: { contains: hi } }\n- { id: two, input: bye, expect: { contains: hi } }\n',
  );
});

it('an Inspect log brings the calls of all turns, temperature 0, and epochs of one content', async () => {
  copyFileSync(path.join(ROOT, 'tests/exchange/files/three-turns.eval'), path.join(folder, 'log.eval'));
  await imports('log.eval', '--variant', 'a');
  const all = await rows();
  expect(all.map(({ run, temperature }) => [run, temperature])).toEqual([
    [1, 0],
    [2, 0],
  ]);
  for (const row of all) {
    const calls = JSON.parse(String(row.tool_calls)) as { name: string; arguments: unknown }[];
    expect(calls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ['search', { query: 'room' }],
      ['book', { room: 'A', hours: 2 }],
    ]);
    expect([row.text, row.input_tokens, row.unknown]).toEqual(['Booked room A.', 30, '["seed"]']);
  }
  expect(all[0]!.output_digest).toBe(all[1]!.output_digest);
  const parts = filesBelow(folder)
    .filter((file) => /history\/.*_run\d\.jsonl$/.test(file))
    .flatMap(
      (file) => [...jsonLines(path.join(folder, file))] as unknown as { type: string; parts: unknown }[],
    )
    .filter(({ type }) => type === 'scenario_result');
  expect(parts[0]!.parts).toEqual(parts[1]!.parts);
});

it('results of expgraph come back exactly: folders of runs and of the history, and its CSV', async () => {
  expect((await expgraph('run')).code).toBe(0);
  const columns = ['variant', 'scenario', 'run', 'text', 'output_digest', 'input_tokens', 'model'];
  const more = ['temperature', 'seed', 'unknown', 'started_at', 'duration_ms', 'cost_usd', 'prompt'];
  const before = cells(await rows(), ...columns, ...more);
  await expgraph('export', '--format', 'csv', '-o', 'out.csv');
  const from = folder;
  for (const source of ['artifacts/made/runs', 'artifacts/made/history', 'out.csv']) {
    folder = tempFolder();
    write(
      'experiment.yaml',
      'version: 1\nname: other\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {} }\n',
    );
    write('s.yaml', '- { id: one, input: hello }\n');
    await imports(path.join(from, source));
    const after = await rows();
    if (source !== 'out.csv') expect(cells(after, ...columns, ...more), source).toEqual(before);
    else expect(cells(after, ...columns)).toEqual(before.map((row) => row.slice(0, columns.length)));
    const again = await expgraph('import', path.join(from, source), '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, already_there: before.length });
    expect((await expgraph('fsck')).code).toBe(0);
  }
});

describe('what is imported', () => {
  const both = [
    { variant: 'a', scenario: 'one', run: 1, text: 'hi', input_tokens: 1, output_tokens: 2 },
    { variant: 'a', scenario: 'two', run: 1, text: 'no', input_tokens: 1, output_tokens: 2 },
    { variant: 'old', scenario: 'one', run: 1, text: 'hi', input_tokens: 1, output_tokens: 2 },
    { variant: 'old', scenario: 'two', run: 1, text: 'hi', input_tokens: 1, output_tokens: 2 },
  ];

  it('never takes the run of another result in silence', async () => {
    write('r.jsonl', lines(both[0]!, { ...both[0], text: 'other' }));
    const twice = await expgraph('import', 'r.jsonl');
    expect([twice.code, twice.stderr]).toEqual([
      2,
      expect.stringMatching(/r\.jsonl:2: is run 1 .*r\.jsonl:1/),
    ]);
    write('one.jsonl', lines(both[0]!));
    write('two.jsonl', lines({ ...both[0], text: 'other' }));
    await imports('one.jsonl');
    const later = await expgraph('import', 'two.jsonl');
    expect([later.code, later.stderr]).toEqual([2, expect.stringMatching(/two\.jsonl:1: .*invocation 0001/)]);
    await imports('two.jsonl', '--next-runs');
    expect(cells(await rows(), 'run', 'text')).toEqual([
      [1, 'hi'],
      [2, 'other'],
    ]);
    const again = await expgraph('import', 'two.jsonl', '--next-runs', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, already_there: 1 });
  });
});

describe('a file', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    [
      'r.jsonl',
      '{"variant":"a","scenario":"one","text":"x","text":"y"}\n',
      /twice|more than once|duplicate|two/i,
    ],
    ['r.jsonl', '{"variant":"a","scenario":"one","text":"x","cost":90071992547409931}\n', /more digits/],
    ['r.jsonl', Buffer.from('{"variant":"a","scenario":"one","text":"\xe9"}\n', 'latin1'), /not UTF-8/],
    ['r.jsonl', 'version https://git-lfs.github.com/spec/v1\n', /Git LFS/],
    ['r.jsonl.gz', Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/],
    ['r.jsonl', Buffer.from('\ufeff{"a":1}', 'utf16le'), /UTF-16/],
    ['r.xlsx', Uint8Array.of(0x50, 0x4b, 3, 4), /zip archive, or a spreadsheet/],
  ])('%s that cannot be read as it is written is refused by its cause: %#', async (name, content, cause) => {
    write(name, content);
    const { code, stderr } = await expgraph('import', name);
    expect([code, stderr]).toEqual([2, expect.stringMatching(cause)]);
  });

  it.each<[string, string]>([
    ['a list in JSON', JSON.stringify([{ variant: 'a', scenario: 'one', run: 1, text: '1.10' }], null, 1)],
    ['a table', 'variant,scenario,run,text\na,one,1,1.10\n'],
    ['a table with semicolons', 'sep=;\r\nvariant;scenario;run;text\r\na;one;1;1.10\r\n'],
    ['a table with tabs', 'variant\tscenario\trun\ttext\na\tone\t1\t1.10\n'],
    ['lines', '{"variant":"a","scenario":"one","run":1,"text":"1.10"}\n'],
  ])('is read by its content, whatever its name is: %s', async (_, text) => {
    write('r.jsonl', text);
    await imports('r.jsonl');
    expect(cells(await rows(), 'variant', 'scenario', 'run', 'text')).toEqual([['a', 'one', 1, '1.10']]);
  });

  it('with many equal mistakes tells one, with places and a count', async () => {
    write('r.jsonl', lines(...Array.from({ length: 40 }, (_, i) => ({ variant: 'a', scenario: `s${i}` }))));
    const { stderr } = await expgraph('import', 'r.jsonl');
    expect(stderr).toContain('r.jsonl:1, r.jsonl:2, r.jsonl:3 and 37 more: has neither');
  });

  it('names variant and run in its own name; a folder is all of its files', async () => {
    write('res/a_run1.jsonl', lines({ scenario: 'one', text: 'x' }));
    write('res/a_run2.jsonl', lines({ scenario: 'one', text: 'y' }));
    await imports('res');
    expect(cells(await rows(), 'variant', 'run', 'text')).toEqual([
      ['a', 1, 'x'],
      ['a', 2, 'y'],
    ]);
  });
});

describe('results of', () => {
  it('tau-bench are whole transcripts', async () => {
    const call = (name: string): object => ({
      ...{ role: 'assistant', content: null },
      tool_calls: [{ id: name, type: 'function', function: { name, arguments: '{"n":1}' } }],
    });
    const traj = [
      { role: 'system', content: 'rules' },
      { role: 'user', content: 'hello' },
      call('find'),
      { role: 'tool', tool_call_id: 'find', content: 'x' },
      call('book'),
      { role: 'tool', tool_call_id: 'book', content: 'x' },
      { role: 'assistant', content: 'done' },
    ];
    write(
      't.json',
      JSON.stringify([
        { task_id: 3, reward: 1, trial: 0, traj },
        { task_id: 3, reward: 0, trial: 1, traj },
      ]),
    );
    await imports('t.json', '--variant', 'a');
    const all = await rows();
    expect(cells(all, 'scenario', 'run', 'text')).toEqual([
      ['3', 1, 'done'],
      ['3', 2, 'done'],
    ]);
    expect((JSON.parse(String(all[0]!.tool_calls)) as { name: string }[]).map(({ name }) => name)).toEqual([
      'find',
      'book',
    ]);
  });

  it('a batch of OpenAI have their requests beside them, and errors are failed records', async () => {
    const body = {
      model: 'm-1',
      choices: [{ message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    };
    write(
      'out.jsonl',
      lines(
        { id: 'r', custom_id: 'a/one/2', response: { status_code: 200, body }, error: null },
        {
          id: 'r',
          custom_id: 'a/two',
          response: { status_code: 429, body: { error: { message: 'slow down' } } },
          error: null,
        },
      ),
    );
    write(
      'in.jsonl',
      lines({
        custom_id: 'a/one/2',
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'm', temperature: 0, messages: [{ role: 'user', content: 'hello' }] },
      }),
    );
    await imports('out.jsonl', '--requests', 'in.jsonl');
    expect(
      cells(await rows(), 'scenario', 'run', 'status', 'text', 'prompt', 'temperature', 'model'),
    ).toEqual([
      ['one', 2, 'completed', 'hi', 'hello', 0, 'm'],
      ['two', 1, 'failed', null, null, null, null],
    ]);
  });

  it('deepeval and LangSmith are found in their files', async () => {
    write(
      'd.json',
      JSON.stringify({
        testCases: [
          {
            name: 'one',
            input: 'q',
            actualOutput: 'A',
            toolsCalled: [{ name: 'f', inputParameters: { x: 1 } }],
            metricsData: [{ name: 'm', score: 1 }],
          },
        ],
      }),
    );
    write(
      'l.jsonl',
      lines({
        id: 'u',
        name: 'Target',
        inputs: { question: 'q' },
        outputs: { answer: 'B' },
        reference_example_id: 'two',
        start_time: '2026-02-01T00:00:00',
        end_time: '2026-02-01T00:00:02',
      }),
    );
    await imports('d.json', 'l.jsonl', '--variant', 'a');
    expect(cells(await rows(), 'scenario', 'text', 'prompt', 'latency_ms')).toEqual([
      ['one', 'A', 'q', null],
      ['two', 'B', 'q', 2000],
    ]);
  });

  it('promptfoo come in lines as well: repeats are runs, cached ones cost nothing, zeros of tokens are unknown', async () => {
    const label =
      'You are a helpful assistant who books rooms and never says anything else than what it did: {{q}}';
    const row = {
      promptIdx: 0,
      testIdx: 0,
      prompt: { label, raw: 'Hi' },
      provider: { id: 'x' },
      vars: { id: 'one' },
      cost: 0.1,
    };
    write(
      'p.jsonl',
      lines(
        {
          ...row,
          response: { output: 'A', tokenUsage: { prompt: 0, completion: 0, total: 0 } },
          success: true,
          failureReason: 0,
        },
        {
          ...row,
          response: { output: 'A', cached: true, tokenUsage: { total: 9, cached: 9 } },
          success: true,
          failureReason: 0,
        },
      ),
    );
    await imports('p.jsonl');
    const all = await rows();
    expect(cells(all, 'run', 'text', 'cost_usd', 'input_tokens')).toEqual([
      [1, 'A', 0.1, null],
      [2, 'A', 0, null],
    ]);
    expect(all[0]!.variant).toMatch(/^you-are-a-helpful-[0-9a-f]{6} x x$/);
  });
});

it('a day that no calendar has is refused with its place, and not taken for one in March', async () => {
  const row = { variant: 'a', scenario: 'one', response: 'x' };
  write('r.jsonl', lines(row, { ...row, started_at: '2026-02-30T00:00:00Z' }));
  const { code, stderr } = await expgraph('import', 'r.jsonl');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('r.jsonl:2: "started_at" is "2026-02-30T00:00:00Z"'),
  ]);
});

it.each([
  ['"response": "x", "response": "y"', 'line 4 column 3: "response" is twice in this object'],
  [
    '"response": "x",\r\n  "input_tokens": 12345678901234567890',
    'line 4 column 19: a whole number with more digits',
  ],
])('what a JSON document would lose is told with its place: %s', async (members, message) => {
  write('r.json', `[\n{"variant": "a", "scenario": "one",\n${members.replace(', ', ',\n  ')}}]`);
  const { code, stderr } = await expgraph('import', 'r.json');
  expect([code, stderr]).toEqual([2, expect.stringContaining(`r.json holds a mistake in ${message}`)]);
});
