// The scores of one answer: today's scorers, and what each said of it.

import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { asMeant, meaningOf } from '../../core/meaning.ts';
import type { ScoreRecord } from '../../core/record.ts';
import { judgementsOf } from '../../planner/scores.ts';
import type { Experiment } from '../open/experiment.ts';
import { answersOf } from './pairwise.ts';
import { readyScorers } from './scorers.ts';

/** Of each scorer that is about this cell: its judgements, a vote each; none where it was not asked yet. */
export type RecordScores = readonly {
  readonly scorer: string;
  readonly judgements: readonly ScoreRecord[];
}[];

export type Judgements = Disposable & { of(row: Judged): RecordScores };

type Judged = Pick<RecordRow, 'variant' | 'scenario' | 'run' | 'outputDigest' | 'tested' | 'ending'>;

export function scoresOfRecord(experiment: Experiment, row: RecordRow): RecordScores {
  using judgements = openJudgements(experiment);
  return judgements.of(row);
}

/** For many records: the scores are opened once, when they are first asked for. */
export function openJudgements(experiment: Experiment): Judgements {
  const { scorers } = experiment.manifest;
  let ready: ReturnType<typeof readyScorers> | undefined;
  let store: StoreReader<ScoreRecord> | null | undefined;
  return {
    of({ variant, scenario, run, outputDigest: output, tested, ending }) {
      // What the manifest does not hold any more has no expectation either.
      const isKnown = experiment.scenarioIndex.has(scenario);
      if (scorers.length === 0 || output === null || !isKnown) return [];
      ready ??= readyScorers(experiment, [], answersOf(experiment));
      store ??= experiment.stores.hasScores() ? experiment.stores.readScores() : null;
      const open = store;
      return ready.flatMap(({ scorer, planned }) => {
        const keys = judgementsOf(planned, { variant, scenario, run, output, tested, ending }).map(
          ({ key }) => key,
        );
        if (keys.length === 0) return [];
        const meaning = meaningOf(scorer);
        const judgements = keys.flatMap((key) => {
          const head = open?.history.byKey(key);
          const found = head && open?.row(head.id);
          const read = found && open?.read(found);
          return read?.kind === 'ok' ? [asMeant(read.value, found?.verdict ?? null, meaning)] : [];
        });
        return [{ scorer: scorer.name, judgements }];
      });
    },
    [Symbol.dispose]: () => store?.[Symbol.dispose](),
  };
}
