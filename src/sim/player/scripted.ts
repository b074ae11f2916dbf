// A scripted answer: which turn of which run is played, and how it is said.

import type { PlayedScript, PlayedTurn } from '../../core/played.ts';
import { answersIn } from '../../core/played-by.ts';
import { hashText } from '../wire/dice.ts';
import type { Prompt, Reply } from '../wire/prompt.ts';
import type { WireError } from '../wire/wire-error.ts';

/** What a call is to be answered by. `answered`: how often the conversation was answered before it began. */
export type Script = { readonly turns: PlayedScript; readonly answered: number };

/** null = the script is at its end: a call was the last it had to say, and what follows it goes by the rules. */
export function scriptedTurn(
  { turns, answered }: Script,
  of: { readonly request: Prompt; readonly run: number },
): PlayedTurn | null {
  const run = turns[Math.min(of.run, turns.length) - 1] ?? [];
  const at = Math.max(0, answersIn(of.request.turns.map(({ role }) => role)) - answered);
  const last = run.at(-1);
  const goesOn = last !== undefined && !(last.kind === 'say' && last.calls.length > 0);
  return run[at] ?? (goesOn ? last : null);
}

export function scriptedReply({ text, calls }: Extract<PlayedTurn, { kind: 'say' }>, request: Prompt): Reply {
  if (calls.length === 0) return { kind: 'text', text: text ?? '' };
  const turn = request.turns.length;
  return {
    kind: 'calls',
    text,
    calls: calls.map((call, i) => {
      const id = hashText(`${i} ${turn} ${JSON.stringify(call.arguments)}`, hashText(call.name, 0));
      return { ...call, id: `call_sim_${id.toString(16).padStart(8, '0')}` };
    }),
  };
}

export function scriptedError({ status, message }: Extract<PlayedTurn, { kind: 'error' }>): WireError {
  return {
    status,
    message: message ?? `A scripted error of the simulation (${status}).`,
    type: status >= 500 ? 'server_error' : 'invalid_request_error',
    code: null,
    param: null,
  };
}
