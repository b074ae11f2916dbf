// Functions of tests that ran for a variant whose key does not hold them: names in the code did not lead there. Each is told once
// and counts for all variants from then on; where inputs are strict, an answer that hangs on one satisfies nothing.
import type { Outcome } from '../../core/outcome.ts';
import type { Task } from '../../core/task.ts';
import { unheld } from '../../variants/pytest-content.ts';
import { isStrict } from '../open/declared-inputs.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import { addRan } from '../open/ran-file.ts';
import { tellUndeclared } from '../open/undeclared-inputs.ts';
import type { World } from '../open/world.ts';

const MOST_SHOWN = 5;

type Telling = {
  readonly io: Pick<World, 'env'>;
  readonly experiment: Experiment;
  readonly emit: Emit;
};

/** @returns why an answer satisfies nothing; null = it was only said, or there is nothing to say */
type Noticed = (task: Task, outcome: Outcome) => string | null;

/** What an answer hangs on and its key does not hold: files that were read, functions that ran. */
export function tellNoticed(input: Telling): Noticed {
  const noticed = [tellUndeclared(input), tellRan(input)];
  return (task, outcome) => noticed.map((look) => look(task, outcome)).find((why) => why !== null) ?? null;
}

function tellRan(input: Telling): Noticed {
  const { io, experiment, emit } = input;
  const strict = isStrict(io, experiment.manifest);
  const told = new Set<string>();
  const remembered = new Set<string>();
  return ({ variant }, { ran = [] }) => {
    if (ran.length === 0) return null;
    const { harness } = experiment.variants.get(variant)!.variant;
    if (harness?.kind !== 'pytest' || harness.reach === null) return null;
    const found = unheld(ran, { ...harness, reach: harness.reach });
    const fresh = found.filter((unit) => !remembered.has(unit));
    for (const unit of fresh) remembered.add(unit);
    if (fresh.length > 0) addRan(experiment.root, fresh);
    for (const unit of found) {
      if (told.has(`${variant} ${unit}`)) continue;
      told.add(`${variant} ${unit}`);
      emit({
        kind: 'diagnostic',
        severity: strict ? 'error' : 'warning',
        code: 'undeclared-input',
        message: sentence(variant, [unit]),
        hint: 'from now on it counts for all variants: whose keys did not hold it are drawn again by the next run',
      });
    }
    return !strict || found.length === 0 ? null : sentence(variant, found);
  };
}

function sentence(variant: string, units: readonly string[]): string {
  const shown = units.slice(0, MOST_SHOWN).map((unit) => {
    const at = unit.lastIndexOf(':');
    return `${unit.slice(at + 1)} of ${unit.slice(0, at)}`;
  });
  const more = units.length > shown.length ? ` and ${units.length - shown.length} more` : '';
  const which = units.length === 1 ? 'which its key does not hold' : 'which its key does not hold any of';
  return `${variant} ran ${shown.join(', ')}${more}, ${which}: no name in the code leads there`;
}
