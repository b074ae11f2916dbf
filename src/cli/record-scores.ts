// The scores of one answer: today's scorers, and what each said of it.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../cache/layout.ts';
import { openScoreReader } from '../cache/reader.ts';
import type { RecordRow } from '../cache/store.ts';
import type { ScoreRecord } from '../core/record.ts';
import { judgementsOf } from '../planner/scores.ts';
import type { Experiment } from './experiment.ts';
import { readyScorers } from './scorers.ts';

/** Of each scorer that is about this cell: its judgements, a vote each; none where it was not asked yet. */
export type RecordScores = readonly {
  readonly scorer: string;
  readonly judgements: readonly ScoreRecord[];
}[];

export function scoresOfRecord(experiment: Experiment, row: RecordRow): RecordScores {
  const { scorers } = experiment.manifest;
  const { variant, scenario, outputDigest: output } = row;
  // What the manifest does not hold any more has no expectation either.
  const isKnown = experiment.variants.has(variant) && experiment.scenarioIndex.has(scenario);
  if (scorers.length === 0 || output === null || !isKnown) return [];
  const asked = readyScorers(experiment).flatMap(({ scorer, planned }) => {
    const keys = judgementsOf(planned, { variant, scenario, output }).map(({ key }) => key);
    return keys.length === 0 ? [] : [{ scorer: scorer.name, keys }];
  });
  if (!existsSync(scoresRoot(experiment.root)))
    return asked.map(({ scorer }) => ({ scorer, judgements: [] }));
  using store = openScoreReader(experiment.root);
  return asked.map(({ scorer, keys }) => ({
    scorer,
    judgements: keys.flatMap((key) => {
      const head = store.history.byKey(key);
      const found = head && store.row(head.id);
      const read = found && store.read(found);
      return read?.kind === 'ok' ? [read.value] : [];
    }),
  }));
}
