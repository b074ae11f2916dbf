// Many starts on one folder, and holders of the lock that stand still or die. The model is held by the row: while it does
// not answer, the holder holds.
import assert from 'node:assert/strict';
import path from 'node:path';
import { openStore } from '../../src/cache/files.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { LOOKS, writeLooking } from '../rig/hold.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { type Ended, program, type Started, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, recordsByKey, writeExperiment } from '../rig/small-experiment.ts';

const AT_ONCE = 20;
const TASKS = 8;

export const row: Row = {
  name: 'two-starts',
  how: '20 starts at once on one folder; then the holder of the lock is stopped (SIGSTOP), continued, and killed (kill -9); all of it again with own code that reads, streams, hashes, copies and opens the files of the store, lock.db among them',
  holds:
    'exactly one writes, the others exit 4 and name it; nobody takes the lock from a stopped holder; a dead holder has none: the first try after its end gets it; each task is executed once',
  full: 6,
  unit: 'rounds',
  seconds: 45,
  missing: () => (process.platform === 'win32' ? 'there is no SIGSTOP here' : null),
  async run({ count, isOver }) {
    let tried = 0;
    let refused = 0;
    let longestMs = 0;
    for (; tried < count && !isOver(); tried++) {
      refused += await manyStarts();
      longestMs = Math.max(longestMs, await stoppedAndKilled());
      const looks = Object.values(LOOKS);
      refused += await manyLooking(looks[tried % looks.length]!);
    }
    return {
      tried,
      seen: `${refused} starts refused, 0 stole; after a kill the next run was at work in at most ${Math.round(longestMs)} ms, its start included`,
    };
  },
};

function writeHeld(folder: string, server: ModelServer): void {
  writeExperiment(folder, {
    variants: 2,
    scenarios: 4,
    runs: 1,
    concurrency: TASKS,
    sim: `{ type: openai, base_url: "${server.url}", model: m }`,
    more: ['model: m'],
  });
}

/** Answers everything that was asked and will be asked. */
async function answerAll(server: ModelServer): Promise<void> {
  for (;;) (await server.next()).answer(chatAnswer('yes'));
}

async function manyStarts(): Promise<number> {
  await using server = await startModelServer();
  return await withFolder(async (cwd) => {
    writeHeld(cwd, server);
    const started = Array.from({ length: AT_ONCE }, () => startProgram(['run', '--json'], { cwd }));
    // Whoever asks the model holds the lock. It is answered only when all others are gone.
    const first = await server.next();
    const losers = await allButOne(started);
    for (const loser of losers) checkRefused({ loser, pids: started.map(({ child }) => child.pid!) });
    first.answer(chatAnswer('yes'));
    void answerAll(server);
    const ends = await Promise.all(started.map(({ ended }) => ended));
    const winners = ends.filter(({ code }) => code === 0);
    assert.equal(winners.length, 1, `${winners.length} starts wrote`);
    assert.equal((JSON.parse(winners[0]!.stdout) as RunSummary).executed, TASKS);
    assert.equal(server.requests.length, TASKS);
    await checkSound(cwd);
    return losers.length;
  });
}

/** Many starts on a store whose own code does `look` to its files; the one that holds it is stopped and killed. */
async function manyLooking(look: string): Promise<number> {
  await using server = await startModelServer();
  return await withFolder(async (cwd) => {
    writeLooking(cwd, { server, look });
    const started = Array.from({ length: AT_ONCE / 2 }, () => startProgram(['run', '--json'], { cwd }));
    const calls = [await server.next(), await server.next(), await server.next()];
    const losers = await allButOne(started);
    for (const loser of losers) checkRefused({ loser, pids: started.map(({ child }) => child.pid!) });
    const holder = started.find(({ child }) => child.exitCode === null)!;
    holder.child.kill('SIGSTOP');
    checkRefused({ loser: await program(['run'], { cwd }), pids: [holder.child.pid!] });
    holder.child.kill('SIGCONT');
    calls[0]!.answer({ text: 'yes' });
    await recordsAre(cwd, 1);
    holder.child.kill('SIGKILL');
    await holder.ended;
    const next = startProgram(['run', '--json'], { cwd });
    for (let i = 0; i < 2; i++) (await server.next()).answer({ text: 'yes' });
    const { code, stdout, stderr } = await next.ended;
    assert.equal(code, 0, tail(stderr));
    const { executed, cached } = JSON.parse(stdout) as RunSummary;
    assert.deepEqual([executed, cached], [2, 1]);
    assert.equal(server.requests.length, 5, 'something was paid twice');
    await checkSound(cwd, 3);
    return losers.length + 1;
  });
}

