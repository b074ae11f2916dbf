// How one attempt ended. The adapter classifies, the retry policy decides, the reporter words it.
import type { BatchFacts } from './batch-facts.ts';
import type { Lesson } from './endpoint-settings.ts';
import type { FailureKind } from './generated/record.ts';
import type { JsonObject } from './json.ts';
import type { Verdict } from './scoring.ts';
import type { TraceBeside } from './trace.ts';
import type { Outside } from './untrusted-json.ts';

export type { FailureKind };

export type Failure = {
  readonly kind: FailureKind;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  readonly message: string;
  /** What the provider asked us to wait, in milliseconds; null = it did not say. */
  readonly retryAfterMs: number | null;
  /** Only where nothing of the request reached anybody: it costs nothing. */
  readonly isUnsent?: true;
  /** Only where a key or a variable is missing where the work was to be done: nobody was asked, and elsewhere it may be there. */
  readonly isOfPlace?: true;
  /** Only where there is no such host, its name cannot be looked up just now, or nothing listens at its address. */
  readonly isNobodyThere?: 'host' | 'lookup' | 'server';
  /**
   * Of whom a server's refusal speaks, by its words: the account for a day or longer (`all`), the account, one model of
   * it, or nobody but this request (`request`). Only of what a server refused.
   */
  readonly refuses?: 'all' | 'account' | 'model' | 'request';
  /**
   * Only where code of the user's told of it that asks models by itself: its other calls may have been paid, and which account
   * it used is not known.
   */
  readonly isOfCode?: true;
  /** Only where what it shared a worker with may have taken that along: it is no attempt that this task used up. */
  readonly isOfNeighbour?: true;
  /** Only where an answer came that is none: what it says that it took. */
  readonly usage?: Usage;
  /** Only where a server failed when its model had begun to answer: that may have been paid for. */
  readonly isBegun?: true;
  /** Only where a sound server answered for a model that said nothing usable: it speaks of this prompt, not of the account. */
  readonly isOfPrompt?: true;
  /** Only where a scorer said something that is no verdict: `once` = asked the same again it says the same, as a rule. */
  readonly isUnread?: 'once' | 'any';
  /** The start of what came, where words alone do not explain it: one line, without secrets. */
  readonly body?: string;
};

export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** Of the input tokens, those served from the provider's prompt cache; null = not reported. */
  readonly cachedInputTokens: number | null;
  /** Of the input tokens, those written into that cache, where a provider says it; they may cost more than fresh ones. */
  readonly cacheWriteInputTokens?: number;
  /** Of these, those that are kept for an hour, which cost more again; absent = none, or not told. */
  readonly cacheWrite1hInputTokens?: number;
  /** Of the output tokens, those spent on hidden reasoning; null = not reported. */
  readonly reasoningTokens: number | null;
  /** In USD, where the server itself says what it charged. */
  readonly costUsd?: number;
};

export type ToolCall = {
  readonly id: string | null;
  readonly name: string;
  /** As parsed; {} where the model's text was not a JSON object that can be held exactly. */
  readonly arguments: Outside;
  /** The model's own text; null where it was such an object. */
  readonly argumentsText: string | null;
};

export type ToolResult = {
  readonly id: string | null;
  readonly name: string;
  /** Where it came from; `none` = it is an error that the model was told. */
  readonly source: 'scenario' | 'tool' | 'handler' | 'mcp' | 'none';
  /** As the model was told it. */
  readonly text: string;
  /** What was wrong with the call; null = nothing. */
  readonly error: 'unknown-tool' | 'invalid-arguments' | 'no-result' | 'tool-failed' | null;
};

/** One call of the model and the results of the tools that it called. */
export type Turn = {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly requestId: string | null;
  readonly finishReason: string | null;
  readonly usage: Usage | null;
  /** What the model said and what it was told, in the provider's own form. */
  readonly messages: readonly JsonObject[];
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResult[];
  /** Only where the server had refused what was said back by the rules: what was said beside them, `-name` = left out. */
  readonly repaired?: readonly string[];
  /** Only of own code, whose own answer may leave it out. */
  readonly text?: string;
  readonly servedModel?: string | null;
  /** What its body held beside all this; of a last turn it is in the answer. Only where it held something. */
  readonly raw?: JsonObject;
  /** Only of a call that somebody else's client made: the model that it asked. */
  readonly model?: string | null;
  /** Only of a turn that an earlier invocation paid: which one, and what it cost then. */
  readonly paid?: { readonly invocation: string; readonly costUsd: number | null };
};

