// Tests of a run that was killed: the next run waits for their end, bounded, and never for anything else.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { whenEnded } from '../../src/executor/orphans.ts';
import { handClock } from '../rig/clock.ts';

function start(...more: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', ...more], {
    ...{ detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function waiting(child: ChildProcess, limitMs: number) {
  const clock = handClock();
  const told: (string | null)[] = [];
  let isOver = false;
  const of = {
    ...{ clock, limitMs, isOver: () => isOver },
    waiting: (now: { what: string } | null) => void told.push(now?.what ?? null),
  };
  const stop = (): void => {
    isOver = true;
  };
  return { clock, told, stop, ended: whenEnded([child.pid!], of) };
}

test('tests that are at work are waited for, and that is told', async () => {
  const child = start('expgraph_pytest');
  const { clock, told, ended } = waiting(child, 60_000);
  expect(told).toEqual(['the tests of a run that was killed to end']);
  child.stdin!.end();
  await once(child, 'exit');
  await clock.advance(1_000);
  await ended;
  expect(told.at(-1)).toBeNull();
});

test('tests that do not end are ended at the limit', async () => {
  const child = start('expgraph_pytest');
  const exit = once(child, 'exit');
  const { clock, ended } = waiting(child, 1_000);
  await clock.advance(2_000);
  expect(await exit).toEqual([null, 'SIGKILL']);
  await clock.advance(1_000);
  await ended;
});

test('a stop ends the wait, and not the tests', async () => {
  const child = start('expgraph_pytest');
  const { clock, stop, ended } = waiting(child, 60_000);
  stop();
  await clock.advance(1_000);
  await ended;
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

test.skipIf(process.platform !== 'linux')(
  'a number that another process has by now is left alone',
  async () => {
    const child = start();
    const { told, ended } = waiting(child, 0);
    await ended;
    expect([told, child.exitCode, child.signalCode]).toEqual([[], null, null]);
  },
);
