// Each screen by its name.
import type { Answer, Refusal, ScreenName } from '../../screens/screen.ts';
import { withheldNow } from '../open/withheld.ts';
import { cellScreen } from './cell.ts';
import { experimentScreen } from './experiment.ts';
import { invocationsScreen } from './invocations.ts';
import { matrixScreen } from './matrix.ts';
import { makePause } from './pause.ts';
import { scenarioScreen } from './scenario.ts';
import { brokenBy, given, refused } from './screen-refusal.ts';
import { makeSelections, type Selections } from './selections.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

type Screen<Name extends ScreenName> = (context: ViewContext) => Answer<Name> | Promise<Answer<Name>>;

/** What only some ask for is loaded when they do. */
const SCREENS: { readonly [Name in ScreenName]?: Screen<Name> } = {
  experiment: (context) => given<'experiment'>(experimentScreen(context)),
  matrix: matrixScreen,
  scenario: scenarioScreen,
  cell: cellScreen,
  invocations: ({ snapshot }) => given<'invocations'>(invocationsScreen(snapshot)),
  diff: async (context) => (await import('./diff.ts')).diffScreen(context),
  plan: async ({ world, snapshot }) =>
    given<'plan'>(await (await import('./plan.ts')).planScreen(snapshot, makePause(world.clock))),
  compare: async ({ world, scope, query }) =>
    (await import('./compare.ts')).compareScreen({ ...world, notify: () => {} }, scope, query),
  timeline: async ({ world, snapshot: { experiment, store }, query }) =>
    (await import('./timeline.ts')).timelineOf({ experiment, store, clock: world.clock }, query),
  review: async ({ world, snapshot, query }) =>
    (await import('../review/reader-screen.ts')).reviewScreen(world, {
      root: snapshot.experiment.root,
      query,
    }),
};

/** Whoever reads blind may see what is not by arm. */
const ALWAYS_SHOWN: ReadonlySet<ScreenName> = new Set(['experiment', 'review']);

/** What takes long where much is kept, and says the same until something changes. */
const KEPT_SCREENS: ReadonlySet<ScreenName> = new Set(['invocations', 'diff', 'plan', 'compare', 'timeline']);
const MAX_KEPT = 16;

export type ScreensOf = {
  answer<Name extends ScreenName>(
    name: Name,
    of: { readonly snapshot: Snapshot; readonly query: URLSearchParams },
  ): Promise<Answer<Name>>;
};

type Fixed = Pick<ViewContext, 'world' | 'scope' | 'texts'>;

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

  /** Asked each time: a review may have been opened since a page was made. */
  async function withheldFrom(name: ScreenName, { experiment }: Snapshot): Promise<Refusal | null> {
    if (ALWAYS_SHOWN.has(name)) return null;
    try {
      const withheld = await withheldNow(fixed.world, experiment);
      return withheld && { kind: 'withheld', message: withheld.why };
    } catch (cause) {
      return brokenBy(cause, fixed.world.cwd);
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
      const withheld = await withheldFrom(name, snapshot);
      if (withheld !== null) return { ok: false, refusal: withheld };
      const ask = (): Promise<Answer<Name>> => shown(screen, contextOf(snapshot, query));
      if (!KEPT_SCREENS.has(name)) return ask();
      return once(`${name}?${query}`, { revision: snapshot.index.revision, ask });
    },
  };
}