/**
 * What was really sent, as whoever sent it tells: a harness, a file, or the proxy that saw the request. null = it was not
 * told, which is not the same as not sent (`unsent`).
 */
export type Sent = {
  readonly prompt: string | null;
  readonly messages: readonly JsonObject[] | null;
  readonly system: string | null;
  readonly model: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** Settings that are known to have been left out of the request. */
  readonly unsent: readonly ('temperature' | 'seed' | 'system')[];
};

/** What a model answered. A refusal or an odd answer is a completion, not a failure. */
export type Completion = {
  readonly text: string;
  /** Only where the text came with half characters: as it came, with those as JSON writes them; `text` has U+FFFD there. */
  readonly textEscaped?: string;
  /** Only where the text was not the content: the member of the message that it was taken from. */
  readonly textFrom?: string;
  readonly toolCalls: readonly ToolCall[];
  /** What the model added to the conversation, in the provider's own form. */
  readonly messages: readonly JsonObject[];
  readonly finishReason: string | null;
  readonly refusal: string | null;
  /** null = the provider did not report it. */
  readonly usage: Usage | null;
  readonly servedModel: string | null;
  readonly systemFingerprint: string | null;
  /** What the body held beside all this. Only where it held something. */
  readonly raw?: JsonObject;
  /** It was cut off at max_turns while it still called tools. */
  readonly turnLimit?: true;
  /** What own code, a program or a test told beside its answer. */
  readonly properties?: Outside;
  /** Digest of the mapping and the reader that read it from `properties.line`. Only where there is such a line. */
  readonly reading?: string;
  /** Only where what was told could not be read as an answer, and why: it is kept, and satisfies nothing. */
  readonly unread?: string;
  /** Only where the work was not ours: the manifest does not say then what was sent. */
  readonly sent?: Sent;
  /** Of an order that judges, and of no other. */
  readonly verdict?: Verdict;
};

/** One limit as the provider's headers tell it; null = not told, or not readably. */
export type LimitSeen = {
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Until it is whole again, in milliseconds. */
  readonly resetMs: number | null;
};

/** What an answer said of the account's limits. It never enters a record or a key. */
export type LimitsSeen = { readonly requests: LimitSeen | null; readonly tokens: LimitSeen | null };

type Timing = {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Monotonic clock. */
  readonly durationMs: number;
  readonly requestId: string | null;
  /** Turns that were made, also where a later one failed. Only where there may be more than one. */
  readonly turns?: readonly Turn[];
  /** What own code logged and printed, or a process wrote to stderr: its end. Only where there is something. */
  readonly log?: string;
  /** Files of the project that were read and that nobody declared, relative to its folder; a
   * folder that was listed ends in a slash. Only where there are some. */
  readonly undeclared?: readonly string[];
  /** Of tests, the functions of their code that ran: `file:name`. Only where somebody watched. */
  readonly ran?: readonly string[];
  /** Files of its code that were loaded with other bytes than its key was made of. Only where there are some. */
  readonly otherCode?: readonly string[];
  /** Of whoever did it and was there before: the witness's moment at which that began to read what counts. */
  readonly heldSince?: number;
  /** Only of what came in a batch: how long the model took is not known then. */
  readonly batch?: BatchFacts;
  /** What endpoints turned out to need, each told once by a worker. Only where there is something. */
  readonly lessons?: readonly Lesson[];
  /** The attempt's trace: a JSON list of spans, shielded. Only where it is traced. */
  readonly spans?: string;
  /** What the work's own tools traced of it by themselves. Only where it is traced. */
  readonly beside?: TraceBeside;
  /** Which worker did it. Only where work is spread over a queue. */
  readonly worker?: string;
};

export type Outcome =
  | (Timing & {
      readonly kind: 'success';
      readonly completion: Completion;
      readonly limits: LimitsSeen | null;
    })
  | (Timing & { readonly kind: 'failure'; readonly failure: Failure; readonly limits: LimitsSeen | null })
  | (Timing & { readonly kind: 'cancelled' });
