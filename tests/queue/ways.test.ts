// Ways to a queue: encrypted, as a user with few rights, over a socket's cluster, and where Redis is full for a while.
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCountedModel } from '../rig/counted-model.ts';
import { startProgram } from '../rig/program.ts';
import { NO_REDIS, type RedisOptions, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { recordsByKey } from '../rig/small-experiment.ts';
import { writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';

const SECRET = 'open-sesame-71';

async function drawn(
  options: RedisOptions,
  way: (redis: RedisServer) => { readonly url: string; readonly env?: { readonly [name: string]: string } },
): Promise<{ readonly told: string; readonly redis: RedisServer; readonly folder: string }> {
  const redis = await startRedis(options);
  const model = await startCountedModel();
  onTestFinished(() => model[Symbol.asyncDispose]());
  const folder = tempFolder();
  writeSpread(folder, model.url, { scenarios: 5 });
  const { url, env = {} } = way(redis);
  const worker = startProgram(['worker', '--redis', url, '--idle', '2s'], {
    cwd: folder,
    env: { ...env, SPREAD_KEY: 'k' },
  });
  const run = await startProgram(['run', '--executor', 'queue', '--redis', url], { cwd: folder, env }).ended;
  expect(run.code, run.stderr).toBe(0);
  const ended = await worker.ended;
  expect(ended.code, ended.stderr).toBe(0);
  expect(recordsByKey(folder).size).toBe(10);
  return { told: run.stdout + run.stderr + ended.stdout + ended.stderr, redis, folder };
}

describe.skipIf(NO_REDIS)(`ways to a queue${WITH_REDIS}`, () => {
  it('encrypted', async () => {
    await drawn({ tls: true }, ({ url, ca }) => ({ url, env: { NODE_EXTRA_CA_CERTS: ca! } }));
  });

  it('as a user who may use the keys of queues and nothing dangerous; the password is nowhere', async () => {
    const users = [`worker on >${SECRET} ~expgraph:* &expgraph:* +@all -@dangerous +info`];
    const { told, folder } = await drawn({ users, password: 'of-default' }, (redis) => ({
      url: redis.urlFor('worker', SECRET),
    }));
    expect(told).not.toContain(SECRET);
    const kept = startProgram(['history', '--json'], { cwd: folder });
    expect((await kept.ended).stdout).not.toContain(SECRET);
    const { stdout } = await startProgram(['fsck'], { cwd: folder }).ended;
    expect(stdout).not.toContain(SECRET);
  });

  it('in a cluster: all keys have one tag', async () => {
    await drawn({ cluster: true, settings: ['cluster-announce-ip 127.0.0.1'] }, ({ url }) => ({ url }));
  });

  it('in a node of a cluster that none has met: it does not know its own address', async () => {
    await drawn({ cluster: true }, ({ url }) => ({ url }));
  });

  it('not in a cluster whose node says an address at which it does not answer', async () => {
    const redis = await startRedis({
      cluster: true,
      settings: ['cluster-announce-ip 127.0.0.1', 'cluster-announce-port 1'],
    });
    const folder = tempFolder();
    writeSpread(folder, 'http://127.0.0.1:9', { scenarios: 1 });
    const words = ['--redis', redis.url];
    const ends = [
      ['run', '--executor', 'queue'],
      ['worker', '--idle', '2s'],
    ].map((command) => startProgram([...command, ...words], { cwd: folder, env: { SPREAD_KEY: 'k' } }).ended);
    for (const { code, stderr } of await Promise.all(ends)) {
      expect(stderr).toMatch(/do not answer .* \(127\.0\.0\.1:1\): CONFIG SET cluster-announce-ip ADDRESS/);
      expect(code).not.toBe(0);
    }
  });

  it('where the queue is full for a while it is waited for', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const folder = tempFolder();
    writeSpread(folder, model.url, { scenarios: 20, concurrency: 4 });
    const env = { SPREAD_KEY: 'k' };
    startProgram(['worker', '--redis', redis.url, '--idle', '20s'], { cwd: folder, env });
    model.hold();
    const run = startProgram(['run', '--executor', 'queue', '--redis', redis.url], { cwd: folder });
    await expect.poll(() => model.inFlight()).toBe(4);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1mb');
    let told = '';
    run.child.stderr!.on('data', (text: string) => {
      told += text;
    });
    model.letGo();
    await expect.poll(() => told).toContain('is full');
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    expect(recordsByKey(folder).size).toBe(40);
    for (const [said, asked] of model.asked) expect(asked, said).toHaveLength(1);
  });
});
