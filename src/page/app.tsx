// The frame of every screen: names, ways between them, what is shown, and where the focus goes when that changes.
import type { ExperimentScreen } from '../screens/experiment.ts';
import type { ScreenName } from '../screens/screen.ts';
import { bindKeys } from './base/keys.ts';
import { Refused, useScreen } from './base/load.tsx';
import { type Signal, signal, useEffect, useRef, useState } from './base/preact.ts';
import { route } from './base/route.ts';
import { announce } from './base/say.ts';
import type { Source } from './base/source.ts';
import { Head, type Way } from './frame/head.tsx';
import { Help } from './frame/help.tsx';
import { Told } from './frame/told.tsx';
import { SCREENS } from './table.tsx';
import './frame/frame.css';

const NOTHING = new URLSearchParams();

export const revisions = signal('');

export function App({ source, revision }: { readonly source: Source; readonly revision: Signal<string> }) {
  const { value, refusal } = useScreen('experiment', { source, revision, query: NOTHING });
  const [helps, setHelps] = useState(false);
  const { screen } = route.value;
  const title = titleOf(screen);
  useEffect(
    () => bindKeys([{ key: '?', does: 'these keys', run: () => setHelps(true) }], { title: 'Everywhere' }),
    [],
  );
  useEffect(() => {
    document.title = value === null ? title : `${title} · ${value.name}`;
  }, [title, value?.name]);
  const main = useFocusOn(title);
  return (
    <>
      <Head
        experiment={value}
        connection={source.connection.value}
        ways={waysOf(source, value)}
        openHelp={() => setHelps(true)}
      />
      {value?.review?.isUnblinded && <Unblinded review={value.review.id} />}
      <main id="main" ref={main} tabIndex={-1}>
        {refusal !== null && <Refused refusal={refusal} />}
        {value !== null && <Shown experiment={value} source={source} revision={revision} />}
      </main>
      <Told />
      {helps && <Help screen={title} close={() => setHelps(false)} />}
    </>
  );
}

const isScreen = (name: string): name is keyof typeof SCREENS => Object.hasOwn(SCREENS, name);

const titleOf = (screen: ScreenName): string => (isScreen(screen) ? SCREENS[screen].title : 'No such page');

/** What a screen is reached from, where it is not one of the ways itself. */
const UNDER: Partial<Record<ScreenName, ScreenName>> = {
  scenario: 'matrix',
  cell: 'matrix',
  diff: 'invocations',
};

function waysOf(source: Source, experiment: ExperimentScreen | null): readonly Way[] {
  const { screen } = route.value;
  const here = UNDER[screen] ?? screen;
  const isOpen = source.kind === 'file' || (experiment !== null && experiment.review !== null);
  const ways = ['report', 'matrix', 'compare', 'plan', 'invocations', 'timeline'] as const;
  return [...ways, ...(isOpen ? (['review'] as const) : [])]
    .filter((way) => source.holds(way))
    .map((way) => ({ screen: way, title: SCREENS[way].title, isHere: way === here }));
}

function Unblinded({ review }: { readonly review: string }) {
  return (
    <p class="notice warn">
      The blind review {review} is open, and this page shows numbers by arm all the same (--unblind). Its
      protocol says so.
    </p>
  );
}

/** Another screen begins at its beginning, for the eyes and for screen readers; another state of the same screen does not. */
function useFocusOn(title: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(title);
  useEffect(() => {
    if (shown.current === title) return;
    shown.current = title;
    announce(title);
    // A screen that has put the focus somewhere itself knows better.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return main;
}

function Shown(props: {
  readonly experiment: ExperimentScreen;
  readonly source: Source;
  readonly revision: Signal<string>;
}) {
  const { screen, query } = route.value;
  if (!isScreen(screen)) return <p class="empty">There is no such page. The ways above lead on.</p>;
  const { Screen } = SCREENS[screen];
  return <Screen key={screen} {...props} query={query} />;
}
