// Which runs are shown, what they are held against, and how they are looked at: each has a key.
import type { ScenarioScreen } from '../../screens/scenario.ts';
import type { ReadingLook } from '../parts/look.ts';
import { Switch } from '../parts/switch.tsx';
import type { ReadingState } from './address.ts';
import { baseChoices, baseWords, runsOf, shownRuns, toggledRuns } from './layout.ts';
import { change } from './moves.ts';

type Props = {
  readonly screen: ScenarioScreen;
  readonly state: ReadingState;
  readonly query: URLSearchParams;
  readonly look: ReadingLook;
};

export function Controls({ screen, state, query, look }: Props) {
  return (
    <div class="bar reading-bar" role="toolbar" aria-label="How answers are shown">
      <Runs screen={screen} state={state} query={query} />
      <Base screen={screen} state={state} query={query} />
      <Switch name="Markdown" k="m" isOn={look.markdown} toggle={look.toggleMarkdown} />
      <Switch
        name="Equal answers"
        k="e"
        isOn={state.repeats}
        toggle={() => change(query, { repeats: !state.repeats })}
      />
      <Switch name="Raw" k="r" isOn={state.raw} toggle={look.toggleRaw} />
    </div>
  );
}

function Runs({ screen, state, query }: Omit<Props, 'look'>) {
  const all = runsOf(screen);
  if (all.length < 2) return null;
  const shown = shownRuns(all, state.runs);
  return (
    <fieldset class="bar-group" aria-label="Runs">
      <span class="muted">Runs</span>
      {all.map((run) => (
        <button
          key={run}
          type="button"
          class={shown.includes(run) ? 'chip on' : 'chip'}
          aria-pressed={shown.includes(run)}
          aria-label={`Run ${run}`}
          onClick={() => change(query, { runs: toggledRuns(all, state.runs, run) })}
        >
          {run}
        </button>
      ))}
      {shown.length < all.length && (
        <button type="button" class="linkish" onClick={() => change(query, { runs: null })}>
          all
        </button>
      )}
    </fieldset>
  );
}

function Base({ screen, state, query }: Omit<Props, 'look'>) {
  const choices = baseChoices(screen.arms);
  const chosen = choices.findIndex((one) => JSON.stringify(one) === JSON.stringify(state.base));
  return (
    <label class="bar-group">
      <span class="muted">Held against</span>
      <select
        class="field"
        value={String(Math.max(0, chosen))}
        onChange={({ currentTarget: { value } }) => change(query, { base: choices[Number(value)]! })}
      >
        {choices.map((choice, n) => (
          <option key={n} value={String(n)}>
            {baseWords(choice, screen.arms)}
          </option>
        ))}
      </select>
    </label>
  );
}
