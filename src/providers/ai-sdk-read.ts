// From an answer to a ClientAnswer. APIs that we read ourselves (wires.ts) are read from their bytes, as any other answer is: digits,
// half characters, errors in the clothes of a success. A package adds what only it knows: the message as it wants to hear it again.
import { endingOf, saysItCalled } from '../core/ending.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import type { GenerateResult } from '../core/language-model.ts';
import type { Completion, Failure, Usage } from '../core/outcome.ts';
import { thrownMessage } from '../core/thrown.ts';
import { besideOf } from './ai-sdk-beside.ts';
import { besideBy, reasonOf, saidBy, usageOf } from './ai-sdk-said.ts';
import { endsInFrame, exactBy } from './converse-read.ts';
import { headersOf } from './lean-response.ts';
import { hasOwnTools } from './offered-tools.ts';
import { factsIn, type Teller, tellFailure, tellServerError, tellStatus } from './openai-answer.ts';
import { findHiddenError, readServerError } from './openai-error-body.ts';
import { areWhole } from './openai-saying.ts';
import type { ClientAnswer } from './provider.ts';
import type { HeaderSource } from './reset-headers.ts';
import { readAnswer, type Wire, wireOf } from './wires.ts';

export type Came = {
  readonly url: string;
  readonly response: Response;
  /** What the package made of it; null = it threw. */
  readonly result: GenerateResult | null;
  readonly thrown: unknown;
  readonly teller: Teller;
};

export async function tellAnswer(came: Came): Promise<ClientAnswer> {
  const { response, teller, url } = came;
  const { status } = response;
  const body = await response.bytes();
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (status >= 300) {
    const told = readServerError(bytes.toString('utf8'), status);
    return tellStatus({ told, status, headers: headersOf(response), teller });
  }
  const wire = wireOf('POST', URL.parse(url)?.pathname ?? '');
  if (wire === null) return ofPackage(came, bytes);
  const read = readAnswer({ wire, status, headers: response.headers, bytes, teller });
  // A path of the same name, and an API of another form: its package knows it.
  if (read.kind === 'failure' && isUnknownForm(read.failure) && came.result !== null)
    return ofPackage(came, bytes);
  if (read.kind !== 'completion') return read;
  if (came.result === null) {
    const { text, toolCalls, usage } = read.completion;
    // Another turn would have to say back what only the package can. A last word needs none of it.
    if (text === '' || toolCalls.length > 0) return unreadable(came, { bytes, usage });
    return checked({ ...read, completion: withoutPackage(wire, read.completion, bytes) }, came);
  }
  const said = saidBy(came.result);
  const completion = joined({ wire, read: read.completion, said, result: came.result, bytes });
  return checked({ ...read, completion }, came);
}

/** The package cannot read it, and we can: it was paid for. */
function withoutPackage(wire: Wire, read: Completion, bytes: Buffer): Completion {
  const raw = read.raw ?? besideOf(wire, bytes);
  const messages = [{ role: 'assistant', content: [{ type: 'text', text: read.text }] }];
  return { ...read, messages, ...(raw === null ? {} : { raw }) };
}

function isUnknownForm({ kind, usage, isOfPrompt }: Failure): boolean {
  return kind === 'invalid-response' && usage === undefined && isOfPrompt === undefined;
}

/** An API that nobody here reads: what its package says counts. */
function ofPackage(came: Came, bytes: Buffer): ClientAnswer {
  const { response, teller, result } = came;
  const headers = headersOf(response);
  const hidden = result === null ? findHiddenError(bytes) : null;
  if (hidden !== null) return tellStatus({ told: hidden, status: 200, headers, teller });
  if (result === null) return toldInStream(came) ?? unreadable(came, { bytes, usage: null });
  const said = exactBy(saidBy(result), bytes);
  if (said.finishReason === null && said.refusal === null && isStream(headers))
    return cutOff(came, said.usage);
  if (isThoughtAlone(said)) {
    const message = `${teller.host}: the answer has neither text nor a tool call, and thinking alone`;
    const { status } = response;
    return failedWith(came, {
      ...{ kind: 'invalid-response', status, message, usage: said.usage, isOfPrompt: true },
      body: startOf(bytes, teller),
    });
  }
  // Packages put the name there that they asked for.
  const isServed = came.url === '' || (said.servedModel !== null && bytes.includes(said.servedModel));
  const completion = { ...said, ...besideBy(result), servedModel: isServed ? said.servedModel : null };
  return checked({ kind: 'completion', completion, ...factsIn(headers) }, came);
}

