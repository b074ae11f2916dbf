// What the proxy saw becomes the record's: what was sent, to whom, at what cost. What a harness itself says was its answer
// stands, whatever its model said. Pure.
import { sumUsage } from '../core/conversation.ts';
import type { JsonObject } from '../core/json.ts';
import type { Completion, Failure, FailureKind, Outcome, Sent } from '../core/outcome.ts';
import { PRINTED } from '../core/proxy.ts';
import type { Outside } from '../core/untrusted-json.ts';
import type { Seen, SeenCall } from './route.ts';

/** @param empty whether an answer of which nothing was told and nothing seen is one */
export function mergeSeen(outcome: Outcome, seen: Seen, empty: 'failed' | 'allowed' = 'failed'): Outcome {
  // What a conversation of ours says of itself is whole, turns of earlier attempts included.
  const turns = seen.calls.length === 0 ? {} : { turns: seen.turns };
  if (outcome.kind === 'cancelled') return { ...outcome, ...turns };
  if (seen.wasRefused) {
    const { startedAt, durationMs, requestId } = outcome;
    return { kind: 'cancelled', startedAt, durationMs, requestId, ...turns };
  }
  if (seen.isUnclear) return failed(outcome, { kind: 'code-failed', message: UNCLEAR, seen });
  if (outcome.kind === 'failure') return { ...outcome, ...turns, failure: causeOf(outcome.failure, seen) };
  const { completion } = outcome;
  if (empty === 'failed' && seen.turns.length === 0 && isSilent(completion))
    return failed(outcome, { kind: 'nothing-recorded', message: SILENT, seen });
  return { ...outcome, ...turns, completion: completionOf(completion, seen) };
}

/** A record that may hold the answers of another is worse than none. */
const UNCLEAR =
  'its calls cannot be told from those of others that ran in the same process at the same time: run them one after the other (pytest-xdist gives each a process of its own), or leave out "proxy"';
const SILENT =
  'it told nothing, and no call of a model came through the recording proxy: its client has to read one of the variables in docs/proxy.md, and none that is set in code';

function isSilent({ text, toolCalls, messages }: Completion): boolean {
  return text === '' && toolCalls.length === 0 && messages.length === 0;
}

function failed(
  outcome: Exclude<Outcome, { kind: 'cancelled' }>,
  { kind, message, seen }: Pick<Failure, 'kind' | 'message'> & { readonly seen: Seen },
): Outcome {
  const { startedAt, durationMs, requestId, limits, log } = outcome;
  const failure: Failure = { kind, status: null, message, retryAfterMs: null };
  return {
    kind: 'failure',
    failure,
    startedAt,
    durationMs,
    requestId,
    limits,
    ...(log === undefined ? {} : { log }),
    ...(seen.turns.length === 0 ? {} : { turns: seen.turns }),
  };
}

/**
 * Code that fails after a call of it failed did so for that: it is tried again as a call is. Who refuses a key is one of
 * several that the harness may ask, so it ends this arm and no other.
 */
function causeOf(failure: Failure, { lastFailure }: Seen): Failure {
  if (OF_PROCESSES.has(failure.kind) || lastFailure === null || lastFailure.kind === 'cancelled')
    return failure;
  const { kind, status, message, retryAfterMs, refuses } = lastFailure;
  const speaksOf = refuses === 'all' || refuses === 'account' ? 'model' : refuses;
  return {
    kind,
    status,
    retryAfterMs,
    message: `${message} (${failure.message})`.slice(0, MAX_MESSAGE).toWellFormed(),
    ...(speaksOf === undefined ? {} : { refuses: speaksOf }),
  };
}

const MAX_MESSAGE = 2_000;

/** These say what became of whoever did the work; any other is what it made of a call. */
const OF_PROCESSES: ReadonlySet<FailureKind> = new Set([
  'code-timeout',
  'worker-lost',
  'broken-output',
  'internal',
  'inputs-changed',
  'undeclared-input',
]);

