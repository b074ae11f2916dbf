// Which rows of the matrix disagree with themselves.
import type { Mark, MatrixRow } from './matrix.ts';
import { markOf, type RunFacts, type Slot } from './matrix-index.ts';

/**
 * Whether arms disagree in one run, and runs of one arm with each other: by what is said of their answers; where nobody judges, by
 * the answers themselves. What `--differs` means. What is stale or missing says nothing.
 */
export function differing(
  runs: readonly (RunFacts | null)[],
  slots: readonly Slot[],
): Pick<MatrixRow, 'armsDiffer' | 'runsDiffer'> {
  const byRun = new Map<number, Said>();
  const byArm = new Map<number, Said>();
  for (const { place, run, column } of slots) {
    const facts = runs[place];
    if (!facts) continue;
    hear(byRun, run, facts);
    hear(byArm, column, facts);
  }
  return { armsDiffer: [...byRun.values()].some(isTorn), runsDiffer: [...byArm.values()].some(isTorn) };
}

type Said = { readonly marks: Set<Mark>; readonly answers: Set<number> };

function hear(all: Map<number, Said>, name: number, facts: RunFacts): void {
  const mark = markOf(facts);
  if (mark === 'stale' || mark === 'missing') return;
  const said = all.get(name) ?? { marks: new Set(), answers: new Set() };
  all.set(name, said);
  if (mark === 'unjudged') said.answers.add(facts[1]);
  else said.marks.add(mark);
}

function isTorn({ marks, answers }: Said): boolean {
  const isJudged = marks.has('passed') || marks.has('failed');
  return marks.size + (isJudged ? 0 : answers.size) > 1;
}