/** A model that thought and ended has lost its answer, and asked again it has not. */
function isThoughtAlone({ text, toolCalls, refusal, finishReason, messages }: Completion): boolean {
  if (text !== '' || toolCalls.length > 0 || refusal !== null || finishReason === null) return false;
  const parts = messages.flatMap(({ content }) =>
    Array.isArray(content) ? (content as readonly Json[]) : [],
  );
  const isThought = (part: Json): boolean => isJsonObject(part) && part.type === 'reasoning';
  const isNothing = (part: Json): boolean => isJsonObject(part) && part.type === 'text' && part.text === '';
  const areThoughts = parts.some(isThought) && parts.every((part) => isThought(part) || isNothing(part));
  return areThoughts && endingOf(finishReason).kind === 'whole';
}

/** Of the web's events, and of AWS's. */
function isStream(headers: HeaderSource): boolean {
  return /event-?stream/i.test(headers.get('content-type') ?? '');
}

function cutOff(came: Came, usage: Usage | null): ClientAnswer {
  const message = `${came.teller.host}: the stream ended before the answer did`;
  return failedWith(came, { kind: 'network', status: came.response.status, message, usage });
}

/** An error of the vendor's in the middle of a stream, as the specification has packages hand it on: plain data. */
function toldInStream({ thrown, response, teller }: Came): ClientAnswer | null {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null) return null;
  const { message, type, code, statusCode } = thrown as { readonly [name: string]: unknown };
  if (typeof message !== 'string') return null;
  const words = JSON.stringify({ error: { message, type: plainOr(type), code: plainOr(code) } });
  const error = readServerError(words, typeof statusCode === 'number' ? statusCode : null);
  const told = tellServerError({ error, headers: headersOf(response), teller });
  return told.kind === 'failure' ? { ...told, failure: { ...told.failure, isBegun: true } } : told;
}

