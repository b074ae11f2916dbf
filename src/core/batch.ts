// Batches of a vendor: many calls as one request, answered within a day at half the price. What is known of each of them,
// before it is sent, while it is out and after it was collected.
import type { BatchWireName } from './batch-facts.ts';
import type { Price } from './manifest.ts';
import type { Endpoint, Order } from './order.ts';
import type { ProviderType } from './providers/table.ts';

export type { BatchFacts, BatchOrder, BatchOut, BatchPlace, BatchWireName } from './batch-facts.ts';

/** One batch from the moment at which it may be out. */
export type OpenBatch = {
  /** Ours: made before it is sent, and told to the vendor, or part of each `custom_id`. */
  readonly tag: string;
  readonly wire: BatchWireName;
  /** Name of the provider in the manifest. */
  readonly provider: string;
  /** As written: `${NAME}` unreplaced. */
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly invocation: string;
  /** Drawn again on purpose. */
  readonly isForced: boolean;
  /** ISO 8601, UTC. */
  readonly intendedAt: string;
  /** The `custom_id` of each. */
  readonly items: readonly string[];
  /** null = whether it is out is not known. */
  readonly sent: BatchSent | null;
};

export type BatchSent = {
  /** The vendor's. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** What is about to be sent. */
export type BatchDraft = Pick<OpenBatch, 'tag' | 'wire' | 'endpoint' | 'model' | 'intendedAt'> & {
  readonly orders: readonly { readonly item: string; readonly order: Order }[];
  /** SHA-256 of what is sent. */
  readonly digest: string;
  readonly bytes: number;
};

/** What is written down of batches. Each promise resolves when it is durable. */
export interface BatchBook {
  /** @returns undefined: it is not open, or not any more */
  find(tag: string): OpenBatch | undefined;
  /** Before anything of it is sent. */
  intend(draft: BatchDraft): Promise<OpenBatch>;
  sent(tag: string, sent: BatchSent): Promise<void>;
  /** Nothing of it is out: it never reached the vendor, or was refused as a whole. */
  dropped(tag: string, why: string): Promise<void>;
}

/** What a batch costs of the price of single calls. OpenAI: platform.openai.com/docs/guides/batch ("50% cost discount"), Anthropic:
 * docs.anthropic.com/en/docs/build-with-claude/batch-processing ("50% of the standard API prices"); both as of November 2026. */
export const BATCH_SHARE = 0.5;

/** Whose form of batches an account speaks; null = none that is known here. `sim`: only one that outlives an invocation. */
export function batchWireOf(provider: {
  readonly type: ProviderType;
  readonly baseUrl: string | null;
}): BatchWireName | null {
  switch (provider.type) {
    case 'openai':
    case 'anthropic':
      return provider.type;
    case 'sim':
      return provider.baseUrl === null ? null : 'openai';
    default:
      return null;
  }
}

/** By the price of calls. */
export function batchPrice(price: Price): Price {
  const { input, cachedInput, output, cacheWrite } = price;
  return {
    ...price,
    input: input * BATCH_SHARE,
    cachedInput: cachedInput === null ? null : cachedInput * BATCH_SHARE,
    output: output * BATCH_SHARE,
    ...(cacheWrite === undefined ? {} : { cacheWrite: cacheWrite * BATCH_SHARE }),
  };
}

/** Its order is answered in a batch: no limit of a call holds for it. */
export function goesInBatch({ batch }: Pick<Order, 'batch'>): boolean {
  return batch !== undefined;
}