/** Resolves with the ends of all but the last one that still runs. */
function allButOne(started: readonly Started[]): Promise<readonly Ended[]> {
  return new Promise((resolve, reject) => {
    const ends: Ended[] = [];
    for (const { ended } of started) {
      ended.then((end) => {
        if (ends.push(end) === started.length - 1) resolve([...ends]);
      }, reject);
    }
  });
}

function checkRefused(at: { readonly loser: Ended; readonly pids: readonly number[] }): void {
  const { code, stderr } = at.loser;
  assert.equal(code, 4, tail(stderr));
  const named = /in use by process (\d+) on /.exec(stderr);
  // The note of the holder is written just after the lock is taken: in between there is nobody to name.
  if (named) assert(at.pids.includes(Number(named[1])), `the holder is said to be ${named[1]}`);
  else assert.match(stderr, /in use by another process/);
}

/** @returns from the kill to the first call of the next run, in ms. */
async function stoppedAndKilled(): Promise<number> {
  await using server = await startModelServer();
  return await withFolder(async (cwd) => {
    writeHeld(cwd, server);
    const holder = startProgram(['run', '--json'], { cwd });
    const calls = [];
    for (let i = 0; i < TASKS; i++) calls.push(await server.next());
    holder.child.kill('SIGSTOP');
    for (let i = 0; i < 3; i++) {
      checkRefused({ loser: await program(['run'], { cwd }), pids: [holder.child.pid!] });
    }
    holder.child.kill('SIGCONT');
    for (const call of calls.slice(1)) call.answer(chatAnswer('yes'));
    await recordsAre(cwd, TASKS - 1);
    holder.child.kill('SIGKILL');
    const killedMs = performance.now();
    await holder.ended;
    // Without any waiting or trying again: the kernel frees the lock with the process.
    const probe = { pid: process.pid, host: 'here', command: 'probe', since: '2026-01-02T03:04:05.000Z' };
    const opened = openStore({ root: path.join(cwd, ARTIFACTS), holder: probe, redact: (text) => text });
    assert.equal(opened.kind, 'ok', 'a dead holder still has the lock');
    if (opened.kind === 'ok') opened.value[Symbol.dispose]();
    const next = startProgram(['run', '--json'], { cwd });
    const last = await server.next();
    const tookMs = performance.now() - killedMs;
    last.answer(chatAnswer('yes'));
    const { code, stdout, stderr } = await next.ended;
    assert.equal(code, 0, tail(stderr));
    const { executed, cached } = JSON.parse(stdout) as RunSummary;
    assert.deepEqual([executed, cached], [1, TASKS - 1]);
    await checkSound(cwd);
    return tookMs;
  });
}

/** Waits until so many records are in the history: the answers are on their way, and nothing else is. */
async function recordsAre(cwd: string, count: number): Promise<void> {
  while (recordsByKey(cwd).size < count) await new Promise((resolve) => setImmediate(resolve));
}

async function checkSound(cwd: string, tasks = TASKS): Promise<void> {
  const records = recordsByKey(cwd);
  assert.equal(records.size, tasks);
  for (const [key, lines] of records)
    assert.equal(lines.length, 1, `key ${key} was executed ${lines.length} times`);
  const fsck = await program(['fsck'], { cwd });
  assert.equal(fsck.code, 0, tail(fsck.stdout));
}
