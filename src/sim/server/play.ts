// One call played: its body read, the answer made up, and the way to write it down.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { answer } from '../player/answer.ts';
import type { Filler } from '../player/filler.ts';
import { type Script, scriptedError, scriptedReply, scriptedTurn } from '../player/scripted.ts';
import { hashText, makeDice } from '../wire/dice.ts';
import type { Api } from '../wire/wire.ts';
import { badRequest, contextExceeded, type WireError } from '../wire/wire-error.ts';
import { promptTokens, writeReply } from '../wire/wire-fields.ts';
import type { Tokens } from './connections.ts';

export type Played = Tokens & {
  /** What makes the answer as long as `answerBytes` says; 0 bytes = it is as long as it came. */
  readonly filler: Filler;
  /** The body of the answer. `mark` stands behind its text, for something to be put there. */
  readonly write: (mark: string) => string;
};

export type PlayOptions = {
  readonly contextTokens: number | null;
  readonly answerBytes: number | null;
  readonly clock: Clock;
};

export function play(
  call: {
    readonly api: Api;
    readonly request: IncomingMessage;
    readonly body: string;
    readonly script?: Script | null;
  },
  at: { readonly options: PlayOptions; readonly id: string; readonly servedModel: string | null },
): Result<Played, WireError> {
  const { options, id } = at;
  try {
    const parsed = parseBody(call.body);
    if (parsed === null) return err(badRequest('The body of the request is not a JSON object.'));
    const read = call.api.read(parsed);
    if (read.kind === 'err') return read;
    const prompt = read.value;
    const inputTokens = promptTokens(prompt);
    const limit = options.contextTokens;
    if (limit !== null && inputTokens > limit) return err(contextExceeded({ tokens: inputTokens, limit }));
    const run = runOf(call.request);
    const turn = call.script ? scriptedTurn(call.script, { request: prompt, run }) : null;
    if (turn?.kind === 'error') return err(scriptedError(turn));
    const reply = turn ? scriptedReply(turn, prompt) : answer({ request: prompt, run });
    const { maxOutputTokens } = prompt;
    const hash = hashText(call.body, run);
    const wantedBytes = lengthOf(options.answerBytes, hash);
    const written = writeReply(reply, { maxOutputTokens, wantedBytes });
    const createdAt = Math.floor(options.clock.now().getTime() / 1000);
    const servedModel = at.servedModel ?? prompt.model;
    return ok({
      inputTokens,
      outputTokens: written.tokens,
      filler: { bytes: written.fillerBytes, hash },
      write: (mark) => call.api.write({ prompt, written, mark, servedModel, inputTokens, id, createdAt }),
    });
  } catch (cause) {
    // Only nesting that overflows the stack comes here; anything else is a bug and has to be seen.
    if (cause instanceof RangeError) return err(badRequest('The request is nested too deeply.'));
    throw cause;
  }
}

function parseBody(body: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Which repeat is asked for. Without the header it is the first: the same request gets the same answer. */
function runOf(request: IncomingMessage): number {
  const run = Number(request.headers['x-expgraph-run'] ?? 1);
  return Number.isSafeInteger(run) && run >= 1 ? run : 1;
}

/** Half are shorter than the median, half longer, one in a thousand by more than the factor 1.9. */
const LENGTH_SPREAD = 0.2;

function lengthOf(medianBytes: number | null, hash: number): number {
  if (medianBytes === null) return 0;
  const dice = makeDice(hash);
  const gauss = Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice());
  return Math.round(medianBytes * Math.exp(LENGTH_SPREAD * gauss));
}
