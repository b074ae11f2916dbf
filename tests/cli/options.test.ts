// Options that every command has, limits of one invocation, dry runs, and what is told of a command line that cannot be read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: small
provider: sim
model: sim-small
providers:
  sim: { type: sim, sim: { latency_ms: 0, latency_spread: 0 } }
scenarios: [s.yaml]
runs: 2
variants: { a: {}, b: { temperature: 0.7 } }
`;

function small(manifest = MANIFEST): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': manifest,
    's.yaml': '- { id: one, input: hi, expect: { contains: x } }\n- { id: two, input: ho }\n',
  });
  return folder;
}

const invocations = (folder: string): readonly Record<string, never>[] => {
  const history = path.join(folder, 'artifacts/small/history');
  if (!existsSync(history)) return [];
  return readdirSync(history)
    .sort()
    .map((name) => JSON.parse(readFileSync(path.join(history, name, 'invocation.json'), 'utf8')));
};

describe('limits of one invocation', () => {
  it('a budget on the command line stands above the manifest, is recorded as it was said, and moves no key', async () => {
    const cwd = small();
    const first = await inProcess(['run', '--budget-usd', '0.000001', '--no-score'], { cwd });
    expect(first.code).toBe(3);
    expect(first.err).toContain('set --budget-usd to $');
    expect(
      (
        await inProcess(['run', '--budget-usd', '5', '-j', '2', '--timeout', '90s', '--retries', '0'], {
          cwd,
        })
      ).code,
    ).toBe(0);
    const [, second] = invocations(cwd);
    expect(second).toMatchObject({
      argv: ['run', '--budget-usd', '5', '-j', '2', '--timeout', '90s', '--retries', '0'],
    });
    const again = await inProcess(['plan', '--json'], { cwd });
    expect(JSON.parse(again.out)).toMatchObject({ tasks: 8, pending: 0 });
  });

  it.each([
    [['--budget-usd', '5€'], '--budget-usd takes US dollars above 0, as 5 or 0.50, not "5€"'],
    [['--budget-usd', '0'], '--budget-usd takes US dollars above 0, as 5 or 0.50, not "0"'],
    [['--budget-usd', '-1'], '--budget-usd takes US dollars above 0, as 5 or 0.50, not "-1"'],
    [['-j', '0'], '--concurrency takes a whole number from 1 to 10,000, not "0"'],
    [['-j', '1.5'], '--concurrency takes a whole number from 1 to 10,000, not "1.5"'],
    [['--timeout', '30'], '--timeout takes a time like 30s, 5m or 1h, at most 24h, not "30"'],
    [['--timeout', '2d'], '--timeout takes a time like 30s, 5m or 1h, at most 24h, not "2d"'],
    [['--retries', 'many'], '--retries takes a whole number from 0 to 100, not "many"'],
  ])('says what is right instead of %j, and starts nothing', async (args, words) => {
    const cwd = small();
    const { code, err } = await inProcess(['run', ...args], { cwd });
    expect([code, err]).toEqual([2, `expgraph: ${words}\n`]);
    expect(invocations(cwd)).toEqual([]);
  });

  it('a budget needs prices, as one of the manifest does', async () => {
    const cwd = small(
      MANIFEST.replace(
        'sim: { type: sim,',
        'sim: { type: sim, pricing: { other: { input: 1, output: 1 } },',
      ).replace('model: sim-small', 'model: unpriced'),
    );
    const { code, err } = await inProcess(['run', '--budget-usd', '5'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('--budget-usd needs prices: that of the model "unpriced" at "sim" is not known');
  });

  it('plan says where a budget is likely to end, and in what time where something was drawn before', async () => {
    const cwd = small(MANIFEST.replace('runs: 2', 'runs: 2\nmax_output_tokens: 40'));
    const costs = async (): Promise<{ cost_usd: number; cost_usd_at_most: number }> =>
      JSON.parse((await inProcess(['plan', '--force', '--json'], { cwd })).out).estimate;
    const words = async (usd: number): Promise<string> =>
      (await inProcess(['plan', '--force', '--budget-usd', usd.toFixed(9)], { cwd })).out.replace(
        /\s+/g,
        ' ',
      );
    expect(await words((await costs()).cost_usd_at_most / 2)).toMatch(
      /above the budget of \$[\d.]+ \(--budget-usd\): with the longest answers it is reached after about [34] of 8 tasks; what is drawn by then is kept/,
    );
    await inProcess(['run'], { cwd });
    expect(await words((await costs()).cost_usd * 0.8)).toMatch(
      /which is likely to be reached after about [56] of 8 tasks, in about \d+ s; what is drawn/,
    );
  });
});

describe('options of every command', () => {
  it('works in another folder, named before the command or after it, once or step by step', async () => {
    const folder = small();
    const { dir, base } = path.parse(folder);
    for (const args of [
      ['-C', folder, 'plan', '--json'],
      ['plan', '--json', '-C', folder],
      ['-C', dir, '-C', base, 'plan', '--json'],
    ]) {
      const { code, out } = await inProcess(args, { cwd: '/' });
      expect([code, JSON.parse(out).tasks], args.join(' ')).toEqual([0, 8]);
    }
    const nowhere = await inProcess(['-C', 'nowhere', 'plan'], { cwd: folder });
    expect(nowhere).toMatchObject({
      code: 2,
      err: `expgraph: -C "nowhere": there is no folder ${path.join(folder, 'nowhere')}\n`,
    });
  });

  it('colours by the option, whatever the terminal says', async () => {
    const cwd = small();
    const isColored = async (args: readonly string[], colors: boolean): Promise<boolean> =>
      (await inProcess(args, { cwd, colors })).out.includes('\u001b[');
    expect(await isColored(['plan'], true)).toBe(true);
    expect(await isColored(['plan', '--no-color'], true)).toBe(false);
    expect(await isColored(['--color', 'never', 'plan'], true)).toBe(false);
    expect(await isColored(['--color', 'plan'], false)).toBe(true);
    expect(await isColored(['plan', '--color=always'], false)).toBe(true);
    expect(await isColored(['plan', '--color', 'auto'], false)).toBe(false);
  });

  it('quiet: the end of a run and nothing else; of a failure its words', async () => {
    const cwd = small();
    const { code, out, err } = await inProcess(['run', '-q'], { cwd });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^8 tasks: 8 executed, .*\n(?:\$.*\n)?SIMULATION: .*\n\d scores: .*\n(?:\d of 8 cells did not pass: npx expgraph show --not-passed\n)?$/,
    );
    writeFiles(cwd, { 'experiment.yaml': MANIFEST.replace('latency_ms: 0', 'latency_ms: 0, error_rate: 1') });
    const failed = await inProcess(['-q', 'run', '--force', '--retries', '0', '--runs', '1'], { cwd });
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^(failed: .*\n){4}$/);
  });

  it('verbose: a line for each task that can be pasted into show, and one for each attempt that is made again', async () => {
    const cwd = small(MANIFEST.replace('latency_ms: 0', 'latency_ms: 0, error_rate: 0.5, seed: 3'));
    const { err } = await inProcess(['run', '-v', '--retries', '50', '--no-score'], { cwd });
    const done = [...err.matchAll(/^done: (\S+) \(/gm)].map(([, cell]) => cell!);
    expect(new Set(done).size).toBe(8);
    expect(err).toMatch(
      /^again (at once|in [^:]+): [ab]\/(one|two)\/[12]: attempt 1: overloaded \(5\d\d\): /m,
    );
    expect((await inProcess(['show', done[0]!], { cwd })).code).toBe(0);
  });

  it('events go to stdout with -, the table to stderr then, and not beside --json', async () => {
    const cwd = small();
    const { out, err } = await inProcess(['run', '--events', '-'], { cwd });
    const kinds = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect([kinds[0], kinds.at(-1)]).toEqual(['invocation-started', 'invocation-ended']);
    expect(err).toContain('8 tasks: 8 executed');
    for (const command of ['run', 'score']) {
      const both = await inProcess([command, '--events', '-', '--json'], { cwd });
      expect(both, command).toMatchObject({ code: 2, out: '' });
      expect(both.err).toContain('--events - and --json both write to stdout');
    }
  });
});

it.each([
  [['run', '-n']],
  [['run', '--dry-run', '--force', '--json']],
  [['score', '-n']],
  [['gc', '-n', '--yes']],
  [['fsck', '-n', '--repair']],
  [['init', '-n', 'elsewhere']],
])('a dry run writes nothing: %j', async (args) => {
  const cwd = small();
  await inProcess(['run'], { cwd });
  const before = filesBelow(cwd).map((name) => [name, readFileSync(path.join(cwd, name), 'utf8')]);
  expect((await inProcess(args, { cwd })).code).toBe(0);
  const isIndex = ([name]: readonly string[]): boolean => name!.includes('index.db');
  const after = filesBelow(cwd).map((name) => [name, readFileSync(path.join(cwd, name), 'utf8')]);
  expect(after.filter((one) => !isIndex(one))).toEqual(before.filter((one) => !isIndex(one)));
});

it('a dry run of run is the plan of the same command line', async () => {
  const cwd = small();
  const args = ['--variant', 'a', '--runs', '1', '--budget-usd', '5'];
  const [plan, run] = [
    await inProcess(['plan', ...args], { cwd }),
    await inProcess(['run', '-n', ...args], { cwd }),
  ];
  expect(run).toEqual(plan);
});

describe('a command line that cannot be read', () => {
  it.each([
    [['runn'], 'there is no command "runn"; did you mean expgraph run? (expgraph --help shows the commands)'],
    [['eval'], 'there is no command "eval"; did you mean expgraph run? (expgraph --help shows the commands)'],
    [['test'], 'there is no command "test"; did you mean expgraph run? (expgraph --help shows the commands)'],
    [
      ['viewer'],
      'there is no command "viewer"; did you mean expgraph view? (expgraph --help shows the commands)',
    ],
    [['zzz'], 'there is no command "zzz" (expgraph --help shows the commands)'],
    [
      ['langsmith', 'pusch'],
      'there is no command "pusch"; did you mean expgraph langsmith push? (expgraph langsmith --help shows the commands)',
    ],
    [
      ['run', '--variants', 'a'],
      'expgraph run has no option --variants; did you mean --variant? (expgraph run --help shows its options)',
    ],
    [
      ['run', '--budget', '5'],
      'expgraph run has no option --budget; did you mean --budget-usd? (expgraph run --help shows its options)',
    ],
    [
      ['run', '--budgetusd=5'],
      'expgraph run has no option --budgetusd=5; did you mean --budget-usd? (expgraph run --help shows its options)',
    ],
    [
      ['run', '--max-concurrency', '5'],
      'expgraph run has no option --max-concurrency; did you mean --concurrency? (expgraph run --help shows its options)',
    ],
    [
      ['run', '-k', 'a'],
      'expgraph run has no option -k; did you mean --scenario? (expgraph run --help shows its options)',
    ],
    [
      ['run', '--colour'],
      'expgraph run has no option --colour; did you mean --color? (expgraph run --help shows its options)',
    ],
    [
      ['plan', '--format', 'jsno'],
      "option '--format <format>' argument 'jsno' is invalid. Allowed choices are table, json, mermaid, dot; did you mean json? (expgraph plan --help shows its options)",
    ],
    [
      ['schema', 'recrod'],
      "command-argument value 'recrod' is invalid for argument 'name'. Allowed choices are experiment, scenario, record, event, review; did you mean record? (expgraph schema --help shows its options)",
    ],
    [
      ['run', 'baseline'],
      'expgraph run takes no arguments, and there is "baseline"; did you mean --variant baseline? (expgraph run --help shows its options)',
    ],
    [
      ['help', 'erors'],
      'expgraph has no command "erors", and there is no such topic; did you mean errors? Topics: errors, exit-codes, filters, manifest',
    ],
  ])('%j: one sentence with what was meant, and the way to help', async (args, words) => {
    const { code, out, err } = await inProcess(args, { cwd: small() });
    expect([code, out, err]).toEqual([2, '', `expgraph: ${words}\n`]);
  });
});
