// Imported answers are judged and compared as they are, and every command that an import names does what it says.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const lines = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type Row = { readonly [column: string]: unknown };

/** variant, scenario, score: of every record. */
async function scores(): Promise<readonly unknown[][]> {
  const { stdout } = await expgraph('export', '--all');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  return rows
    .map(({ variant, scenario, score_expect: score }) => [variant, scenario, score])
    .sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

async function imports(...rows: readonly object[]): Promise<string> {
  write('r.jsonl', lines(...rows));
  const done = await expgraph('import', 'r.jsonl');
  expect(done.code, done.stderr).toBe(0);
  return done.stdout;
}

const commandsIn = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/^ {2}npx expgraph (.*?)(?: {2,}#.*)?$/gm)].map(([, command]) => command!);

const MANIFEST =
  'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {}, b: { system: other } }\n';
const EXPECTED =
  '- { id: one, input: hello, expect: { contains: hi } }\n- { id: two, input: bye, expect: { contains: hi } }\n';
const PLAIN = '- { id: one, input: hello }\n- { id: two, input: bye }\n';

const [A1, A2, OLD1, OLD2] = [
  { variant: 'a', scenario: 'one', run: 1, text: 'hi' },
  { variant: 'a', scenario: 'two', run: 1, text: 'no' },
  { variant: 'old', scenario: 'one', run: 1, text: 'hi there' },
  { variant: 'old', scenario: 'two', run: 1, text: 'hi again' },
] as const;

beforeEach(() => {
  folder = tempFolder();
  write('experiment.yaml', MANIFEST);
  write('s.yaml', EXPECTED);
});

describe('an imported answer', () => {
  it('is judged by what its scenario expects, once, and what is compared are these scores', async () => {
    await imports(A1, A2, OLD1, OLD2, { ...OLD1, scenario: 'gone' });
    const scored = await expgraph('score', '--json');
    expect(JSON.parse(scored.stdout), scored.stderr).toMatchObject({
      ...{ executed: 4, failed: 0, missing: 0, undrawn: 2 },
      rows: [
        { variant: 'a', cells: 2, passed: 1, mean: 0.5 },
        { variant: 'old', cells: 2, passed: 2, mean: 1 },
      ],
    });
    expect(await scores()).toEqual([
      ['a', 'one', 1],
      ['a', 'two', 0],
      ['old', 'gone', null],
      ['old', 'one', 1],
      ['old', 'two', 1],
    ]);
    const compared = await expgraph('compare', 'a', 'old', '--json');
    expect(compared.code, compared.stderr).toBe(0);
    const { arms, comparisons } = JSON.parse(compared.stdout) as { [name: string]: Row[] };
    expect(arms).toMatchObject([
      { variant: 'a', mean: 0.5 },
      { variant: 'old', mean: 1 },
    ]);
    expect(comparisons).toMatchObject([{ difference: 0.5, scenarios_up: 1, scenarios_same: 1 }]);
    const again = await expgraph('score', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ executed: 0, cached: 4 });
  });

  it.each<[string[], unknown[][]]>([
    [
      ['--variant', 'old'],
      [
        ['old', 'one', 1],
        ['old', 'two', 1],
      ],
    ],
    [['--variant', 'o*', '--scenario', 'two'], [['old', 'two', 1]]],
    [['--variant', 'old', '--runs', '1', '--category', 'c'], [['old', 'two', 1]]],
    [['--variant', 'old', '--tag', 'slow'], [['old', 'one', 1]]],
  ])('of a variant that the manifest does not have is what filters mean: %j', async (filters, wanted) => {
    write('s.yaml', EXPECTED.replace('id: one', 'id: one, tags: [slow]'));
    await imports(A1, A2, OLD1, { ...OLD2, category: 'c' });
    const { code, stderr } = await expgraph('score', ...filters);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('no task matches')]);
    expect((await scores()).filter(([, , score]) => score !== null)).toEqual(wanted);
  });

  it.each([
    ['--variant', 'nobody'],
    ['--variant', 'old', '--scenario', 'nothing'],
    // It cannot be judged: nobody says what it should hold.
    ['--scenario', 'gone'],
  ])('does not make a slip of the pen a success: %s %s', async (...filters) => {
    await imports(OLD1, { ...OLD1, scenario: 'gone' });
    const { code, stderr } = await expgraph('score', ...filters);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no task matches the filters')]);
  });
});

describe('every command that an import names works as it is printed', () => {
  const told = { input_tokens: 3, output_tokens: 2 };
  it.each<[string, { scenarios: string; rows: readonly object[]; named: readonly string[] }]>([
    [
      'where scenarios expect something',
      { scenarios: EXPECTED, rows: [A1, A2, OLD1, OLD2], named: ['score', 'compare a old', 'run'] },
    ],
    [
      'where arms have other scenarios',
      {
        ...{ scenarios: EXPECTED, rows: [A1, A2, OLD1] },
        named: ['score', 'compare a old --allow-incomplete', 'run'],
      },
    ],
    [
      'where one of them failed',
      {
        ...{ scenarios: EXPECTED, rows: [A1, A2, OLD1, { ...OLD2, text: null, error: 'down' }] },
        named: ['score', 'compare a old --allow-incomplete', 'run'],
      },
    ],
    [
      'where nothing judges and tokens are told',
      {
        ...{ scenarios: PLAIN, rows: [A1, A2, OLD1, OLD2].map((row) => ({ ...row, ...told })) },
        named: ['compare a old --metric tokens', 'run'],
      },
    ],
    [
      'where nothing judges and only the time is told',
      {
        ...{ scenarios: PLAIN, rows: [A1, OLD1].map((row) => ({ ...row, latency_ms: 9 })) },
        named: ['compare a old --metric latency', 'run'],
      },
    ],
    [
      'where nothing judges and nothing can be compared',
      { scenarios: PLAIN, rows: [A1, A2, OLD1, OLD2], named: ['run'] },
    ],
    [
      'where names are words of a shell',
      {
        ...{ scenarios: EXPECTED, rows: [{ ...A1, variant: "it's $(x)" }, OLD1] },
        named: ['score', "compare 'it'\\''s $(x)' old"],
      },
    ],
    ['where there is one variant', { scenarios: EXPECTED, rows: [OLD1, OLD2], named: ['score'] }],
    [
      'where no scenario is of the manifest',
      { scenarios: EXPECTED, rows: [{ ...OLD1, scenario: 'x' }], named: [] },
    ],
  ])('%s', async (_, { scenarios, rows, named }) => {
    write('s.yaml', scenarios);
    const commands = commandsIn(await imports(...rows));
    expect(commands).toEqual(named);
    for (const command of commands) {
      const words = command.includes("'") ? ['compare', "it's $(x)", 'old'] : command.split(' ');
      const { code, stderr } = await expgraph(...words);
      expect([command, code, stderr]).toEqual([command, 0, expect.any(String)]);
    }
  });
});
