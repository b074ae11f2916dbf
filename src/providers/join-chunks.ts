// Chunks of a chat completion -> the completion: what is said piece by piece is put together, whatever a vendor calls it.
// Pure. https://platform.openai.com/docs/api-reference/chat-streaming
import { endWordIn } from '../core/ending.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { joinCalls, joinFunction } from './join-calls.ts';
import { isNumberText, joinDelta, setMember } from './join-delta.ts';
import { listOfCalls } from './openai-echo.ts';
import { hear, type SoFar, saidSoFar } from './so-far.ts';

type Choice = {
  /** All but delta and message, the last word of each member. */
  beside: { [name: string]: Json | undefined };
  message: JsonObject;
  calls: JsonObject[];
  functions: JsonObject[];
  /** The whole message, where a server sends it beside or instead of pieces: Perplexity's, MiniMax's. */
  snapshot: JsonObject | null;
  readonly soFar: SoFar;
};

/** @returns the completion so far, and whether its first choice says why it finished */
export function joinChunks(events: readonly JsonObject[]): {
  readonly body: JsonObject;
  readonly isFinished: boolean;
} {
  let top: { [name: string]: Json | undefined } = {};
  const choices = new Map<number, Choice>();
  // Padding against who counts bytes on the way.
  for (const { choices: listed, obfuscation: _, ...beside } of events) {
    top = lastWords(top, beside);
    for (const item of Array.isArray(listed) ? (listed as readonly Json[]) : []) {
      if (isJsonObject(item)) addChoice(choices, item);
    }
  }
  const joined = [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => choiceOf(index, choice));
  const usage = usageOf(top, joined);
  const body = {
    ...top,
    ...(typeof top.object === 'string' ? { object: top.object.replace(/\.chunk$/, '') } : {}),
    choices: joined,
    ...(usage === null ? {} : { usage }),
  };
  return { body, isFinished: endWordIn(joined[0]?.finish_reason) !== null };
}

function addChoice(choices: Map<number, Choice>, item: JsonObject): void {
  const { delta: told, message, index, logprobs, ...rest } = item;
  // A piece that is a text: SenseNova's, and that of the form before chat.
  const { text, ...others } = rest;
  const isText = told === undefined && typeof text === 'string';
  const beside = isText ? others : rest;
  const piece = isText ? text : told;
  const delta = typeof piece === 'string' ? { content: piece } : piece;
  const at = typeof index === 'number' ? index : 0;
  const choice = choices.get(at) ?? emptyChoice();
  choices.set(at, choice);
  choice.beside = lastWords(choice.beside, beside);
  // Tokens with their probabilities come piece by piece, as the text does.
  if (isJsonObject(logprobs)) choice.beside.logprobs = joinDelta(choice.beside.logprobs, logprobs);
  if (isJsonObject(message) && saysSomething(message)) choice.snapshot = message;
  if (!isJsonObject(delta)) return;
  const { tool_calls: calls, function_call: called, ...said } = delta;
  hear(choice.soFar, said);
  choice.message = joinDelta(choice.message, said) as JsonObject;
  choice.calls.push(...listOfCalls(calls));
  if (isJsonObject(called)) choice.functions.push(called);
}

function emptyChoice(): Choice {
  return { beside: {}, message: {}, calls: [], functions: [], snapshot: null, soFar: new Map() };
}

/** More than who says it. */
export function saysSomething(message: JsonObject): boolean {
  const { role: _, ...said } = message;
  return Object.values(said).some((value) => value !== null && value !== '' && value !== undefined);
}

function choiceOf(index: number, choice: Choice): JsonObject {
  const { beside, message, calls, functions, snapshot } = choice;
  const { role, content, ...said } = { ...message, ...saidSoFar(choice.soFar) };
  const pieces: JsonObject = {
    role: typeof role === 'string' && role !== '' ? role : 'assistant',
    content: content ?? null,
    ...said,
    ...(calls.length === 0 ? {} : { tool_calls: joinCalls(calls) }),
    ...(functions.length === 0 ? {} : { function_call: joinFunction(functions) }),
  };
  const joined = snapshot === null ? pieces : wholeOf(snapshot, pieces);
  return { index, ...beside, message: joined, finish_reason: beside.finish_reason ?? null };
}

/** Some say each piece a second time as a message: then what was put together is more. */
function wholeOf(snapshot: JsonObject, pieces: JsonObject): JsonObject {
  const length = ({ content }: JsonObject): number => (typeof content === 'string' ? content.length : 0);
  return length(pieces) > length(snapshot) &&
    (typeof snapshot.content === 'string' || isNothing(snapshot.content))
    ? { ...snapshot, ...pieces }
    : snapshot;
}

/** Of each member the last value that says something; a count told in parts (input first, output last) is put together. */
function lastWords(
  known: { [name: string]: Json | undefined },
  told: JsonObject,
): { [name: string]: Json | undefined } {
  for (const [name, value] of Object.entries(told)) {
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value === null || value === undefined || value === '') {
      if (before === undefined) setMember(known, name, value);
    } else if (name === 'id' && typeof before === 'string' && before !== '') continue;
    // Servers that count for some of the chunks alone say 0 in the others.
    else if (value === 0 && typeof before === 'number') continue;
    else if (isJsonObject(value) && isJsonObject(before) && !isNumberText(value)) {
      lastWords(before, value);
    } else setMember(known, name, value);
  }
  return known;
}

/** Groq's tells it under x_groq, Moonshot's in the choice. */
function usageOf(top: JsonObject, choices: readonly JsonObject[]): JsonObject | null {
  if (isJsonObject(top.usage)) return null;
  const places = [top.x_groq, ...choices].map((place) => (isJsonObject(place) ? place.usage : null));
  return places.find(isJsonObject) ?? null;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}
