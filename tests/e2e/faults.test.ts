// A provider that fails, limits and leaves, as a user would meet it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const results = (folder: string): readonly Record<string, never>[] => {
  const history = path.join(folder, 'artifacts/tool-interface/history');
  return filesBelow(history)
    .filter((name) => /_run\d\.jsonl$/.test(name))
    .flatMap((name) => jsonLines(path.join(history, name)))
    .filter(({ type }) => type === 'scenario_result');
};

it('completes through 5 % 500s, 2 % dropped sockets and a bucket of 50 a second, paying for no answer twice', async () => {
  const folder = tempFolder();
  const { child, ended } = startCli(
    [
      'sim',
      '--port',
      '0',
      '--latency',
      '5',
      '--spread',
      '0',
      '--errors',
      '0.05',
      '--drops',
      '0.02',
      '--rate',
      '50',
      '--burst',
      '50',
      // With them the bucket is never hit: here it is to be.
      '--no-limit-headers',
    ],
    { cwd: folder },
  );
  const url = await new Promise<string>((resolve) => {
    child.stdout!.once('data', (text: string) => resolve(text.trim()));
  });
  await sample(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/^ {2}sim: \{ type: sim.*$/m, `  sim: { type: sim, base_url: "${url}" }`),
  );
  const { code, stdout } = await cli(['run', '--json', '--events', 'events.jsonl'], { cwd: folder });
  const summary = JSON.parse(stdout) as RunSummary;
  expect([code, summary.complete, summary.executed, summary.failed]).toEqual([0, true, 120, 0]);
  const records = results(folder);
  expect(new Set(records.map(({ key }) => key)).size).toBe(120);
  const stats = (await (await fetch(url.replace('/v1', '/sim/stats'))).json()) as {
    answered: number;
    requests: number;
  };
  expect(stats.answered).toBe(120);
  const attempts = records.flatMap(
    (record) => record.attempts as unknown as readonly { error: { kind: string } | null }[],
  );
  expect(attempts.length).toBe(summary.attempts);
  expect(stats.requests).toBe(summary.attempts);
  expect(new Set(attempts.map(({ error }) => error?.kind ?? 'none'))).toContain('rate-limited');
  const kinds = jsonLines(path.join(folder, 'events.jsonl')).map(({ kind }) => String(kind));
  expect(kinds.filter((kind) => kind === 'attempt-failed')).toHaveLength(summary.retries);
  expect(kinds).toContain('lane-cooled');
  child.kill('SIGTERM');
  await ended;
});

it('stops at once with one sentence when the key is missing or refused, and keeps nothing failed', async () => {
  const folder = tempFolder();
  await sample(folder);
  const server = await startModelServer();
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text
      .replace(/^provider: sim.*$/m, 'provider: mine')
      .replace(
        /^providers:$/m,
        `providers:\n  mine: { type: openai, base_url: "${server.url}", model: m, api_key_env: MY_KEY }`,
      ),
  );
  const unset = await cli(['run'], { cwd: folder });
  expect(unset.code).toBe(2);
  expect(unset.stdout + unset.stderr).toContain('MY_KEY');
  const refusing = (async () => {
    for (;;)
      (await server.next()).answer(
        { error: { message: 'Incorrect API key provided', type: 'invalid_request_error' } },
        { status: 401 },
      );
  })();
  refusing.catch(() => {});
  const refused = await cli(['run', '--json'], { cwd: folder, env: { MY_KEY: 'wrong-key-value' } });
  const summary = JSON.parse(refused.stdout) as RunSummary;
  expect([refused.code, summary.how, summary.executed, summary.missing]).toEqual([1, 'halted', 0, 120]);
  expect(summary.why).toMatch(/unauthorized \(401\)/);
  expect(server.requests.length).toBeLessThanOrEqual(32);
  expect(results(folder)).toEqual([]);
});

it('keeps what is in flight at the first Ctrl-C, exits 130 and goes on from there', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 150, latency_spread: 0');
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/concurrency: \d+/, 'concurrency: 8'),
  );
  const { child, ended } = startCli(['run', '--json', '--events', 'events.jsonl'], { cwd: folder });
  const events = path.join(folder, 'events.jsonl');
  for (let finished = 0; finished < 8; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const lines = filesBelow(folder).includes('events.jsonl') ? jsonLines(events) : [];
    finished = lines.filter(({ kind }) => kind === 'task-finished').length;
  }
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  const summary = JSON.parse(stdout) as RunSummary;
  expect([code, summary.how]).toEqual([130, 'interrupted']);
  expect(stderr).toMatch(/may finish and are kept/);
  const started = jsonLines(events).filter(({ kind }) => kind === 'attempt-started').length;
  expect(summary.executed).toBe(started);
  expect(summary.executed + summary.missing).toBe(120);
  const again = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout) as RunSummary;
  expect([again.executed, again.cached, again.complete]).toEqual([summary.missing, summary.executed, true]);
});

