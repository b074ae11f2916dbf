// Results that were drawn before, as experiments of LangSmith: each current one once, under an id made of what it is.
import path from 'node:path';
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import type { Tool } from '../../core/chat.ts';
import { orderOf } from '../../core/invocation-id.ts';
import { lsProvider } from '../../core/llm-span.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { Plan } from '../../core/task.ts';
import { spansOfRecord } from '../../tracing/spans/from-record.ts';
import { shieldedValues, shieldSpans } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { openSpool } from '../../tracing/spool/spool.ts';
import { readFates, spooledTraces } from '../../tracing/spool/spool-read.ts';
import { exampleId } from '../../tracing/upload/experiment.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';
import { type Provenance, provenance } from '../open/provenance.ts';
import type { World } from '../open/world.ts';
import { describeExperiments } from './describe.ts';
import { SYNC_FOLDER } from './push.ts';
import { openSyncedRoots } from './roots.ts';
import type { Tracing } from './settings.ts';
import { openSyncFeedback } from './sync-feedback.ts';
import { factsOf, tagsOf } from './trace-facts.ts';

export type Synced = {
  readonly dataset: string;
  readonly examples: number;
  readonly experiments: readonly {
    readonly id: string;
    readonly variant: string;
    readonly results: number;
    readonly added: number;
  }[];
  /** Of what was added: results with a trace in a plain project beside. */
  readonly doubled: number;
  /** Results that are in no experiment, because they have a trace elsewhere and a second one is not wanted. */
  readonly leftOut: number;
  /** Cells in scope that have no current result. */
  readonly missing: number;
  /** Folders with traces of these experiments. */
  readonly folders: readonly string[];
};

/** Writes what is not there yet into a spool of its own; sending is `push`. */
export async function spoolResults(input: {
  readonly io: World;
  readonly tracing: Tracing;
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
}): Promise<Synced> {
  const { io, tracing, experiment, store, plan } = input;
  const { name } = experiment.manifest;
  const { git, expgraph } = await provenance(experiment.manifest.folder);
  const variants = new Set(plan.tasks.map((task) => task.variant));
  const ids = await describeExperiments({
    io,
    tracing,
    experiment,
    variants,
    record: { experiment: name, git, expgraph },
  });
  const rows = answersThatCount(store, new Set(plan.tasks.map((task) => task.key)));
  const folder = path.join(tracing.root, SYNC_FOLDER);
  const known = spooledTraces(folder);
  const settings = await loadShield({ env: io.env, shield: tracing.shield });
  const synced = openSyncedRoots(tracing.root);
  using feedback = openSyncFeedback({
    experiment,
    tracing,
    synced,
    shielded: shieldedValues(settings),
    at: io.clock.now().toISOString(),
  });
  const isRefused = makeIsRefused(tracing.root);
  let doubled = 0;
  let leftOut = 0;
  const counts = new Map([...variants].map((variant) => [variant, { results: 0, added: 0 }]));
  const folders = new Set([SYNC_FOLDER]);
  let missing = 0;
  using spool = openSpool({ folder });
  for (const task of plan.tasks) {
    const row = rows.get(task.key);
    const read = row && store.read(row);
    if (!read || read.kind === 'err') {
      missing++;
      continue;
    }
    const record = read.value;
    const id = ids.get(task.variant)!;
    const count = counts.get(task.variant)!;
    count.results++;
    const cell = { record, row, variant: task.variant, scenario: task.scenario };
    if (record.trace?.experiment === id && record.scenario === task.scenario) {
      folders.add(record.invocation);
      feedback.say(cell);
      continue;
    }
    const isElsewhere = record.trace !== null && !isRefused(record.invocation, record.trace.langsmith_run_id);
    if (isElsewhere && !tracing.secondRoots) {
      leftOut++;
      feedback.say(cell);
      continue;
    }
    const spans = spansOfRecord({
      record: { ...record, scenario: task.scenario },
      seed: seedOf({ experiment: id, scenario: task.scenario, record }),
      ...madeBy(experiment, task.variant),
      tags: tagsOf({ ...task, experiment: name }),
      facts: factsOf({ ...task, attempt: record.attempts.at(-1)!.n }, { ...factsRun(record), git, expgraph }),
    });
    const root = spans[0]!;
    const { project } = tracing;
    const { key, generation = 1 } = record;
    synced.add({
      v: 1,
      key,
      generation,
      invocation: record.invocation,
      variant: task.variant,
      scenario: task.scenario,
      trace: root.id,
      start: root.start_time,
      project,
      experiment: id,
    });
    feedback.say(cell);
    if (known.has(root.id)) continue;
    const head = {
      v: 1,
      trace: root.id,
      start: root.start_time,
      project: tracing.project,
      experiment: id,
      example: exampleId(tracing.dataset, task.scenario),
    } as const;
    spool.append(head, shieldSpans(spans, settings));
    count.added++;
    if (isElsewhere) doubled++;
  }
  spool.sync();
  return {
    dataset: tracing.dataset,
    examples: experiment.manifest.scenarios.length,
    experiments: [...ids].map(([variant, id]) => ({ id, variant, ...counts.get(variant)! })),
    doubled,
    leftOut,
    missing,
    folders: [...folders],
  };
}

/** A record names its provider; the manifest knows what it is, and what the variant offers. */
function madeBy(
  experiment: Experiment,
  name: string,
): { readonly provider: string; readonly tools: readonly Tool[] } {
  const { variant } = experiment.variants.get(name)!;
  return { provider: lsProvider(providerOf(experiment, name)), tools: variant.tools };
}

/** A trace that LangSmith refused is none. */
function makeIsRefused(root: string): (invocation: string, trace: string) => boolean {
  const fates = new Map<string, ReturnType<typeof readFates>>();
  return (invocation, trace) => {
    const known = fates.get(invocation) ?? readFates(path.join(root, invocation));
    fates.set(invocation, known);
    return known.get(trace) === 'rejected';
  };
}

function factsRun(
  record: ScenarioResult,
): { readonly experiment: string; readonly invocation: string } & Partial<Provenance> {
  return { experiment: record.experiment, invocation: record.invocation };
}

/** By key, the answer that counts. */
function answersThatCount(store: StoreReader, keys: ReadonlySet<string>): ReadonlyMap<string, RecordRow> {
  const rows = new Map<string, RecordRow>();
  for (const row of store.counting())
    if (row.status === 'completed' && keys.has(row.key)) rows.set(row.key, row);
  return rows;
}

/** What the ids of its trace are made of. Names of invocations of before say of one machine only which they are: theirs stay. */
function seedOf(of: {
  readonly experiment: string;
  readonly scenario: string;
  readonly record: Pick<ScenarioResult, 'key' | 'generation' | 'invocation'>;
}): string {
  const { key, generation, invocation } = of.record;
  const isSaid = (orderOf(invocation)?.origin ?? 0) !== 0;
  const draw = [key, generation, ...(isSaid ? [invocation] : [])];
  return JSON.stringify(['expgraph-sync', of.experiment, of.scenario, ...draw]);
}
