// The screen `invocations`: what was run, newest first.
import type { LogEntry } from '../../report/records/log.ts';
import type { InvocationRow, InvocationsScreen } from '../../screens/invocations.ts';
import { readLog } from '../select/invocations.ts';
import type { Snapshot } from './snapshot.ts';

export function invocationsScreen({ experiment, store }: Snapshot): InvocationsScreen {
  return {
    invocations: readLog(store, experiment)
      .map(({ entry }) => rowOf(entry))
      .reverse(),
  };
}

/** What only judged is told by what it judged. */
function rowOf(entry: LogEntry): InvocationRow {
  const { command, scores } = entry;
  const { executed, failed, cost_usd } = command === 'score' && scores !== null ? scores : entry;
  return {
    invocation: entry.invocation,
    command,
    startedAt: entry.started_at,
    endedAt: entry.ended_at,
    ended: entry.how,
    argv: entry.argv,
    executed,
    failed,
    costUsd: cost_usd,
    git: entry.git,
  };
}
