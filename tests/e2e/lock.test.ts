// The lock of a store while code of the user's runs in the process of the run.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../rig/files.ts';
import { holdersBelow, killHolders, LOOKS, lookingCode, writeLooking } from '../rig/hold.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';
import { program, type Started, startProgram } from '../rig/program.ts';
import { recordsByKey } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';

/** A run whose own code has done `look` and waits for its answers. */
async function held(
  server: ModelServer,
  at: { readonly look: string; readonly through?: readonly string[] },
): Promise<{ readonly cwd: string; readonly run: Started; readonly calls: readonly HeldRequest[] }> {
  const cwd = tempFolder();
  writeLooking(cwd, { server, look: at.look });
  const run = startProgram(['run', '--json'], { cwd, ...(at.through ? { through: at.through } : {}) });
  const calls = [await server.next(), await server.next(), await server.next()];
  return { cwd, run, calls };
}

const answer = (call: HeldRequest): void => call.answer({ text: 'yes' });

describe('a run with own code keeps its store to itself', () => {
  it.each(Object.entries(LOOKS))('though the code %s', async (_, look) => {
    await using server = await startModelServer();
    const { cwd, run, calls } = await held(server, { look });
    const second = await program(['run', '--json'], { cwd });
    expect([second.code, server.requests.length]).toEqual([4, 3]);
    expect(second.stderr).toContain(`in use by process ${run.child.pid} `);
    for (const call of calls) answer(call);
    const { code, stdout, stderr } = await run.ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('lock')]);
    expect(JSON.parse(stdout)).toMatchObject({ executed: 3, complete: true });
    expect((await program(['run'], { cwd })).code).toBe(0);
    expect(server.requests).toHaveLength(3);
  });

  it.each(['score', 'run', 'watch'])('when a scorer of it reads lock.db under %s', async (command) => {
    await using server = await startModelServer();
    const cwd = tempFolder();
    writeFiles(cwd, {
      'experiment.yaml':
        'version: 1\nname: small\nprovider: sim\nscenarios: [scenarios.jsonl]\nvariants: { plain: {} }\nscorers: [{ name: mine, use: ./mine.mjs }]\n',
      'scenarios.jsonl': '{"id":"a","input":"a"}\n',
      'mine.mjs': lookingCode(LOOKS['reads lock.db'], { url: server.url, as: 'scorer' }),
    });
    if (command === 'score') expect((await program(['run', '--no-score'], { cwd })).code).toBe(0);
    const first = startProgram(command === 'watch' ? ['watch', '--yes', '--json'] : [command], { cwd });
    const call = await server.next();
    for (const other of [['run'], ['score'], ['gc', '--yes'], ['reindex']]) {
      expect([other, (await program(other, { cwd })).code]).toEqual([other, 4]);
    }
    answer(call);
    if (command === 'watch') {
      first.child.kill('SIGINT');
      await first.ended;
    } else expect((await first.ended).code).toBe(0);
    expect((await program(['score'], { cwd })).code).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('while it is stopped, and frees it as it is killed', async () => {
    await using server = await startModelServer();
    const { cwd, run, calls } = await held(server, { look: LOOKS['reads lock.db'] });
    run.child.kill('SIGSTOP');
    expect((await program(['run'], { cwd })).code).toBe(4);
    run.child.kill('SIGCONT');
    expect((await program(['run'], { cwd })).code).toBe(4);
    run.child.kill('SIGKILL');
    await run.ended;
    // Asked once, at once, by commands of both kinds of lock.
    expect((await program(['reindex'], { cwd })).code).toBe(0);
    for (const call of calls) call.drop();
    const next = startProgram(['run', '--json'], { cwd });
    for (let i = 0; i < 3; i++) answer(await server.next());
    expect(JSON.parse((await next.ended).stdout)).toMatchObject({ executed: 3, complete: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'through a Ctrl-C of its terminal, until the calls in flight are kept',
    async () => {
      await using server = await startModelServer();
      const { cwd, run, calls } = await held(server, { look: LOOKS['reads lock.db'], through: ['setsid'] });
      const [holder] = holdersBelow(cwd);
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(holder!, signal);
      process.kill(-run.child.pid!, 'SIGINT');
      expect((await program(['run'], { cwd })).code).toBe(4);
      for (const call of calls) answer(call);
      expect((await run.ended).code).toBe(0);
      expect(recordsByKey(cwd).size).toBe(3);
      expect(holdersBelow(cwd)).toEqual([]);
    },
  );
});

describe('a run that loses its lock', () => {
  it.skipIf(process.platform !== 'linux')('stops as damaged before it writes anything more', async () => {
    await using server = await startModelServer();
    const { cwd, run, calls } = await held(server, { look: '' });
    await killHolders(cwd);
    const other = startProgram(['run', '--json'], { cwd });
    const theirs = [await server.next(), await server.next(), await server.next()];
    for (const call of calls) answer(call);
    const { code, stdout } = await run.ended;
    expect([code, JSON.parse(stdout)]).toEqual([
      4,
      expect.objectContaining({
        ...{ how: 'damaged', executed: 0 },
        why: expect.stringMatching(
          /^the lock of .*small is lost: process \d+, which held it for this run, ended/,
        ),
      }),
    ]);
    expect(recordsByKey(cwd).size).toBe(0);
    for (const call of theirs) answer(call);
    expect((await other.ended).code).toBe(0);
    expect([...recordsByKey(cwd).values()].map((lines) => lines.length)).toEqual([1, 1, 1]);
    expect((await program(['fsck'], { cwd })).code).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')(
    'while it judges says so, too, and keeps what was drawn',
    async () => {
      await using server = await startModelServer();
      const cwd = tempFolder();
      writeFiles(cwd, {
        'experiment.yaml':
          'version: 1\nname: small\nprovider: sim\nscenarios: [scenarios.jsonl]\nvariants: { plain: {} }\nscorers: [{ name: mine, use: ./mine.mjs }]\n',
        'scenarios.jsonl': '{"id":"a","input":"a"}\n',
        'mine.mjs': lookingCode('', { url: server.url, as: 'scorer' }),
      });
      const run = startProgram(['run', '--json'], { cwd });
      const call = await server.next();
      await killHolders(cwd);
      answer(call);
      const { code, stdout } = await run.ended;
      expect([code, JSON.parse(stdout)]).toMatchObject([
        4,
        { how: 'damaged', executed: 1, scores: { executed: 0 } },
      ]);
      expect(recordsByKey(cwd).size).toBe(1);
      expect((await program(['fsck'], { cwd })).code).toBe(0);
    },
  );

  it.each(['lock.db', ''])('because artifacts/small/%s was removed stops as damaged, too', async (name) => {
    await using server = await startModelServer();
    const { cwd, run, calls } = await held(server, { look: '' });
    rmSync(path.join(cwd, 'artifacts/small', name), { recursive: true });
    for (const call of calls) answer(call);
    const { code, stdout } = await run.ended;
    expect([code, JSON.parse(stdout).why]).toEqual([
      4,
      expect.stringMatching(/^the lock is lost: .*lock\.db was removed or replaced/),
    ]);
    expect(recordsByKey(cwd).size).toBe(0);
  });
});

it('starts no process for the lock where no code of the user’s runs', async () => {
  await using server = await startModelServer();
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1\nname: small\nprovider: mine\nmodel: m\nscenarios: [s.jsonl]\nvariants: { plain: {} }\nproviders: { mine: { type: openai, base_url: "${server.url}" } }\n`,
    's.jsonl': '{"id":"a","input":"a"}\n',
  });
  const run = startProgram(['run'], { cwd });
  const call = await server.next();
  expect(existsSync('/proc') ? holdersBelow(cwd) : []).toEqual([]);
  run.child.kill('SIGKILL');
  call.drop();
  await run.ended;
});
