// How well a plain classifier guesses the arm from what a card shows, before anybody reads: if it can, so can a reader who has
// read twenty cards. Naive Bayes over words, names, forms and lengths, trained on other scenarios than it is asked about.
import type { Json } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { CardAnswer, LeakCheck } from '../core/review.ts';

export type LeakSample = { readonly scenario: string; readonly arm: string; readonly answer: CardAnswer };

/** Above it `review start` stops: of two cards of two arms two readers in three could say which is which. */
export const MAX_AUC = 0.65;
/** Scenarios are left out in so many groups. */
const FOLDS = 20;
/** With fewer answers of an arm a curve says nothing. */
const LEAST = 10;
const TELLS = 8;

/** @param samples one a distinct answer and arm that gave it; @param arms in the order of the manifest */
export function leakCheck(samples: readonly LeakSample[], arms: readonly string[]): LeakCheck {
  const documents = samples.map(({ scenario, arm, answer }) => ({ scenario, arm, tokens: tokensOf(answer) }));
  const aucs: number[] = [];
  const tells = new Map<string, LeakCheck['tells'][number]>();
  for (const [at, one] of arms.entries()) {
    for (const other of arms.slice(at + 1)) {
      const own = documents.filter(({ arm }) => arm === one || arm === other);
      if ([one, other].some((arm) => own.filter((document) => document.arm === arm).length < LEAST)) continue;
      aucs.push(crossValidated(own, one));
      for (const tell of strongest(own, one)) {
        const known = tells.get(tell.token);
        if (known === undefined || known.weight < tell.weight) tells.set(tell.token, tell);
      }
    }
  }
  if (aucs.length === 0) return { auc: null, tells: [] };
  const auc = aucs.reduce((sum, one) => sum + one, 0) / aucs.length;
  const sorted = [...tells.values()].sort((a, b) => b.weight - a.weight || (a.token < b.token ? -1 : 1));
  return { auc: rounded(auc), tells: sorted.slice(0, TELLS) };
}

type Document = {
  readonly scenario: string;
  readonly arm: string;
  readonly tokens: ReadonlyMap<string, number>;
};

/** What of a card is looked at, in words that a person can find on it. */
export function tokensOf(answer: CardAnswer): ReadonlyMap<string, number> {
  const tokens = new Map<string, number>();
  const add = (token: string): void => void tokens.set(token, (tokens.get(token) ?? 0) + 1);
  const words = (text: string): void => {
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [])
      add(`word ${word}`);
  };
  if (answer.text) words(answer.text);
  add(`text of ${sizeOf(answer.text ?? '')} characters`);
  add(`${answer.toolCalls.length} calls`);
  for (const call of answer.toolCalls) callTokens(call, add);
  for (const { content, tool_calls: calls } of answer.turns) {
    if (typeof content === 'string') words(content);
    if (Array.isArray(calls)) for (const call of calls) if (isJsonObject(call)) callTokens(call, add);
  }
  if (answer.turns.length > 0) add(`${answer.turns.length} messages`);
  for (const tool of answer.tools) {
    add(`offered ${tool.name}`);
    if (tool.description !== null) add(`offered ${tool.description}`);
    for (const parameter of tool.parameters) add(`offered argument ${parameter}`);
  }
  return tokens;
}

function callTokens(
  call: { readonly name?: Json | undefined; readonly arguments?: Json | undefined },
  add: (token: string) => void,
): void {
  add(`call ${String(call.name)}`);
  const given = call.arguments ?? null;
  const members = isJsonObject(given) ? Object.entries(given) : [];
  add(`${members.length} arguments`);
  for (const [name, value] of members) {
    add(`argument ${name}`);
    add(`${name}: ${formOf(value ?? null)}`);
  }
}

