// What a program's answer or its end means: a completion, or a failure with its kind and its words. Pure.
import { EMPTY_COMPLETION } from '../../core/completion.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { Failure, FailureKind } from '../../core/outcome.ts';
import type { ScoreOrder } from '../../core/score-order.ts';
import { parseTold, plainJson } from '../../core/untrusted-json.ts';
import type { ClientAnswer } from '../../providers/provider.ts';
import type { Ending } from '../../providers/spawn.ts';
import type { ThrownMeaning } from '../../providers/thrown-failure.ts';
import { toldVerdict } from '../judgement.ts';
import { NO_DEFAULTS, readTold, SEEN } from './program-result.ts';

/** sysexits.h: "temporary failure; the user is invited to retry". */
const EX_TEMPFAIL = 75;
const MAX_MESSAGE = 2_000;

export function failureAnswer(kind: FailureKind, message: string): ClientAnswer {
  const failure: Failure = {
    kind,
    status: null,
    retryAfterMs: null,
    message: message.replace(/\s+/g, ' ').trim().slice(0, MAX_MESSAGE).toWellFormed(),
  };
  return { kind: 'failure', failure, requestId: null, limits: null };
}

/** Of an error that code of the user's raised: what it paid before is not known. */
export function thrownAnswer(meaning: ThrownMeaning, message: string): ClientAnswer {
  const answer = failureAnswer(meaning.kind, message);
  if (answer.kind !== 'failure') return answer;
  return { ...answer, failure: { ...answer.failure, ...meaning, isOfCode: true } };
}

/** Nothing was told: of a program whose clients are recorded, the rest is seen. */
export const UNTOLD: ClientAnswer = {
  kind: 'completion',
  completion: EMPTY_COMPLETION,
  requestId: null,
  limits: null,
};

/** @param value a result, or {"error": {"message", "retryable"?}} @param isSeen its clients are recorded, so it need tell nothing */
export function readAnswer(
  value: unknown,
  name: string,
  { score, isSeen = false }: { readonly score?: ScoreOrder | undefined; readonly isSeen?: boolean } = {},
): ClientAnswer {
  if (isJsonObject(value as Json) && (value as { error?: unknown }).error !== undefined) {
    return toldError((value as { error: unknown }).error, name);
  }
  if (score) {
    const verdict = toldVerdict(value, score);
    if (verdict.kind === 'err') return failureAnswer('broken-output', `${name}: ${verdict.error}`);
    return { kind: 'completion', completion: verdict.value, requestId: null, limits: null };
  }
  const told = readTold(value, isSeen ? SEEN : NO_DEFAULTS);
  if (told.kind === 'err') return failureAnswer(told.error.kind, `${name}: ${told.error.message}`);
  return { kind: 'completion', completion: told.value, requestId: null, limits: null };
}

function toldError(error: unknown, name: string): ClientAnswer {
  const isObject = isJsonObject(error as Json);
  const { message, retryable } = (isObject ? error : {}) as { message?: unknown; retryable?: unknown };
  const text = typeof error === 'string' ? error : typeof message === 'string' ? message : jsonWords(error);
  return failureAnswer(retryable === true ? 'code-temporary' : 'code-failed', `${name}: ${text}`);
}

function jsonWords(error: unknown): string {
  const plain = plainJson(error);
  return plain.kind === 'ok' ? JSON.stringify(plain.value) : `an error that ${plain.error}`;
}

/** The last line of what was printed, or all of it, as JSON. @returns undefined = neither is */
export function lastJson(output: string): unknown {
  const whole = output.trim();
  if (whole === '') return undefined;
  const lines = whole.split('\n');
  for (const text of lines.length === 1 ? [whole] : [whole, lines.at(-1)!]) {
    const value = parseTold(text);
    // Otherwise the next form; in the end the caller says what came instead.
    if (value !== undefined) return value;
  }
  return undefined;
}

/** How a program ended that gave no answer; null = with success, as far as that goes. */
export function badEnding(input: {
  readonly name: string;
  readonly ending: Ending;
  readonly errors: string;
}): ClientAnswer | null {
  const { name, ending } = input;
  const { exitCode, signal, problem } = ending;
  const said = lastLine(input.errors);
  const why = said === '' ? '' : `: ${said}`;
  if (problem !== null) return failureAnswer('code-failed', `${name} could not be started: ${problem}`);
  if (signal !== null) return failureAnswer('worker-lost', `${name} was ended by ${signal}${why}`);
  if (exitCode === 0) return null;
  const kind = exitCode === EX_TEMPFAIL ? 'code-temporary' : 'code-failed';
  return failureAnswer(kind, `${name} ended with exit code ${exitCode}${why}`);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!.trim();
}

/** A program as messages name it. */
export function nameOf(argv: readonly string[]): string {
  return argv.slice(0, 3).join(' ').slice(0, 100);
}
