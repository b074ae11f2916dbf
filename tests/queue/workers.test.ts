// Workers that freeze, are asked to end, have other code or no key, and what goes over them beside calls of a model.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { findQueuePackages, openLinks } from '../../src/queue/bullmq.ts';
import { queueNames } from '../../src/queue/names.ts';
import { readRedisUrl } from '../../src/queue/redis-url.ts';
import { cli } from '../rig/cli.ts';
import { type CountedModel, startCountedModel } from '../rig/counted-model.ts';
import { editFile, filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { type Started, startProgram } from '../rig/program.ts';
import { NO_REDIS, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { eventLines, recordsByKey } from '../rig/small-experiment.ts';
import { begun, startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { pressAgain } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const PREFIX = queueNames('small').prefix;

const started: Started[] = [];

function mine(one: Started): Started {
  started.push(one);
  onTestFinished(() => void one.child.kill('SIGKILL'));
  return one;
}

async function place(
  scenarios: number,
  more: readonly string[] = [],
): Promise<{
  readonly redis: RedisServer;
  readonly model: CountedModel;
  readonly folder: string;
}> {
  const redis = await startRedis();
  const model = await startCountedModel();
  onTestFinished(() => model[Symbol.asyncDispose]());
  const folder = tempFolder();
  writeSpread(folder, model.url, { variants: 1, scenarios, concurrency: 8, more });
  return { redis, model, folder };
}

async function workerFor(folder: string, redis: RedisServer, more: readonly string[] = []): Promise<Started> {
  const one = mine(startWorker(folder, redis.url, more));
  await begun(one);
  return one;
}

const once = (folder: string, tasks: number): void => {
  const records = recordsByKey(folder);
  expect(records.size).toBe(tasks);
  for (const lines of records.values()) expect(lines).toHaveLength(1);
};

describe.skipIf(NO_REDIS)(`workers of a queue${WITH_REDIS}`, () => {
  it('one that freezes past its lock and wakes: its answers are taken, or kept beside the record, and each record is there once', async () => {
    const { redis, model, folder } = await place(4);
    const frozen = await workerFor(folder, redis);
    model.hold();
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(4);
    frozen.child.kill('SIGSTOP');
    const other = await workerFor(folder, redis);
    // The second attempt of each is begun: the first ones were taken for lost.
    await expect.poll(() => [...model.asked.values()].every((asked) => asked.length === 2)).toBe(true);
    model.letGo();
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    once(folder, 4);
    frozen.child.kill('SIGCONT');
    await expect.poll(() => redis.ask('HLEN', 'expgraph:{small-81db8ebb}:surplus')).toBe(4);
    // The next run finds them. Nobody asks for them: they are paid for, and stand beside the records.
    writeFiles(folder, {
      'scenarios.jsonl': [0, 1, 2, 3, 4].map((i) => `{"id":"s${i}","input":"say ${i}"}`).join('\n'),
    });
    for (const one of [frozen, other]) {
      one.child.kill('SIGINT');
      await one.ended;
    }
    await workerFor(folder, redis);
    const next = await mine(startCoordinator(folder, redis.url)).ended;
    expect(next.code, next.stderr).toBe(0);
    once(folder, 5);
    expect(await redis.ask('HLEN', 'expgraph:{small-81db8ebb}:surplus')).toBe(0);
    const late = lateTurns(folder);
    expect(late).toHaveLength(4);
    expect([...model.asked.values()].map((asked) => asked.length).sort()).toEqual([1, 2, 2, 2, 2]);
  });

  it('one whose Redis is gone for good ends when it is asked to, or has had nothing to do', async () => {
    const { redis, folder } = await place(2);
    const asked = await workerFor(folder, redis);
    const idle = await workerFor(folder, redis, ['--idle', '2s']);
    await redis.stop();
    asked.child.kill('SIGINT');
    const ended = await Promise.all([asked.ended, idle.ended]);
    expect(ended.map(({ code, signal }) => [code, signal])).toEqual([
      [130, null],
      [0, null],
    ]);
  });

  it('one that has a conversation whose run was killed goes on with nobody: it ends when it is asked to, or has had nothing to do, and its turns are gone on from', async () => {
    const { redis, folder, open, answer } = await talks(['one', 'two']);
    const asked = await workerFor(folder, redis, ['--concurrency', '1']);
    const idle = await workerFor(folder, redis, ['--concurrency', '1', '--idle', '4s']);
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => open.length).toBe(2);
    run.child.kill('SIGKILL');
    await run.ended;
    for (const response of open) answer(response, CALLS);
    await expect.poll(() => redis.ask('LLEN', `${PREFIX}:news`)).toBeGreaterThan(3);
    asked.child.kill('SIGINT');
    const ended = await Promise.all([asked.ended, idle.ended]);
    expect(ended.map(({ code, signal }) => [code, signal])).toEqual([
      [130, null],
      [0, null],
    ]);
    // The next turn was begun by nobody, and the first one is not made again.
    expect(open).toHaveLength(2);
    await workerFor(folder, redis);
    const next = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => open.length).toBe(4);
    for (const response of open.slice(2)) answer(response, SAID);
    const { code, stderr } = await next.ended;
    expect(code, stderr).toBe(0);
    expect(open).toHaveLength(4);
    once(folder, 2);
    for (const [line] of recordsByKey(folder).values())
      expect(JSON.parse(line!)).toMatchObject({
        usage: { input_tokens: 18 },
        attempts: [
          { error: { kind: 'worker-lost', message: 'its worker was ended between two of its turns' } },
          { error: null },
        ],
      });
  });

  it('one that is left at once in a conversation: another one goes on from its last turn', async () => {
    const { redis, folder, open, answer } = await talks(['one']);
    const left = await workerFor(folder, redis);
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => open.length).toBe(1);
    answer(open[0]!, CALLS);
    await expect.poll(() => open.length).toBe(2);
    left.child.kill('SIGINT');
    expect((await pressAgain(left)).code).toBe(130);
    await workerFor(folder, redis);
    await expect.poll(() => open.length).toBe(3);
    answer(open[2]!, SAID);
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    once(folder, 1);
    const [[line] = []] = recordsByKey(folder).values();
    expect(JSON.parse(line!)).toMatchObject({ status: 'completed', usage: { input_tokens: 18 } });
  });

  it('a run whose Redis is gone for good, and of which nothing is begun, ends when it is asked to', async () => {
    const { redis, folder } = await place(2);
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => redis.ask('KEYS', '*:wait')).toHaveLength(1);
    await redis.stop();
    run.child.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect([code, (JSON.parse(stdout) as { executed: number }).executed]).toEqual([130, 0]);
  });

  it('one that is asked to end does what it has begun, and another one does the rest', async () => {
    const { redis, model, folder } = await place(12);
    const first = await workerFor(folder, redis, ['--concurrency', '4']);
    model.hold();
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(4);
    first.child.kill('SIGINT');
    await workerFor(folder, redis, ['--concurrency', '2']);
    await expect.poll(() => model.inFlight()).toBe(6);
    model.letGo();
    const ended = await first.ended;
    expect([ended.code, /(\d+) orders? done/.exec(ended.stderr)?.[1]]).toEqual([130, '4']);
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    once(folder, 12);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
  });

  it('a run that is asked to end waits for what is begun, takes back the rest, and goes on later', async () => {
    const { redis, model, folder } = await place(12);
    await workerFor(folder, redis, ['--concurrency', '3']);
    model.hold();
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(3);
    run.child.kill('SIGINT');
    await expect.poll(() => redis.ask('LLEN', 'expgraph:{small-81db8ebb}:orders.sim:wait')).toBe(0);
    model.letGo();
    expect((await run.ended).code).toBe(130);
    once(folder, 3);
    const next = await mine(startCoordinator(folder, redis.url)).ended;
    expect(next.code, next.stderr).toBe(0);
    once(folder, 12);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
  });

  it('a run that is left at once leaves its workers at it: the next one takes what they made', async () => {
    const { redis, model, folder } = await place(6);
    await workerFor(folder, redis);
    model.hold();
    const left = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(6);
    left.child.kill('SIGINT');
    const { code } = await pressAgain(left);
    expect(code).toBe(130);
    const status = async (): Promise<unknown> => {
      const asked = startProgram(['queue', 'status', '--redis', redis.url, '--json'], { cwd: folder });
      return JSON.parse((await mine(asked).ended).stdout);
    };
    // A worker says what it does every two seconds.
    await expect.poll(status).toMatchObject({
      experiment: 'small',
      coordinator: null,
      workers: [{ busy: 6, is_silent: false }],
      queues: [{ provider: 'sim', waiting: 0, active: 6, stalled: 0 }],
    });
    model.letGo();
    const next = await mine(startCoordinator(folder, redis.url)).ended;
    expect(next.code, next.stderr).toBe(0);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
  });

  it('a coordinator that is killed is followed by one that takes what is under way', async () => {
    const { redis, model, folder } = await place(6);
    await workerFor(folder, redis);
    model.hold();
    const killed = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(6);
    killed.child.kill('SIGKILL');
    await killed.ended;
    model.letGo();
    const next = await mine(startCoordinator(folder, redis.url)).ended;
    expect(next.code, next.stderr).toBe(0);
    once(folder, 6);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
  });

  it('own code whose run was killed between two of its calls: the next run pays for the call that it counts, and the one of before stays with its run', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const folder = tempFolder();
    const { 'experiment.yaml': manifest, ...files } = KINDS(model.url);
    writeFiles(folder, {
      ...files,
      'experiment.yaml': manifest!
        .replace(/variants:.*execution/s, 'variants: { own: { use: ./own.mjs } }\nexecution')
        .replace('api_key_env: SPREAD_KEY', '$&, pricing: { m: { input: 1000, output: 1000 } }'),
      'scenarios.jsonl': '{"id":"one","input":"say it"}\n',
    });
    await workerFor(folder, redis);
    model.hold();
    const killed = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(1);
    model.letGo();
    model.hold();
    // Before its second call the first one is in the log.
    await expect.poll(() => model.asked.size).toBe(2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    model.letGo();
    const next = await mine(startCoordinator(folder, redis.url)).ended;
    expect(next.code, next.stderr).toBe(0);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
    expect(JSON.parse(next.stdout)).toMatchObject({ cost_usd: 0.01, usage: { total_tokens: 10 } });
    const [[line] = []] = recordsByKey(folder).values();
    expect(JSON.parse(line!)).toMatchObject({ cost_usd: 0.02, paid: { cost_usd: 0.01 } });
  });

  it('a second coordinator, in another checkout, is refused and told who has it, or waits', async () => {
    const { redis, model, folder } = await place(2);
    const other = tempFolder();
    writeSpread(other, model.url, { variants: 1, scenarios: 2, concurrency: 8 });
    await workerFor(folder, redis);
    model.hold();
    const first = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(2);
    const second = await mine(startCoordinator(other, redis.url)).ended;
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    const waits = mine(startCoordinator(other, redis.url, ['--wait']));
    let told = '';
    waits.child.stderr!.on('data', (text: string) => {
      told += text;
    });
    await expect.poll(() => told).toContain('waiting for');
    model.letGo();
    expect((await first.ended).code).toBe(0);
    const { code, stderr } = await waits.ended;
    expect(code, stderr).toBe(0);
  });

  it('a coordinator of another machine that is gone is followed when its hold is over, and orders that nobody takes are told of', async () => {
    const { redis, folder } = await place(2);
    const gone = { host: 'elsewhere', pid: 1, since: new Date().toISOString(), token: 'gone' };
    await redis.ask('SET', 'expgraph:{small-81db8ebb}:coordinator', JSON.stringify(gone), 'PX', 3_000);
    const run = mine(startCoordinator(folder, redis.url));
    let told = '';
    run.child.stderr!.on('data', (text: string) => {
      told += text;
    });
    await expect.poll(() => told).toContain('no worker takes orders of sim');
    await workerFor(folder, redis);
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    once(folder, 2);
  });

  it('a coordinator whose place was taken while it was cut off begins nothing more, says so, and leaves the other one alone', async () => {
    const { redis, model, folder } = await place(2);
    await workerFor(folder, redis);
    model.hold();
    const run = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => model.inFlight()).toBe(2);
    const other = JSON.stringify({ host: 'elsewhere', pid: 1, since: 'now', token: 'other' });
    await redis.ask('SET', 'expgraph:{small-81db8ebb}:coordinator', other);
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('another run coordinates this queue now');
    expect(await redis.ask('GET', 'expgraph:{small-81db8ebb}:coordinator')).toBe(other);
    // What workers must have is the other one's to take away.
    expect(await redis.ask('EXISTS', 'expgraph:{small-81db8ebb}:meta')).toBe(1);
  });

  it('one whose program is edited while it works: its answers are kept, and satisfy nothing', async () => {
    const redis = await startRedis();
    const [folder, work] = [tempFolder(), tempFolder()];
    const files = {
      'experiment.yaml':
        'version: 1\nname: small\nruns: 1\nscenarios: [s.jsonl]\nvariants: { own: { provider: none, command: [node, program.mjs] } }\nexecution: { retries: 0 }\n',
      's.jsonl': '{"id":"one","input":"say it"}\n',
      'program.mjs': 'console.log(JSON.stringify({ text: "as planned" }));\n',
    };
    for (const one of [folder, work]) writeFiles(one, files);
    await workerFor(work, redis);
    writeFiles(work, { 'program.mjs': 'console.log(JSON.stringify({ text: "edited" }));\n' });
    const { code } = await mine(startCoordinator(folder, redis.url)).ended;
    expect(code).toBe(1);
    const [[line] = []] = recordsByKey(folder).values();
    const record = JSON.parse(line!) as {
      status: string;
      attempts: { error: { kind: string; message: string } | null }[];
    };
    expect(record.status).toBe('failed');
    expect(record.attempts.at(-1)?.error).toMatchObject({ kind: 'inputs-changed' });
    expect(record.attempts.at(-1)?.error?.message).toContain('program.mjs');
  });

  it('one whose files differ takes nothing, and says which', async () => {
    const { redis, model, folder } = await place(2);
    const other = tempFolder();
    writeSpread(other, model.url, { variants: 1, scenarios: 2 });
    editFile(path.join(other, 'experiment.yaml'), (text) => text.replace('be 0', 'be another'));
    const run = mine(startCoordinator(folder, redis.url));
    const refused = await mine(startWorker(other, redis.url)).ended;
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('variant v0');
    expect(model.asked.size).toBe(0);
    await workerFor(folder, redis);
    expect((await run.ended).code).toBe(0);
  });

  it('one that begins when a run was killed and its manifest edited since waits for the next run, and does that', async () => {
    const { redis, model, folder } = await place(2);
    const killed = mine(startCoordinator(folder, redis.url));
    await expect.poll(() => redis.ask('LLEN', `${PREFIX}:orders.sim:wait`)).toBe(2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('be 0', 'be another'));
    const worker = await workerFor(folder, redis);
    // It has an order of before in its hands.
    await expect.poll(() => redis.ask('LLEN', `${PREFIX}:orders.sim:wait`)).toBeLessThan(2);
    const { code, stderr } = await mine(startCoordinator(folder, redis.url)).ended;
    expect(code, stderr).toBe(0);
    once(folder, 2);
    expect([...model.asked.keys()].filter((said) => !said.includes('be another'))).toEqual([]);
    worker.child.kill('SIGINT');
    expect((await worker.ended).code).toBe(130);
  });

  it('one that is given an order of another plan gives it up, and does those of the run', async () => {
    const { redis, folder } = await place(4);
    const worker = await workerFor(folder, redis);
    const packages = findQueuePackages(folder);
    const target = readRedisUrl(redis.url);
    if (packages.kind === 'err' || target.kind === 'err') throw new Error('no packages');
    await using link = await openLinks(packages.value)({
      ...{ target: target.value, prefix: PREFIX },
      onTrouble: () => {},
    });
    const id = `${'a'.repeat(64)}.0.1`;
    await link.add('orders.sim', [{ id, data: '{"v":1,"needs":"of another","isGated":false,"order":{}}' }]);
    const run = mine(startCoordinator(folder, redis.url, ['--scenario', 's0']));
    expect((await run.ended).code).toBe(0);
    await expect.poll(() => redis.ask('EXISTS', `${PREFIX}:orders.sim:${id}`)).toBe(0);
    expect((await mine(startCoordinator(folder, redis.url)).ended).code).toBe(0);
    once(folder, 4);
    worker.child.kill('SIGINT');
    expect((await worker.ended).code).toBe(130);
  });

  it('one without the key takes nothing, and says which variable it wants', async () => {
    const { redis, folder } = await place(1);
    const { code, stderr } = await mine(startProgram(['worker', '--redis', redis.url], { cwd: folder }))
      .ended;
    expect(code).toBe(2);
    expect(stderr).toContain('SPREAD_KEY');
  });

  it.each([
    ['no key', {}, 'set SPREAD_KEY: it is the key of this provider, and it is empty'],
    [
      'what is none',
      { SPREAD_KEY: 'two words' },
      'set SPREAD_KEY again: it holds characters that no key has',
    ],
  ])(
    'one whose own code asks with %s ends and says so, and another one does its orders',
    async (_, env, why) => {
      const redis = await startRedis();
      const model = await startCountedModel();
      onTestFinished(() => model[Symbol.asyncDispose]());
      const folder = tempFolder();
      const { 'experiment.yaml': manifest, ...files } = KINDS(model.url);
      const alone = manifest!.replace(
        /variants:.*execution/s,
        'variants: { own: { use: ./own.mjs } }\nexecution',
      );
      writeFiles(folder, { ...files, 'experiment.yaml': alone });
      const keyless = mine(startProgram(['worker', '--redis', redis.url], { cwd: folder, env }));
      await begun(keyless);
      const run = mine(startCoordinator(folder, redis.url));
      const ended = await keyless.ended;
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(`takes nothing: ${why}`)]);
      await workerFor(folder, redis);
      const { code, stderr } = await run.ended;
      expect(code, stderr).toBe(0);
      once(folder, 2);
    },
  );

  it.each([
    ['variant program', 'variants: { program: { command: [no-such-program] } }'],
    ['scorer asks', 'scorers: [{ name: asks, command: [no-such-program] }]'],
  ])('one without a program takes nothing, and says which it wants: %s', async (who, line) => {
    const redis = await startRedis();
    const folder = tempFolder();
    writeFiles(folder, ONE_PROGRAM(line));
    const { code, stderr } = await mine(startWorker(folder, redis.url)).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`${who} starts "no-such-program", which is not here`);
  });

  it('one takes orders where a program that is not there is of a provider that it does not take, or is started by the run', async () => {
    const redis = await startRedis();
    const folder = tempFolder();
    const other = 'variants: { a: { command: [no-such-program] }, b: { provider: other } }';
    writeFiles(folder, ONE_PROGRAM(other));
    await expect(takes(mine(startWorker(folder, redis.url, ['--provider', 'other'])))).resolves.toBe(true);
    writeFiles(folder, ONE_PROGRAM('variants: { a: { command: [no-such-program], proxy: true } }'));
    await expect(takes(mine(startWorker(folder, redis.url)))).resolves.toBe(true);
  });

  it('own code, programs, tool loops, judges and orders above 100 kB go over workers, and say what a local run says', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const [local, spread] = [tempFolder(), tempFolder()];
    for (const folder of [local, spread]) writeFiles(folder, KINDS(model.url));
    const env = { SPREAD_KEY: 'of-workers-alone' };
    const here = await cli(['run'], { cwd: local, env });
    expect(here.code, here.stderr).toBe(0);
    await workerFor(spread, redis);
    const { code, stderr } = await mine(startCoordinator(spread, redis.url)).ended;
    expect(code, stderr).toBe(0);
    expect(answers(spread)).toEqual(answers(local));
    expect(answers(spread).length).toBe(8);
    expect(verdicts(spread)).toEqual(verdicts(local));
    expect(verdicts(spread).length).toBe(12);
    const again = startProgram(['score', '--force', '--executor', 'queue', '--redis', redis.url, '--json'], {
      cwd: spread,
    });
    const judged = await mine(again).ended;
    expect(judged.code, judged.stderr).toBe(0);
    expect(verdicts(spread).length).toBe(24);
    expect(
      eventLines(path.join(spread, 'events.jsonl')).filter(({ kind }) => kind === 'score-finished').length,
    ).toBe(verdicts(local).length);
  });
});

