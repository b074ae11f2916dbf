// The face that each API shows to the server: a request body in, a response body out.
import type { IncomingHttpHeaders } from 'node:http';
import { ok, type Result } from '../../core/result.ts';
import { type Dialect, OPENAI } from './dialect.ts';
import type { Prompt } from './prompt.ts';
import type { CacheUse, Prefix } from './prompt-cache.ts';
import type { WireError } from './wire-error.ts';
import type { Body, Written } from './wire-fields.ts';

export type Api = {
  readonly dialect: Dialect;
  readonly read: (body: Body, headers: IncomingHttpHeaders) => Result<Reading, WireError>;
};

/** A request as it was understood, and how its answer is written. */
export type Reading = {
  readonly prompt: Prompt;
  readonly contentType: string;
  /** Where what is sent may be kept for later requests, from its beginning on; [] = the API is asked to keep nothing. */
  readonly prefixes: readonly Prefix[];
  readonly write: (stamped: Stamped) => string;
};

export type Stamped = {
  readonly prompt: Prompt;
  readonly written: Written;
  /** Stands behind the text of the answer, in the place of what is put in later; '' = nothing is. */
  readonly mark: string;
  /** The model that the answer names. */
  readonly servedModel: string;
  /** All of them, from the cache or not. */
  readonly inputTokens: number;
  readonly cacheUse: CacheUse;
  /** Unique in this server; each API puts its own prefix before it. */
  readonly id: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
};

export const JSON_TYPE = 'application/json';

/** An API of OpenAI: one body, and nothing that is kept. */
export function openAiApi(
  read: (body: Body) => Result<Prompt, WireError>,
  write: (stamped: Stamped) => string,
): Api {
  return {
    dialect: OPENAI,
    read: (body) => {
      const prompt = read(body);
      if (prompt.kind === 'err') return prompt;
      return ok({ prompt: prompt.value, contentType: JSON_TYPE, prefixes: [], write });
    },
  };
}
