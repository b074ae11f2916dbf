// What is said of answers is what their records say: who gave them, what is not known of them, whatever the manifest says.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, jsonLines, writeFiles } from '../rig/files.ts';
import { startLoopServer } from '../rig/loop-server.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: made
provider: sim
runs: 1
temperature: null
scenarios: [s.yaml]
variants: { baseline: {}, applike: { system: Be brief. } }
providers:
  sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0 } }
`;

function made(more: { readonly [name: string]: string } = {}): {
  readonly folder: string;
  readonly run: (...args: string[]) => ReturnType<typeof cli>;
} {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': MANIFEST,
    's.yaml': '- { id: one, input: hello }\n- { id: two, input: bye }\n',
    ...more,
  });
  return { folder, run: (...args) => cli(args, { cwd: folder, env: { MY_KEY: 'a-key-of-tests' } }) };
}

const rowsOf = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('SIMULATION', () => {
  it('is said of records that were played, also when the manifest names a real provider by now', async () => {
    const { folder, run } = made();
    expect((await run('run')).stdout).toContain('SIMULATION');
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text
        .replace('provider: sim\n', 'provider: real\nmodel: m-1\n')
        .concat('  real: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: MY_KEY }\n'),
    );
    const status = await run('status');
    expect(status.stdout).toContain('SIMULATION: 4 records were played');
    expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({ simulated: true, played: 4 });
    expect((await run('history')).stdout).toContain('SIMULATION: 4 records were played');
    expect((await run('show', 'baseline/one/1')).stdout).toContain('SIMULATION');
    expect(rowsOf((await run('export')).stdout).map(({ simulated }) => simulated)).toEqual(
      Array(4).fill(true),
    );
    expect((await run('export', '--format', 'junit')).stdout).toContain('name="simulated" value="2"');
    const compared = await run(
      'compare',
      '--metric',
      'tokens',
      '--at',
      'now',
      '--format',
      'json',
      '--allow-incomplete',
    );
    expect(JSON.parse(compared.stdout)).toMatchObject({ simulated: true });
  });

  it('is not said of what a real provider answered, nor of what was imported, whatever stands beside it', async () => {
    await using server = await startLoopServer({ turns: 1 });
    const { folder, run } = made();
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text
        .replace('applike: {', 'applike: { provider: real, model: m-1,')
        .concat(`  real: { type: openai, base_url: "${server.url}", api_key_env: MY_KEY }\n`),
    );
    const real = await run('run', '--variant', 'applike', '--json');
    expect(JSON.parse(real.stdout)).toMatchObject({ executed: 2, failed: 0, simulated: false });
    expect((await run('status')).stdout).not.toContain('SIMULATION');
    await run('run');
    expect(JSON.parse((await run('run', '--json')).stdout)).toMatchObject({ executed: 0, simulated: true });
    expect((await run('status')).stdout).toContain('SIMULATION: 2 records were played');
    const compared = JSON.parse(
      (await run('compare', 'baseline', 'applike', '--metric', 'tokens', '--format', 'json')).stdout,
    );
    expect(compared.arms.map((arm: { simulated: boolean }) => arm.simulated)).toEqual([true, false]);
    writeFileSync(
      path.join(folder, 'old.jsonl'),
      `${JSON.stringify({ variant: 'elsewhere', scenario: 'one', run: 1, text: 'hi' })}\n`,
    );
    expect((await run('import', 'old.jsonl')).code).toBe(0);
    const rows = rowsOf((await run('export')).stdout);
    expect(Object.fromEntries(rows.map(({ variant, simulated }) => [variant, simulated]))).toEqual({
      ...{ baseline: true, applike: false, elsewhere: false },
    });
  });
});

describe('what nobody told', () => {
  it('is unknown and never 0: how long an imported answer took, what a program used', async () => {
    const { folder, run } = made({
      'experiment.yaml': `${MANIFEST.split('variants:')[0]}variants: { baseline: {}, own: { command: [node, answer.mjs] } }\n${MANIFEST.slice(MANIFEST.indexOf('providers:'))}`,
      'answer.mjs': 'console.log(JSON.stringify({ text: "hi" }));\n',
    });
    const first = await run('run', '--variant', 'own');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^own\s.*\s-\s+unknown\s/m);
    expect(first.stdout).toContain('tokens unknown');
    const again = JSON.parse((await run('run', '--json')).stdout);
    expect(again.variants).toMatchObject([
      { variant: 'baseline', usage: { total_tokens: expect.any(Number) } },
      { variant: 'own', usage: null, usage_unknown: 2 },
    ]);
    const lines = [{}, { latency_ms: 20 }].map((more, i) =>
      JSON.stringify({ variant: 'elsewhere', scenario: 'one', run: i + 1, text: 'hi', ...more }),
    );
    writeFileSync(path.join(folder, 'old.jsonl'), `${lines.join('\n')}\n`);
    expect((await run('import', 'old.jsonl')).code).toBe(0);
    expect((await run('show', 'elsewhere/one/1')).stdout).toMatch(/^took\s+an unknown time, 1 attempt$/m);
    const rows = rowsOf((await run('export', '--variant', 'elsewhere')).stdout);
    expect(
      rows.map(({ latency_ms, duration_ms, input_tokens, cost_usd, model }) => [
        ...[latency_ms, duration_ms, input_tokens, cost_usd, model],
      ]),
    ).toEqual([
      [null, null, null, null, null],
      [20, 20, null, null, null],
    ]);
    const records = ['elsewhere_run1', 'elsewhere_run2'].flatMap((name) => [
      ...jsonLines(path.join(folder, `artifacts/made/runs/${name}.jsonl`)),
    ]);
    expect(records.map(({ duration_ms }) => duration_ms)).toEqual([undefined, null, undefined, 20]);
    expect((await run('fsck')).code).toBe(0);
    expect((await run('reindex')).code).toBe(0);
  });
});
