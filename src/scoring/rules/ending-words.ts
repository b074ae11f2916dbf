// That an answer was cut off, refused or filtered, in words: for rules' reasons and for judges. Pure.
import { endingOf } from '../../core/ending.ts';
import type { JudgedOutput } from '../../core/scoring.ts';
import { sanitizeLine } from '../../core/text.ts';

/** null: it ended as answers do. */
export function endingWords(output: JudgedOutput): string | null {
  const { finish_reason: said } = output;
  const word = said === null ? '' : ` (finish_reason ${sanitizeLine(said.slice(0, 60))})`;
  if (isRefusal(output)) return `the answer was refused${word}`;
  const { kind } = endingOf(said ?? '');
  if (kind === 'cut') return `the answer was cut off before its end${word}`;
  return kind === 'filtered' ? `the answer was held back by a content filter${word}` : null;
}

export function isRefusal({ finish_reason: said, refusal }: JudgedOutput): boolean {
  return refusal !== undefined || said === 'refusal';
}
