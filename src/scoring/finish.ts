// How an answer ended: whole, cut off, refused or filtered, by the provider's word.
import { endingOf } from '../core/ending.ts';
import type { Check, JudgedOutput } from '../core/scoring.ts';
import { type Answer, type Holding, holding } from './holding.ts';
import { clip, quote } from './words.ts';

/** null: it ended as answers do. */
export function endingWords(output: JudgedOutput): string | null {
  const { finish_reason: said } = output;
  const word = said === null ? '' : ` (finish_reason ${clip(said, 60)})`;
  if (isRefusal(output)) return `the answer was refused${word}`;
  const { kind } = endingOf(said ?? '');
  if (kind === 'cut') return `the answer was cut off before its end${word}`;
  return kind === 'filtered' ? `the answer was held back by a content filter${word}` : null;
}

function isRefusal({ finish_reason: said, refusal }: JudgedOutput): boolean {
  return refusal !== undefined || said === 'refusal';
}

export function holdFinish({ any }: Extract<Check, { kind: 'finish_reason' }>, { output }: Answer): Holding {
  const said = output.finish_reason;
  const found = said === null ? 'the provider said none' : `found ${quote(said, 60)}`;
  const wanted = any.map((word) => quote(word, 60)).join(' or ');
  const holds = said !== null && any.some((word) => word.toLowerCase() === said.toLowerCase());
  return holding(holds, holds ? `ended with ${quote(said, 60)}` : `expected to end with ${wanted}, ${found}`);
}

/** A filter's word is a refusal as well: whoever asked got no answer. */
export function holdRefused({ refused }: Extract<Check, { kind: 'refused' }>, { output }: Answer): Holding {
  const isRefused = isRefusal(output) || endingOf(output.finish_reason ?? '').kind === 'filtered';
  const words = output.refusal === undefined ? '' : `: ${quote(output.refusal)}`;
  const found = isRefused ? `${endingWords(output)}${words}` : 'the provider reported no refusal';
  return holding(
    isRefused === refused,
    isRefused === refused ? found : `expected ${refused ? 'a' : 'no'} refusal; ${found}`,
  );
}
