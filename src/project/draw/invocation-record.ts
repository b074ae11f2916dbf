// The record of an invocation: as it begins, and as it ends. Draws, judgements, imports and readings all have one.
import { digestOf } from '../../core/canonical.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { Filter } from '../../core/task.ts';
import type { LoopTotals } from '../../run/tally.ts';
import type { Experiment } from '../open/experiment.ts';
import { recordedFilter } from '../open/filters.ts';
import { recordedPrices } from '../open/prices.ts';
import type { Provenance } from '../open/provenance.ts';

export const NO_TOTALS: InvocationRecord['totals'] = {
  tasks: 0,
  executed: 0,
  cached: 0,
  failed: 0,
  missing: 0,
  attempts: 0,
  retries: 0,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
  cost_usd: null,
  duration_ms: 0,
};

/** The record of an invocation as it begins. */
export function startRecord(options: {
  readonly invocation: string;
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly force: boolean;
  readonly argv: readonly string[];
  readonly provenance: Provenance;
  readonly startedAt: string;
}): InvocationRecord {
  const { printable, name } = options.experiment.manifest;
  return {
    type: 'invocation',
    v: 1,
    invocation: options.invocation,
    experiment: name,
    argv: [...options.argv],
    filter: recordedFilter(options.filter),
    force: options.force,
    manifest: { ...printable },
    manifest_digest: digestOf(printable),
    ...recordedPrices(options.experiment.manifest),
    ...options.provenance,
    ...packagesOf(options.experiment),
    started_at: options.startedAt,
    ended_at: null,
    how: 'running',
    exit_code: null,
    totals: NO_TOTALS,
  };
}

/** What is installed may be another tomorrow, of the same major: keys do not tell. */
function packagesOf({ manifest }: Experiment): Pick<InvocationRecord, 'packages'> {
  const versions = Object.values(manifest.providers).flatMap(({ sdk }): (readonly [string, string])[] =>
    sdk?.version === undefined ? [] : [[sdk.package, sdk.version]],
  );
  return versions.length === 0 ? {} : { packages: Object.fromEntries(versions.sort()) };
}

/** @param loop what was done, beside what was there already */
export function endedRecord(
  record: InvocationRecord,
  options: Pick<InvocationRecord, 'ended_at' | 'how' | 'why' | 'exit_code'> & {
    readonly counts: Pick<InvocationRecord['totals'], 'tasks' | 'executed' | 'cached' | 'failed' | 'missing'>;
    readonly loop: Pick<LoopTotals, 'attempts' | 'retries' | 'costUsd'> & {
      readonly usage: InvocationRecord['totals']['usage'];
    };
    readonly durationMs: number;
  },
): InvocationRecord {
  const { counts, loop, durationMs, ...ending } = options;
  return {
    ...record,
    ...ending,
    totals: {
      ...counts,
      attempts: loop.attempts,
      retries: loop.retries,
      usage: loop.usage && { ...loop.usage },
      cost_usd: loop.costUsd,
      duration_ms: durationMs,
    },
  };
}
