// What a round did to answers: those of the cells that it runs, before and after.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { standsFor } from '../../core/counting.ts';
import { cellId, type Plan, type Task } from '../../core/task.ts';
import type { ChangedAnswer } from '../../report/watch/watch-screen.ts';
import type { Experiment } from '../open/experiment.ts';
import { excerptOf } from '../select/record-excerpt.ts';
import { bookOfToday, openJudge } from '../select/verdict.ts';

/** More than anybody reads of one save; of all others the numbers stand below. */
const MAX_READ = 200;
const EXCERPT_CHARS = 1_000;

type Side = NonNullable<ChangedAnswer['before']>;

/** Call it before the run; what it returns tells of the answers when the run is over. */
export function rememberAnswers(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
}): () => readonly ChangedAnswer[] {
  const { experiment, store, plan } = input;
  const tasks = plan.pending.slice(0, MAX_READ);
  const before = new Map(tasks.map((task) => [cellId(task), rowOf(store, task)]));
  return () => {
    const judge = openJudge(bookOfToday(experiment));
    const side = (row: RecordRow | undefined): Side | null =>
      row === undefined
        ? null
        : {
            text: excerptOf(store, row, EXCERPT_CHARS),
            digest: row.outputDigest,
            isFailed: row.status === 'failed',
            passed: judge(row).passed,
          };
    return tasks.flatMap((task): ChangedAnswer[] => {
      const earlier = before.get(cellId(task));
      const now = rowOf(store, task);
      // Not reached by this round: nothing is known of it.
      if (now === undefined || now.id === earlier?.id) return [];
      const { variant, scenario, run } = task;
      return [{ cell: { variant, scenario, run }, before: side(earlier), after: side(now)! }];
    });
  };
}

function rowOf({ history, row }: StoreReader, task: Task): RecordRow | undefined {
  const shown = standsFor(history, task);
  return shown && row(shown.record.id);
}
