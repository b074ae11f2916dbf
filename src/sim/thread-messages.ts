// What the host and the thread of a simulation say to each other.
import type { SimStats } from './stats.ts';

export type ToThread = { readonly kind: 'stats' };

export type FromThread =
  | { readonly kind: 'started'; readonly port: number; readonly url: string }
  | { readonly kind: 'stats'; readonly stats: SimStats };
