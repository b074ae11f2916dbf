// What was run, the newest first. Two are chosen to be held against each other; each leads to its timeline.
import type { InvocationRow } from '../../screens/invocations.ts';
import { bindKeys } from '../base/keys.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { useEffect, useRef } from '../base/preact.ts';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { type Chosen, choose, readChosen, toDiff, writeChosen } from './chosen.ts';
import { Rows } from './rows.tsx';
import './invocations.css';

const NOTHING = new URLSearchParams();

export function Invocations(props: ScreenProps) {
  const { query, source } = props;
  const { value, refusal } = useScreen('invocations', { ...props, query: NOTHING });
  const rows = value?.invocations ?? [];
  const chosen = readChosen(query);
  const [hasDiff, hasTimeline] = [source.holds('diff'), source.holds('timeline')];
  useListKeys({ rows, chosen }, { hasDiff, hasTimeline });
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <p class="empty">Reading…</p>;
  if (rows.length === 0)
    return <p class="empty">Nothing was run yet: npx expgraph run begins, and this page follows it.</p>;
  return (
    <div class="page">
      <Rows
        rows={rows}
        chosen={chosen}
        hasTimeline={hasTimeline}
        hasDiff={hasDiff}
        choose={(invocation) => show(choose(chosen, invocation))}
        openDiff={() => openDiff(rows, chosen)}
      />
    </div>
  );
}

function show(chosen: Chosen): void {
  go({ screen: 'invocations', query: writeChosen(chosen) }, true);
}

function openDiff(rows: readonly InvocationRow[], { picked }: Chosen): void {
  const query = toDiff(rows, picked);
  if (query !== null) go({ screen: 'diff', query });
}

type Now = { readonly rows: readonly InvocationRow[]; readonly chosen: Chosen };

function useListKeys(now: Now, has: { readonly hasDiff: boolean; readonly hasTimeline: boolean }): void {
  const shown = useRef(now);
  shown.current = now;
  useEffect(() => {
    const here = (): string | undefined => {
      const { rows, chosen } = shown.current;
      return (rows.find(({ invocation }) => invocation === chosen.at) ?? rows[0])?.invocation;
    };
    const move = (by: number) => (): void => {
      const { rows, chosen } = shown.current;
      const at = rows.findIndex(({ invocation }) => invocation === chosen.at);
      const to = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
      if (to === undefined) return;
      show({ ...chosen, at: to.invocation });
      requestAnimationFrame(() => document.querySelector('.inv-here')?.scrollIntoView({ block: 'nearest' }));
    };
    const pick = (): void => {
      const invocation = here();
      if (invocation !== undefined) show({ ...choose(shown.current.chosen, invocation), at: invocation });
    };
    const timeline = (): void => {
      const invocation = here();
      if (invocation !== undefined) go({ screen: 'timeline', query: new URLSearchParams({ invocation }) });
    };
    const diff = (): void => openDiff(shown.current.rows, shown.current.chosen);
    return bindKeys([
      { key: 'j', does: 'older invocation', run: move(1) },
      { key: 'k', does: 'newer invocation', run: move(-1) },
      ...(has.hasDiff
        ? [
            { key: 'x', does: 'choose it for a diff', run: pick },
            { key: 'd', does: 'diff of the two that are chosen', run: diff },
          ]
        : []),
      ...(has.hasTimeline ? [{ key: 't', does: 'its timeline', run: timeline }] : []),
    ]);
  }, []);
}
