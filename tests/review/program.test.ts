// A blind review that is open, as programs meet it that import the package.
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  CommandError,
  compare,
  diff,
  history,
  openExperiment,
  plan,
  records,
  run,
  score,
  status,
  WithheldError,
} from '../../src/project/index.ts';
import { dealReview } from '../rig/blind-review.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: small
provider: sim
model: sim-1
execution: { workers: 0 }
providers: { sim: { type: sim, sim: { latency_ms: 0 } } }
variants: { plain: { system: You help. }, brief: { system: Be brief. } }
scenarios: [s.yaml]
scorers: [{ name: words, regex: please }]
`;

test('reading throws with exit code 5, work is done and told of all arms together, and `unblind` is logged', async () => {
  const folder = tempFolder();
  writeFiles(folder, { 'experiment.yaml': MANIFEST, 's.yaml': '- { id: a, input: Hi }\n' });
  const experiment = await openExperiment(folder);
  await run(experiment).result;
  const review = dealReview(path.join(folder, 'artifacts/small'));

  const all = async (): Promise<void> => {
    for await (const record of records(experiment)) expect(record).toBeDefined();
  };
  for (const read of [() => compare(experiment), () => history(experiment), () => diff(experiment), all]) {
    const refused = await read().catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(WithheldError);
    expect(refused).toBeInstanceOf(CommandError);
    expect(refused).toMatchObject({ exitCode: 5, reviews: ['r001'] });
  }
  const withheld = { reviews: ['r001'], why: expect.stringContaining('a blind review is open') };
  const row = { variant: 'all arms', run: 1 };
  expect(await run(experiment, { force: true }).result).toMatchObject({
    exitCode: 5,
    summary: { executed: 2, variants: [{ ...row, executed: 2 }], withheld },
  });
  expect(await score(experiment).result).toMatchObject({
    exitCode: 5,
    summary: { rows: [{ scorer: 'words', variant: 'all arms', cells: 2 }] },
    withheld,
  });
  expect(await status(experiment)).toMatchObject({ status: { rows: [{ ...row, completed: 2 }], withheld } });
  expect(await plan(experiment)).toMatchObject({ plan: { tasks: [row, row] }, withheld });
  expect(review.breaches()).toEqual([]);

  expect((await history(experiment, { unblind: 'the disk was full' })).rows).toHaveLength(4);
  expect((await run(experiment, { unblind: true }).result).summary.variants).toHaveLength(2);
  expect(review.breaches()).toMatchObject([
    { what: 'history()', reason: 'the disk was full' },
    { what: 'run()', reason: null },
  ]);
  review.close({});
  expect((await history(experiment)).rows).toHaveLength(4);
});
