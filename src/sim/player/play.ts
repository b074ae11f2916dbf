// One call played: its body read, the answer made up, and the way to write it down.

import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { parseObject } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Api } from '../wire/api.ts';
import { gaussian, hashText, makeDice } from '../wire/dice.ts';
import type { PromptCache } from '../wire/prompt-cache.ts';
import { badRequest, contextExceeded, scriptedError, type WireError } from '../wire/wire-error.ts';
import { promptTokens, writeReply } from '../wire/wire-fields.ts';
import { answer, thoughtOf } from './answer.ts';
import type { Filler } from './filler.ts';
import { type Script, scriptedTurn } from './scripted.ts';

export type Tokens = { readonly inputTokens: number; readonly outputTokens: number };

export type Played = Tokens & {
  /** What makes the answer as long as `answerBytes` says; 0 bytes = it is as long as it came. */
  readonly filler: Filler;
  readonly contentType: string;
  /** The body of the answer. `mark` stands behind its text, for something to be put there. */
  readonly write: (mark: string) => string;
};

export type Call = {
  readonly api: Api;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which repeat is asked for. */
  readonly run: number;
  /** What its address says that is played; null = the rules answer. */
  readonly script: Script | null;
};

export type PlayOptions = {
  readonly contextTokens: number | null;
  readonly answerBytes: number | null;
  readonly clock: Clock;
  readonly cache: PromptCache;
  readonly id: string;
  /** null = the model that is asked for. */
  readonly servedModel: string | null;
};

export function play(
  { api, headers, body, run, script }: Call,
  options: PlayOptions,
): Result<Played, WireError> {
  return guarded(() => {
    const parsed = parseObject(body);
    if (parsed === null) return err(badRequest('The body of the request is not a JSON object.'));
    const read = api.read(parsed, headers);
    if (read.kind === 'err') return read;
    const { prompt, contentType, prefixes, write } = read.value;
    const inputTokens = promptTokens(prompt);
    const { contextTokens, clock, id } = options;
    if (contextTokens !== null && inputTokens > contextTokens)
      return err(contextExceeded(inputTokens, contextTokens));
    const turn = script && scriptedTurn(script, prompt, run);
    if (turn?.kind === 'error') return err(scriptedError(turn.status, turn.message));
    const reply = turn ? { text: turn.text ?? '', calls: turn.calls } : answer(prompt, run);
    const thought = prompt.thinks ? { thought: thoughtOf(prompt, run) } : {};
    const hash = hashText(body, run);
    const written = writeReply({ ...reply, ...thought }, prompt, lengthOf(options.answerBytes, hash));
    const createdAt = Math.floor(clock.now().getTime() / 1000);
    const servedModel = options.servedModel ?? prompt.model;
    const cacheUse = options.cache.use(prefixes, clock.monotonicMs());
    const stamp = { prompt, written, servedModel, inputTokens, cacheUse, id, createdAt };
    return ok({
      inputTokens,
      outputTokens: written.tokens,
      filler: { bytes: written.fillerBytes, hash },
      contentType,
      write: (mark) => write({ ...stamp, mark }),
    });
  });
}

/** Only nesting that overflows the stack comes here; anything else is a bug and has to be seen. */
export function guarded<Value>(read: () => Result<Value, WireError>): Result<Value, WireError> {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RangeError) return err(badRequest('The request is nested too deeply.'));
    throw cause;
  }
}

/** Which repeat is asked for. Without the header it is the first: the same request gets the same answer. */
export function runOf(headers: IncomingHttpHeaders): number {
  const run = Number(headers['x-expgraph-run'] ?? 1);
  return Number.isSafeInteger(run) && run >= 1 ? run : 1;
}

/** Half are shorter than the median, half longer, one in a thousand by more than the factor 1.9. */
const LENGTH_SPREAD = 0.2;

function lengthOf(medianBytes: number | null, hash: number): number {
  if (medianBytes === null) return 0;
  return Math.round(medianBytes * Math.exp(LENGTH_SPREAD * gaussian(makeDice(hash))));
}
