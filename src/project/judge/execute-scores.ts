// Wires the loop for judging: the same loop, lanes, budget and retries as for drawing, other orders and other records.

import type { Reading, ScoreStore, StoreReader } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import type { Order } from '../../core/order.ts';
import { FREE, priceFor } from '../../core/price.ts';
import type { InvocationRecord, ScoreMetadata } from '../../core/record.ts';
import type { ScoreOrder } from '../../core/score-order.ts';
import type { JudgedOutput, Scorer } from '../../core/scoring.ts';
import type { Task } from '../../core/task.ts';
import type { Kind } from '../../executor/route.ts';
import type { ScorePlan, ScoreTask } from '../../planner/scores.ts';
import { boundOf } from '../../run/limits/budget.ts';
import { makeTokenGuess } from '../../run/limits/tokens.ts';
import type { LoopResult, TaskContext } from '../../run/run.ts';
import { buildScoreRecord } from '../../run/score-record.ts';
import { judgeWire } from '../../scoring/judges/judge-request.ts';
import { endpointOf } from '../../variants/request.ts';
import { type LayerRun, runLayer } from '../draw/layer.ts';
import type { Experiment } from '../open/experiment.ts';
import { watchScorers } from '../open/inputs-watch.ts';
import { tellUndeclaredOfScorers } from '../open/undeclared-inputs.ts';
import type { LaneAccount } from '../plan/accounts.ts';
import { expectationFor } from '../select/score-tests.ts';
import { engineOf, isRule, isTold, type ReadyScorer } from '../select/scorers.ts';

import { makeOutputs } from './judged-outputs.ts';
import { nearWithoutAsking, orderOf } from './score-orders.ts';

export type Judging = LayerRun & {
  readonly scorers: readonly ReadyScorer[];
  readonly plan: ScorePlan;
  /** Of draws: what is judged is read there. */
  readonly store: StoreReader;
  /** Answers that are in no record, by the number that stands in its place. */
  readonly given?: ReadonlyMap<number, JudgedOutput>;
  readonly scores: ScoreStore;
  readonly record: InvocationRecord;
  readonly givenUp: ReadonlyMap<string, string>;
};

export async function judge(judging: Judging): Promise<LoopResult> {
  const { io, experiment, plan, emit } = judging;
  const byName = new Map(judging.scorers.map((ready) => [ready.scorer.name, ready]));
  const readyOf = (task: Task): ReadyScorer => byName.get((task as ScoreTask).scorer)!;
  const wanted = [...new Set(plan.pending.map(({ scorer }) => scorer))].map(
    (name) => byName.get(name)!.scorer,
  );
  // What cannot be judged is told by the rules' executor, whoever should have judged it.
  const kinds = [...new Set<Kind>(['rule', ...wanted.map((scorer) => accountOf(experiment, scorer).kind)])];
  using reading = judging.store.reading();
  return await runLayer({
    io,
    experiment,
    emit,
    invocation: judging.invocation,
    interrupts: judging.interrupts,
    plan: { ...NO_PLAN, experiment: experiment.manifest.name, pending: plan.pending },
    store: judging.scores,
    recordOf(finished) {
      const { scorer, vote, output } = finished.task as ScoreTask;
      return buildScoreRecord(finished, { scorer, vote, output, kind: byName.get(scorer)!.scorer.kind });
    },
    providers: [...new Set(wanted.map((scorer) => engineOf(experiment, scorer)))],
    accounts: new Map(wanted.map((scorer) => [laneOf(scorer), accountOf(experiment, scorer)])),
    witness: watchScorers(experiment.manifest.folder, wanted),
    armOf: (task) => (task as ScoreTask).scorer,
    providerOf: (task) => engineOf(experiment, readyOf(task).scorer),
    laneOf: (task) => laneOf(readyOf(task).scorer),
    contexts: (urls) =>
      makeContexts({ judging, reading, scorerOf: readyOf, urls }) as (task: Task) => TaskContext,
    executor: { kinds },
    freeLanes: new Set(wanted.filter((scorer) => !asksModel(scorer)).map(laneOf)),
    givenUp: judging.givenUp,
    spentUsd: judging.spentUsd,
    maxNew: null,
    deadline: judging.deadline,
    patienceMs: judging.patienceMs,
    noticed: tellUndeclaredOfScorers({ io, experiment, emit }),
    traced: () => null,
  });
}

