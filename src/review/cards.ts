// Draws -> cards: each distinct answer of a scenario once, with what readers may see of it.
import type { ChatMessage } from '../core/chat.ts';
import { isThought, spoken } from '../core/chat-form.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { CardAnswer, CardContent, CardTool, Masked, SealedAnswer } from '../core/review.ts';
import type { Draw, ReviewArm, ReviewScenario } from './draw.ts';
import { effectOf, fieldNames, numbered } from './effects.ts';
import { callIn, type WordMask, wordMask } from './mask.ts';

/** An answer with all cells that gave it. */
export type Answer = {
  readonly scenario: string;
  readonly answer: string;
  /** Oldest cell first in the manifest's order: what is shown is its. */
  readonly draws: readonly Draw[];
};

/** In the order of the scenarios, answers of one as they come. */
export function distinctAnswers(draws: readonly Draw[]): readonly Answer[] {
  const answers = new Map<string, { scenario: string; answer: string; draws: Draw[] }>();
  for (const draw of draws) {
    const id = JSON.stringify([draw.scenario, draw.answer]);
    const known = answers.get(id);
    if (known) known.draws.push(draw);
    else answers.set(id, { scenario: draw.scenario, answer: draw.answer, draws: [draw] });
  }
  return [...answers.values()];
}

export function sealedAnswer({ answer, draws }: Answer): SealedAnswer {
  return {
    answer,
    cells: draws.map(({ variant, run, key, generation }) => ({ variant, run, key, generation })),
  };
}

export type ShowInput = {
  readonly mask: readonly Masked[];
  readonly arms: readonly ReviewArm[];
  /** Names of tools of all arms, as they are offered or were called. */
  readonly tools: readonly string[];
};

export type ShownCard = {
  readonly content: Omit<CardContent, 'card'>;
  /** Name that is shown -> tool that it stands for. */
  readonly tools: Readonly<Record<string, string>>;
};

/** One answer, or of a pair two, left and right. */
export function showCard(
  { scenario, answers }: { readonly scenario: ReviewScenario; readonly answers: readonly Answer[] },
  { mask, arms, tools }: ShowInput,
): ShownCard {
  const shown = new Map<string, string>();
  const letterOf = (name: string): string => {
    for (const [letter, known] of shown) if (known === name) return letter;
    const letter = `tool ${letters(shown.size)}`;
    shown.set(letter, name);
    return letter;
  };
  const hidesTools = mask.includes('tools');
  const words = wordMask({
    hidden: arms.flatMap((arm) => arm.words),
    tools,
    tool: hidesTools ? letterOf : null,
  });
  const asked = wordMask({ hidden: [], tools, tool: hidesTools ? letterOf : null });
  const content = {
    scenario: scenario.id,
    category: scenario.category,
    // What is asked is the same for all arms: a word of it is nobody's.
    description: scenario.description === null ? null : asked.text(scenario.description),
    input: scenario.input.map(asked.message),
    answers: answers.map((answer) => showAnswer(answer, { scenario, mask, words })),
  };
  return { content, tools: Object.fromEntries(shown) };
}

type Showing = {
  readonly scenario: ReviewScenario;
  readonly mask: readonly Masked[];
  readonly words: WordMask;
};

function showAnswer({ answer, draws }: Answer, showing: Showing): CardAnswer {
  const draw = draws[0]!;
  const { words } = showing;
  const calls = makeCalls(draw.variant, showing);
  return {
    answer,
    text: draw.text === null ? null : words.text(draw.text),
    toolCalls: draw.toolCalls.map(calls),
    turns: heardBy(draw.turns).map((message) => {
      const shown = words.message(message);
      if (!Array.isArray(message.tool_calls)) return shown;
      const made = message.tool_calls.flatMap((call: Json) => callIn(call) ?? []);
      return { ...shown, tool_calls: made.map(calls) };
    }),
    tools: offeredTools(draw.variant, showing),
  };
}

/** What a model thought tells which arm thinks, and is no answer. */
function heardBy(turns: readonly ChatMessage[]): readonly ChatMessage[] {
  return (spoken(turns) as readonly ChatMessage[]).filter((message) => !isThought(message));
}

type Call = { readonly name: string; readonly arguments: Json };

function makeCalls(variant: string, { scenario, mask, words }: Showing): (call: Call) => Call {
  const intents = scenario.intents.get(variant) ?? [];
  const common = commonArguments(scenario);
  return (call) => {
    if (!mask.includes('arguments'))
      return { name: words.text(call.name), arguments: words.json(call.arguments) };
    const effect = effectOf(call, { intents, common });
    if (effect !== null) return { name: effect.intent, arguments: words.json(effect.fields) };
    return { name: words.text(call.name), arguments: words.json(unnamed(call.arguments, common)) };
  };
}

function unnamed(given: Json, common: ReadonlySet<string>): Json {
  return isJsonObject(given)
    ? Object.fromEntries(numbered(Object.entries(given), { common, as: 'argument' }))
    : given;
}

/** Of tools of every arm: a name that all have says of none whose it is. */
function commonArguments({ tools }: ReviewScenario): ReadonlySet<string> {
  const [first = [], ...others] = [...tools.values()].map((list) =>
    list.flatMap(({ parameters }) => parameters),
  );
  return new Set(first.filter((name) => others.every((names) => names.includes(name))));
}

/** A list that differs from arm to arm tells the arm: it is shown where it is the same for all, or where nothing of it is hidden. */
function offeredTools(variant: string, showing: Showing): readonly CardTool[] {
  const { scenario, mask, words } = showing;
  if (mask.includes('arguments')) return offeredIntents(scenario);
  const own = scenario.tools.get(variant) ?? [];
  const isSame = [...scenario.tools.values()].every((list) => JSON.stringify(list) === JSON.stringify(own));
  if (mask.includes('tools') && !isSame) return [];
  return own.map((tool) => ({
    name: words.text(tool.name),
    description: tool.description === null ? null : words.text(tool.description),
    parameters: tool.parameters,
  }));
}

/** Where each arm has tools for the same intents, these were offered. */
function offeredIntents({ intents, tools }: ReviewScenario): readonly CardTool[] {
  const arms = [...tools.keys()];
  const lists = arms.map((arm) => intents.get(arm) ?? []);
  const [first = []] = lists;
  const common = first.filter(({ intent }) =>
    lists.every((list) => list.some((one) => one.intent === intent)),
  );
  return common.map(({ intent }) => {
    const fields = lists.flatMap((list) =>
      list.flatMap((one) => (one.intent === intent ? fieldNames(one.tool) : [])),
    );
    return { name: intent, description: null, parameters: [...new Set(fields)].sort() };
  });
}

/** A, B, ... Z, AA: however many tools there are. */
function letters(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : `${letters(Math.floor(at / 26) - 1)}${letter}`;
}
