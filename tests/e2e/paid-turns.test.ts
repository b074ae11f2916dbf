// What a tool loop has paid is recorded, counted and gone on from, however its run ends: the real program, a counting server.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import {
  LOOP_ENV,
  type LoopServer,
  loopManifest,
  startLoopServer,
  TURN_TOKENS,
  TURN_USD,
} from '../rig/loop-server.ts';
import type { Ended } from '../rig/program.ts';
import { pressAgain, startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const MAX_TURNS = 5;
const BROKE = { status: 402, body: { error: { message: 'Insufficient Balance' } } };

type Lab = {
  readonly folder: string;
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  readonly summary: (...args: readonly string[]) => Promise<RunSummary>;
  readonly records: () => readonly ScenarioResult[];
};

function lab(server: LoopServer, of: Partial<Parameters<typeof loopManifest>[0]> = {}): Lab {
  const folder = tempFolder();
  writeFiles(folder, loopManifest({ url: server.url, maxTurns: MAX_TURNS, scenarios: 3, ...of }));
  const run: Lab['run'] = (...args) => cli(args, { cwd: folder, env: LOOP_ENV });
  const history = path.join(folder, 'artifacts/small/history');
  return {
    folder,
    run,
    summary: async (...args) => JSON.parse((await run('run', '--json', ...args)).stdout) as RunSummary,
    records: () =>
      filesBelow(history)
        .filter((file) => file.endsWith('_run1.jsonl'))
        .flatMap((file) => jsonLines(path.join(history, file)) as unknown as ScenarioResult[])
        .filter(({ type }) => type === 'scenario_result'),
  };
}

const timesAsked = ({ asked }: Pick<LoopServer, 'asked'>): readonly number[] => {
  const counts = new Map<string, number>();
  for (const { of, turn } of asked) counts.set(`${of} ${turn}`, (counts.get(`${of} ${turn}`) ?? 0) + 1);
  return [...counts.values()];
};

describe('an account that is used up after three turns', () => {
  it.each([
    ['402', BROKE],
    ['401', { status: 401, body: { error: { message: 'no' } } }],
    ['403', { status: 403, body: { error: { message: 'no' } } }],
  ])(
    'leaves the turns recorded and counted (%s); the next run asks only for what is missing',
    async (_, refusal) => {
      await using server = await startLoopServer({ turns: MAX_TURNS });
      server.refuse = ({ turn }) => (turn === 4 ? refusal : null);
      const { summary, records, run } = lab(server);
      const first = await summary();
      const paid = server.given.length;
      expect(paid).toBeGreaterThanOrEqual(3);
      expect(first).toMatchObject({
        usage: { total_tokens: paid * TURN_TOKENS },
        cost_usd: Math.round(paid * TURN_USD * 1e7) / 1e7,
        complete: false,
      });
      const kept = records();
      expect(kept.reduce((sum, { turns }) => sum + (turns?.length ?? 0), 0)).toBe(paid);
      expect(kept[0]).toMatchObject({ status: 'failed', output: null });
      expect(kept[0]!.turns![0]).toMatchObject({
        tool_calls: [{ name: 'look' }],
        messages: [{ role: 'assistant' }, { role: 'tool', content: expect.stringContaining('seen') }],
      });
      expect((await run('show', `base/${kept[0]!.scenario}/1`)).stdout).toContain('  seen: look ');
      server.refuse = () => null;
      const second = await summary();
      expect(second).toMatchObject({
        complete: true,
        usage: { total_tokens: (3 * MAX_TURNS - paid) * TURN_TOKENS },
      });
      expect(server.given).toHaveLength(3 * MAX_TURNS);
      // Only what was refused was asked for again: once more in its run, if its account had answered others, and by the next.
      const [others, refused] = [false, true].map((isRefused) =>
        timesAsked({ asked: server.asked.filter(({ turn }) => (turn === 4) === isRefused) }),
      );
      expect(new Set(others)).toEqual(new Set([1]));
      expect(refused!.filter((times) => times > 3)).toEqual([]);
      const whole = records().filter(({ status }) => status === 'completed');
      expect(whole).toHaveLength(3);
      for (const record of whole) {
        expect(record.usage!.total_tokens).toBe(MAX_TURNS * TURN_TOKENS);
        expect(record.turns!.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
        const told = record.output!.messages.filter(({ role }) => role === 'tool');
        expect(told).toHaveLength(MAX_TURNS - 1);
      }
      expect((await run('fsck')).code).toBe(0);
    },
  );
});

it('a provider that does not come back leaves every paid turn in the history when the deadline ends the run', async () => {
  await using server = await startLoopServer({ turns: MAX_TURNS });
  server.refuse = ({ turn }) =>
    turn === 4 ? { status: 529, body: { error: { message: 'Overloaded' } } } : null;
  const { summary, records, run } = lab(server, { scenarios: 12 });
  const ended = await summary('--deadline', '4s');
  expect(ended).toMatchObject({
    how: 'deadline-reached',
    usage: { total_tokens: 36 * TURN_TOKENS },
    cost_usd: 0.072,
    failed: 12,
    missing: 0,
  });
  expect(records().map(({ turns }) => turns?.length)).toEqual(Array(12).fill(3));
  // What is left of a conversation is estimated, not the whole of it.
  server.refuse = () => null;
  const { scope, usage } = await summary('--scenario', 's0');
  expect([scope.tasks, usage?.total_tokens]).toEqual([1, 2 * TURN_TOKENS]);
  const plan = await run('plan', '--json');
  expect(JSON.parse(plan.stdout).estimate).toMatchObject({
    calls: 11,
    input_tokens: 11 * 2 * 1_000,
    output_tokens: 11 * 2 * 100,
  });
});

it('--force begins a conversation anew', async () => {
  await using server = await startLoopServer({ turns: MAX_TURNS });
  server.refuse = ({ turn }) => (turn === 3 ? BROKE : null);
  const { summary } = lab(server, { scenarios: 1 });
  await summary();
  server.refuse = () => null;
  const forced = await summary('--force');
  expect(forced.usage?.total_tokens).toBe(MAX_TURNS * TURN_TOKENS);
});

it('after a second Ctrl-C within a call what was answered is kept, and the cost is said to be at least that', async () => {
  await using server = await startLoopServer({ turns: MAX_TURNS });
  const { folder, records, summary } = lab(server, { scenarios: 1 });
  const { child, ended } = startCli(['run', '--json'], { cwd: folder, env: LOOP_ENV });
  server.refuse = ({ turn }) => {
    if (turn < 3) return null;
    child.kill('SIGINT');
    return 'never';
  };
  let said = '';
  const asked = new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      said += text;
      if (said.includes('leave at once')) resolve();
    });
  });
  await asked;
  const { code, stdout } = await pressAgain({ child, ended });
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({
    usage: { total_tokens: 2 * TURN_TOKENS },
    cost_usd: null,
    cost_usd_at_least: 2 * TURN_USD,
  });
  expect(records()).toMatchObject([
    {
      status: 'failed',
      cost_usd: null,
      attempts: [{ error: { kind: 'cancelled' } }],
      turns: [{ n: 1 }, { n: 2 }],
    },
  ]);
  server.refuse = () => null;
  expect((await summary()).usage?.total_tokens).toBe(3 * TURN_TOKENS);
});

