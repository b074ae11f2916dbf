// Ctrl-C while a batch is waited for: the program ends, the batch stays out, and the next run fetches it.
import { expect, it } from 'vitest';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { program } from '../rig/program.ts';
import { startCli } from '../rig/started.ts';

const LONG = 120_000;

it.each(['openai', 'anthropic'] as const)(
  '%s: Ctrl-C while it waits leaves the batch out; run fetches it, and nothing is sent twice',
  async (type) => {
    await using e = await batchExperiment({ provider: `type: ${type}` });
    const { child, ended } = startCli(['run'], e);
    await new Promise<void>((resolve) => {
      e.vendor.onDone = (question) => {
        if (question === 'look') resolve();
      };
    });
    e.vendor.onDone = null;
    child.kill('SIGINT');
    const { code, stderr, stdout } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr + stdout).toContain('6 cells are out in batches');
    expect(e.records()).toEqual([]);
    expect(e.vendor.asked.filter((question) => question.endsWith('/cancel'))).toEqual([]);
    e.vendor.end();
    const next = await program(['run'], e);
    expect(next.code, next.stderr).toBe(0);
    expect([...e.vendor.sent().values()]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([e.records().length, e.open()]).toEqual([6, []]);
  },
  LONG,
);

it(
  'Ctrl-C while a batch is being sent notes that it is out, or finds it: nothing is sent twice',
  async () => {
    await using e = await batchExperiment();
    for (const moment of ['upload', 'create'] as const) {
      const { child, ended } = startCli(['run'], e);
      await new Promise<void>((resolve) => {
        e.vendor.onDone = (question) => {
          if (question !== moment && question !== 'look') return;
          child.kill('SIGINT');
          resolve();
        };
      });
      expect((await ended).code).toBe(130);
      e.vendor.onDone = null;
    }
    e.vendor.end();
    e.vendor.endsAtOnce = true;
    expect((await program(['run'], e)).code).toBe(0);
    expect([...e.vendor.sent().values()]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([e.records().length, e.open()]).toEqual([6, []]);
  },
  LONG,
);