function plainOr(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

type Completed = Extract<ClientAnswer, { kind: 'completion' }>;

/** What was paid for all the same is told. */
function unreadable(came: Came, of: { readonly bytes: Buffer; readonly usage: Usage | null }): ClientAnswer {
  const { teller, response, thrown } = came;
  if (endsInFrame(of.bytes, headersOf(response))) return cutOff(came, of.usage);
  const message = `${teller.host}: the answer cannot be read: ${thrownMessage(thrown)}`;
  return failedWith(came, {
    message,
    kind: 'invalid-response',
    usage: of.usage ?? usageIn(of.bytes),
    status: response.status,
    body: startOf(of.bytes, teller),
  });
}

function failedWith(
  came: Came,
  of: Pick<Failure, 'kind' | 'status' | 'message'> & {
    readonly usage: Usage | null;
    readonly body?: string;
    readonly isOfPrompt?: true;
    readonly isBegun?: true;
  },
): ClientAnswer {
  const { kind, status, message, usage, body, isOfPrompt, isBegun } = of;
  const answer = tellFailure({
    kind,
    status,
    message,
    ...factsIn(headersOf(came.response)),
    teller: came.teller,
  });
  if (answer.kind !== 'failure') return answer;
  const facts = {
    ...(usage === null ? {} : { usage }),
    ...(body === undefined || body === '' ? {} : { body }),
    ...(isOfPrompt === undefined ? {} : { isOfPrompt }),
    ...(isBegun === undefined ? {} : { isBegun }),
  };
  return { ...answer, failure: { ...answer.failure, ...facts } };
}

/** More than is shown: a secret that is cut in half would not be found. */
const MAX_BODY_READ = 16_000;

function startOf(bytes: Buffer, teller: Teller): string {
  return teller.write(bytes.subarray(0, MAX_BODY_READ).toString('utf8'));
}

/** Of an API that nobody here knows, under the name that most of them have. Cohere counts in `tokens`. */
export function usageIn(bytes: Buffer): Usage | null {
  const raw: Json | undefined = parseObject(bytes.toString('utf8'))?.usage;
  if (!isJsonObject(raw)) return null;
  const told = isJsonObject(raw.tokens) ? raw.tokens : raw;
  const of = (...names: readonly string[]): number | undefined => {
    const value = names.map((name) => told[name]).find((one) => typeof one === 'number');
    return typeof value === 'number' ? value : undefined;
  };
  const input = of('input_tokens', 'prompt_tokens', 'inputTokens');
  const output = of('output_tokens', 'completion_tokens', 'outputTokens');
  // Bedrock counts both beside the input.
  const [cacheRead, cacheWrite] = [of('cacheReadInputTokens'), of('cacheWriteInputTokens')];
  const total = input === undefined ? undefined : input + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return usageOf({
    inputTokens: { total, noCache: undefined, cacheRead, cacheWrite },
    outputTokens: { total: output, text: undefined, reasoning: undefined },
    raw,
  });
}

/** The bytes, and what the package says. Where the two are of one mind, ours is the exact one. */
function joined(of: {
  readonly wire: Wire;
  readonly read: Completion;
  readonly said: Completion;
  readonly result: GenerateResult;
  readonly bytes: Buffer;
}): Completion {
  const { wire, read, said, result } = of;
  const isOneText = read.text === said.text || (said.text === '' && read.textFrom !== undefined);
  const text = isOneText ? read : said;
  const isOneCall =
    read.toolCalls.length === said.toolCalls.length &&
    read.toolCalls.every(({ name }, n) => name === said.toolCalls[n]!.name);
  const raw = read.raw ?? besideOf(wire, result.response?.body ?? of.bytes);
  return {
    text: text.text,
    ...(text.textEscaped === undefined ? {} : { textEscaped: text.textEscaped }),
    ...(text.textFrom === undefined ? {} : { textFrom: text.textFrom }),
    // A call without an id was given one by the package, which its result has to name.
    toolCalls: isOneCall
      ? read.toolCalls.map((call, n) => ({ ...call, id: said.toolCalls[n]!.id }))
      : said.toolCalls,
    messages: said.messages,
    finishReason: read.finishReason ?? reasonOf(result),
    refusal: read.refusal ?? said.refusal,
    usage: usageFrom(wire, read.usage, said.usage),
    servedModel: read.servedModel ?? said.servedModel,
    systemFingerprint: read.systemFingerprint,
    ...(raw === null ? {} : { raw }),
  };
}

/** Of OpenAI's kind we know more vendors; of their own wires the packages know what was written into a cache, and sums. */
function usageFrom(wire: Wire, read: Usage | null, said: Usage | null): Usage | null {
  if (wire === 'messages' || wire === 'gemini' || read === null) return said ?? read;
  const written = said?.cacheWriteInputTokens;
  return written === undefined || written > read.inputTokens
    ? read
    : { ...read, cacheWriteInputTokens: written };
}

/** An answer that was never finished is none, whatever the package says of it. */
function checked(answer: Completed, came: Came): ClientAnswer {
  const { finishReason, text, toolCalls, usage, refusal } = answer.completion;
  const { host } = came.teller;
  const { status } = came.response;
  if (finishReason === null) {
    if ((toolCalls.length > 0 && areWhole(toolCalls)) || refusal !== null) return answer;
    const message = `${host}: the answer has no finish reason: it was cut off on its way`;
    return failedWith(came, { kind: 'invalid-response', status, message, usage, isOfPrompt: true });
  }
  if (
    saysItCalled(finishReason) &&
    text === '' &&
    toolCalls.length === 0 &&
    !hasOwnTools(answer.completion.messages)
  ) {
    const message = `${host}: it ended with ${finishReason}, and no call is there: what the model wrote was lost`;
    return failedWith(came, { kind: 'invalid-response', status, message, usage, isOfPrompt: true });
  }
  const ending = endingOf(finishReason);
  // A prompt that is blocked is refused, whatever word stands for it.
  if (ending.kind !== 'no-answer' || refusal !== null) return answer;
  const message = `${host}: the model did not end its answer: ${finishReason}`;
  const whose = ending.failure === 'overloaded' ? { isBegun: true as const } : { isOfPrompt: true as const };
  return failedWith(came, { kind: ending.failure, status, message, usage, ...whose });
}
