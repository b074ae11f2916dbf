// Where batches are handed in and asked for: requests that are about calls to a model, and are none.
import { err, type Result } from '../../core/result.ts';
import { ANTHROPIC, type Dialect, OPENAI } from '../wire/dialect.ts';
import { notFound, type WireError } from '../wire/wire-error.ts';
import { makeAnthropicBatches } from './anthropic-batches.ts';
import { countTokens } from './count-tokens.ts';
import type { DeskAnswer, DeskCall, DeskOptions, DeskRoom } from './desk-answer.ts';
import { makeOpenAiBatches } from './openai-batches.ts';
import { makeFiles } from './openai-files.ts';

export type Desk = {
  /** Whose the path is; null = none of the desk's. */
  readonly dialectAt: (path: string) => Dialect | null;
  readonly handle: (call: DeskCall) => Result<DeskAnswer, WireError>;
};

export function makeDesk(options: DeskOptions): Desk {
  const files = makeFiles(options.clock);
  const rooms: readonly (readonly [RegExp, Dialect, DeskRoom])[] = [
    [/^\/v1\/files(\/|$)/, OPENAI, files.handle],
    [/^\/v1\/batches(\/|$)/, OPENAI, makeOpenAiBatches(options, files)],
    [/^\/v1\/messages\/batches(\/|$)/, ANTHROPIC, makeAnthropicBatches(options)],
    [/^\/v1\/messages\/count_tokens$/, ANTHROPIC, countTokens],
  ];
  const roomAt = (path: string) => rooms.find(([pattern]) => pattern.test(path));
  return {
    dialectAt: (path) => roomAt(path)?.[1] ?? null,
    handle: (call) => roomAt(call.path)?.[2](call) ?? err(notFound(call.method, call.path)),
  };
}
