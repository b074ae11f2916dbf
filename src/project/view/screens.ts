// Each screen by its name.
import type { Answer, ScreenName } from '../../screens/screen.ts';
import { reviewScreen } from '../review/reader-screen.ts';
import { cellScreen } from './cell.ts';
import { diffScreen } from './diff.ts';
import { experimentScreen } from './experiment.ts';
import { invocationsScreen } from './invocations.ts';
import { matrixScreen } from './matrix.ts';
import { planScreen } from './plan.ts';
import { scenarioScreen } from './scenario.ts';
import { given, refused } from './screen-refusal.ts';
import { makeSelections, type Selections } from './selections.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

type Screen<Name extends ScreenName> = (context: ViewContext) => Answer<Name> | Promise<Answer<Name>>;

const SCREENS: { readonly [Name in ScreenName]?: Screen<Name> } = {
  experiment: ({ snapshot }) => given<'experiment'>(experimentScreen(snapshot)),
  matrix: matrixScreen,
  scenario: scenarioScreen,
  cell: cellScreen,
  invocations: ({ snapshot }) => given<'invocations'>(invocationsScreen(snapshot)),
  diff: diffScreen,
  review: ({ world, snapshot, query }) => reviewScreen(world, { root: snapshot.experiment.root, query }),
  plan: async ({ snapshot }) => given<'plan'>(await planScreen(snapshot)),
};

export type ScreensOf = {
  answer<Name extends ScreenName>(
    name: Name,
    of: { readonly snapshot: Snapshot; readonly query: URLSearchParams },
  ): Promise<Answer<Name>>;
};

export function makeScreens(fixed: Pick<ViewContext, 'world' | 'file' | 'isUnblinded'>): ScreensOf {
  let kept: { readonly cells: Snapshot['cells']; readonly selections: Selections } | null = null;
  return {
    async answer(name, { snapshot, query }) {
      // A name may come from an address.
      const screen = Object.hasOwn(SCREENS, name) ? SCREENS[name] : undefined;
      if (screen === undefined) return refused('not-found', 'there is no such page');
      if (kept?.cells !== snapshot.cells)
        kept = { cells: snapshot.cells, selections: makeSelections(snapshot.index, null) };
      return screen({ ...fixed, snapshot, query, selections: kept.selections });
    },
  };
}
