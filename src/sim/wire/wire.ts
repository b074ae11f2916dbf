// The face that each API shows to the server: a request body in, a response body out.
import type { Result } from '../../core/result.ts';
import type { Prompt } from './prompt.ts';
import type { WireError } from './wire-error.ts';
import type { Body, Written } from './wire-fields.ts';

export type Stamped = {
  readonly prompt: Prompt;
  readonly written: Written;
  /** Stands behind the text of the answer, in the place of what is put in later; '' = nothing is. */
  readonly mark: string;
  /** The model that the answer names. */
  readonly servedModel: string;
  readonly inputTokens: number;
  /** Unique in this server; each API puts its own prefix before it. */
  readonly id: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
};

export type Api = {
  readonly read: (body: Body) => Result<Prompt, WireError>;
  readonly write: (stamped: Stamped) => string;
};
