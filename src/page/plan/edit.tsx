// One edit: what it changed, which cells it touched, and the command that runs these alone.
import type { PlanScreen } from '../../screens/plan.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { Copy } from '../parts/copy.tsx';
import { FieldChanges } from '../parts/field-changes.tsx';
import { Fold } from '../parts/fold.tsx';
import { ScreenLink } from '../parts/screen-link.tsx';
import { byVariant, runOf, runsWords } from './touched.ts';

type One = PlanScreen['edits'][number];

const WHY: Readonly<Record<string, string>> = {
  new: 'never drawn',
  stale: 'changed',
  failed: 'failed before',
  forced: 'asked for again',
};

export function Edit(props: { readonly edit: One; readonly isOpen: boolean; readonly toggle: () => void }) {
  const { edit, isOpen, toggle } = props;
  const { kind, changed, cells, total } = edit;
  const arms = byVariant(cells);
  const command = runOf(edit);
  return (
    <section class="edit">
      <h2>
        {formatAmount(total, 'cell')} <span class="tag">{WHY[kind] ?? kind}</span>{' '}
        <span class="muted">{arms.map(({ variant }) => variant).join(', ')}</span>
      </h2>
      {changed.length > 0 && <FieldChanges changes={changed} />}
      {kind === 'stale' && changed.length === 0 && (
        <p class="remark">What it was asked is no longer kept: which field changed cannot be told.</p>
      )}
      <Fold
        summary={arms
          .map(
            ({ variant, scenarios, runs }) =>
              `${variant}: ${formatAmount(scenarios.length, 'scenario')}, ${runsWords(runs)}`,
          )
          .join('; ')}
        isOpen={isOpen}
        toggle={toggle}
      >
        {() => <Touched edit={edit} />}
      </Fold>
      {command !== null && <Copy text={command} label="the command that runs these cells" />}
    </section>
  );
}

function Touched({ edit: { cells, total } }: { readonly edit: One }) {
  return (
    <>
      {byVariant(cells).map(({ variant, scenarios }) => (
        <div key={variant} class="touched">
          <h3>{variant}</h3>
          <ul>
            {scenarios.map((scenario) => (
              <li key={scenario}>
                <ScreenLink screen="scenario" query={new URLSearchParams({ scenario, arm: variant })}>
                  {scenario}
                </ScreenLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {total > cells.length && (
        <p class="remark">
          The first {formatCount(cells.length)} of {formatCount(total)}.
        </p>
      )}
    </>
  );
}
