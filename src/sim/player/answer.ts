// Plays a model: a pure function from a request and a run to an answer. No model is asked; the rules are the files around.

import { type Dice, hashText, makeDice } from '../wire/dice.ts';
import type { Prompt, Reply } from '../wire/prompt.ts';
import type { ToolProfile } from '../wire/tool-kit.ts';
import { rankTools } from './choose.ts';
import { fillArguments } from './fill.ts';
import { type Intent, readIntent } from './intent.ts';
import { type Slips, slipsOf } from './mistakes.ts';
import { closing, plainAnswer, question, withoutTool } from './phrases.ts';

/** How often it acts on a guess where it ought to ask: it plays a model, not an expert. */
const BOLDNESS = 0.3;

/** A clear request is seldom met with a question, even by a draw that strays. */
const DOUBT = 0.3;

/** The same for the same request and run; at temperature 0 for every run and seed. */
export function answer({ request, run }: { readonly request: Prompt; readonly run: number }): Reply {
  const hash = hashOf(request);
  // The dice of the request decide alike in every run; the slips are where this draw leaves that way.
  const dice = makeDice(hash);
  const slips = slipsOf({ prompt: request, run, hash });
  // Dice of their own, so that a wording does not depend on how many decisions came before it.
  const wording = slips.wording ? slips.dice : makeDice(hash ^ 0x5eed);
  const intent = readIntent(lastUserText(request));
  if (request.answerSchema) {
    return textReply(JSON.stringify(fillArguments(request.answerSchema, { intent, extra: null })));
  }
  if (request.turns.at(-1)?.role === 'tool') return textReply(closing(wording));
  const ranked = rankTools(request.kit, { intent, dice });
  const forced = forcedTool(request, ranked);
  const tool = forced ?? (wantsTool(intent, { request, ranked, dice, slips }) ? chosen(ranked, slips) : null);
  if (tool) return callReply(tool, { intent, slips, hash });
  if (intent.goal === 'none') return textReply(plainAnswer(intent, wording));
  return textReply(
    intent.missing === 'nothing' && ranked.length === 0
      ? withoutTool(intent, wording)
      : question(intent, wording),
  );
}

function hashOf(request: Prompt): number {
  let hash = hashText(request.model, request.kit.hash);
  for (const turn of request.turns) hash = hashText(turn.text, hashText(turn.role, hash));
  return hash;
}

function lastUserText(request: Prompt): string {
  return request.turns.findLast((turn) => turn.role === 'user')?.text ?? '';
}

function forcedTool(request: Prompt, ranked: readonly ToolProfile[]): ToolProfile | null {
  const { profiles } = request.kit;
  const choice = request.toolChoice;
  if (choice.kind === 'named') return profiles.find(({ tool }) => tool.name === choice.name) ?? null;
  return choice.kind === 'required' ? (ranked[0] ?? profiles[0] ?? null) : null;
}

type Decision = {
  readonly request: Prompt;
  readonly ranked: readonly ToolProfile[];
  readonly dice: Dice;
  readonly slips: Slips;
};

function wantsTool(intent: Intent, { request, ranked, dice, slips }: Decision): boolean {
  // Rolled whether it is needed or not, so that one decision does not shift the next.
  const isBold = dice() < BOLDNESS;
  if (request.toolChoice.kind === 'none' || ranked.length === 0) return false;
  if (intent.goal === 'none') return true;
  if (intent.missing === 'nothing') return !(slips.nerve && slips.dice() < DOUBT);
  return isBold !== slips.nerve;
}

/** The best tool; a slip takes the next one that does the same kind of thing. */
function chosen(ranked: readonly ToolProfile[], slips: Slips): ToolProfile {
  const best = ranked[0]!;
  const next = ranked[1];
  return slips.tool && next?.verb === best.verb ? next : best;
}

type Call = { readonly intent: Intent; readonly slips: Slips; readonly hash: number };

function callReply(tool: ToolProfile, { intent, slips, hash }: Call): Reply {
  const filled = fillArguments(tool.tool.parameters, { intent, extra: slips.detail ? slips.dice : null });
  const id = hashText(JSON.stringify(filled), hashText(tool.tool.name, hash));
  return {
    kind: 'call',
    id: `call_sim_${id.toString(16).padStart(8, '0')}`,
    name: tool.tool.name,
    arguments: filled,
  };
}

function textReply(text: string): Reply {
  return { kind: 'text', text };
}
