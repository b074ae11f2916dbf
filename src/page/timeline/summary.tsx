// The same in numbers and words: what each lane came to, and the attempts that failed.
import type { TimelineScreen } from '../../screens/timeline.ts';
import { formatCount, formatDuration } from '../../text/format.ts';
import { ScenarioLink } from '../parts/screen-link.tsx';
import { Table } from '../parts/sheet.tsx';

/** More are told by `expgraph log` and `show`. */
const MOST_FAILED = 200;

export function Summary({ screen }: { readonly screen: TimelineScreen }) {
  const failed = screen.lanes.flatMap((lane) =>
    lane.attempts.flatMap((attempt) => (attempt.error === null ? [] : [{ ...attempt, lane: lane.lane }])),
  );
  return (
    <>
      <h2>By lane</h2>
      <Table
        label="By lane"
        columns={[
          'lane',
          'attempts',
          'failed',
          'refused (429)',
          'waits',
          'waited in all',
          'most at once',
          'median answer',
        ].map((head, i) => ({ head, align: i === 0 ? 'left' : 'right' }))}
        rows={screen.lanes.map(({ lane, totals, waits }) => ({
          kind: 'cells',
          cells: [
            lane,
            formatCount(totals.attempts),
            formatCount(totals.failed),
            formatCount(totals.refused),
            formatCount(waits.length),
            formatDuration(waits.reduce((sum, { from, to }) => sum + to - from, 0)),
            formatCount(totals.most),
            totals.medianMs === null ? '-' : formatDuration(totals.medianMs),
          ],
        }))}
      />
      {failed.length > 0 && (
        <details class="timeline-failed">
          <summary>{formatCount(failed.length)} attempts failed</summary>
          <ul>
            {failed.slice(0, MOST_FAILED).map((one) => (
              <li key={`${one.lane} ${one.from} ${one.variant} ${one.scenario} ${one.run} ${one.n}`}>
                {formatDuration(one.from)}: {one.variant}, <ScenarioLink scenario={one.scenario} />, run{' '}
                {one.run}, attempt {one.n}: {one.error}
                {one.status === null ? '' : ` (${one.status})`}
              </li>
            ))}
          </ul>
          {failed.length > MOST_FAILED && (
            <p class="muted">and {formatCount(failed.length - MOST_FAILED)} more</p>
          )}
        </details>
      )}
    </>
  );
}
