// Cells that an edit touched, by variant, and the command that runs them. Pure.
import type { PlanScreen } from '../../screens/plan.ts';
import { quoteWord } from '../../text/next.ts';

type Edit = PlanScreen['edits'][number];

export type Touched = {
  readonly variant: string;
  readonly scenarios: readonly string[];
  readonly runs: readonly number[];
};

export function byVariant(cells: Edit['cells']): readonly Touched[] {
  return [...Map.groupBy(cells, ({ variant }) => variant)].map(([variant, found]) => ({
    variant,
    scenarios: [...new Set(found.map(({ scenario }) => scenario))],
    runs: [...new Set(found.map(({ run }) => run))].sort((a, b) => a - b),
  }));
}

/** `run 2`, `runs 1-3, 5`. */
export function runsWords(runs: readonly number[]): string {
  return `${runs.length === 1 ? 'run' : 'runs'} ${runList(runs)}`;
}

function runList(runs: readonly number[]): string {
  const spans: { from: number; to: number }[] = [];
  for (const run of runs) {
    const last = spans.at(-1);
    if (last !== undefined && run === last.to + 1) last.to = run;
    else spans.push({ from: run, to: run });
  }
  return spans.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

/** More scenarios than this are not named one by one in a command. */
const MAX_NAMED = 4;

/** null = no filters say it, or not all of its cells are known here. What of the same arms is there already costs nothing. */
export function runOf({ cells, total }: Edit): string | null {
  if (cells.length < total) return null;
  const arms = byVariant(cells);
  const [first] = arms;
  if (first === undefined) return null;
  const scenarios = new Set(arms.flatMap((arm) => arm.scenarios));
  const words = arms.map(({ variant }) => ` --variant ${quoteWord(variant)}`);
  if (scenarios.size <= MAX_NAMED) for (const one of scenarios) words.push(` --scenario ${quoteWord(one)}`);
  return `npx expgraph run${words.join('')}`;
}
