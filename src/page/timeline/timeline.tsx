// The screen `timeline`: an invocation over time, lane by lane. What is seen of it, from when to when, is in the address.
import type { TimelineScreen } from '../../screens/timeline.ts';
import { formatCount, formatDuration } from '../../text/format.ts';
import { bindKeys } from '../base/keys.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { useEffect } from '../base/preact.ts';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { ScreenLink } from '../parts/screen-link.tsx';
import { Lane } from './lane.tsx';
import { moved, readSpan, type Span, writeSpan } from './span.ts';
import { Summary } from './summary.tsx';
import './timeline.css';

export function Timeline(props: ScreenProps) {
  const { value, refusal } = useScreen('timeline', props);
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return null;
  return <Shown screen={value} query={props.query} />;
}

function Shown({ screen, query }: { readonly screen: TimelineScreen; readonly query: URLSearchParams }) {
  const whole: Span = { from: 0, to: Math.max(1, screen.lengthMs) };
  const span = readSpan(query, whole);
  const see = (next: Span): void => go({ screen: 'timeline', query: writeSpan(query, next, whole) }, true);
  const by = (kind: 'in' | 'out' | 'left' | 'right') => () => see(moved(span, kind, whole));
  useEffect(
    () =>
      bindKeys([
        { key: '+', does: 'closer', run: by('in') },
        { key: '-', does: 'farther', run: by('out') },
        { key: 'h', does: 'earlier', run: by('left') },
        { key: 'l', does: 'later', run: by('right') },
        { key: '0', does: 'the whole invocation', run: () => see(whole) },
      ]),
    [span.from, span.to, whole.to],
  );
  return (
    <div class="page timeline">
      <Choice screen={screen} />
      <div class="bar timeline-zoom">
        <button type="button" class="btn" onClick={by('left')} aria-label="earlier">
          ←
        </button>
        <button type="button" class="btn" onClick={by('out')} aria-label="farther">
          −
        </button>
        <button type="button" class="btn" onClick={by('in')} aria-label="closer">
          +
        </button>
        <button type="button" class="btn" onClick={by('right')} aria-label="later">
          →
        </button>
        <button type="button" class="btn" onClick={() => see(whole)}>
          all of it
        </button>
        <span class="muted">
          {formatDuration(span.from)} to {formatDuration(span.to)} of {formatDuration(whole.to)}; drag to look
          closer
        </span>
      </div>
      <Legend />
      {screen.lanes.length === 0 && <p class="empty">This invocation made no call.</p>}
      {screen.lanes.map((lane) => (
        <Lane key={lane.lane} lane={lane} span={span} see={see} />
      ))}
      {screen.left > 0 && (
        <p class="muted">
          {formatCount(screen.left)} later attempts are counted in the curves and in the table, and not drawn
          one by one.
        </p>
      )}
      <Summary screen={screen} />
    </div>
  );
}

function Choice({ screen }: { readonly screen: TimelineScreen }) {
  const { invocation, invocations, startedAt, endedAt } = screen;
  const names = invocations.includes(invocation) ? invocations : [invocation, ...invocations];
  return (
    <div class="bar timeline-choice">
      <label class="bar">
        <span class="muted">invocation</span>
        <select
          class="field"
          value={invocation}
          onChange={({ currentTarget }) =>
            go({ screen: 'timeline', query: new URLSearchParams({ invocation: currentTarget.value }) })
          }
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span class="muted">
        {startedAt.slice(0, 19).replace('T', ' ')} UTC{endedAt === null ? ', has not ended' : ''}
      </span>
      <ScreenLink screen="invocations" query={new URLSearchParams()}>
        all invocations
      </ScreenLink>
    </div>
  );
}

function Legend() {
  return (
    <p class="bar timeline-legend muted">
      <span>
        <i class="swatch swatch-good" /> answered
      </span>
      <span>
        <i class="swatch swatch-refused" /> refused (429)
      </span>
      <span>
        <i class="swatch swatch-failed" /> failed
      </span>
      <span>
        <i class="swatch swatch-wait" /> waited before the next try
      </span>
    </p>
  );
}
