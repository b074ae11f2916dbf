// kill -9 at random moments while cells go in batches: whatever the moment, the next run goes on, and no request is sent twice.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleepReal } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { batchExperiment } from '../rig/batch-experiment.ts';
import type { Question } from '../rig/batch-vendor.ts';
import { program, startProgram } from '../rig/program.ts';

const KILLS = 6;
const ENDED_AFTER_MS = 100;

it.each(['openai', 'anthropic'] as const)(
  '%s: killed at any moment, each cell is sent once and kept once',
  async (wire) => {
    await using e = await batchExperiment({
      execution: '{ batch: true }',
      ...(wire === 'anthropic' ? { provider: 'type: anthropic' } : {}),
    });
    const { vendor, cwd, env } = e;
    // The moments that matter are those around a question: each is followed by death a few milliseconds later, or before.
    const moments = ['upload', 'create', 'look', 'download'] as const;
    // From the second kill on batches end by themselves, whichever run sent them: what a killed one sent may arrive after it is gone,
    // and a run that waits for the end of that batch would ask nothing that is waited for here.
    let ending: NodeJS.Timeout | undefined;
    onTestFinished(() => clearInterval(ending));
    for (let kill = 0; kill < KILLS; kill++) {
      const at = moments[kill % moments.length]!;
      const started = startProgram(['run'], { cwd, env });
      await new Promise<void>((resolve) => {
        // What was about to be sent is looked for in a list, and may be waited for. Where the killed one could still note the id down,
        // the next one only looks at its batch, which has no end before the second kill.
        const all: readonly Question[] = ['list', 'create', at, ...(ending ? [] : (['look'] as const))];
        vendor.onDone = (question) => {
          if (all.includes(question)) resolve();
        };
        void started.ended.then(() => resolve());
      });
      if (kill % 2 === 1) await sleepReal(kill * 3);
      started.child.kill('SIGKILL');
      await started.ended;
      vendor.onDone = null;
      if (kill >= 1) ending ??= setInterval(() => vendor.end(), ENDED_AFTER_MS);
    }
    const last = await program(['run'], { cwd, env });
    expect(last.code, last.stderr + last.stdout).toBe(0);
    expect([...vendor.sent().values()], JSON.stringify(vendor.asked)).toEqual([1, 1, 1, 1, 1, 1]);
    const kept = e.records();
    expect(new Set(kept.map(({ key }) => key)).size).toBe(6);
    expect(kept.length).toBe(6);
    expect(existsSync(path.join(e.root, 'batches'))).toBe(true);
    expect(e.open()).toEqual([]);
  },
  120_000,
);
