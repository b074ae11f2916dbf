// Each screen by its name.
import type { Answer, ScreenName } from '../../screens/screen.ts';
import { cellScreen } from './cell.ts';
import { diffScreen } from './diff.ts';
import { experimentScreen } from './experiment.ts';
import { invocationsScreen } from './invocations.ts';
import { matrixScreen } from './matrix.ts';
import { planScreen } from './plan.ts';
import { scenarioScreen } from './scenario.ts';
import { brokenBy, given, refused } from './screen-refusal.ts';
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
  plan: async ({ snapshot }) => given<'plan'>(await planScreen(snapshot)),
};

/** What takes long where much is kept, and says the same until something changes. */
const KEPT_SCREENS: ReadonlySet<ScreenName> = new Set(['invocations', 'diff', 'plan']);
const MAX_KEPT = 16;

export type ScreensOf = {
  answer<Name extends ScreenName>(
    name: Name,
    of: { readonly snapshot: Snapshot; readonly query: URLSearchParams },
  ): Promise<Answer<Name>>;
};

type Fixed = Pick<ViewContext, 'world' | 'file' | 'isUnblinded' | 'texts'>;

export function makeScreens(fixed: Fixed): ScreensOf {
  let kept: { readonly cells: Snapshot['cells']; readonly selections: Selections } | null = null;
  let answers = { revision: '', byQuestion: new Map<string, Promise<Answer<ScreenName>>>() };

  function contextOf(snapshot: Snapshot, query: URLSearchParams): ViewContext {
    if (kept?.cells !== snapshot.cells)
      kept = { cells: snapshot.cells, selections: makeSelections(snapshot.index) };
    return { ...fixed, snapshot, query, selections: kept.selections };
  }

  /** Asked twice at a time it is worked out once. */
  function once<Name extends ScreenName>(
    question: string,
    { revision, ask }: { readonly revision: string; readonly ask: () => Promise<Answer<Name>> },
  ): Promise<Answer<Name>> {
    if (answers.revision !== revision) answers = { revision, byQuestion: new Map() };
    const { byQuestion } = answers;
    const known = byQuestion.get(question);
    if (known !== undefined) return known as Promise<Answer<Name>>;
    const asked = ask();
    byQuestion.set(question, asked);
    void asked.then(({ ok }) => {
      if (!ok) byQuestion.delete(question);
    });
    if (byQuestion.size > MAX_KEPT) byQuestion.delete(byQuestion.keys().next().value!);
    return asked;
  }

  async function shown<Name extends ScreenName>(
    screen: Screen<Name>,
    context: ViewContext,
  ): Promise<Answer<Name>> {
    try {
      return await screen(context);
    } catch (cause) {
      // A disk that fails while a page is made ends that page, not the viewer.
      return { ok: false, refusal: brokenBy(cause, fixed.world.cwd) };
    }
  }

  return {
    async answer<Name extends ScreenName>(
      name: Name,
      { snapshot, query }: Pick<ViewContext, 'snapshot' | 'query'>,
    ): Promise<Answer<Name>> {
      // A name may come from an address.
      const screen: Screen<Name> | undefined = Object.hasOwn(SCREENS, name) ? SCREENS[name] : undefined;
      if (screen === undefined) return refused('not-found', 'there is no such page');
      const ask = (): Promise<Answer<Name>> => shown(screen, contextOf(snapshot, query));
      if (!KEPT_SCREENS.has(name)) return ask();
      return once(`${name}?${query}`, { revision: snapshot.index.revision, ask });
    },
  };
}
