// What `export` writes, read by the programs that people read it with: Python's csv, pandas, DuckDB, junitparser.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { exportReaders } from '../rig/export-readers.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const readers = await exportReaders();

/** Python's libraries of data take their time to load. */
const MINUTES = 180_000;

/** A text of each kind that has broken a reader, a spreadsheet or a parser. */
const WICKED = [
  'a\nb',
  'a\rb',
  'a\r\nb',
  '\r',
  '\n',
  'a\r\r\n\nb',
  'a,b;c|d\te',
  'she said "hi"',
  '"',
  '""',
  "'",
  ' leading and trailing ',
  '\tx',
  '=1+1',
  '+1',
  '-1',
  '@x',
  '\uff1d1+1',
  '-0.5',
  'a\u2028b\u2029c\u0085d',
  '\u000b\u000c',
  'null',
  'NaN',
  '007',
  '2026-02-01',
  'café 日本 \u{1f600}',
  '# no comment',
  '\\',
  '\\"',
  'a\\\nb',
];

const EXPERIMENT = `version: 1
name: made
provider: sim
runs: 3
scenarios: [s.yaml]
variants: { baseline: {}, applike: {} }
`;

const FORMS: readonly (readonly [options: readonly string[], delimiter: string])[] = [
  [[], ','],
  [['--raw'], ','],
  [['--bom'], ','],
  [['--delimiter', ';'], ';'],
  [['--delimiter', 'tab', '--raw'], '\t'],
];

/** As the advice of OWASP has it. */
const guarded = (text: string): string =>
  /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/.test(text) ? `'${text}` : text;

it.skipIf(readers === null)(
  'a CSV of 120 answers that were written to break readers is 120 rows to each of them, each text whole',
  async () => {
    const folder = tempFolder();
    const scenarios = Array.from({ length: 20 }, (_, i) => `s${String(i).padStart(2, '0')}`);
    const cells = ['baseline', 'applike'].flatMap((variant) =>
      scenarios.flatMap((scenario) => [1, 2, 3].map((run) => ({ variant, scenario, run }))),
    );
    const lines = cells.map((cell, i) => JSON.stringify({ ...cell, text: WICKED[i % WICKED.length] }));
    writeFiles(folder, {
      'experiment.yaml': EXPERIMENT,
      's.yaml': scenarios.map((id) => `- { id: ${id}, input: hello }\n`).join(''),
      'old.jsonl': `${lines.join('\n')}\n`,
    });
    const imported = await cli(['import', 'old.jsonl'], { cwd: folder });
    expect(imported.code, imported.stderr).toBe(0);
    const flat = (await cli(['export'], { cwd: folder })).stdout.trim().split('\n');
    const texts = flat.map((line) => String((JSON.parse(line) as { text: unknown }).text));
    expect(texts).toHaveLength(120);
    const file = path.join(folder, 'out.csv');
    for (const [options, delimiter] of FORMS) {
      const done = await cli(['export', '--format', 'csv', '-o', file, ...options], { cwd: folder });
      expect(done.code, done.stderr).toBe(0);
      const read = readers!('read_tables.py', file, 'text', delimiter) as Record<string, string[]>;
      const expected = options.includes('--raw') ? texts : texts.map(guarded);
      expect([options, read.csv]).toEqual([options, expected]);
      expect([options, read.pandas]).toEqual([options, expected]);
      expect([options, read.duckdb]).toEqual([options, expected]);
      expect([options, read.sniffed]).toEqual([options, 120]);
      for (const columns of read.columns!) expect(columns.slice(0, 2)).toEqual(['experiment', 'invocation']);
    }
  },
  MINUTES,
);

it.each([
  [['--format', 'jsonl', '--bom'], 'are of --format csv'],
  [['--format', 'csv', '--delimiter', 'x'], '--delimiter is one of'],
])('options of another format and delimiters that nobody reads are refused: %j', async (args, why) => {
  const folder = tempFolder();
  writeFiles(folder, { 'experiment.yaml': EXPERIMENT, 's.yaml': '- { id: one, input: hi }\n' });
  const done = await cli(['export', ...args], { cwd: folder });
  expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(why)]);
});

type Junit = {
  readonly valid: boolean;
  readonly mistakes: readonly string[];
  readonly suites: readonly {
    readonly name: string;
    readonly tests: number;
    readonly failures: number;
    readonly errors: number;
    readonly skipped: number;
    readonly cases: readonly {
      readonly name: string;
      readonly time: number | null;
      readonly passed: boolean;
      readonly result: readonly { readonly kind: string; readonly type: string; readonly message: string }[];
    }[];
  }[];
};

