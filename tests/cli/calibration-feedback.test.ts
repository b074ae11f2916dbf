// What people said of answers as feedback on their traces is a label of the scorer that it is named after.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RecordRow, StoreReader } from '../../src/cache/store.ts';
import type { Scorer } from '../../src/core/scoring.ts';
import { feedbackLabels } from '../../src/project/judge/calibration-feedback.ts';
import type { Experiment } from '../../src/project/open/experiment.ts';
import { tempFolder } from '../rig/temp.ts';

const POLITE = { name: 'polite', kind: 'contains' } as unknown as Scorer;

function spooled(said: readonly object[]): Experiment {
  const root = tempFolder();
  mkdirSync(path.join(root, 'traces', 'feedback'), { recursive: true });
  const lines = said.map((one, i) => `${JSON.stringify({ v: 1, id: String(i), value: null, ...one })}\n`);
  writeFileSync(path.join(root, 'traces', 'feedback', 'feedback.jsonl'), lines.join(''));
  return { root } as unknown as Experiment;
}

const row = { variant: 'a', scenario: 's1', run: 2, status: 'completed', archive: null, outputDigest: 'd' };
const store = {
  everyRecord: () => [row as unknown as RecordRow],
  read: () => ({ kind: 'ok', value: { trace: { langsmith_run_id: 't1' } } }),
} as unknown as Pick<StoreReader, 'everyRecord' | 'read'>;

it('feedback of people under the name of a scorer is a label of the answer that the trace is of', async () => {
  const experiment = spooled([
    { trace: 't1', key: 'polite', score: 1, source: 'app', reviewer: 'ann' },
    { trace: 't1', key: 'polite', score: 0.5, source: 'app', reviewer: 'ben' },
  ]);
  const cell = { variant: 'a', scenario: 's1', run: 2 };
  const of = { digest: 'd', cell, given: null };
  expect(await feedbackLabels({ experiment, store, scorer: POLITE })).toEqual([
    { where: 'feedback on a/s1/2', of, human: { passed: true, score: 1, label: null, rater: 'ann' } },
    { where: 'feedback on a/s1/2', of, human: { passed: null, score: 0.5, label: null, rater: 'ben' } },
  ]);
});

it('feedback of scorers, under other names, of other traces and without a verdict is none', async () => {
  const experiment = spooled([
    { trace: 't1', key: 'polite', score: 1, source: 'model', reviewer: null },
    { trace: 't1', key: 'polite', score: 1, source: 'api', reviewer: null },
    { trace: 't1', key: 'kind', score: 1, source: 'app', reviewer: null },
    { trace: 't9', key: 'polite', score: 1, source: 'app', reviewer: null },
    { trace: 't1', key: 'polite', score: null, comment: 'hm', source: 'app', reviewer: null },
  ]);
  expect(await feedbackLabels({ experiment, store, scorer: POLITE })).toEqual([]);
});
