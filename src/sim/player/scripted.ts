// Which turn of which run is played of what the answers of the manifest have for a cell.
import type { PlayedDraws, PlayedRun, PlayedScript, PlayedTurn } from '../../core/played.ts';
import { answersIn } from '../../core/played-by.ts';
import { drawOf } from '../wire/dice.ts';
import type { Prompt } from '../wire/prompt.ts';

/** What a call is to be answered by. `answered`: how often the conversation was answered before it began. */
export type Script = { readonly turns: PlayedScript; readonly answered: number };

/** null = the script is at its end: a call was the last it had to say, and what follows it goes by the rules. */
export function scriptedTurn({ turns, answered }: Script, prompt: Prompt, run: number): PlayedTurn | null {
  const roles = prompt.turns.map(({ role }) => role);
  const at = Math.max(0, answersIn(roles) - answered);
  const turnsOfRun =
    'likely' in turns
      ? drawn(turns, conversationBefore(prompt, answered), run)
      : (turns[Math.min(run, turns.length) - 1] ?? []);
  const last = turnsOfRun.at(-1);
  const goesOn = last !== undefined && !(last.kind === 'say' && last.calls.length > 0);
  return turnsOfRun[at] ?? (goesOn ? last : null);
}

/** The heaviest, of equals the first; a draw that strays takes any of them by weight. */
function drawn({ likely }: PlayedDraws, prompt: Prompt, runNumber: number): PlayedRun {
  const { stray } = drawOf(prompt, runNumber);
  const heaviest = likely.reduce((best, one) => (one.weight > best.weight ? one : best));
  if (stray === null) return heaviest.run;
  let left = stray() * likely.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, run } of likely) {
    left -= weight;
    if (left < 0) return run;
  }
  return heaviest.run;
}

/** What was said before the script began: later turns of a conversation must not draw another one. */
function conversationBefore(prompt: Prompt, answered: number): Prompt {
  let answers = 0;
  const end = prompt.turns.findIndex(
    ({ role }, i) => role === 'assistant' && prompt.turns[i - 1]?.role !== role && ++answers > answered,
  );
  return end < 0 ? prompt : { ...prompt, turns: prompt.turns.slice(0, end) };
}