describe.skipIf(readers === null)('a JUnit report', () => {
  it('passes what a verdict says passed and nothing else: unjudged is skipped; stale, failed and missing are errors', async () => {
    const folder = tempFolder();
    const scenarios = [
      '- { id: judged, input: hello 1, expect: { contains: e } }\n',
      '- { id: "below & <b>", input: hello 2, expect: { exact: "nobody says this" } }\n',
      '- { id: unjudged, input: hello 3 }\n',
      '- { id: edited, input: hello 4, expect: { contains: e } }\n',
      '- { id: gone, input: hello 5, expect: { contains: e } }\n',
    ];
    const quick = 'providers:\n  sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0 } }\n';
    const broken =
      '  off: { type: sim, sim: { error_rate: 1, latency_ms: 1 } }\n' + 'execution: { retries: 0 }\n';
    writeFiles(folder, {
      'experiment.yaml': `${EXPERIMENT.replace('runs: 3', 'runs: 1').replace('applike: {}', 'applike: { provider: off, model: sim-large }')}${quick}${broken}`,
      's.yaml': scenarios.join(''),
    });
    await cli(['run'], { cwd: folder });
    editFile(
      path.join(folder, 's.yaml'),
      (text) =>
        `${text.replace('input: hello 4', 'input: bye').replace(scenarios[4]!, '')}- { id: new, input: hello, expect: { contains: e } }\n`,
    );
    const file = path.join(folder, 'out.xml');
    const done = await cli(['export', '--format', 'junit', '-o', file], { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    const { valid, mistakes, suites } = readers!('read_junit.py', file) as Junit;
    expect([valid, mistakes]).toEqual([true, []]);
    const [baseline, applike] = suites;
    expect(baseline).toMatchObject({ tests: 6, failures: 1, errors: 2, skipped: 2 });
    const told = baseline!.cases.map(({ name, passed, result }) => [
      name,
      passed,
      ...result.map(({ kind, type }) => (type === null ? kind : `${kind} ${type}`)),
    ]);
    expect(Object.fromEntries(told.map(([name, ...rest]) => [name, rest]))).toEqual({
      judged: [true],
      'below & <b>': [false, 'Failure expect'],
      unjudged: [false, 'Skipped'],
      edited: [false, 'Error stale'],
      gone: [false, 'Skipped'],
      new: [false, 'Error missing'],
    });
    for (const { result } of suites.flatMap(({ cases }) => cases))
      for (const { message } of result) expect(message).toMatch(/\w+/);
    expect(applike!.errors).toBe(applike!.tests);
    expect(applike!.cases.find(({ name }) => name === 'judged')?.result).toMatchObject([{ kind: 'Error' }]);
  });

  it('has the gate of a run as a suite that is valid, in each state of it', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'experiment.yaml': `${EXPERIMENT}gate: { pass: ">= 0.9", answers: ">= 1", cost: "no worse than previous" }\n`,
      's.yaml': '- { id: one, input: hello, expect: { contains: xyzzy } }\n- { id: two, input: hello }\n',
    });
    const file = path.join(folder, 'junit.xml');
    const gates: string[][] = [];
    for (const [args, code] of [
      [['--max-new', '2'], 3],
      [[], 6],
    ] as const) {
      expect((await cli(['run', '--junit', file, ...args], { cwd: folder })).code).toBe(code);
      const { valid, mistakes, suites } = readers!('read_junit.py', file) as Junit;
      expect([valid, mistakes]).toEqual([true, []]);
      gates.push(suites.at(-1)!.cases.map(({ result }) => result.map(({ kind }) => kind).join()));
    }
    expect(gates).toEqual([
      ['Skipped', 'Skipped', 'Skipped'],
      ['Failure', '', ''],
    ]);
  });

  it('leaves out the time of what took an unknown time, and characters that XML has not', async () => {
    const folder = tempFolder();
    writeFiles(folder, { 'experiment.yaml': EXPERIMENT, 's.yaml': '- { id: one, input: hello }\n' });
    const lines = [
      { run: 1, text: 'hi' },
      { run: 2, latency_ms: 1500, error: 'no\u0001\u000b\ufffe<&"' },
    ].map((one) => JSON.stringify({ variant: 'elsewhere', scenario: 'one', ...one }));
    writeFileSync(path.join(folder, 'old.jsonl'), `${lines.join('\n')}\n`);
    await cli(['import', 'old.jsonl'], { cwd: folder });
    const file = path.join(folder, 'out.xml');
    await cli(['export', '--format', 'junit', '--variant', 'elsewhere', '-o', file], { cwd: folder });
    const { valid, suites } = readers!('read_junit.py', file) as Junit;
    expect(valid).toBe(true);
    expect(suites.map(({ cases }) => cases.map(({ time }) => time))).toEqual([[null], [1.5]]);
  });
});