it('after kill -9 the next command says what was paid, and the next run goes on', async () => {
  await using server = await startLoopServer({ turns: MAX_TURNS });
  const { folder, run, records } = lab(server, { scenarios: 2 });
  const { child, ended } = startCli(['run'], { cwd: folder, env: LOOP_ENV });
  let stuck = 0;
  server.refuse = ({ turn }) => {
    if (turn < 4) return null;
    if (++stuck === 2) child.kill('SIGKILL');
    return 'never';
  };
  expect((await ended).signal).toBe('SIGKILL');
  expect(records()).toEqual([]);
  const status = await run('status');
  expect(status.stderr).toContain('it has paid $0.0120 and 6,600 tokens for 6 answers');
  server.refuse = () => null;
  const second = await run('run', '--json');
  expect(second.stderr).toMatch(
    /note: invocation 0001-\S+ was killed; it has paid \$0\.0120 and 6,600 tokens/,
  );
  expect(JSON.parse(second.stdout)).toMatchObject({
    complete: true,
    usage: { total_tokens: 4 * TURN_TOKENS },
    cost_usd: 0.008,
  });
  expect(server.given).toHaveLength(2 * MAX_TURNS);
  for (const record of records()) {
    expect(record.turns!.map(({ invocation }) => invocation?.slice(0, 4) ?? null)).toEqual([
      ...['0001', '0001', '0001'],
      ...[null, null],
    ]);
    expect(record).toMatchObject({ cost_usd: 0.01, paid: { cost_usd: 0.004 } });
  }
  expect((await run('status')).stderr).toBe('');
});