/** Not what it says, which is the scenario's, but how: `2026-02-17T11:00:00Z` is `9999-99-99X99:99:99X`. */
function formOf(value: Json): string {
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : typeof value;
  if (!/\d/.test(value)) return `${/^\p{Lu}/u.test(value) ? 'Words' : 'words'}`;
  return value.slice(0, 40).replace(/\d/g, '9').replace(/\p{L}/gu, 'X');
}

/** Doubling steps: what is longer than what is told, not by how much. */
function sizeOf(text: string): string {
  return text === '' ? 'no' : `up to ${2 ** Math.ceil(Math.log2(text.length))}`;
}

/** Each document is judged by a model of the other scenarios alone. */
function crossValidated(documents: readonly Document[], one: string): number {
  const scenarios = [...new Set(documents.map(({ scenario }) => scenario))];
  const folds = Math.min(FOLDS, scenarios.length);
  if (folds < 2) return 0.5;
  const foldOf = new Map(scenarios.map((scenario, at) => [scenario, at % folds]));
  const scored: { readonly isOne: boolean; readonly score: number }[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const model = train(
      documents.filter(({ scenario }) => foldOf.get(scenario) !== fold),
      one,
    );
    for (const document of documents)
      if (foldOf.get(document.scenario) === fold)
        scored.push({ isOne: document.arm === one, score: model(document.tokens) });
  }
  return areaUnder(scored);
}

/** Multinomial, smoothed by one; the arms are taken for equally many. @returns log odds of `one` */
function train(documents: readonly Document[], one: string): (tokens: ReadonlyMap<string, number>) => number {
  const weights = logOdds(documents, one);
  return (tokens) => {
    let odds = 0;
    for (const [token, count] of tokens) odds += count * (weights.get(token) ?? 0);
    return odds;
  };
}

function logOdds(documents: readonly Document[], one: string): ReadonlyMap<string, number> {
  const counts = new Map<string, [number, number]>();
  const totals: [number, number] = [0, 0];
  for (const { arm, tokens } of documents) {
    const side = arm === one ? 0 : 1;
    for (const [token, count] of tokens) {
      const known = counts.get(token) ?? [0, 0];
      known[side] += count;
      totals[side] += count;
      counts.set(token, known);
    }
  }
  const size = counts.size;
  return new Map(
    [...counts].map(([token, [a, b]]) => [
      token,
      Math.log((a + 1) / (totals[0] + size)) - Math.log((b + 1) / (totals[1] + size)),
    ]),
  );
}

/** Chance that of two documents, one of each arm, the one of `one` scores higher; ties count half. */
function areaUnder(scored: readonly { readonly isOne: boolean; readonly score: number }[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]!.score === sorted[at]!.score) end++;
    const rank = (at + 1 + end) / 2;
    for (; at < end; at++) if (sorted[at]!.isOne) rankSum += rank;
  }
  const ones = scored.filter(({ isOne }) => isOne).length;
  const others = scored.length - ones;
  return (rankSum - (ones * (ones + 1)) / 2) / (ones * others);
}

/**
 * Tokens by how much oftener an arm's answers have them: the difference of shares, which needs many answers to be large. Which arm
 * it is, is not told: it stands in protocol.json, where readers may look.
 */
function strongest(documents: readonly Document[], one: string): readonly LeakCheck['tells'][number][] {
  const counts = new Map<string, [number, number]>();
  const totals: [number, number] = [0, 0];
  for (const { arm, tokens } of documents) {
    const side = arm === one ? 0 : 1;
    totals[side]++;
    for (const token of tokens.keys()) {
      const known = counts.get(token) ?? [0, 0];
      known[side]++;
      counts.set(token, known);
    }
  }
  return [...counts]
    .map(([token, [a, b]]) => ({ token, difference: a / totals[0] - b / totals[1] }))
    .map(({ token, difference }) => ({
      token: token.slice(0, 120),
      weight: rounded(Math.abs(difference)),
    }))
    .sort((a, b) => b.weight - a.weight || (a.token < b.token ? -1 : 1))
    .slice(0, TELLS);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