function completionOf(asTold: Completion, seen: Seen): Completion {
  const { calls, turns } = seen;
  const properties = withFacts(asTold.properties, seen);
  const { textFrom, unread, ...told } = asTold;
  const lastTurn = turns.at(-1);
  // A conversation of ours has said all of itself.
  if (lastTurn === undefined || turns.every(({ text }) => text === undefined))
    return { ...told, ...(unread === undefined ? {} : { unread }), ...properties };
  const isTold = told.text !== '' && textFrom !== PRINTED;
  const toldMessages = isMadeUp(told) ? [] : told.messages;
  const last = lastTurn.model === undefined ? undefined : calls.at(-1);
  return {
    ...told,
    ...(isTold ? {} : textOf(last?.completion ?? lastTurn)),
    toolCalls: told.toolCalls.length > 0 ? told.toolCalls : turns.flatMap(({ calls: made }) => made),
    messages: toldMessages.length > 0 ? toldMessages : saidIn(seen),
    finishReason: told.finishReason ?? lastTurn.finishReason,
    refusal: told.refusal ?? (isTold ? null : (last?.completion.refusal ?? null)),
    usage: sumUsage(turns.map(({ usage }) => usage)),
    servedModel: lastTurn.servedModel ?? told.servedModel,
    systemFingerprint: last?.completion.systemFingerprint ?? null,
    ...(last?.completion.raw === undefined ? {} : { raw: last.completion.raw }),
    // Of a client that was handed out it is known: it is the manifest's.
    ...(last === undefined ? {} : { sent: sentOf(calls) }),
    ...properties,
  };
}

function textOf(input: Pick<Partial<Completion>, 'text' | 'textEscaped' | 'textFrom'>): Partial<Completion> {
  const { text = '', textEscaped, textFrom } = input;
  return {
    text,
    ...(textEscaped === undefined ? {} : { textEscaped }),
    ...(textFrom === undefined ? {} : { textFrom }),
  };
}

/** Where a harness says only a text, its message is made of it. */
function isMadeUp({ messages, text }: Completion): boolean {
  const [only] = messages;
  return messages.length === 1 && only!.content === text && Object.keys(only!).length === 2;
}

/** What began the conversation that the last answer ends. */
function sentOf(calls: readonly SeenCall[]): Sent {
  return calls[firstOfConversation(calls)]!.asked;
}

/**
 * Of the calls, the first whose messages are the beginning of what the last one was asked: a tool loop says all again and
 * adds to it. A call beside it (a router, a summary) has a beginning of its own.
 */
function firstOfConversation(calls: readonly SeenCall[]): number {
  const last = calls.at(-1)!.asked.messages ?? [];
  const texts = last.map((message) => JSON.stringify(message));
  const first = calls.findIndex(({ asked }) => {
    const said = asked.messages ?? [];
    return (
      said.length > 0 &&
      said.length <= last.length &&
      said.every((one, n) => JSON.stringify(one) === texts[n])
    );
  });
  return first < 0 ? calls.length - 1 : first;
}

/** What was added to the conversation: answers, results of tools, and the last answer. */
function saidIn({ calls, turns }: Seen): readonly JsonObject[] {
  if (turns.some(({ model }) => model === undefined)) return turns.flatMap(({ messages }) => messages);
  const { asked, completion } = calls.at(-1)!;
  const begun = calls[firstOfConversation(calls)]!.asked.messages ?? [];
  return [...(asked.messages ?? []).slice(begun.length), ...completion.messages];
}

/** Beside what the harness told: how often was asked, and what was refused on the way. Only where that says more than the turns. */
function withFacts(properties: Outside | undefined, seen: Seen): Pick<Completion, 'properties'> {
  const { failed, others } = seen;
  if (failed.length === 0 && others === 0) return properties === undefined ? {} : { properties };
  const proxy: JsonObject = {
    ...(failed.length === 0
      ? {}
      : {
          failed: failed.map(({ kind, status, message }) => ({
            kind,
            status,
            message: message.slice(0, 300),
          })),
        }),
    ...(others === 0 ? {} : { other_requests: others }),
  };
  return { properties: { ...properties, proxy } as Outside };
}
