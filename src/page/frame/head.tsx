// The head of every screen: what this is, the ways, what goes on now, dark or light, and the keys.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import type { ScreenName } from '../../screens/screen.ts';
import { useEffect, useRef } from '../base/preact.ts';
import { addressOf, go } from '../base/route.ts';
import type { Connection } from '../base/source.ts';
import { chooseTheme, isDark, THEMES, theme } from '../base/theme.ts';

export type Way = { readonly screen: ScreenName; readonly title: string; readonly isHere: boolean };

export function Head(props: {
  readonly experiment: ExperimentScreen | null;
  readonly connection: Connection;
  readonly ways: readonly Way[];
  readonly openHelp: () => void;
}) {
  const { experiment, connection, ways } = props;
  return (
    <header class="head">
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <h1 title={experiment?.description ?? undefined}>{experiment?.name ?? 'expgraph'}</h1>
      {experiment?.simulated && (
        <span
          class="tag head-sim"
          title="These answers were played by the built-in simulation: they are no model’s."
        >
          simulation
        </span>
      )}
      <nav aria-label="Screens">
        {ways.map(({ screen, title, isHere }) => (
          <WayTo key={screen} screen={screen} title={title} isHere={isHere} />
        ))}
      </nav>
      <Live experiment={experiment} connection={connection} />
      <button
        type="button"
        class="head-btn"
        aria-label={`Colours: ${THEME_WORDS[theme.value]}. Change`}
        title={`Colours: ${THEME_WORDS[theme.value]}`}
        onClick={() => chooseTheme(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!)}
      >
        {theme.value === 'system' ? '◐' : isDark.value ? '●' : '○'}
      </button>
      <button type="button" class="head-btn" aria-label="Keys" title="Keys (?)" onClick={props.openHelp}>
        ?
      </button>
    </header>
  );
}

const THEME_WORDS = { system: 'as the system', light: 'light', dark: 'dark' } as const;

function WayTo({ screen, title, isHere }: Way) {
  const to = { screen, query: new URLSearchParams() };
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // On a phone the ways go beyond the edge.
    if (isHere) link.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isHere]);
  return (
    <a
      ref={link}
      href={addressOf(to)}
      aria-current={isHere ? 'page' : undefined}
      onClick={(event) => {
        // A new tab is the browser's business.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {title}
    </a>
  );
}

function Live({
  experiment,
  connection,
}: {
  readonly experiment: ExperimentScreen | null;
  readonly connection: Connection;
}) {
  const running = experiment?.running ?? null;
  if (connection !== 'open') {
    return (
      <p class="live live-lost" role="status">
        {connection === 'lost'
          ? 'not connected: is expgraph view running?'
          : 'no access: open the printed address'}
      </p>
    );
  }
  if (running === null) return <p class="live" role="status" />;
  const words = `running ${running.done}/${running.total}`;
  return (
    <p class="live" role="status" title={running.invocation}>
      <progress value={running.done} max={Math.max(running.total, 1)} aria-label={words} />
      {words}
    </p>
  );
}
