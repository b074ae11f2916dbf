// expgraph parity: whether each arm can express what every scenario expects. Calls nobody, writes nothing.

import path from 'node:path';
import { asksOutcome, type Cell, type Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { cellsInScope } from '../../planner/plan.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment, scenarioOf } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, outcomeWords } from '../../project/open/filters.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { isRule } from '../../project/select/scorers.ts';
import { checkFilter } from '../../project/select/unmatched.ts';
import { type ParityView, parityJson, parityTable } from '../../report/records/parity.ts';
import { parityOf } from '../../scoring/expectations/parity.ts';
import type { Io } from '../io.ts';

export async function parityCommand(
  io: Io,
  options: FilterOptions & { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  const { manifest } = experiment;
  const input = { variants: experiment.parts, scenarios: manifest.scenarios };
  checkFilter(experiment, filter);
  const meant = asksOutcome(filter)
    ? await cellsByOutcome(experiment, filter)
    : cellsInScope({ ...input, filter });
  const pairs = new Map<string, Cell>();
  for (const cell of meant) pairs.set(JSON.stringify([cell.variant, cell.scenario]), cell);
  if (pairs.size === 0) {
    throw new CommandError(`no variant and scenario match the filters: no cell is ${outcomeWords(filter)}`);
  }
  const scorers = manifest.scorers.filter(isRule);
  const cells = [...pairs.values()].map(({ variant, scenario }) =>
    parityOf({
      scorers,
      variant: experiment.variants.get(variant)!.variant,
      scenario: scenarioOf(experiment, scenario),
    }),
  );
  const view: ParityView = {
    experiment: manifest.name,
    cells,
    place: (id) => {
      const { file, line } = scenarioOf(experiment, id).source;
      return `${path.relative(io.cwd, file)}:${line}`;
    },
  };
  if (options.json) io.out.write(jsonLine(parityJson(view)));
  else io.out.write(parityTable(view, { columns: io.out.columns(), colors: io.out.colors }));
  return cells.some(({ state }) => state === 'cannot') ? 1 : 0;
}

/** What became of cells only the history tells. */
async function cellsByOutcome(experiment: Experiment, filter: Filter): Promise<readonly Cell[]> {
  using store = experiment.stores.read();
  return (await planExperiment({ experiment, store, filter, force: false })).tasks;
}
