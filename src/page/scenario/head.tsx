// Which scenario is read, where it stands among those that match, and what was asked.
import { sanitizeBlock } from '../../core/text.ts';
import type { ScenarioScreen } from '../../screens/scenario.ts';
import { formatCount } from '../../text/format.ts';
import { useMemo } from '../base/preact.ts';
import { Files } from '../parts/files.tsx';
import { ScreenLink } from '../parts/screen-link.tsx';
import { turnsOf } from '../parts/turns.ts';
import { matrixAddress, scenarioAddress } from './moves.ts';

type Props = {
  readonly screen: ScenarioScreen;
  readonly query: URLSearchParams;
};

export function Head({ screen, query }: Props) {
  const { scenario, category, tags, description, position, total } = screen;
  return (
    <section class="reading-head" aria-labelledby="scenario-name">
      <div class="reading-line">
        <h2 id="scenario-name">{scenario}</h2>
        {category !== null && <span class="tag">{category}</span>}
        {tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
        <nav class="reading-ways" aria-label="Scenarios">
          <Step screen={screen} query={query} to={screen.previous} by={-1} />
          <span class="reading-place">
            {formatCount(position + 1)} of {formatCount(total)}
          </span>
          <Step screen={screen} query={query} to={screen.next} by={1} />
          <ScreenLink screen="matrix" query={matrixAddress(query, screen)} class="btn">
            Matrix
          </ScreenLink>
        </nav>
      </div>
      {description !== null && description !== '' && <p class="muted reading-description">{description}</p>}
      <Asked screen={screen} />
    </section>
  );
}

function Step(props: {
  readonly screen: ScenarioScreen;
  readonly query: URLSearchParams;
  readonly to: string | null;
  readonly by: 1 | -1;
}) {
  const { screen, query, to, by } = props;
  const words = by === 1 ? 'Next' : 'Previous';
  const key = by === 1 ? 'j' : 'k';
  if (to === null)
    return (
      <span class="btn btn-off" aria-disabled="true">
        {words} <kbd>{key}</kbd>
      </span>
    );
  return (
    <ScreenLink
      screen="scenario"
      query={scenarioAddress(query, to, screen.position + by)}
      class="btn"
      title={to}
    >
      {words} <kbd>{key}</kbd>
    </ScreenLink>
  );
}

/** Its height is that of three lines at least, so that answers below stay where they are when the next one is read. */
function Asked({ screen }: { readonly screen: ScenarioScreen }) {
  const turns = useMemo(() => turnsOf(screen.input), [screen.input]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is one that keys can reach
    <section class="asked" aria-label="Input" tabIndex={0}>
      {turns.map((turn, n) => (
        <div key={n} class="asked-turn">
          <span class="turn-title">{turn.title}</span>
          <div>
            <Files files={turn.files} />
            <div class="plain">{sanitizeBlock(turn.text)}</div>
          </div>
        </div>
      ))}
    </section>
  );
}
