// A row of what refusals mean.

export type Says =
  /** This content is not answered: the same outcome as finish_reason content_filter. */
  | 'content'
  /** Nothing more before a day, or a month, is over. */
  | 'day'
  /** Money or quota is used up. */
  | 'quota'
  /** Too long for the model. */
  | 'context'
  /** Larger than a limit per minute as a whole: no wait helps. */
  | 'too-large'
  | 'key'
  /** Not from this place. */
  | 'place'
  /** This model is not there, or not for this account. */
  | 'model'
  | 'overloaded'
  | 'too-much'
  | 'timeout'
  /** The server could not read what the model wrote: asked again it may write something else. */
  | 'unread';

export type Rule = {
  readonly vendor: string;
  readonly says: Says;
  /** Statuses under which it counts; any, where it is not said. null = inside of an answer with status 200. */
  readonly status?: readonly (number | null)[];
  /** A code or a type, as a whole. */
  readonly name?: RegExp;
  /** In the message, or anywhere in the body. */
  readonly words?: RegExp;
};

/** A 429 or 500 may quote anything: most words count only where the request is blamed. */
export const BLAMED: readonly (number | null)[] = [400, 403, 404, 413, 422, null];
