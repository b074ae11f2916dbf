// Results go out and come in again: the real program, the files of others.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, sample } from '../rig/cli.ts';
import { filesBelow, jsonLines, ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

/** What both ends of a round trip must agree in. */
async function answers(): Promise<readonly unknown[]> {
  const { stdout } = await expgraph('export');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = lines.map((line) => [
    ...[
      line.variant,
      line.scenario,
      line.run,
      line.text,
      line.output_digest,
      line.input_tokens,
      line.output_tokens,
    ],
    ...(JSON.parse(String(line.tool_calls)) as { name: string; arguments: unknown }[]).map((call) => [
      call.name,
      call.arguments,
    ]),
  ]);
  return told.map((one) => JSON.stringify(one)).sort();
}

async function storeIsSound(): Promise<void> {
  const validate = new Ajv({
    strict: false,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
  }).compile(JSON.parse(readFileSync(path.join(ROOT, 'schema/record.schema.json'), 'utf8')));
  for (const file of filesBelow(path.join(folder, 'artifacts'))) {
    const place = path.join(folder, 'artifacts', file);
    const lines: unknown[] = file.endsWith('.jsonl') ? [...jsonLines(place)] : [];
    if (file.endsWith('invocation.json')) lines.push(JSON.parse(readFileSync(place, 'utf8')));
    for (const line of lines) expect([file, validate(line), validate.errors]).toEqual([file, true, null]);
  }
  const fsck = await expgraph('fsck');
  expect(fsck.code, fsck.stdout).toBe(0);
}

beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

describe('an older harness', () => {
  const LINES = [0, 1]
    .map((rep) =>
      JSON.stringify({
        ...{ variant: 'baseline', scenario_id: 'old:one', rep, response_text: `=answer ${rep}` },
        ...{ input_tokens: 12, output_tokens: 3, model: 'old-model', latency_s: 1.5 },
        tool_calls: [{ function: { name: 'add', arguments: '{"a":1}' } }],
      }),
    )
    .join('\n');

  it('becomes history with an invocation of its own, once', async () => {
    write('old.jsonl', LINES);
    const dry = await expgraph('import', 'old.jsonl', '--runs-from', '0', '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ format: 'jsonl', dry_run: true, imported: 2 });
    const first = await expgraph('import', 'old.jsonl', '--runs-from', '0');
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringContaining('imported 2 results (jsonl); 0 were there'),
    ]);
    expect(first.stdout).toContain('1 scenarios (old:one)');
    const again = await expgraph('import', 'old.jsonl', '--runs-from', '0', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, already_there: 2 });
    const shown = JSON.parse((await expgraph('show', 'baseline/old:one/2', '--json')).stdout);
    expect(shown).toMatchObject({
      model: 'old-model',
      run: 2,
      duration_ms: 1500,
      output: { text: '=answer 1' },
    });
    expect(shown.output.tool_calls).toEqual([{ name: 'add', arguments: { a: 1 } }]);
    expect((await expgraph('history', 'old:one')).stdout).toContain('old:one');
    expect((await expgraph('reindex')).code).toBe(0);
    expect((await expgraph('gc', '--yes')).code).toBe(0);
    await storeIsSound();
    const csv = (await expgraph('export', '--format', 'csv', '--scenario', 'old:*')).stdout;
    expect(csv).toContain(",'=answer 0,");
    expect((await expgraph('export', '--format', 'csv', '--raw')).stdout).toContain(',=answer 0,');
  });

  it('is imported as a whole or not at all, with every mistake named', async () => {
    write(
      'bad.jsonl',
      `${LINES}\n{"variant":1\n{"variant":"a","scenario_id":"b","rep":-1,"response_text":"x","input_tokens":"many"}\n`,
    );
    const { code, stderr } = await expgraph('import', 'bad.jsonl', '--runs-from', '0');
    expect(code).toBe(2);
    expect(stderr).toContain('bad.jsonl:3: is no JSON');
    expect(stderr).toMatch(/bad\.jsonl:4: "input_tokens" is "many", not a whole number from 0; has run 0/);
    expect(filesBelow(folder).filter((file) => file.includes('history/'))).toEqual([]);
    const skipped = await expgraph('import', 'bad.jsonl', '--runs-from', '0', '--skip-bad', '--json');
    expect(JSON.parse(skipped.stdout)).toMatchObject({ imported: 2, bad: 2 });
    await storeIsSound();
  });
});

it.each(['jsonl', 'inspect'])('comes back as it went out: %s', async (format) => {
  await expgraph('run', '--runs', '1');
  const before = await answers();
  expect(
    (await expgraph('export', '--format', format, '-o', format === 'jsonl' ? 'out.jsonl' : 'out')).code,
  ).toBe(0);
  const files =
    format === 'jsonl' ? ['out.jsonl'] : filesBelow(path.join(folder, 'out')).map((file) => `out/${file}`);
  const out = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
  folder = tempFolder();
  await sample(folder);
  for (const [i, text] of out.entries()) {
    write(`in${i}.${format === 'jsonl' ? 'jsonl' : 'json'}`, text);
    const { code, stderr } = await expgraph('import', `in${i}.${format === 'jsonl' ? 'jsonl' : 'json'}`);
    expect(code, stderr).toBe(0);
  }
  expect(await answers()).toEqual(before);
  await storeIsSound();
});

it('takes what promptfoo writes: prompts are variants, repeats are runs, a refused assertion is an answer', async () => {
  const result = {
    promptIdx: 0,
    prompt: { label: 'baseline', raw: 'Hi' },
    provider: { id: 'openai:x' },
    vars: { id: 's1' },
    latencyMs: 5,
  };
  const results = [
    {
      ...result,
      response: { output: 'A', tokenUsage: { prompt: 1, completion: 2, total: 3 } },
      success: true,
      failureReason: 0,
    },
    { ...result, response: { output: 'B' }, error: 'expected A', success: false, failureReason: 1 },
    { ...result, response: {}, error: 'boom', success: false, failureReason: 2 },
  ];
  write(
    'out.json',
    JSON.stringify(
      { evalId: 'e', results: { version: 3, timestamp: '2026-02-01T00:00:00Z', results } },
      null,
      2,
    ),
  );
  expect((await expgraph('import', 'out.json')).code).toBe(0);
  const lines = (await expgraph('export')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(
    lines.map(({ variant, scenario, run, status, text }) => [variant, scenario, run, status, text]),
  ).toEqual([
    ['baseline', 's1', 1, 'completed', 'A'],
    ['baseline', 's1', 2, 'completed', 'B'],
    ['baseline', 's1', 3, 'failed', null],
  ]);
  const xml = (await expgraph('export', '--format', 'junit', '--scenario', 's1')).stdout;
  expect(xml).toContain('<testsuite name="baseline run 3" tests="1" failures="0" errors="1"');
  await storeIsSound();
});
