// The results folder of a harness as it stands: what is said once (a line of metadata, a file's name) holds for its lines.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};
const lines = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type Row = { readonly [column: string]: unknown };

async function kept(...columns: readonly string[]): Promise<readonly unknown[][]> {
  const { stdout } = await expgraph('export', '--all');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .map((row) => columns.map((column) => row[column]))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

beforeEach(() => {
  folder = tempFolder();
  write(
    'experiment.yaml',
    'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { baseline: {}, applike: { system: x } }\n',
  );
  write('s.yaml', '- { id: "ambiguous:gym", input: hello }\n- { id: "clear:room", input: bye }\n');
});

/** As tests/harnesses/scheduling writes them (schedbench/results.py). */
function resultsFile(variant: string, rep: number): string {
  return lines(
    { type: 'metadata', variant, rep, started: '2026-02-01T12:00:00+00:00' },
    ...['ambiguous:gym', 'clear:room'].map((scenario, i) => ({
      ...{ type: 'result', scenario, variant, rep, response_text: `${variant} ${i} ${rep}` },
      tool_calls: [{ name: 'create_event', args: { title: scenario, day: i } }],
      ...{ input_tokens: 10 + i, output_tokens: 5 },
    })),
  );
}

describe('a folder of results', () => {
  const files = ['baseline', 'applike'].flatMap((variant) => [1, 2, 3].map((rep) => [variant, rep] as const));

  it('of a harness is imported without a flag: six files, all calls with arguments, all tokens', async () => {
    for (const [variant, rep] of files)
      write(`results/${variant}_run${rep}.jsonl`, resultsFile(variant, rep));
    write('results/summary.json', '{"written": {"applike_run1": 2}, "ended": "2026-02-01T12:00:00+00:00"}');
    const done = await expgraph('import', 'results/');
    expect([done.code, done.stderr]).toEqual([0, 'summary.json: no result is in it; it is left out\n']);
    expect(done.stdout).not.toContain('not in the manifest');
    const expected = files.flatMap(([variant, rep]) =>
      ['ambiguous:gym', 'clear:room'].map((scenario, i) => [
        ...[variant, scenario, rep, `${variant} ${i} ${rep}`, 10 + i, 5],
        JSON.stringify([{ name: 'create_event', arguments: { title: scenario, day: i } }]),
      ]),
    );
    expect(
      await kept('variant', 'scenario', 'run', 'text', 'input_tokens', 'output_tokens', 'tool_calls'),
    ).toEqual(expected.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
  });

  it('whose lines leave out what their first line says takes it from there', async () => {
    for (const rep of [1, 2]) {
      const said = { type: 'metadata', variant: 'applike', rep, model: 'm-1', temperature: 0, seed: 7 };
      const line = { scenario: 'clear:room', response_text: `${rep}` };
      write(
        `results/out-${rep}.jsonl`,
        lines(said, line, { ...line, scenario: 'ambiguous:gym', model: 'm-2' }),
      );
    }
    expect((await expgraph('import', 'results')).code).toBe(0);
    expect(await kept('variant', 'scenario', 'run', 'model', 'temperature', 'seed', 'unknown')).toEqual([
      ['applike', 'ambiguous:gym', 1, 'm-2', 0, 7, '["input","system"]'],
      ['applike', 'ambiguous:gym', 2, 'm-2', 0, 7, '["input","system"]'],
      ['applike', 'clear:room', 1, 'm-1', 0, 7, '["input","system"]'],
      ['applike', 'clear:room', 2, 'm-1', 0, 7, '["input","system"]'],
    ]);
  });

  it.each<[string, string, [string, number]]>([
    ['its metadata', 'applike_run2.jsonl', ['baseline', 3]],
    ['its name', 'applike_run2.jsonl', ['applike', 2]],
    ['its folder counts for nothing', 'baseline/applike_run2.jsonl', ['applike', 2]],
    ['a variant that is a part of the name', 'gpt_applike-rep3.jsonl', ['applike', 3]],
    ['a variant that the manifest does not have', 'newer_run2.jsonl', ['newer', 2]],
  ])('whose lines say neither variant nor run: %s', async (by, name, [variant, run]) => {
    const said = by === 'its metadata' ? [{ type: 'metadata', variant: 'baseline', rep: 3 }] : [];
    write(`results/${name}`, lines(...said, { scenario: 'clear:room', response_text: 'x' }));
    expect((await expgraph('import', 'results')).code).toBe(0);
    expect(await kept('variant', 'run')).toEqual([[variant, run]]);
  });

  it.each([
    ['--runs-from', '0'],
    ['--variant', 'baseline'],
  ])('with what the user says of all of it: %s %s', async (...options) => {
    write('results/applike_run1.jsonl', lines({ type: 'metadata', variant: 'applike', rep: 1 }));
    write(
      'results/applike_run0.jsonl',
      lines(
        { type: 'metadata', variant: 'applike', rep: options[0] === '--variant' ? 2 : 0 },
        {
          scenario: 'clear:room',
          response_text: 'x',
        },
      ),
    );
    const done = await expgraph('import', 'results', ...options);
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(await kept('variant', 'run')).toEqual([
      options[0] === '--variant' ? ['baseline', 2] : ['applike', 1],
    ]);
  });

  it('with a file that holds no result is refused where that file was named', async () => {
    write('results/applike_run1.jsonl', resultsFile('applike', 1));
    write('results/summary.json', '{"written": {"applike_run1": 2}}');
    const done = await expgraph('import', 'results/applike_run1.jsonl', 'results/summary.json');
    expect([done.code, done.stderr]).toEqual([
      2,
      expect.stringMatching(/summary\.json.*has neither an answer/s),
    ]);
    write('other/summary.json', '{"written": {"applike_run1": 2}}');
    const none = await expgraph('import', 'other');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no result that can be imported')]);
  });
});
