// How a test ended, as an attempt. A failed assertion is a result: the model answered, and not as the test wanted. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { meaningOfThrown, type ThrownLink } from '../providers/thrown-failure.ts';
import type { Attempted } from './attempt.ts';
import { failureAnswer, thrownAnswer } from './program-answer.ts';
import { NO_DEFAULTS, readTold } from './told-result.ts';

/** As the plugin writes it. */
export type ItemEnd = {
  readonly nodeid: string;
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped' | 'xfailed' | 'xpassed';
  readonly phase: string;
  readonly message: string | null;
  readonly longrepr: string | null;
  /** The exception and its causes, outermost first; empty where there was none, or it was an assertion. */
  readonly error: readonly ThrownLink[];
  /** When it was told; milliseconds since 1970. */
  readonly atMs: number;
  readonly record: JsonObject | null;
  readonly properties: JsonObject;
  readonly stdout: string;
  readonly stderr: string;
  readonly log: string;
  readonly reruns: number;
  readonly duration_ms: number;
  /** When the phase began that took so long, since 1970; null = it was not told. */
  readonly started_ms: number | null;
  /** How much was told of what is read when it ended, in bytes; absent of a plugin that was not asked for it. */
  readonly reads?: number;
};

const MAX_LOG = 16_000;

/** @param line what the harness wrote of it into a file of its own */
export function itemAttempt(end: ItemEnd, line: JsonObject | null): Attempted {
  const log = [end.longrepr, end.stderr, end.log].filter((part) => part).join('\n');
  const rest = {
    turns: null,
    tookMs: end.duration_ms,
    ...(end.started_ms === null ? {} : { beganMs: end.started_ms }),
    ...(log === '' ? {} : { log: log.slice(-MAX_LOG).toWellFormed() }),
  };
  const what = `${end.nodeid}: ${end.message ?? end.outcome}`;
  if (end.outcome === 'error') {
    const meaning = meaningOfThrown(end.error, end.atMs);
    return { ...rest, answer: thrownAnswer(meaning, `${what} (in ${end.phase})`) };
  }
  const told = readTold(resultOf(end, line), NO_DEFAULTS);
  const answer =
    told.kind === 'ok'
      ? { kind: 'completion' as const, completion: told.value, requestId: null, limits: null }
      : failureAnswer('broken-output', `${end.nodeid}: ${told.error}`);
  return { ...rest, answer };
}

/** Its own line, what it recorded, or what it printed, in this order. */
function resultOf(end: ItemEnd, line: JsonObject | null): JsonObject {
  const { record, nodeid, outcome, message, reruns } = end;
  const own = { ...record, ...line };
  const more = isJsonObject(own.properties as Json) ? (own.properties as JsonObject) : {};
  const test: JsonObject = {
    ...{ nodeid, outcome },
    ...(message === null ? {} : { message }),
    ...(reruns === 0 ? {} : { reruns }),
  };
  const { properties: _, ...told } = withoutNulls(own);
  return {
    text: end.stdout.trimEnd(),
    ...told,
    properties: { ...end.properties, ...more, pytest: test },
  };
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}
