// The screen `invocations`: what was run, newest first.
import { calledAmong } from '../../core/invocation-id.ts';
import type { LogEntry } from '../../report/records/log.ts';
import type { InvocationRow, InvocationsScreen } from '../../screens/invocations.ts';
import { readLog } from '../select/invocations.ts';
import type { Snapshot } from './snapshot.ts';

export function invocationsScreen({ experiment, store }: Snapshot): InvocationsScreen {
  const entries = readLog(store, experiment).map(({ entry }) => entry);
  const calledOf = calledAmong(entries.map(({ invocation }) => invocation));
  return {
    invocations: entries.map((entry) => ({ ...rowOf(entry), ...calledOf(entry.invocation) })).reverse(),
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
