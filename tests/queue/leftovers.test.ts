// Outcomes that lie in Redis when a run begins: each is asked for, is in a record already, is paid for and asked for by nobody, or is
// another run's to ask for.
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCountedModel } from '../rig/counted-model.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { startProgram } from '../rig/program.ts';
import { NO_REDIS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { recordsByKey } from '../rig/small-experiment.ts';
import { begun, startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';

const OUTCOMES = 'expgraph:{small-81db8ebb}:outcomes';

type Said = {
  readonly key: string;
  readonly scenario: string;
  readonly startedAt?: string;
  readonly text?: string;
};

/** As a worker delivers it. */
function delivered({
  key,
  scenario,
  startedAt = '2026-01-01T00:00:00.000Z',
  text = 'left',
}: Said): [string, string] {
  const id = `${key}.0.1`;
  const usage = {
    inputTokens: 7,
    outputTokens: 3,
    totalTokens: 10,
    cachedInputTokens: null,
    reasoningTokens: null,
  };
  const completion = {
    ...{ text, toolCalls: [], messages: [{ role: 'assistant', content: text }], finishReason: 'stop' },
    ...{ refusal: null, usage, servedModel: 'm', systemFingerprint: null },
  };
  const outcome = { kind: 'success', startedAt, durationMs: 5, requestId: null, limits: null, completion };
  const cell = { variant: 'v0', scenario, run: 1 };
  const body = { v: 1, id, key, cell, attempt: 1, model: 'm', isScore: false, worker: 'of-before', outcome };
  return [id, JSON.stringify(body)];
}

function scenarios(folder: string, count: number): void {
  const lines = Array.from({ length: count }, (_, i) => JSON.stringify({ id: `s${i}`, input: `say ${i}` }));
  writeFiles(folder, { 'scenarios.jsonl': `${lines.join('\n')}\n` });
}

const turns = (folder: string): readonly Record<string, unknown>[] =>
  filesBelow(`${folder}/artifacts/small/history`)
    .filter((name) => name.endsWith('attempts.jsonl'))
    .flatMap(
      (name) => jsonLines(`${folder}/artifacts/small/history/${name}`) as readonly Record<string, unknown>[],
    )
    .filter(({ type }) => type === 'turn');

/** Keys by scenario, of a run in a folder of its own. */
async function keysOf(url: string, count: number): Promise<ReadonlyMap<string, string>> {
  const folder = tempFolder();
  writeSpread(folder, url, { variants: 1, scenarios: count });
  await startProgram(['run'], { cwd: folder, env: { SPREAD_KEY: 'k' } }).ended;
  return new Map(
    [...recordsByKey(folder)].map(([key, [line]]) => [
      (JSON.parse(line!) as { scenario: string }).scenario,
      key,
    ]),
  );
}

describe.skipIf(NO_REDIS)(`what is left in Redis${WITH_REDIS}`, () => {
  it('answers who asks for it, is kept where nobody does, is kept once, and waits where another run may ask', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const keys = await keysOf(model.url, 4);
    const before = model.answered();
    const folder = tempFolder();
    writeSpread(folder, model.url, { variants: 1, scenarios: 1 });
    const worker = startWorker(folder, redis.url);
    onTestFinished(() => void worker.child.kill('SIGKILL'));
    await begun(worker);
    expect((await startCoordinator(folder, redis.url).ended).code).toBe(0);
    worker.child.kill('SIGINT');
    await worker.ended;
    expect(model.answered() - before).toBe(1);
    const [[line] = []] = recordsByKey(folder).values();
    const { attempts } = JSON.parse(line!) as { attempts: { started_at: string }[] };

    const gone = 'f'.repeat(64);
    const lying: readonly Said[] = [
      // Its run was killed between record and Redis.
      { key: keys.get('s0')!, scenario: 's0', startedAt: attempts[0]!.started_at },
      // Asked for by this run, by the next one, and by no manifest any more.
      { key: keys.get('s1')!, scenario: 's1', text: 'of one that was killed' },
      { key: keys.get('s2')!, scenario: 's2', text: 'of another scope' },
      { key: gone, scenario: 'gone', text: 'of what was edited' },
    ];
    for (const said of lying) await redis.ask('HSET', OUTCOMES, ...delivered(said));
    scenarios(folder, 4);
    const second = startWorker(folder, redis.url);
    onTestFinished(() => void second.child.kill('SIGKILL'));
    await begun(second);
    const narrow = await startCoordinator(folder, redis.url, ['--scenario', 's1', '--scenario', 's3']).ended;
    expect(narrow.code, narrow.stderr).toBe(0);
    expect(model.answered() - before).toBe(2);
    expect(textOf(folder, keys.get('s1')!)).toBe('of one that was killed');
    expect(await redis.ask('HKEYS', OUTCOMES)).toEqual([`${keys.get('s2')}.0.1`]);
    expect(turns(folder)).toMatchObject([{ key: gone, late: 'given-up', usage: { total_tokens: 10 } }]);

    const whole = await startCoordinator(folder, redis.url).ended;
    expect(whole.code, whole.stderr).toBe(0);
    expect(model.answered() - before).toBe(2);
    expect(textOf(folder, keys.get('s2')!)).toBe('of another scope');
    expect(await redis.ask('HLEN', OUTCOMES)).toBe(0);
    expect(turns(folder)).toHaveLength(1);
    const fsck = await startProgram(['fsck'], { cwd: folder }).ended;
    expect(fsck.code, fsck.stdout + fsck.stderr).toBe(0);
  });

  it('of a call that failed answers nobody: what was in its way may be gone, and the call is made', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const keys = await keysOf(model.url, 2);
    const before = model.answered();
    const folder = tempFolder();
    writeSpread(folder, model.url, { variants: 1, scenarios: 2 });
    for (const [scenario, key] of keys) {
      const [id, text] = delivered({ key, scenario });
      const failure = { kind: 'unauthorized', status: 401, message: 'wrong key', retryAfterMs: null };
      const { completion: _, ...timing } = JSON.parse(text).outcome;
      const outcome = { ...timing, kind: 'failure', failure };
      await redis.ask('HSET', OUTCOMES, id, JSON.stringify({ ...JSON.parse(text), outcome }));
    }
    const worker = startWorker(folder, redis.url);
    onTestFinished(() => void worker.child.kill('SIGKILL'));
    const { code, stderr } = await startCoordinator(folder, redis.url).ended;
    expect(code, stderr).toBe(0);
    worker.child.kill('SIGINT');
    await worker.ended;
    expect(model.answered() - before).toBe(2);
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });

  it('of orders above 100 kB, whose run was killed and is followed by another one, is nothing in the end', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const folder = tempFolder();
    writeSpread(folder, model.url, { variants: 1, scenarios: 0 });
    const lines = [0, 1, 2, 3].map((n) =>
      JSON.stringify({ id: `s${n}`, input: `say ${n} ${'x'.repeat(120_000)}` }),
    );
    writeFiles(folder, { 'scenarios.jsonl': `${lines.join('\n')}\n` });
    const worker = startWorker(folder, redis.url, ['--lock', '20s', '--concurrency', '2']);
    onTestFinished(() => void worker.child.kill('SIGKILL'));
    await begun(worker);
    model.hold();
    const killed = startCoordinator(folder, redis.url);
    await expect.poll(() => model.inFlight()).toBe(2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await redis.ask('KEYS', '*:long:*')).toHaveLength(4);
    model.letGo();
    const { code, stderr } = await startCoordinator(folder, redis.url).ended;
    expect(code, stderr).toBe(0);
    worker.child.kill('SIGINT');
    await worker.ended;
    expect(model.answered()).toBe(4);
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });
});

function textOf(folder: string, key: string): string | undefined {
  const [line] = recordsByKey(folder).get(key) ?? [];
  return line && (JSON.parse(line) as { output: { text: string } }).output.text;
}
