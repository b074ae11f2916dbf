// The experiment as a test, in this process: nothing is written, every answer is drawn.
import { openExperiment, run } from 'expgraph';
import { expect, test } from 'vitest';

test('no arm says sorry', async () => {
  const experiment = await openExperiment(import.meta.dirname, { store: 'memory' });
  const { summary } = await run(experiment).result;
  expect(summary).toMatchObject({ executed: 12, failed: 0, complete: true });
  const rows = summary.scores?.rows ?? [];
  expect(rows.map(({ variant, passed, cells }) => [variant, passed, cells])).toEqual([
    ['plain', 2, 2],
    ['brief', 2, 2],
  ]);
});
