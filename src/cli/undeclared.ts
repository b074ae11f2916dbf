// Files that own code read and that no key knows: an edit of them would re-run nothing. Each is told once.
import path from 'node:path';
import type { Outcome } from '../core/outcome.ts';
import type { Task } from '../core/task.ts';
import type { Emit } from './emit.ts';
import type { Experiment } from './experiment.ts';

export function tellUndeclared(experiment: Experiment, emit: Emit): (task: Task, outcome: Outcome) => void {
  const { folder, inputs, sources, prepare } = experiment.manifest;
  const known = new Set([
    ...inputs.map((input) => input.path),
    ...sources.map((source) => path.relative(folder, source).replaceAll('\\', '/')),
    ...prepare.flatMap(({ made }) => made.map((one) => one.path)),
  ]);
  return ({ variant }, { undeclared = [] }) => {
    for (const file of undeclared) {
      if (known.has(file)) continue;
      known.add(file);
      emit({
        ...{ kind: 'diagnostic', severity: 'warning', code: 'undeclared-input' },
        message: `${variant} read ${file}, which counts in no key: editing it re-runs nothing`,
        hint: `add it to the manifest: inputs: [${JSON.stringify(file)}]`,
      });
    }
  };
}
