// Whether each arm can express what every scenario expects. Calls nobody, writes nothing.
import type { ParityCell } from '../../core/parity.ts';
import { asksOutcome, type Cell, type Filter } from '../../core/task.ts';
import { cellsInScope } from '../../planner/plan.ts';
import { parityOf } from '../../scoring/expectations/parity.ts';
import { CommandError } from '../open/command-error.ts';
import { type Experiment, scenarioOf } from '../open/experiment.ts';
import { outcomeWords } from '../open/filters.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { isRule } from '../select/scorers.ts';
import { checkFilter } from '../select/unmatched.ts';

/**
 * One entry a variant and scenario that the filter means.
 * @throws CommandError where it means none
 */
export async function checkParity(input: {
  readonly experiment: Experiment;
  readonly filter: Filter;
}): Promise<readonly ParityCell[]> {
  const { experiment, filter } = input;
  const { manifest } = experiment;
  checkFilter(experiment, filter);
  const meant = asksOutcome(filter)
    ? await cellsByOutcome(experiment, filter)
    : cellsInScope({ variants: experiment.parts, scenarios: manifest.scenarios, filter });
  const pairs = new Map<string, Cell>();
  for (const cell of meant) pairs.set(JSON.stringify([cell.variant, cell.scenario]), cell);
  if (pairs.size === 0) {
    throw new CommandError(`no variant and scenario match the filters: no cell is ${outcomeWords(filter)}`);
  }
  const scorers = manifest.scorers.filter(isRule);
  return [...pairs.values()].map(({ variant, scenario }) =>
    parityOf({
      scorers,
      variant: experiment.variants.get(variant)!.variant,
      scenario: scenarioOf(experiment, scenario),
    }),
  );
}

/** What became of cells only the history tells. */
async function cellsByOutcome(experiment: Experiment, filter: Filter): Promise<readonly Cell[]> {
  using store = experiment.stores.read();
  return (await planExperiment({ experiment, store, filter, force: false })).tasks;
}
