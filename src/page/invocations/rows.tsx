// Invocations as a table.
import { sanitizeLine } from '../../core/text.ts';
import type { InvocationRow } from '../../screens/invocations.ts';
import { formatCount, formatDuration, formatMoney, formatTime } from '../../text/format.ts';
import { invocationName } from '../parts/invocation-name.ts';
import { ScreenLink } from '../parts/screen-link.tsx';
import { type Chosen, toDiff, toDiffWithBefore } from './chosen.ts';

type Props = {
  readonly rows: readonly InvocationRow[];
  readonly chosen: Chosen;
  readonly hasTimeline: boolean;
  /** A file has none. */
  readonly hasDiff: boolean;
  readonly choose: (invocation: string) => void;
  readonly openDiff: () => void;
};

export function Rows(props: Props) {
  const { rows, chosen, openDiff, hasDiff } = props;
  const isReady = toDiff(rows, chosen.picked) !== null;
  return (
    <>
      {hasDiff && rows.length > 1 && (
        <div class="bar inv-bar">
          <span class="muted" aria-live="polite">
            {isReady
              ? 'Two are chosen.'
              : `Choose ${chosen.picked.length === 1 ? 'one more' : 'two'} to see what changed between them.`}
          </span>
          <button type="button" class="btn" disabled={!isReady} aria-keyshortcuts="d" onClick={openDiff}>
            Diff <kbd>d</kbd>
          </button>
        </div>
      )}
      <div class="inv-scroll">
        <table class="data inv">
          <thead>
            <tr>
              {hasDiff && (
                <th scope="col">
                  <span class="sr">chosen</span>
                </th>
              )}
              <th scope="col">invocation</th>
              <th scope="col">started (UTC)</th>
              <th scope="col">took</th>
              <th scope="col">ended</th>
              <th scope="col" class="num">
                executed
              </th>
              <th scope="col" class="num">
                failed
              </th>
              <th scope="col" class="num">
                cost
              </th>
              <th scope="col">commit</th>
              <th scope="col">command</th>
              <th scope="col">ways</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, n) => (
              <Row key={row.invocation} row={row} n={n} {...props} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({
  row,
  n,
  rows,
  chosen,
  choose,
  hasTimeline,
  hasDiff,
}: Props & { readonly row: InvocationRow; readonly n: number }) {
  const { invocation, startedAt, endedAt, ended, executed, failed, costUsd, git, argv, command } = row;
  const before = toDiffWithBefore(rows, n);
  return (
    <tr class={invocation === chosen.at ? 'inv-here' : undefined}>
      {hasDiff && (
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${invocation}`}
            checked={chosen.picked.includes(invocation)}
            onChange={() => choose(invocation)}
          />
        </td>
      )}
      <th scope="row">
        <span title={invocation}>{invocationName(row)}</span>
      </th>
      <td>{formatTime(startedAt)}</td>
      <td>{endedAt === null ? '-' : formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}</td>
      <td class={failed > 0 || ended === 'interrupted' ? 'inv-warn' : undefined}>{ended}</td>
      <td class="num">{formatCount(executed)}</td>
      <td class={failed > 0 ? 'num inv-bad' : 'num'}>{formatCount(failed)}</td>
      <td class="num">{formatMoney(costUsd)}</td>
      <td>
        {git === null ? (
          <span class="muted">-</span>
        ) : (
          <code title={git.dirty ? 'with changes that were not committed' : undefined}>
            {git.commit.slice(0, 8)}
            {git.dirty ? '+' : ''}
          </code>
        )}
      </td>
      <td class="inv-argv">
        <code>{sanitizeLine(argv.length === 0 ? command : argv.join(' '))}</code>
      </td>
      <td class="inv-ways">
        {hasTimeline && (
          <ScreenLink screen="timeline" query={new URLSearchParams({ invocation })}>
            timeline
          </ScreenLink>
        )}
        {hasDiff && before !== null && (
          <ScreenLink screen="diff" query={before} title="against the one before">
            what changed
          </ScreenLink>
        )}
      </td>
    </tr>
  );
}
