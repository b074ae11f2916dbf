// What each screen is made of.
import type { FilterOptions } from '../open/filters.ts';
import type { World } from '../open/world.ts';
import type { Selections } from './selections.ts';
import type { Snapshot } from './snapshot.ts';
import type { Texts } from './texts.ts';

export type ViewContext = {
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly query: URLSearchParams;
  /** What the viewer was started with, for use cases that open it themselves. */
  readonly scope: FilterOptions & { readonly file: string };
  readonly selections: Selections;
  readonly texts: Texts;
};
