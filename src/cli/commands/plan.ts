// expgraph plan: what would run, why, and what it will cost.
import { jsonLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type PlanInput, planTasks, planWork } from '../../project/preview/plan.ts';
import { workAheadJson, workAheadText } from '../../report/run/plan-ahead.ts';
import { type Io, layoutOf } from '../io.ts';

export type PlanOptions = PlanInput & { readonly format: string; readonly json?: boolean };

/** Above this a drawing is a black square: filters make it readable. */
const MAX_DRAWN = 5_000;

export async function planCommand(io: Io, options: PlanOptions): Promise<number> {
  const format = options.json ? 'json' : options.format;
  if (format === 'mermaid' || format === 'dot') {
    io.out.write(await drawn(io, { ...options, format }));
    return 0;
  }
  const ahead = await planWork(io, options);
  const explain = options.explain ? 'each' : 'counts';
  io.out.write(
    format === 'json'
      ? jsonLine(workAheadJson(ahead))
      : workAheadText(ahead, { ...layoutOf(io.out), explain }),
  );
  return ahead.withheld ? EXIT.withheld : EXIT.complete;
}

async function drawn(
  io: Io,
  { format, ...input }: PlanInput & { readonly format: 'mermaid' | 'dot' },
): Promise<string> {
  const plan = await planTasks(io, input);
  if (plan.tasks.length > MAX_DRAWN) {
    throw new CommandError(
      `${plan.tasks.length} tasks make no readable graph (at most ${MAX_DRAWN}); narrow it with filters`,
    );
  }
  const { toDot, toMermaid } = await import('../../planner/graph.ts');
  return format === 'dot' ? toDot(plan) : toMermaid(plan);
}
