// What is known of each account while batches go to it: whose turn it is, and whether it said that too much is enqueued. Then batches
// wait for one another; where nothing of ours is out the next one is half as large, and each that is taken lets the next be twice that.
// Where nobody listens one item goes alone, until one is taken: all others have failed nothing.
import type { OpenBatch } from '../core/batch.ts';
import type { Endpoint } from '../core/order.ts';
import type { Posted } from './waiters.ts';
import type { Pace } from './waiting.ts';

export type Account = {
  /** Batches are made one after the other: only one is in memory. */
  turn: Promise<void>;
  /** The wait before the next batch, and how many items that may have. */
  fullMs: number;
  most: number;
  isSilent: boolean;
};

export type Accounts = {
  of(endpoint: Endpoint): Account;
  taken(endpoint: Endpoint): void;
  full(batch: OpenBatch, pace: Pace): FullEnd;
  silent(endpoint: Endpoint): void;
};

export function mostIn({ most, isSilent }: Account): number {
  return isSilent ? 1 : most;
}

/** `never`: no later or smaller batch could do better. `news`: it took batches until now. */
export type FullEnd = 'news' | 'known' | 'never';

const MAX_FULL_MS = 600_000;

export function makeAccounts(posts: ReadonlyMap<string, Posted>): Accounts {
  const known = new Map<string, Account>();

  function of(endpoint: Endpoint): Account {
    const id = JSON.stringify(endpoint);
    const account = known.get(id) ?? {
      turn: Promise.resolve(),
      fullMs: 0,
      most: Number.POSITIVE_INFINITY,
      isSilent: false,
    };
    known.set(id, account);
    return account;
  }

  return {
    of,
    taken(endpoint) {
      const account = of(endpoint);
      account.fullMs = 0;
      account.most *= 2;
      account.isSilent = false;
    },
    silent(endpoint) {
      of(endpoint).isSilent = true;
    },
    full({ tag, items, endpoint }, { fullMs }) {
      const account = of(endpoint);
      const end = account.fullMs === 0 ? 'news' : 'known';
      account.fullMs = Math.min(MAX_FULL_MS, Math.max(fullMs, account.fullMs * 2));
      // What of ours is out may be what fills it.
      const others = [...posts.values()].filter(({ batch }) => batch.tag !== tag && batch.sent !== null);
      if (others.some(({ batch }) => of(batch.endpoint) === account)) return end;
      account.most = Math.ceil(items.length / 2);
      return items.length > 1 ? end : 'never';
    },
  };
}
