// One variant at two moments: which answers changed though nothing was edited, and which verdicts flipped. Pure.
import { type Arm, type ArmCell, type CellRecord, cellName } from './input.ts';
import type { Flip, Moved, MovedCell } from './result.ts';

export function movedBetween(before: Arm, after: Arm): Moved {
  const earlier = new Map(before.cells.map((cell) => [placeOf(cell), cell]));
  const anotherAnswer: MovedCell[] = [];
  const inputChanged: string[] = [];
  const flips: Flip[] = [];
  let cells = 0;
  let untouched = 0;
  for (const now of after.cells) {
    const then = earlier.get(placeOf(now));
    if (!then?.record || !now.record) continue;
    cells++;
    const cell = cellName(after.variant, now);
    const sameInput = then.record.key === now.record.key;
    if (isSameDraw(then.record, now.record)) untouched++;
    else if (!sameInput) inputChanged.push(cell);
    else if (isAnotherAnswer(then.record, now.record)) {
      const servedModels = { before: then.record.servedModel, after: now.record.servedModel };
      anotherAnswer.push({ cell, servedModels });
    }
    if (then.passed === null || now.passed === null || then.passed === now.passed) continue;
    flips.push({ cell, from: word(then.passed), to: word(now.passed), sameInput });
  }
  return { cells, untouched, anotherAnswer, inputChanged, flips };
}

/** Numbers of records are those of one store: what is held against another store's may have the same one. */
function isSameDraw(then: CellRecord, now: CellRecord): boolean {
  return then.id === now.id && then.key === now.key && then.startedAtMs === now.startedAtMs;
}

type Answered = { readonly key: string; readonly outputDigest: string | null };

/** The same question was answered twice, and not alike: the provider moved, or chance did. */
export function isAnotherAnswer(before: Answered, after: Answered): boolean {
  if (before.key !== after.key || before.outputDigest === null || after.outputDigest === null) return false;
  return before.outputDigest !== after.outputDigest;
}

/** The number first: no scenario can be mistaken for another cell. */
function placeOf({ scenario, run }: Pick<ArmCell, 'scenario' | 'run'>): string {
  return `${run} ${scenario}`;
}

function word(passed: boolean): 'pass' | 'fail' {
  return passed ? 'pass' : 'fail';
}
