// The face of the room: a vendor's form of batches. It says what came of one question; when it is asked is batches.ts's.
import type { BatchWireName } from '../core/batch.ts';
import type { JsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import type { Result } from '../core/result.ts';
import type { SplitClient } from '../providers/provider.ts';

/** Whom to ask, and until when. */
export type At = { readonly client: SplitClient; readonly signal: AbortSignal };

export interface BatchWire {
  readonly name: BatchWireName;
  /** Of one batch. Bytes are those of the lines, and what stands around them. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** All items of a batch are of one model. */
  readonly isOneModel: boolean;
  /** `custom_id` of an item: all of its characters are taken by the vendor, and it is not longer than 64. */
  readonly lineOf: (item: string, body: JsonObject) => string;
  send(at: At, batch: { readonly tag: string; readonly lines: readonly string[] }): Promise<SendEnd>;
  /** Of a batch that may be out. `since`: milliseconds since 1970, by the clock of this machine. */
  find(at: At, batch: Wanted): Promise<Result<FindEnd, Failure>>;
  look(at: At, id: string): Promise<Result<LookEnd, Failure>>;
  /** Of a batch that has ended: what came, item by item, as it comes; items that are not in it were not answered. */
  results(at: At, ended: Ended, each: EachItem): Promise<Result<null, Failure>>;
  cancel(at: At, id: string): Promise<Result<null, Failure>>;
}

export type Wanted = {
  readonly tag: string;
  readonly items: readonly string[];
  readonly sinceMs: number;
  readonly nowMs: number;
};

export type SendEnd =
  | { readonly kind: 'sent'; readonly id: string }
  /** `isSure`: the vendor has no such batch; else it may have one all the same. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isSure: boolean };

export type FindEnd =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'none' }
  /** One of these may be it, and nobody can tell before it has ended. */
  | { readonly kind: 'later'; readonly ids: readonly string[] }
  /** One of these may be it, and nobody can tell any more. */
  | { readonly kind: 'untold'; readonly ids: readonly string[] };

export type LookEnd =
  | { readonly kind: 'open'; readonly done: number; readonly failed: number }
  | ({ readonly kind: 'ended' } & Ended)
  /** Refused as a whole: nothing of it was run. `lines`: which of its lines are the reason, from 0, and what is wrong with each. */
  | {
      readonly kind: 'refused';
      readonly failure: Failure;
      readonly lines: ReadonlyMap<number, string>;
    };

/** Where its answers are, in the vendor's words. */
export type Ended = {
  readonly files: readonly string[];
  /** As the vendor counts them; null = it does not say. */
  readonly answers: number | null;
};

/** By `custom_id`. The next one is read when it resolves; where it rejects, no more is read. */
export type EachItem = (item: string, end: ItemEnd) => Promise<void>;

export type ItemEnd =
  /** What a call would have been answered. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: { readonly [name: string]: string };
      readonly text: string;
    }
  | { readonly kind: 'expired' }
  | { readonly kind: 'cancelled' };
