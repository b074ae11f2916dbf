// What the host and the thread of a simulation say to each other.
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import type { SimStats } from './stats.ts';

/** What the thread is started with. */
export type Started = { readonly settings: SimSettings; readonly scripts: readonly PlayedScript[] };

export type ToThread = { readonly kind: 'stats' };

export type FromThread =
  | { readonly kind: 'started'; readonly port: number; readonly url: string }
  | { readonly kind: 'stats'; readonly stats: SimStats };
