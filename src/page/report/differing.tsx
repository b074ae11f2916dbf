// Scenarios in which the arms differ most: what each said, equal answers once with the runs that gave them, and what was noted.
import type { ChatMessage } from '../../core/chat.ts';
import { mediaIn } from '../../core/media.ts';
import type { Differing, SaidAnswer } from '../../screens/report.ts';
import { contentWords } from '../../text/content-words.ts';
import { Files } from '../parts/files.tsx';
import { MarkSign } from '../parts/mark.tsx';
import { ScreenLink } from '../parts/screen-link.tsx';

export function DifferingScenarios({
  differing,
  held,
}: {
  readonly differing: readonly Differing[];
  readonly held: ReadonlySet<string>;
}) {
  return (
    <section id="part-differing" class="report-part" tabIndex={-1}>
      <h3>Where the arms differ most</h3>
      {differing.map((one) => (
        <Scenario key={one.scenario} one={one} isHeld={held.has(one.scenario)} />
      ))}
    </section>
  );
}

function Scenario({ one, isHeld }: { readonly one: Differing; readonly isHeld: boolean }) {
  return (
    <section class="panel report-differing">
      <h4>
        {isHeld ? (
          <ScreenLink screen="scenario" query={new URLSearchParams({ scenario: one.scenario })}>
            {one.scenario}
          </ScreenLink>
        ) : (
          one.scenario
        )}
        <span class="muted"> {one.why}</span>
      </h4>
      <pre class="report-input">{inputOf(one.input)}</pre>
      <Files files={mediaIn(one.input)} />
      <div class="report-arms">
        {one.arms.map(({ variant, answers }) => (
          <section key={variant} aria-label={variant}>
            <h5>{variant}</h5>
            {answers.map((answer) => (
              <Answer key={answer.runs.join(' ')} answer={answer} />
            ))}
          </section>
        ))}
      </div>
    </section>
  );
}

function Answer({ answer: { runs, mark, score, text, toolCalls, notes } }: { readonly answer: SaidAnswer }) {
  return (
    <div class="report-answer">
      <p class="muted">
        <MarkSign mark={mark} /> run {runs.join(', ')}
        {score === null ? '' : `, score ${score.toFixed(3)}`}
      </p>
      {text !== null && text !== '' && <pre>{text}</pre>}
      {toolCalls.map((call, i) => (
        <pre key={`${i}`} class="report-call">
          <strong>{call.name}</strong>{' '}
          {typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments, null, 1)}
        </pre>
      ))}
      {notes.map(({ who, text: said }) => (
        <p key={`${who} ${said}`} class="report-note">
          <span class="tag">{who}</span> {said}
        </p>
      ))}
    </div>
  );
}

/** A single message of a user needs no name. */
function inputOf(input: readonly ChatMessage[]): string {
  const text = ({ content }: ChatMessage): string => contentWords(content);
  const [only] = input;
  if (input.length === 1 && only!.role === 'user') return text(only!);
  return input.map((message) => `[${message.role}]\n${text(message)}`).join('\n\n');
}
