// expgraph score before it begins: whether the judges that have something to judge may be asked.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { Plan } from '../../core/task.ts';
import { checkJudges } from '../draw/key-check.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { importedCells, planScoring, scoredCells } from '../plan/score-plan.ts';
import { answersOf } from '../select/pairwise.ts';
import { readyScorers } from '../select/scorers.ts';
import type { OfMoment } from './score-moment.ts';

/** @throws CommandError where the key of one is not set */
export function checkJudgeKeys(
  io: World,
  input: {
    readonly experiment: Experiment;
    readonly store: Pick<StoreReader, 'counting' | 'history' | 'measures' | 'madeBy'>;
    readonly plan: Plan;
    /** Of imported answers, those that are judged. */
    readonly wanted: (row: RecordRow) => boolean;
    readonly only: readonly string[];
    readonly force: boolean;
    readonly moment: OfMoment | undefined;
  },
): void {
  const { experiment, store, wanted, only, force } = input;
  const scorers = readyScorers(input.moment?.seen ?? experiment, only, answersOf(experiment, store));
  const drawn = scoredCells(input);
  const cells = input.moment?.cells ?? [
    ...drawn,
    ...importedCells({ experiment, store, beside: drawn, wanted }),
  ];
  using scores = experiment.stores.readScores();
  const { pending } = planScoring({ scorers, cells, scores, force, failed: 'again' });
  const counts = new Map<string, number>();
  for (const { scorer } of pending) counts.set(scorer, (counts.get(scorer) ?? 0) + 1);
  checkJudges(io, {
    experiment,
    toJudge: [...counts].map(([scorer, scores]) => ({ scorer, scores, isAtMost: false })),
  });
}
