// What comes of uniting two stores, while it comes to be.
import type { Told } from '../../core/united.ts';
import type { Layout } from '../disk/layout.ts';

/** Ends as United (core/united.ts). */
export type Uniting = {
  readonly ours: Layout;
  readonly theirs: Layout;
  /** Paths of `theirs` begin here, and what is told is told from here: the other store. */
  readonly top: string;
  /** true = only find out what would come. */
  readonly dry: boolean;
  /** false = one of ours that is as long as theirs is taken for whole. */
  readonly readsBlobs: boolean;
  /** Asked before each file that is written: throws where the lock is not ours any more. */
  readonly check: () => void;
  /** Told of history files before lines within them change: an index that knows them forgets them. */
  readonly forget: (file: string) => void;
  readonly came: {
    readonly invocations: Set<string>;
    records: number;
    scores: number;
    blobs: number;
    readonly archives: string[];
    readonly reviews: string[];
    readonly leftOut: Told[];
    readonly conflicts: (Told & { readonly kept: string | null })[];
    readonly damaged: Told[];
  };
};
