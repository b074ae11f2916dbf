// The screen `report`: the first page of the file. What has to be known first stands first; whatever it names leads to where it is shown.
import type { DocumentPart, ReportScreen } from '../../screens/report.ts';
import { Refused, useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';
import { ScreenLink } from '../parts/screen-link.tsx';
import { DifferingScenarios } from './differing.tsx';
import { Part } from './part.tsx';
import './report.css';

export function Report(props: ScreenProps) {
  const { value, refusal } = useScreen('report', props);
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return null;
  return <Shown report={value} />;
}

function Shown({ report }: { readonly report: ReportScreen }) {
  const { title, description, madeAt, warnings, parts, differing } = report;
  const [results, ...others] = parts as readonly [DocumentPart, ...DocumentPart[]];
  return (
    <article class="page report">
      <header class="report-head">
        <h2>{title}</h2>
        {description !== null && <p>{description}</p>}
        <p class="muted">Made {madeAt} by expgraph</p>
      </header>
      {warnings.map((text) => (
        <p key={text} class="notice warn report-warning">
          <strong>{text}</strong>
        </p>
      ))}
      <nav class="report-ways" aria-label="Parts of this report">
        <Way to={results.id} text={results.heading} />
        {differing.length > 0 && <Way to="differing" text="Where the arms differ most" />}
        {others.map(({ id, heading }) => (
          <Way key={id} to={id} text={heading} />
        ))}
        <Way to="transcripts" text="Transcripts" />
      </nav>
      <Part part={results} />
      {differing.length > 0 && <DifferingScenarios differing={differing} held={new Set(report.scenarios)} />}
      {others.map((part) => (
        <Part key={part.id} part={part} />
      ))}
      <Transcripts report={report} />
    </article>
  );
}

/** An address names a screen: within one, what is meant is scrolled to. */
function Way({ to, text }: { readonly to: string; readonly text: string }) {
  return (
    <button
      type="button"
      class="chip"
      onClick={() => {
        const part = document.getElementById(`part-${to}`);
        part?.scrollIntoView({ block: 'start' });
        part?.focus({ preventScroll: true });
      }}
    >
      {text}
    </button>
  );
}

function Transcripts({ report: { scenarios, left } }: { readonly report: ReportScreen }) {
  return (
    <section id="part-transcripts" class="report-part" tabIndex={-1}>
      <h3>Transcripts</h3>
      <p>
        Each scenario side by side, all arms and runs, from here or from the{' '}
        <ScreenLink screen="matrix" query={new URLSearchParams()}>
          matrix
        </ScreenLink>
        .
      </p>
      <ul class="report-scenarios">
        {scenarios.map((scenario) => (
          <li key={scenario}>
            <ScreenLink screen="scenario" query={new URLSearchParams({ scenario })}>
              {scenario}
            </ScreenLink>
          </li>
        ))}
      </ul>
      {left > 0 && <p class="muted">{left} more scenarios are not in this file.</p>}
    </section>
  );
}
