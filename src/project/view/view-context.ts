// What each screen is made of.
import type { World } from '../open/world.ts';
import type { Selections } from './selections.ts';
import type { Snapshot } from './snapshot.ts';
import type { Texts } from './texts.ts';

export type ViewContext = {
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly query: URLSearchParams;
  /** The manifest as it was given. */
  readonly file: string;
  readonly isUnblinded: boolean;
  readonly selections: Selections;
  readonly texts: Texts;
};
