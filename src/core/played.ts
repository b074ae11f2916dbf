// What the simulation is told to answer: scripts by scenario and variant. It plays a model, and this is its part.
import type { JsonObject } from './json.ts';

export type PlayedCall = { readonly name: string; readonly arguments: JsonObject };

/** One answer of the model. `error`: an HTTP status in its place. */
export type PlayedTurn =
  | { readonly kind: 'say'; readonly text: string | null; readonly calls: readonly PlayedCall[] }
  | { readonly kind: 'error'; readonly status: number; readonly message: string | null };

/** The turns of one conversation, in their order. */
export type PlayedRun = readonly PlayedTurn[];

/** Of each run, from the first, the last one going on for all further runs; or what is drawn anew for each. */
export type PlayedScript = readonly PlayedRun[] | PlayedDraws;

/** What a model would say more or less often: each draw takes one, by weight and by temperature (sim/dice.ts). */
export type PlayedDraws = {
  readonly likely: readonly { readonly weight: number; readonly run: PlayedRun }[];
};

/** Scripts of one account. Rules are tried in their order; a script is named by its place in the list. */
export type Played = {
  readonly scripts: readonly PlayedScript[];
  readonly rules: readonly PlayedRule[];
};

export type PlayedRule = {
  /** An id, or a glob. */
  readonly scenario: string;
  /** A name, or a glob; null = of all of them. */
  readonly variant: string | null;
  readonly script: number;
};
