// What an edit made stale, and why: what would run, by the edit that asks for it. Nothing on this page starts anything.
import type { PlanScreen } from '../../screens/plan.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { Copy } from '../parts/copy.tsx';
import { Fold } from '../parts/fold.tsx';
import { readLook, setLook, toggled } from '../parts/look-address.ts';
import { Edit } from './edit.tsx';
import './plan.css';

const NOTHING = new URLSearchParams();

export function Plan(props: ScreenProps) {
  const { query } = props;
  const { value, refusal } = useScreen('plan', { ...props, query: NOTHING });
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return <p class="empty">Planning…</p>;
  const look = readLook(query);
  const toggle = (name: string): void => {
    const next = new URLSearchParams(query);
    setLook(next, { ...look, open: toggled(look.open, name) });
    go({ screen: 'plan', query: next }, true);
  };
  return (
    <div class="page plan">
      <Summary plan={value} />
      {value.edits.map((edit, n) => (
        <Edit key={n} edit={edit} isOpen={look.open.has(cellsName(n))} toggle={() => toggle(cellsName(n))} />
      ))}
      {value.pending > 0 && (
        <Fold
          summary="As npx expgraph plan prints it"
          isOpen={look.open.has('text')}
          toggle={() => toggle('text')}
        >
          {() => <pre class="plan-text">{value.text}</pre>}
        </Fold>
      )}
    </div>
  );
}

/** A name that an address may hold: letters, as all that is open has. */
function cellsName(n: number): string {
  return `cells${String.fromCharCode(97 + (n % 26)).repeat(1 + Math.floor(n / 26))}`;
}

function Summary({ plan }: { readonly plan: PlanScreen }) {
  const { tasks, pending, cached, estimate } = plan;
  if (pending === 0)
    return (
      <p class="plan-done">
        Nothing to run: all {formatAmount(tasks, 'cell')} have an answer to what the manifest asks now.
      </p>
    );
  const { calls, inputTokens, outputTokens, costUsd } = estimate;
  return (
    <section class="plan-summary" aria-label="What a run would do">
      <p class="plan-line">
        <strong>{formatCount(pending)}</strong> of {formatAmount(tasks, 'cell')} would run{staleWords(plan)}.
        {cached > 0 && ` ${formatCount(cached)} have their answer.`}
      </p>
      <p class="muted">
        Estimate: {formatAmount(calls, 'call')}
        {inputTokens !== null && `, ${formatCount(inputTokens)} tokens in`}
        {outputTokens !== null && `, ${formatCount(outputTokens)} out`}, cost {formatMoney(costUsd)}.
      </p>
      <Copy text="npx expgraph run" label="the command that runs all of it" />
    </section>
  );
}

function staleWords({ pending, stale }: PlanScreen): string {
  if (stale === 0) return '';
  const which = stale === pending ? '' : `, ${formatCount(stale)} of them`;
  return `${which}${which === '' ? ',' : ''} because what they answer to has changed`;
}
