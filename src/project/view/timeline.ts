// The screen `timeline`: attempts of one invocation, as its records tell them.
import type { StoreReader } from '../../cache/store.ts';
import { compareNames, invocationsMeant, isSameInvocation, orderOf } from '../../core/invocation-id.ts';
import type { AnyRecord, InvocationRecord } from '../../core/record.ts';
import type { Answer, Query } from '../../screens/screen.ts';
import { type LaneAttempt, timelineLanes } from '../../screens/timeline-lanes.ts';
import type { Experiment } from '../open/experiment.ts';
import { openToRead, type Reading } from '../open/read.ts';
import type { World } from '../open/world.ts';
import { laneOf } from '../plan/accounts.ts';
import { makePause, walk } from './pause.ts';

/** Of a list to choose from; older ones have a number that can be given. */
const MOST_NAMED = 100;

/** @param query `invocation`: its number or name, `last` where it is left out @throws ManifestError on a manifest with mistakes */
export async function timelineScreen(
  world: World,
  { file }: { readonly file: string },
  query: Query,
): Promise<Answer<'timeline'>> {
  using reading = await openToRead(world, file);
  return await timelineOf({ ...reading, clock: world.clock }, query);
}

/** Of an experiment that is open already. */
export async function timelineOf(
  { experiment, store, clock }: Pick<Reading, 'experiment' | 'store'> & Pick<World, 'clock'>,
  query: Query,
): Promise<Answer<'timeline'>> {
  using scores = experiment.stores.hasScores() ? experiment.stores.readScores() : null;
  const drawn = new Map(store.invocations().map((record) => [record.invocation, record]));
  const judged = new Map((scores?.invocations() ?? []).map((record) => [record.invocation, record]));
  const names = [...new Set([...drawn.keys(), ...judged.keys()])].sort((a, b) => compareNames(b, a));
  const found = findName(names, query.get('invocation') ?? 'last');
  if (found === undefined) return notFound(names, query.get('invocation'));
  const record = (drawn.get(found) ?? judged.get(found))!;
  const attempts: LaneAttempt[] = [];
  const pause = makePause(clock);
  const ofDraws = attemptsOf(store, { invocation: record, lane: (row) => drawLane(experiment, row) });
  await walk(collected(ofDraws, attempts), pause);
  if (scores !== null)
    await walk(collected(attemptsOf(scores, { invocation: record, lane: scoreLane }), attempts), pause);
  const ended = judged.get(found)?.ended_at ?? record.ended_at;
  const last = attempts.reduce((most, { to }) => Math.max(most, to), 0);
  const lengthMs = ended === null ? last : Math.max(last, Date.parse(ended) - Date.parse(record.started_at));
  return {
    ok: true,
    value: {
      invocation: found,
      startedAt: record.started_at,
      endedAt: ended,
      lengthMs,
      ...timelineLanes(attempts),
      invocations: names.slice(0, MOST_NAMED),
    },
  };
}

function findName(names: readonly string[], wanted: string): string | undefined {
  if (wanted === 'last') return names[0];
  return invocationsMeant(wanted, names).at(-1);
}

function notFound(names: readonly string[], wanted: string | null): Answer<'timeline'> {
  const message =
    names.length === 0
      ? 'Nothing was run yet: `npx expgraph run` is the first invocation.'
      : `There is no invocation ${JSON.stringify(wanted)}; the newest is ${names[0]}.`;
  return { ok: false, refusal: { kind: 'not-found', message } };
}

/** A step of each record, whether it has attempts or not. */
function* collected(found: Iterable<LaneAttempt | null>, into: LaneAttempt[]): Generator<undefined, void> {
  for (const attempt of found) {
    if (attempt !== null) into.push(attempt);
    yield undefined;
  }
}

/** Damaged records are left out here; fsck finds them. What was made elsewhere has no time of its own. */
function* attemptsOf<R extends AnyRecord>(
  store: StoreReader<R>,
  {
    invocation,
    lane,
  }: { readonly invocation: InvocationRecord; readonly lane: (record: R) => string | null },
): Generator<LaneAttempt | null> {
  const order = orderOf(invocation.invocation);
  const start = Date.parse(invocation.started_at);
  using reading = store.reading();
  for (const row of store.records()) {
    yield null;
    if (order === null || !isSameInvocation(row, order)) continue;
    const read = reading.read(row.id);
    if (read?.kind !== 'ok') continue;
    const name = lane(read.value);
    if (name === null) continue;
    // Of a score the row names its scorer; the record names the cell.
    const { variant, scenario, run } = read.value;
    for (const { n, started_at, duration_ms, error, worker } of read.value.attempts) {
      const from = Date.parse(started_at) - start;
      if (duration_ms === null || from < 0) continue;
      // Moments are kept by the millisecond: an end is told as finely, or one call would seem to begin before the last one ended.
      yield {
        lane: name,
        task: row.key,
        worker: worker ?? null,
        from,
        to: from + Math.floor(duration_ms),
        variant,
        scenario,
        run,
        n,
        error: error?.kind ?? null,
        status: error?.status ?? null,
      };
    }
  }
}

function drawLane(
  experiment: Experiment,
  { variant, provider }: { readonly variant: string; readonly provider: string },
): string {
  return experiment.variants.has(variant) ? laneOf(experiment, variant) : provider;
}

/** Rules ask nobody. */
function scoreLane({ kind, scorer }: { readonly kind: string; readonly scorer: string }): string | null {
  return kind === 'judge' || kind === 'embedding' || kind === 'code' || kind === 'command'
    ? `scores of ${scorer}`
    : null;
}
