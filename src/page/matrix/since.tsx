// "Changed since invocation N": chosen from those that there are.
import type { InvocationRow } from '../../screens/invocations.ts';
import { sinceNumber } from '../../screens/matrix-query.ts';
import { formatTime } from '../../text/format.ts';
import { useScreen } from '../base/load.tsx';
import type { ScreenProps } from '../base/screen-props.ts';
import type { ChangeQuery } from './search.tsx';

export type AskInvocations = Pick<ScreenProps, 'source' | 'revision'>;

type SinceProps = { readonly chosen: string | null; readonly change: ChangeQuery };

const NOTHING = new URLSearchParams();

export function Since({ ask, ...rest }: SinceProps & { readonly ask: AskInvocations | null }) {
  if (ask === null || !ask.source.holds('invocations')) return <Choose {...rest} rows={[]} />;
  return <Asking {...rest} ask={ask} />;
}

function Asking({ ask, ...rest }: SinceProps & { readonly ask: AskInvocations }) {
  const { value } = useScreen('invocations', { ...ask, query: NOTHING });
  return <Choose {...rest} rows={value?.invocations ?? []} />;
}

function Choose({ chosen, change, rows }: SinceProps & { readonly rows: readonly InvocationRow[] }) {
  const number = chosen === null ? '' : String(sinceNumber(chosen) ?? chosen);
  const isListed = rows.some(({ invocation }) => String(sinceNumber(invocation)) === number);
  return (
    <select
      class={chosen === null ? 'field' : 'field on'}
      aria-label="Changed since invocation"
      value={number}
      onChange={({ currentTarget: { value } }) => change({ changedSince: value === '' ? null : value })}
    >
      <option value="">Changed since…</option>
      {number !== '' && !isListed && <option value={number}>since #{number}</option>}
      {rows.map(({ invocation, command, startedAt, executed }) => {
        const at = String(sinceNumber(invocation) ?? invocation);
        return (
          <option key={invocation} value={at}>
            {`since #${at} ${command} ${formatTime(startedAt)} (${executed} drawn)`}
          </option>
        );
      })}
    </select>
  );
}