/** A tool loop of a model whose answers the test gives. */
async function talks(scenarios: readonly string[]): Promise<{
  readonly redis: RedisServer;
  readonly folder: string;
  /** Questions in their order, as they may be answered. */
  readonly open: readonly ServerResponse[];
  readonly answer: (to: ServerResponse, message: JsonObject) => void;
}> {
  const redis = await startRedis();
  const open: ServerResponse[] = [];
  const model = createServer((request, response) => {
    request.resume().on('end', () => open.push(response));
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void model.closeAllConnections());
  onTestFinished(() => void model.close());
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
model: m
scenarios: [s.jsonl]
providers: { sim: { type: openai, base_url: "http://127.0.0.1:${(model.address() as AddressInfo).port}/v1", api_key_env: SPREAD_KEY } }
provider: sim
variants:
  talks: { max_turns: 3, tools: [{ name: look_up, parameters: { type: object }, result: found }] }
`,
    's.jsonl': scenarios.map((id) => `${JSON.stringify({ id, input: `say ${id}` })}\n`).join(''),
  });
  const answer = (to: ServerResponse, message: JsonObject): void => {
    const finish_reason = message === CALLS ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
    to.setHeader('content-type', 'application/json').end(
      JSON.stringify({ choices: [{ index: 0, message, finish_reason }], usage }),
    );
  };
  return { redis, folder, open, answer };
}

const CALLS: JsonObject = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
};

const SAID: JsonObject = { role: 'assistant', content: 'that is it' };

const SMALL = `
version: 1
name: small
runs: 1
model: m
provider: sim
scenarios: [scenarios.jsonl]`;

const ONE_PROGRAM = (line: string): { readonly [file: string]: string } => ({
  'experiment.yaml': `${SMALL}
providers: { sim: { type: sim }, other: { type: sim } }
${line.startsWith('variants') ? '' : 'variants: { call: {} }'}
${line}
`,
  'scenarios.jsonl': '{"id":"one","input":"say it"}\n',
});

async function takes(worker: Started): Promise<boolean> {
  await begun(worker);
  return worker.child.exitCode === null;
}

const KINDS = (url: string): { readonly [file: string]: string } => ({
  'experiment.yaml': `${SMALL}
providers:
  sim: { type: openai, base_url: "${url}", api_key_env: SPREAD_KEY }
variants:
  call: {}
  loop: { max_turns: 3, tools: [{ name: look_up, parameters: { type: object }, result: found }] }
  own: { use: ./own.mjs }
  program: { command: [node, program.mjs] }
scorers:
  - { name: judge, judge: { model: m, rubric: "Is it right?"} }
  - { name: coded, use: ./score.mjs }
execution: { concurrency: 4 }
`,
  'scenarios.jsonl': [
    { id: 'short', input: 'say it' },
    { id: 'long', input: `say ${'it '.repeat(50_000)}` },
  ]
    .map((one) => JSON.stringify(one))
    .join('\n'),
  'own.mjs': `export default { async run({ client, model, messages }) {
    const first = await client.chat.completions.create({ model, messages });
    const second = await client.chat.completions.create({ model, messages: [{ role: 'user', content: first.choices[0].message.content }] });
    return second.choices[0].message.content;
  } };`,
  'program.mjs': `let all = ''; for await (const piece of process.stdin) all += piece; console.log(JSON.stringify({ text: 'read ' + all.length }));`,
  'score.mjs': 'export default { score: ({ output }) => ({ score: output.text.length > 4 ? 1 : 0 }) };',
});

function answers(folder: string): readonly string[] {
  return [...recordsByKey(folder)]
    .map(([key, [line]]) => {
      const { status, output } = JSON.parse(line!) as { status: string; output: { text: string } | null };
      return `${key} ${status} ${output?.text}`;
    })
    .sort();
}

function verdicts(folder: string): readonly string[] {
  return scoreLines(folder)
    .map((line) => `${line.key} ${line.status} ${JSON.stringify(line.score ?? null)}`)
    .sort();
}

function scoreLines(folder: string): readonly Record<string, unknown>[] {
  return linesBelow(folder).filter(({ type }) => type === 'score_result' || type === 'score');
}

function lateTurns(folder: string): readonly Record<string, unknown>[] {
  return linesBelow(folder).filter(({ type, late }) => type === 'turn' && late === 'given-up');
}

function linesBelow(folder: string): readonly Record<string, unknown>[] {
  const history = path.join(folder, 'artifacts/small');
  return filesBelow(history)
    .filter((name) => /^(?:history|scores\/history)\/.*\.jsonl$/.test(name))
    .flatMap((name) => jsonLines(path.join(history, name)) as readonly Record<string, unknown>[]);
}
