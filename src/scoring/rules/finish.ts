// How an answer ended: whole, cut off, refused or filtered, by the provider's word.
import { endingOf } from '../../core/ending.ts';
import type { Check } from '../../core/scoring.ts';
import { type Answer, type Holding, holding } from '../reading/match-result.ts';
import { endingWords, isRefusal } from './ending-words.ts';
import { quote } from './words.ts';

export function holdFinish(
  { words }: Extract<Check, { kind: 'finish_reason' }>,
  { output }: Answer,
): Holding {
  const said = output.finish_reason;
  const found = said === null ? 'the provider said none' : `found ${quote(said, 60)}`;
  const wanted = words.map((word) => quote(word, 60)).join(' or ');
  const holds = said !== null && words.some((word) => word.toLowerCase() === said.toLowerCase());
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
