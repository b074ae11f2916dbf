// The answer makes these tool calls: as many expected ones as possible are paired with calls that were made.

import type { JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { ok, type Result } from '../../core/result.ts';
import type { CallCheck, Check } from '../../core/scoring.ts';
import { parseLongNumbers } from '../../core/untrusted-json.ts';
import type { Answer, MatchResult } from '../reading/match-result.ts';
import { valueAt } from './json-path.ts';
import { pairAnyOrder, pairInOrder } from './pairing.ts';
import { valueMistake } from './value.ts';
import { quote, showCall, showExpectedCall } from './words.ts';

type Made = Answer['output']['tool_calls'][number];

export function holdToolCalls(check: Extract<Check, { kind: 'tool_calls' }>, answer: Answer): MatchResult {
  const { calls, order, extra } = check;
  const made = answer.output.tool_calls;
  const fits = (i: number, j: number): boolean => callMistake(calls[i]!, made[j]!, answer) === null;
  const size = { wanted: calls.length, made: made.length };
  const paired = order === 'given' ? pairInOrder(size, fits) : pairAnyOrder(size, fits);
  const matched = paired.filter((j) => j !== null).length;
  const extras = extra === 'refused' ? made.length - matched : 0;
  const most = extra === 'refused' ? Math.max(calls.length, made.length) : calls.length;
  const score = most === 0 ? 1 : matched / most;
  if (score === 1) return { score, reason: made.length === 0 ? 'called nothing' : `called ${shown(made)}` };
  const missed = calls.filter((_, i) => paired[i] === null);
  const free = made.filter((_, j) => !paired.includes(j));
  const said = missed
    .slice(0, 3)
    .map((wanted) => missing(wanted, { free, answer, isOrdered: order === 'given' }));
  if (calls.length === 0) said.push(`expected no tool call, found ${shown(made)}`);
  else if (missed.length === 0 && extras > 0) said.push(`called more than was expected: ${shown(free)}`);
  return { score, reason: said.join('; ') };
}

/** What was made in its place: a call of the same tool with one argument wrong says more than all calls together. */
function missing(
  wanted: CallCheck,
  input: { readonly free: readonly Made[]; readonly answer: Answer; readonly isOrdered: boolean },
): string {
  const expected = `expected ${showExpectedCall(wanted)}`;
  const near = input.free.find((call) => wanted.names.length === 0 || wanted.names.includes(call.name));
  const mistake = near && callMistake(wanted, near, input.answer);
  if (near && mistake) return `${expected}; in ${near.name} ${mistake}`;
  if (near && input.isOrdered) return `${expected}, which came in another order`;
  return `${expected}; found ${input.answer.output.tool_calls.length === 0 ? said(input.answer) : shown(input.answer.output.tool_calls)}`;
}

function said({ output }: Answer): string {
  return output.text === '' ? 'no tool call' : `no tool call, but ${quote(output.text)}`;
}

function shown(calls: readonly Made[]): string {
  const most = calls.slice(0, 3).map(showCall).join(', ');
  return calls.length > 3 ? `${most} and ${calls.length - 3} more` : most;
}

/** null: the call is the one that is expected. */
function callMistake(wanted: CallCheck, call: Made, { schemas }: Answer): string | null {
  if (wanted.names.length > 0 && !wanted.names.includes(call.name)) return `the tool is ${quote(call.name)}`;
  const checks = Object.entries(wanted.arguments);
  if (checks.length === 0) return null;
  const read = argumentsOf(call);
  if (read.kind === 'err') return `the arguments ${read.error}: ${quote(call.arguments_text ?? '')}`;
  const nearest = nearestOf(call, read.value);
  for (const [path, check] of checks) {
    const mistake = valueMistake(valueAt(read.value, path), check, {
      schemas,
      nearest: valueAt(nearest, path),
    });
    if (mistake !== null) return `${quote(path, 60)} ${mistake}`;
  }
  return null;
}

/** A whole number that JavaScript cannot hold is the text of its digits, as an expectation has to write it. */
function argumentsOf({ arguments: held, arguments_text: text }: Made): Result<JsonObject, string> {
  return text === undefined ? ok(held) : parseLongNumbers(text, (digits) => digits);
}

function nearestOf({ arguments_text: text }: Made, held: JsonObject): JsonObject {
  return text === undefined ? held : (parseObject(text) ?? held);
}