it('ends with exit 3 at the budget and says what is left', async () => {
  const folder = tempFolder();
  await sample(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('concurrency: 32', 'concurrency: 4').replace(/# budget_usd: .*/, 'budget_usd: 0.002'),
  );
  const { code, stdout } = await cli(['run', '--json'], { cwd: folder });
  const summary = JSON.parse(stdout) as RunSummary;
  expect([code, summary.how]).toEqual([3, 'budget-reached']);
  expect(summary.cost_usd).toBeLessThanOrEqual(0.0021);
  expect(summary.missing).toBe(120 - summary.executed);
  expect(summary.executed).toBeGreaterThan(0);
});

it('says before anything is asked that a budget holds not one call, and which number would do', async () => {
  const folder = tempFolder();
  await sample(folder);
  const file = path.join(folder, 'experiment.yaml');
  editFile(file, (text) => text.replace(/# budget_usd: .*/, 'budget_usd: 0.0005'));
  const planned = await cli(['plan', '--json'], { cwd: folder });
  const ran = await cli(['run', '--json'], { cwd: folder });
  const { how, executed, attempts, missing, why } = JSON.parse(ran.stdout) as RunSummary;
  expect([ran.code, how, executed, attempts, missing]).toEqual([3, 'budget-reached', 0, 0, 120]);
  expect(why).toMatch(/^budget of \$0\.0005 holds not one call of \w+, which may cost up to \$0\.0\d+: set /);
  expect(JSON.parse(planned.stdout).budget.note).toContain(why!.replace(/: 120 tasks are left$/, ''));
  const enough = /budget_usd to \$([0-9.]+) at least/.exec(why!)![1]!;
  editFile(file, (text) => text.replace('budget_usd: 0.0005', `budget_usd: ${enough}`));
  const again = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout) as RunSummary;
  expect(again.executed).toBeGreaterThan(0);
});

it('lets a second invocation wait for nobody: it is told who runs and exits 4', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 400, latency_spread: 0');
  const first = startCli(['run', '--events', 'events.jsonl'], { cwd: folder });
  while (!filesBelow(folder).includes('events.jsonl'))
    await new Promise((resolve) => setTimeout(resolve, 10));
  const second = await cli(['run'], { cwd: folder });
  expect(second.code).toBe(4);
  expect(second.stderr).toContain(`in use by process ${first.child.pid}`);
  const reading = await cli(['status', '--json'], { cwd: folder });
  expect(reading.code).toBe(1);
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await cli(['run', '--json'], { cwd: folder })).code).toBe(0);
});

it('writes no key or token of the environment into any file or output', async () => {
  const folder = tempFolder();
  const canaries = {
    MY_KEY: 'canary-api-key-0123456789',
    LANGSMITH_API_KEY: 'canary-langsmith-0123456789',
    GATEWAY_TOKEN: 'canary-gateway-0123456789',
  };
  await sample(folder);
  const server = await startModelServer();
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text
      .replace(/^provider: sim.*$/m, 'provider: mine')
      .replace(
        /^providers:$/m,
        `providers:\n  mine: { type: openai, base_url: "${server.url}", model: m, api_key_env: MY_KEY, headers: { x-gateway: "\${GATEWAY_TOKEN}" } }`,
      ),
  );
  let echoed = 0;
  const echoing = (async () => {
    for (;;) {
      const request = await server.next();
      const all = `${JSON.stringify(request.headers)} ${Object.values(canaries).join(' ')}`;
      echoed += String(request.headers.authorization).includes(canaries.MY_KEY) ? 1 : 0;
      if (echoed % 3 === 0)
        request.answer({ error: { message: `bad: ${all}`, type: 'server_error' } }, { status: 500 });
      else {
        request.answer({
          id: 'c1',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [
            {
              index: 0,
              finish_reason: 'tool_calls',
              message: {
                role: 'assistant',
                content: `I saw ${all}`,
                tool_calls: [
                  {
                    id: 't',
                    type: 'function',
                    function: { name: 'leak', arguments: JSON.stringify({ all }) },
                  },
                ],
              },
            },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        });
      }
    }
  })();
  echoing.catch(() => {});
  const options = { cwd: folder, env: canaries };
  const outputs = [
    await cli(['run', '--scenario', 'sanity:*', '--events', 'events.jsonl'], options),
    await cli(['run', '--json', '--scenario', 'sanity:*', '--force', '--runs', '1'], options),
    await cli(['history', '--json'], options),
    await cli(['show', 'baseline/sanity:*/1'], options),
    await cli(['plan', '--explain'], options),
    await cli(['doctor'], options),
  ];
  expect(echoed).toBeGreaterThan(18);
  const everything = [
    ...outputs.map(({ stdout, stderr }) => stdout + stderr),
    ...filesBelow(folder).map((file) => readFileSync(path.join(folder, file), 'latin1')),
  ].join('\n');
  for (const canary of Object.values(canaries)) expect(everything.includes(canary)).toBe(false);
  expect(everything).toContain('[redacted:');
});

it('finishes and keeps everything when nobody listens to it any more', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 50');
  const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder });
  child.stderr!.destroy();
  expect((await ended).code).toBe(0);
  const again = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout) as RunSummary;
  expect([again.executed, again.cached]).toEqual([0, 120]);
});

it('lets fsck and the reading commands work while a run is going on', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 300, latency_spread: 0');
  const { ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder });
  let finished = 0;
  while (finished < 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const lines = filesBelow(folder).includes('events.jsonl')
      ? jsonLines(path.join(folder, 'events.jsonl'))
      : [];
    finished = lines.filter(({ kind }) => kind === 'task-finished').length;
  }
  const codes = [];
  for (const args of [['fsck'], ['plan'], ['history'], ['diff', '1'], ['fsck']]) {
    codes.push([args[0], (await cli(args, { cwd: folder })).code]);
  }
  expect(codes).toEqual([
    ['fsck', 0],
    ['plan', 0],
    ['history', 0],
    ['diff', 0],
    ['fsck', 0],
  ]);
  expect((await ended).code).toBe(0);
});
