// expgraph score --dry-run: what would be judged and what judges would take. Asks nobody; writes nothing but what others made, where a
// remote has it and nobody else has the store.
import type { Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { withRunsIn } from '../../project/open/runs-begun.ts';
import { scoresAhead } from '../../project/plan/score-estimate.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { pullToLook } from '../../project/share/use.ts';
import { scoresAheadJson, scoresAheadText } from '../../report/run/scores-ahead.ts';
import type { Io } from '../io.ts';

export async function tellScoring(
  io: Io,
  at: {
    readonly experiment: Experiment;
    readonly filter: Filter;
    readonly only: readonly string[];
    readonly force?: boolean;
    readonly json?: boolean;
    readonly offlineRemote?: boolean;
  },
): Promise<number> {
  const { filter, only, force = false, json = false } = at;
  if (!at.offlineRemote) await pullToLook(io, at.experiment);
  using store = at.experiment.stores.read();
  const experiment = await withRunsIn(at.experiment, store);
  const plan = await planExperiment({ experiment, store, filter, force: false });
  // `score` draws nothing: what is still to be drawn is none of its work.
  const ahead = scoresAhead({ experiment, store, plan: { ...plan, pending: [] }, force, only })!;
  io.out.write(json ? jsonLine(scoresAheadJson(ahead)) : scoresAheadText(ahead));
  return 0;
}
