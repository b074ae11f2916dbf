// How a test ended, as an attempt. A failed assertion is a result: the model answered, and not as the test wanted. Pure.
import { EMPTY_COMPLETION } from '../../core/completion.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Completion } from '../../core/outcome.ts';
import { PRINTED } from '../../core/proxy.ts';
import { mendObject } from '../../core/untrusted-json.ts';
import type { ClientAnswer } from '../../providers/provider.ts';
import { meaningOfThrown, type ThrownLink } from '../../providers/thrown-failure.ts';
import type { Attempted } from '../attempt.ts';
import { failureAnswer, thrownAnswer } from '../programs/program-answer.ts';
import { NO_DEFAULTS, readTold } from '../programs/program-result.ts';
import { type ItemLine, lineAnswer } from './line-answer.ts';

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
  /** Functions of its code that it executed, `file:name`; empty where nobody watched. */
  readonly ran: readonly string[];
  /** How much was told of what is read when it ended, in bytes; absent of a plugin that was not asked for it. */
  readonly reads?: number;
};

const MAX_LOG = 16_000;

export type ItemRest = {
  /** Why there is no line; '' = none was looked for. */
  readonly whyNone: string;
  /** What a test is that recorded nothing; `seen`: its clients are recorded, so it need tell nothing. */
  readonly empty: 'failed' | 'allowed' | 'seen';
  /** Whether what it printed may be its answer: only where its harness writes no files. */
  readonly mayPrint: boolean;
};

export function itemAttempt(end: ItemEnd, line: ItemLine | null, input: ItemRest): Attempted {
  const log = [end.longrepr, end.stderr, end.log].filter((part) => part).join('\n');
  const rest = {
    turns: null,
    tookMs: end.duration_ms,
    ...(end.ran.length === 0 ? {} : { ran: end.ran }),
    ...(end.started_ms === null ? {} : { beganMs: end.started_ms }),
    ...(log === '' ? {} : { log: log.slice(-MAX_LOG).toWellFormed() }),
  };
  if (end.outcome === 'error') {
    const meaning = meaningOfThrown(end.error, end.atMs);
    const what = `${end.nodeid}: ${end.message ?? end.outcome}`;
    return { ...rest, answer: thrownAnswer(meaning, `${what} (in ${end.phase})`) };
  }
  return { ...rest, answer: answerOf(end, line, input) };
}

/** What it recorded, else its own line, else what it printed. */
function answerOf(end: ItemEnd, line: ItemLine | null, input: ItemRest): ClientAnswer {
  const read = line === null ? null : lineAnswer(line, end.nodeid);
  const recorded = end.record === null ? null : recordedAnswer(end, read);
  if (recorded?.kind === 'err' && recorded.error.kind === 'broken-output')
    return failureAnswer('broken-output', `${end.nodeid}: record(): ${recorded.error.message}`);
  if (recorded?.kind === 'ok') return completed(end, recorded.value);
  if (read !== null) return completed(end, read);
  const printed = end.stdout.trimEnd();
  if (printed !== '' && (input.mayPrint || input.empty === 'seen'))
    return completed(
      end,
      { ...said(printed), ...(input.empty === 'seen' ? { textFrom: PRINTED } : {}) },
      PRINTED,
    );
  if (input.empty !== 'failed') return completed(end, EMPTY_COMPLETION);
  const ended = end.message === null ? end.outcome : `${end.outcome} (${end.message})`;
  const why = input.whyNone === '' ? '' : `, and ${input.whyNone}`;
  const hint =
    'record it with the fixture "expgraph", name its files with "collect", or set "proxy: true"; "empty: allowed" keeps it as it is';
  return failureAnswer('nothing-recorded', `${end.nodeid} ${ended} and recorded no answer${why}: ${hint}`);
}

/** What stands in its line is taken where it recorded less. */
function recordedAnswer(end: ItemEnd, read: Completion | null): ReturnType<typeof readTold> {
  const record = withoutNulls(end.record!);
  const beside = isJsonObject(record.properties as Json) ? (record.properties as JsonObject) : {};
  const defaults = read === null || read.unread !== undefined ? NO_DEFAULTS : read;
  const told = readTold(record, defaults, {
    fields: {},
    about: beside,
    setting: (ours) => `record(${ours}=...)`,
  });
  if (told.kind === 'err' || read === null) return told;
  const properties = mendObject({ ...read.properties, ...told.value.properties });
  return {
    kind: 'ok',
    value: {
      ...told.value,
      ...(properties.kind === 'ok' ? { properties: properties.value } : {}),
      ...(told.value.sent === undefined && read.sent !== undefined ? { sent: read.sent } : {}),
    },
  };
}

function said(text: string): Completion {
  const told = readTold(text, NO_DEFAULTS);
  return told.kind === 'ok' ? told.value : EMPTY_COMPLETION;
}

/** @param from where its text is from, if that is no place for an answer */
function completed(end: ItemEnd, completion: Completion, from?: string): ClientAnswer {
  const { nodeid, outcome, message, reruns } = end;
  const test: JsonObject = {
    nodeid,
    outcome,
    ...(message === null ? {} : { message }),
    ...(reruns === 0 ? {} : { reruns }),
    ...(from === undefined ? {} : { text_from: from }),
  };
  const properties = mendObject({ ...end.properties, ...completion.properties, pytest: test });
  const whole = properties.kind === 'ok' ? { ...completion, properties: properties.value } : completion;
  return { kind: 'completion', completion: whole, requestId: null, limits: null };
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}
