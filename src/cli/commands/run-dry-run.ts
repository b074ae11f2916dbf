// expgraph run --dry-run: the plan of the same command line, with the exit codes of a plan. Nothing is drawn and nothing is written.

import type { Io } from '../io.ts';
import { type PlanOptions, planCommand } from './plan.ts';

type DryRunOptions = Omit<PlanOptions, 'format'> & { readonly maxNew?: string; readonly deadline?: string };

export async function planInstead(io: Io, options: DryRunOptions): Promise<number> {
  const code = await planCommand(io, { ...options, explain: false, format: 'table' });
  const { maxNew, deadline } = options;
  const first = [
    ...(maxNew === undefined ? [] : [`--max-new ${maxNew}`]),
    ...(deadline === undefined ? [] : [`--deadline ${deadline}`]),
  ];
  if (first.length > 0 && io.detail !== 'quiet') {
    io.err.write(`note: ${first.join(' and ')} may end it before all of this is begun\n`);
  }
  return code;
}
