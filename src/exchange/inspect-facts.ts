// What the header of a log says of all of its samples: counted in one pass, before the first of them is written.
import type { JsonObject } from '../core/json.ts';
import type { ScenarioResult } from '../core/record.ts';
import { isUntold } from '../core/untold.ts';
import type { Exported } from './exported.ts';
import { sumScores } from './inspect-scores.ts';

export type InspectFacts = {
  readonly first: ScenarioResult;
  /** Of all samples, where they agree; null = they do not, or it was not sent, or nobody told it. */
  readonly temperature: number | null;
  /** Of the first run: each run has its own. null as above. */
  readonly seed: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly completedAt: string;
  readonly samples: number;
  readonly completed: number;
  readonly simulated: number;
  readonly sampleIds: readonly string[];
  readonly epochs: number;
  /** Of the samples that tell it; null = none does. */
  readonly usage: JsonObject | null;
  readonly scores: ReturnType<ReturnType<typeof sumScores>['told']>;
};

/** @throws Error where there is no sample. */
export function inspectFacts(samples: Iterable<Exported>): InspectFacts {
  const scores = sumScores();
  const sampleIds = new Set<string>();
  const temperatures = new Set<number | null>();
  const seeds = new Set<number | null>();
  const usages: JsonObject[] = [];
  const counts = { samples: 0, completed: 0, simulated: 0, epochs: 0 };
  let first: ScenarioResult | undefined;
  let startedAt = '';
  let completedAt = '';
  for (const { record, scores: said, simulated } of samples) {
    first ??= record;
    counts.samples++;
    counts.completed += Number(record.status === 'completed');
    counts.simulated += Number(simulated);
    counts.epochs = Math.max(counts.epochs, record.run);
    sampleIds.add(record.scenario);
    temperatures.add(isUntold(record, 'temperature') ? null : record.temperature);
    seeds.add(isUntold(record, 'seed') || record.seed === null ? null : record.seed - (record.run - 1));
    const usage = inspectUsage(record);
    if (usage) usages.push(usage);
    const ended = endOf(record);
    if (startedAt === '' || record.started_at < startedAt) startedAt = record.started_at;
    if (ended > completedAt) completedAt = ended;
    scores.add({ scenario: record.scenario, scores: record.status === 'completed' ? said : [] });
  }
  if (!first) throw new Error('a log without a sample');
  return {
    ...counts,
    first,
    startedAt,
    completedAt,
    temperature: only(temperatures),
    seed: only(seeds),
    sampleIds: [...sampleIds],
    usage: usages.length === 0 ? null : usages.reduce(addUsage),
    scores: scores.told(),
  };
}

/** Inspect's input_tokens are the fresh ones. null = not told. */
export function inspectUsage({ usage, cost_usd }: ScenarioResult): JsonObject | null {
  if (usage === null) return null;
  const { cached_input_tokens: cached, cache_write_input_tokens: written } = usage;
  const { reasoning_tokens: reasoning } = usage;
  return {
    input_tokens: usage.input_tokens - (cached ?? 0) - (written ?? 0),
    output_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
    ...(cached === undefined ? {} : { input_tokens_cache_read: cached }),
    ...(written === undefined ? {} : { input_tokens_cache_write: written }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    ...(cost_usd === null ? {} : { total_cost: cost_usd }),
  };
}

/** When it began, where it is not known how long it took. */
export function endOf({ started_at, duration_ms }: ScenarioResult): string {
  return duration_ms === null ? started_at : new Date(Date.parse(started_at) + duration_ms).toISOString();
}

function only<Value>(values: ReadonlySet<Value | null>): Value | null {
  const [value] = values;
  return values.size === 1 && value !== undefined ? value : null;
}

/** A cost that one of them does not tell is no cost of all. */
function addUsage(a: JsonObject, b: JsonObject): JsonObject {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  if (a.total_cost === undefined || b.total_cost === undefined) names.delete('total_cost');
  return Object.fromEntries([...names].map((name) => [name, numberIn(a, name) + numberIn(b, name)]));
}

/** What one provider does not report adds nothing to what another one does. */
function numberIn(usage: JsonObject, name: string): number {
  return typeof usage[name] === 'number' ? usage[name] : 0;
}
