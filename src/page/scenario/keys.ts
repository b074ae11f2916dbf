// Keys of side by side.
import type { ScenarioScreen } from '../../screens/scenario.ts';
import { bindKeys, type KeyBinding } from '../base/keys.ts';
import { useEffect, useRef } from '../base/preact.ts';
import { lookKeys, type ReadingLook } from '../parts/look.ts';
import type { ReadingState } from './address.ts';
import { baseChoices, runsOf, toggledRuns } from './layout.ts';
import { change, goToMatrix, goToScenario, goToSearch, toggleSection } from './moves.ts';

type Now = {
  readonly screen: ScenarioScreen | null;
  readonly state: ReadingState;
  readonly query: URLSearchParams;
  readonly look: ReadingLook;
};

/** They are bound once and act on what is shown when they are pressed. */
export function useReadingKeys(now: Now): void {
  const shown = useRef(now);
  shown.current = now;
  // Pressed faster than scenarios come: each step is made, one after the other.
  const steps = useRef(0);
  useEffect(() => {
    const by = Math.sign(steps.current);
    steps.current -= by;
    if (by !== 0) step(shown.current, by);
  }, [now.screen]);
  useEffect(() => bindKeys(bindings(() => shown.current, steps)), []);
}

/** What is shown is of the address; while the next is on its way it is not. */
function isThere({ screen, state }: Now): boolean {
  return screen !== null && screen.scenario === state.scenario;
}

function step({ screen, query }: Now, by: number): void {
  const to = by > 0 ? screen?.next : screen?.previous;
  if (screen !== null && to != null) goToScenario(query, to, screen.position + by);
}

function bindings(now: () => Now, steps: { current: number }): readonly KeyBinding[] {
  const stepBy = (by: number) => () => {
    if (isThere(now())) step(now(), by);
    else steps.current += by;
  };
  const digit = (run: number): KeyBinding => ({
    key: String(run),
    does: 'show or hide a run',
    run: () => {
      const { screen, state, query } = now();
      if (screen !== null) change(query, { runs: toggledRuns(runsOf(screen), state.runs, run) });
    },
  });
  return [
    { key: 'j', does: 'next scenario', run: stepBy(1) },
    { key: 'k', does: 'previous scenario', run: stepBy(-1) },
    { key: 'h', does: 'arm to the left', run: () => moveArm(now(), -1) },
    { key: 'l', does: 'arm to the right', run: () => moveArm(now(), 1) },
    ...Array.from({ length: 9 }, (_, n) => digit(n + 1)),
    { key: 'a', does: 'show all runs', run: () => change(now().query, { runs: null }) },
    { key: 'b', does: 'hold against another answer', run: () => nextBase(now()) },
    {
      key: 'e',
      does: 'show equal answers again, or fold them',
      run: () => change(now().query, { repeats: !now().state.repeats }),
    },
    {
      key: 'd',
      does: 'system prompts and tools, and how they differ',
      run: () => toggleSection(now().query, now().state, 'setup'),
    },
    ...lookKeys(() => now().look),
    { key: '/', does: 'search in all answers', run: () => goToSearch(now().query, now().screen) },
    { key: 'Escape', does: 'back to the matrix', run: () => goToMatrix(now().query, now().screen) },
  ];
}

function moveArm({ screen, state, query }: Now, by: number): void {
  const arms = screen?.arms ?? [];
  const at = Math.max(
    0,
    arms.findIndex(({ variant }) => variant === state.arm),
  );
  const to = arms[Math.min(arms.length - 1, Math.max(0, at + by))];
  if (to === undefined) return;
  change(query, { arm: to.variant });
  requestAnimationFrame(() =>
    document.querySelector('.arm-head-here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  );
}

function nextBase({ screen, state, query }: Now): void {
  const choices = baseChoices(screen?.arms ?? []);
  const at = choices.findIndex((one) => JSON.stringify(one) === JSON.stringify(state.base));
  change(query, { base: choices[(at + 1) % choices.length]! });
}
