// The frame of every screen: names, ways between them, and what is shown.
import type { ExperimentScreen } from '../screens/experiment.ts';
import { Refused, useScreen } from './base/load.tsx';
import { type Signal, signal } from './base/preact.ts';
import { addressOf, go, route } from './base/route.ts';
import type { Source } from './base/source.ts';
import { SCREENS } from './table.tsx';

const NOTHING = new URLSearchParams();

export function App({ source, revision }: { readonly source: Source; readonly revision: Signal<string> }) {
  const { value, refusal } = useScreen('experiment', { source, revision, query: NOTHING });
  return (
    <>
      <Head experiment={value} />
      <main id="main">
        {refusal !== null && <Refused refusal={refusal} />}
        {value !== null && <Shown experiment={value} source={source} revision={revision} />}
      </main>
    </>
  );
}

function Head({ experiment }: { readonly experiment: ExperimentScreen | null }) {
  return (
    <header>
      <h1>{experiment?.name ?? 'expgraph'}</h1>
      <nav aria-label="Screens">
        {(['matrix', 'compare', 'plan', 'invocations'] as const).map((screen) => (
          <a
            key={screen}
            href={addressOf({ screen, query: NOTHING })}
            aria-current={route.value.screen === screen ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault();
              go({ screen, query: new URLSearchParams() });
            }}
          >
            {SCREENS[screen].title}
          </a>
        ))}
      </nav>
    </header>
  );
}

function Shown(props: {
  readonly experiment: ExperimentScreen;
  readonly source: Source;
  readonly revision: Signal<string>;
}) {
  const { screen, query } = route.value;
  if (screen === 'experiment' || !Object.hasOwn(SCREENS, screen))
    return <p role="alert">There is no such page.</p>;
  const { Screen } = SCREENS[screen];
  return <Screen key={screen} {...props} query={query} />;
}

export const revisions = signal('');
