// The mapping is not the draw: lines that a harness wrote are kept with their records, and read again where today's manifest
// reads them otherwise. The result is one record more of the same key; nothing is drawn, and nothing paid.
import { readingDigest } from '../../answers/reading.ts';
import type { Store, StoreReader } from '../../cache/store.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Completion } from '../../core/outcome.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { NO_FILTER, type Plan, type Task } from '../../core/task.ts';
import type { Outside } from '../../core/untrusted-json.ts';
import { costOf } from '../../core/usage-cost.ts';
import { rereadRecord } from '../../run/record.ts';
import { lineAnswer } from '../../worker/pytest/line-answer.ts';
import { startRecord } from '../draw/invocation-record.ts';
import { EXIT } from '../open/command-error.ts';
import { type Experiment, priceOf, scenarioOf } from '../open/experiment.ts';
import { provenance } from '../open/provenance.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';

export type Reread = {
  readonly task: Task;
  readonly old: ScenarioResult;
  /** As today's mapping reads its line. */
  readonly completion: Completion;
};

/** Says what is read again and does it. @returns whether there was anything: the plan may be another then */
export async function readLinesAgain(input: {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly argv: readonly string[];
  readonly plan: Plan;
  readonly mayWrite: boolean;
}): Promise<boolean> {
  const found = toReread(input);
  notifyDiagnostics(input.io, rereadNotes(found));
  if (found.again.length === 0 || !input.mayWrite) return false;
  await rereadLines({ ...input, again: found.again });
  return true;
}

/** Kept lines that today's mapping reads otherwise, and of these those that it cannot read. */
export function toReread(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'history' | 'row' | 'read'>;
  readonly plan: Plan;
}): { readonly again: readonly Reread[]; readonly unread: readonly Reread[] } {
  const { experiment, store, plan } = input;
  const again: Reread[] = [];
  const unread: Reread[] = [];
  for (const task of plan.tasks) {
    const harness = experiment.variants.get(task.variant)?.variant.harness;
    if (harness?.kind !== 'pytest' || task.state.kind === 'shared') continue;
    const fields = harness.collect?.fields ?? {};
    const head = store.history.byKey(task.key);
    const row = head && store.row(head.id);
    const read = row && store.read(row);
    if (read?.kind !== 'ok') continue;
    const old = read.value;
    const properties = (old.output?.properties ?? {}) as JsonObject;
    if (old.reading === undefined || old.reading === readingDigest(fields) || !isJsonObject(properties.line))
      continue;
    const about = isJsonObject(properties.about) ? properties.about : {};
    const name = `${task.variant} ${task.scenario} run ${task.run}`;
    const completion = lineAnswer({ line: properties.line, about, fields, unmapped: [] }, name);
    const one = { task, old, completion: withTest(completion, properties.pytest) };
    // An answer that was read stands where today's mapping cannot read it.
    (completion.unread === undefined ? again : unread).push(one);
  }
  return { again, unread };
}

function withTest(completion: Completion, test: Json | undefined): Completion {
  if (test === undefined) return completion;
  return { ...completion, properties: { ...completion.properties, pytest: test } as Outside };
}

/** What is said of it before; `plan` and `run` say the same. */
export function rereadNotes({ again, unread }: ReturnType<typeof toReread>): readonly Diagnostic[] {
  const rest = { location: null, related: [] };
  const [bad] = unread;
  return [
    ...(again.length === 0
      ? []
      : [
          {
            severity: 'note' as const,
            code: 'lines-read-again',
            hint: null,
            ...rest,
            message: `${again.length} kept ${again.length === 1 ? 'line is' : 'lines are'} read again, as "collect" has it now: nothing is drawn for that`,
          },
        ]),
    ...(bad === undefined
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'lines-unread',
            ...rest,
            message: `${unread.length} kept ${unread.length === 1 ? 'line' : 'lines'} cannot be read as "collect" has it now: ${bad.completion.unread}`,
            hint: 'what was read before stands',
          },
        ]),
  ];
}

/** One invocation of its own, as an import is. */
async function rereadLines(input: {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly argv: readonly string[];
  readonly again: readonly Reread[];
}): Promise<void> {
  const { io, experiment, store, again } = input;
  const startedAt = io.clock.now();
  const invocation = store.nextInvocation(startedAt);
  const record = startRecord({
    invocation,
    experiment,
    filter: NO_FILTER,
    force: false,
    argv: input.argv,
    provenance: await provenance(experiment.manifest.folder),
    startedAt: startedAt.toISOString(),
  });
  store.begin(record);
  await Promise.all(again.map((one) => store.put(entryOf(one, { experiment, record }))));
  await store.end({
    ...record,
    ended_at: io.clock.now().toISOString(),
    how: 'complete',
    why: null,
    exit_code: EXIT.complete,
    totals: { ...record.totals, tasks: again.length },
  });
}

function entryOf(
  { task, old, completion }: Reread,
  input: { readonly experiment: Experiment; readonly record: ReturnType<typeof startRecord> },
): Parameters<Store['put']>[0] {
  const { experiment, record: invocation } = input;
  const { variant, parts } = experiment.variants.get(task.variant)!;
  const scenario = parts.scenarios[experiment.scenarioIndex.get(scenarioOf(experiment, task.scenario).id)!]!;
  const { usage } = completion;
  // What it cost stands, unless its tokens are told only now.
  const isTold = usage !== null && usage.totalTokens !== old.usage?.total_tokens;
  const costUsd = isTold ? costOf(usage, priceOf(experiment, task.variant)) : old.cost_usd;
  return {
    record: rereadRecord({ old, completion, invocation: invocation.invocation, costUsd }),
    parts: [parts.variant, parts.engine, scenario],
    slug: variant.slug,
    metadata: () => ({
      type: 'run_metadata',
      v: 1,
      experiment: invocation.experiment,
      invocation: invocation.invocation,
      variant: variant.name,
      run: task.run,
      model: '',
      provider: variant.provider,
      temperature: null,
      system: null,
      unknown: ['model', 'temperature', 'system'],
      tools_digest: old.parts.engine,
      variant_digest: parts.variant.digest,
      manifest_digest: invocation.manifest_digest,
      git: invocation.git,
      started_at: invocation.started_at,
      filter: invocation.filter,
      expgraph: invocation.expgraph,
      node: invocation.node,
      scenarios: 0,
    }),
  };
}