const NO_PLAN = {
  tasks: [],
  counts: { tasks: 0, pending: 0, cached: 0, shared: 0, stale: 0, failed: 0 },
  twins: [],
};

/** Judges share their account with whoever else asks it; rules share nothing; code and programs have places of their own. */
function laneOf(scorer: Scorer): string {
  if (asksModel(scorer)) return scorer.provider;
  return isRule(scorer) || isTold(scorer) ? 'rules' : `scorer ${scorer.name}`;
}

/** Threads of own code at one time: each takes some forty megabytes. */
const MAX_THREADS = 8;

function threadPlaces({ harness }: Extract<Scorer, { kind: 'code' }>): number {
  return MAX_THREADS * (harness.inFlight ?? 1);
}

function accountOf(experiment: Experiment, scorer: Scorer): LaneAccount {
  const provider = engineOf(experiment, scorer);
  const { limits } = provider;
  if (asksModel(scorer)) return { kind: 'model', limits, provider, isBatch: false, isLocal: false };
  if (scorer.kind === 'code')
    return {
      kind: 'module',
      limits: { ...limits, concurrency: threadPlaces(scorer) },
      provider,
      isBatch: false,
      isLocal: true,
    };
  if (scorer.kind !== 'command') return { kind: 'rule', limits, provider, isBatch: false, isLocal: true };
  const { processes, protocol, inFlight } = scorer.harness;
  const places = processes * (protocol === 'stream' ? inFlight : 1);
  return {
    kind: 'command',
    limits: { ...limits, concurrency: places },
    provider,
    isBatch: false,
    isLocal: true,
  };
}

function makeContexts(input: {
  readonly judging: Judging;
  readonly reading: Reading;
  readonly scorerOf: (task: ScoreTask) => ReadyScorer;
  readonly urls: ReadonlyMap<string, string>;
}): (task: ScoreTask) => TaskContext {
  const { judging, urls } = input;
  const { experiment, record } = judging;
  const guess = makeTokenGuess();
  const outputOf = makeOutputs(input.reading, judging.given);
  return (task) => {
    const ready = input.scorerOf(task);
    const { scorer, part, engine } = ready;
    const provider = engineOf(experiment, scorer);
    const output = outputOf(task.record);
    const other = task.other && outputOf(task.other.record);
    const expectation = expectationFor(ready, { task, output });
    const isAsked = asksModel(scorer) && nearWithoutAsking(scorer, { output, expectation }) === null;
    const price = isAsked ? priceFor(provider, scorer) : FREE;
    const orderFor = (attempt: number, done: ScoreOrder['done'] = []): Order => ({
      key: task.key,
      cell: { variant: task.variant, scenario: task.scenario, run: task.run },
      attempt,
      timeoutMs: provider.settings?.timeoutMs ?? experiment.manifest.execution.timeoutMs,
      endpoint: endpointOf(provider, urls.get(provider.name)),
      ...orderOf({
        ...{ experiment, scorer, expectation, output, other, task, done },
        wire: judgeWire(provider),
      }),
    });
    return {
      lane: laneOf(scorer),
      provider: provider.name,
      address: urls.get(provider.name) ?? provider.baseUrl,
      price,
      order: orderFor,
      // Who asks a model makes one call.
      paidTurns: () => [],
      estimatedTokens: (order) => (isAsked ? guess.of(order) : 0),
      learnTokens: guess.learn,
      boundOf: (size) => boundOf({ arm: scorer.name, size, price }),
      parts: [part, engine, expectation.part],
      slug: scorer.slug,
      metadata: () => metadataOf(record, { scorer, digest: part.digest }),
    };
  };
}

function metadataOf(
  record: InvocationRecord,
  { scorer, digest }: { readonly scorer: Scorer; readonly digest: string },
): Omit<ScoreMetadata, 'n' | 'c'> {
  const { experiment, invocation, manifest_digest, git, started_at, filter, expgraph, node } = record;
  return {
    type: 'score_metadata',
    v: 1,
    experiment,
    invocation,
    scorer: scorer.name,
    kind: scorer.kind,
    scorer_digest: digest,
    manifest_digest,
    git,
    started_at,
    filter,
    expgraph,
    node,
  };
}
