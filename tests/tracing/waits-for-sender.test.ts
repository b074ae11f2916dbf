// One process at a time sends traces: a second one waits for it, and says so once that takes longer than an end takes.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/cache/disk/lock.ts';
import { sample } from '../rig/cli.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const HOLDER = { pid: process.pid, host: 'here', command: 'the uploader', since: '2026-01-02T03:04:05.000Z' };

test('push waits for who sends, tells of it, and goes on when it is gone', async () => {
  await using recorder = await startRecorder();
  const cwd = tempFolder();
  await sample(cwd);
  const traces = path.join(cwd, 'artifacts/tool-interface/traces');
  mkdirSync(traces, { recursive: true });
  const lock = takeLock(traces, HOLDER);
  if (lock.kind === 'err') throw new Error('it is locked');
  const env = { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url };
  const pushing = startCli(['langsmith', 'push'], { cwd, env });
  await new Promise<void>((resolve) => {
    pushing.child.stderr!.on('data', (text: string) => {
      if (text.includes('another process is sending traces')) resolve();
    });
    void pushing.ended.then(() => resolve());
  });
  expect(pushing.child.exitCode).toBeNull();
  lock.value[Symbol.dispose]();
  const { code, stderr } = await pushing.ended;
  expect([code, stderr]).toEqual([
    0,
    'expgraph: another process is sending traces; waiting for it (Ctrl-C leaves)\n',
  ]);
});
