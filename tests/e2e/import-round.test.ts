// What goes out comes back: several variants with tool loops, settings that are 0, not sent or unknown, costs and failures.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST =
  'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {}, b: { system: other } }\n';

const expgraph = (folder: string, ...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });

function experiment(): string {
  const folder = tempFolder();
  writeFileSync(path.join(folder, 'experiment.yaml'), MANIFEST);
  writeFileSync(path.join(folder, 's.yaml'), '- { id: one, input: hello }\n');
  return folder;
}

const call = (id: string, name: string, given: object): object => ({
  ...{ role: 'assistant', content: `I ${name}` },
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(given) } }],
});
const answered = (id: string): object => ({ role: 'tool', tool_call_id: id, content: `found ${id}` });

const ROWS: readonly object[] = [
  {
    ...{ variant: 'a', scenario: 'one', run: 1, category: 'easy', model: 'm-1', provider: 'openai' },
    ...{ temperature: 0, seed: 7, cost_usd: 0.0125, latency_ms: 1500, finish_reason: 'stop' },
    ...{ served_model: 'm-1-2026', started_at: '2026-02-01T12:00:00.000Z' },
    usage: { input_tokens: 30, output_tokens: 12, cached_input_tokens: 10, reasoning_tokens: 3 },
    messages: [
      { role: 'system', content: 'rules' },
      { role: 'user', content: 'hello' },
      call('c1', 'search', { q: 'room', n: 2, deep: { a: [1, null] } }),
      answered('c1'),
      call('c2', 'book', { room: 'A' }),
      answered('c2'),
      { role: 'assistant', content: 'Booked.' },
    ],
  },
  {
    ...{ variant: 'a', scenario: 'one', run: 2, category: 'easy', model: 'm-2', provider: 'anthropic' },
    ...{
      text: '',
      tool_calls: [{ name: 'book', arguments: {} }],
      finish_reason: 'tool_calls',
      latency_ms: 20,
    },
  },
  {
    variant: 'b',
    scenario: 'two/with: odd',
    run: 1,
    text: '=1+1\r\nsecond line',
    prompt: 'what?',
    temperature: 0.7,
  },
  {
    variant: 'b',
    scenario: 'one',
    run: 1,
    text: 'cut',
    finish_reason: 'length',
    input_tokens: 1,
    output_tokens: 9,
  },
  {
    variant: 'b',
    scenario: 'one',
    run: 2,
    text: null,
    error: 'too many',
    error_kind: 'rate-limited',
    model: 'm-1',
  },
  { variant: 'it\u2019s "new"', scenario: '7', run: 3, text: ' spaces ', cost_usd: 0, seed: 0 },
];

const COLUMNS = [
  ...['variant', 'scenario', 'run', 'category', 'status', 'text', 'finish_reason', 'prompt', 'model'],
  ...['served_model', 'provider', 'temperature', 'seed', 'unknown', 'input_tokens', 'output_tokens'],
  ...['total_tokens', 'cached_input_tokens', 'reasoning_tokens', 'cost_usd', 'started_at', 'duration_ms'],
  ...['error_kind', 'error_message', 'output_digest'],
];

async function kept(folder: string): Promise<readonly unknown[]> {
  const { stdout } = await expgraph(folder, 'export', '--all');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { [column: string]: unknown })
    .map((row) => ({
      ...Object.fromEntries(COLUMNS.map((name) => [name, row[name]])),
      calls: (JSON.parse(String(row.tool_calls ?? '[]')) as { name: string; arguments: object }[]).map(
        ({ name, arguments: given }) => [name, given],
      ),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

it.each<[string, readonly string[], string]>([
  ['logs of Inspect', ['export', '--all', '--format', 'inspect', '-o', 'out'], 'out'],
  ['CSV', ['export', '--all', '--format', 'csv', '-o', 'out.csv'], 'out.csv'],
  ['JSONL', ['export', '--all', '-o', 'out.jsonl'], 'out.jsonl'],
  ['its own history', [], 'artifacts/made/history'],
])('comes back as it went out, and is known when it comes again: %s', async (_, exported, source) => {
  const from = experiment();
  writeFileSync(path.join(from, 'r.jsonl'), ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const first = await expgraph(from, 'import', 'r.jsonl');
  expect(first.code, first.stderr).toBe(0);
  if (exported.length > 0) expect((await expgraph(from, ...exported)).code).toBe(0);
  const to = experiment();
  const done = await expgraph(to, 'import', path.join(from, source));
  expect(done.code, done.stderr).toBe(0);
  expect(await kept(to)).toEqual(await kept(from));
  const again = await expgraph(to, 'import', path.join(from, source), '--json');
  expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ imported: 0, already_there: ROWS.length });
  expect((await expgraph(to, 'fsck')).code).toBe(0);
});
