// What an import says of itself: its invocation's totals, and status.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

beforeEach(() => {
  folder = tempFolder();
  write(
    'experiment.yaml',
    'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {}, b: { system: other } }\n',
  );
  write('s.yaml', '- { id: one, input: hello }\n- { id: two, input: bye }\n');
});

const tokens = (input: number, output: number): object => ({ input_tokens: input, output_tokens: output });

it.each<[string, readonly object[], object]>([
  ['all', [tokens(3, 2), tokens(4, 1)], { usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 } }],
  ['one', [tokens(3, 2), {}], { usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } }],
  ['none', [{}, {}], { usage: null, cost_usd: null }],
  ['all costs', [{ cost_usd: 0.1 }, { cost_usd: 0.2 }], { usage: null, cost_usd: 0.3 }],
  ['one cost', [{ cost_usd: 0.1 }, {}], { cost_usd: null, cost_usd_at_least: 0.1 }],
])('totals are what is known, as those of a run: of two results, told of %s', async (_, told, totals) => {
  const rows = told.map((one, i) => ({ variant: 'a', scenario: 'one', run: i + 1, text: `${i}`, ...one }));
  write('r.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  expect((await expgraph('import', 'r.jsonl')).code).toBe(0);
  const file = filesBelow(folder).find((name) => name.endsWith('invocation.json'))!;
  const record = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { totals: object };
  expect(record.totals).toMatchObject({ executed: 2, ...totals });
});

it('status says how many imported answers stand beside what it counts, in the scope of its filters', async () => {
  const named = (variant: string, scenario: string): object => ({ variant, scenario, run: 1, text: 'x' });
  const rows = [named('a', 'one'), named('old', 'one'), named('old', 'two')];
  write('r.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const before = await expgraph('status');
  expect(before.stdout).not.toContain('imported');
  expect((await expgraph('import', 'r.jsonl')).code).toBe(0);
  const all = await expgraph('status');
  expect(all.stdout).toContain('3 imported answers stand beside');
  const old = await expgraph('status', '--variant', 'old');
  expect([old.code, old.stdout]).toEqual([0, expect.stringContaining('2 imported answers stand beside')]);
  expect(JSON.parse((await expgraph('status', '--json', '--variant', 'a')).stdout)).toMatchObject({
    imported: 1,
  });
  const none = await expgraph('status', '--variant', 'nobody');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no task matches')]);
});
