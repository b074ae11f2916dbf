// "Changed since invocation N": chosen from those that there are.
import type { InvocationRow } from '../../screens/invocations.ts';
import { sinceNumber } from '../../screens/matrix-query.ts';
import { formatTime } from '../../text/format.ts';
import { useEffect, useState } from '../base/preact.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { invocationName } from '../parts/invocation-name.ts';
import type { ChangeQuery } from './search.tsx';

export type AskInvocations = Pick<ScreenProps, 'source' | 'revision'>;

export function Since(props: {
  readonly chosen: string | null;
  readonly change: ChangeQuery;
  readonly ask: AskInvocations;
}) {
  const { chosen, change, ask } = props;
  // A long history takes a moment to be listed, and rows come first: it is asked for by who comes near.
  const [isNear, setNear] = useState(false);
  const rows = useInvocations(ask, isNear);
  const come = (): void => setNear(true);
  const number = chosen === null ? '' : nameOf(chosen, rows);
  const isListed = rows?.some((row) => invocationName(row) === number);
  return (
    <select
      class={chosen === null ? 'field' : 'field on'}
      aria-label="Changed since invocation"
      value={number}
      onPointerEnter={come}
      onFocus={come}
      onChange={({ currentTarget: { value } }) => change({ changedSince: value === '' ? null : value })}
    >
      <option value="">Changed since…</option>
      {number !== '' && !isListed && <option value={number}>since #{number}</option>}
      {rows === null && <option disabled>…</option>}
      {rows?.map((row) => {
        const { invocation, command, startedAt, executed } = row;
        const at = invocationName(row);
        return (
          <option key={invocation} value={at}>
            {`since #${at} ${command} ${formatTime(startedAt)} (${executed} drawn)`}
          </option>
        );
      })}
    </select>
  );
}

/** As it is listed: who wrote a whole name, or zeros before it, means one of the list. */
function nameOf(chosen: string, rows: readonly InvocationRow[] | null): string {
  const row = rows?.find((row) => row.invocation === chosen || invocationName(row) === chosen);
  return row === undefined ? String(sinceNumber(chosen) ?? chosen) : invocationName(row);
}

/** null = not asked for, or on the way. */
function useInvocations(
  { source, revision }: AskInvocations,
  isNear: boolean,
): readonly InvocationRow[] | null {
  const [rows, setRows] = useState<readonly InvocationRow[] | null>(null);
  const now = revision.value;
  useEffect(() => {
    if (!isNear) return;
    const leaving = new AbortController();
    source.get('invocations', new URLSearchParams(), leaving.signal).then(
      (answer) => {
        if (answer.ok && !leaving.signal.aborted) setRows(answer.value.invocations);
      },
      () => {},
    );
    return () => leaving.abort();
  }, [source, isNear, now]);
  return rows;
}
