// What is out in batches: listed, cancelled at the provider, or taken for lost by a user who knows better.
import { wireOf } from '../../batches/wires.ts';
import { endBatch, type KeptBatch, noteBatch, readBatches } from '../../cache/disk/batch-files.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Result } from '../../core/result.ts';
import { NO_FILTER } from '../../core/task.ts';
import type { TendedBatches } from '../../report/records/batches.ts';
import { makeSplitsOf } from '../../worker/batch-item.ts';
import { CommandError } from '../open/command-error.ts';
import { type Experiment, openExperiment } from '../open/experiment.ts';
import { lockedStore } from '../open/lock.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import { batchesOut, keysOut, readOut } from '../select/out-batches.ts';
import { planExperiment } from '../select/plan-experiment.ts';

export type TendInput = {
  readonly file: string;
  readonly argv: readonly string[];
  readonly wait?: boolean;
  readonly cancel?: boolean;
  /** Our tag of one, or the vendor's id. */
  readonly forget?: string;
};

/** Of one question. */
const LIMIT_MS = 60_000;

/** @throws CommandError where the store is in use, or no batch has that name */
export async function tendBatches(world: World, input: TendInput): Promise<TendedBatches> {
  const { argv, wait = false, cancel = false, forget } = input;
  const experiment = await openExperiment(world, input.file);
  if (forget !== undefined) return await forgotten(world, { experiment, argv, wait, name: forget });
  using store = cancel
    ? await lockedStore({ io: world, experiment, argv, wait, index: 'keep' })
    : experiment.stores.read();
  notifyDiagnostics(world, store.diagnostics);
  const out = readOut({ root: experiment.root, store });
  const plan = await planExperiment({ experiment, store, filter: NO_FILTER, force: false });
  const batches = batchesOut(out, keysOut(out, plan, false));
  const cancelled: string[] = [];
  const failed: { readonly tag: string; readonly why: string }[] = [];
  const splitOf = makeSplitsOf({ ...world, folder: experiment.manifest.folder });
  for (const { batch } of cancel ? out.batches : []) {
    const { tag } = batch;
    const done = await cancelOne(world, { batch, splitOf });
    if (done.kind === 'ok') cancelled.push(tag);
    else failed.push({ tag, why: experiment.redact(done.error.message) });
  }
  return { batches, cancelled, forgotten: [], failed };
}

async function cancelOne(
  { clock }: Pick<World, 'clock'>,
  { batch, splitOf }: { readonly batch: KeptBatch; readonly splitOf: ReturnType<typeof makeSplitsOf> },
): Promise<Result<null, Failure>> {
  if (batch.sent === null) {
    const message = 'whether it was sent is not known yet: run finds out, and then it can be cancelled';
    return { kind: 'err', error: { kind: 'bad-request', status: null, message, retryAfterMs: null } };
  }
  const client = await splitOf(batch.endpoint);
  if (client.kind === 'err') return client;
  const controller = new AbortController();
  const end = clock.after(LIMIT_MS, () =>
    controller.abort(new DOMException('no answer in time', 'TimeoutError')),
  );
  const at = { client: client.value, signal: controller.signal };
  try {
    return await wireOf(batch.wire, batch.endpoint).cancel(at, batch.sent.id);
  } finally {
    end();
  }
}

/** Read by itself: one whose first line is damaged is named by its file alone, and can be moved away. */
async function forgotten(
  world: World,
  of: {
    readonly experiment: Experiment;
    readonly argv: readonly string[];
    readonly wait: boolean;
    readonly name: string;
  },
): Promise<TendedBatches> {
  const { experiment, argv, wait, name } = of;
  using store = await lockedStore({ io: world, experiment, argv, wait, index: 'keep' });
  notifyDiagnostics(world, store.diagnostics);
  const batch = readBatches(experiment.root).batches.find(
    ({ tag, sent, end }) => end === null && (tag === name || sent?.id === name),
  );
  if (batch === undefined)
    throw new CommandError(`no batch ${JSON.stringify(name)} is out; npx expgraph batches lists them`);
  const told = {
    ...{ batch: batch.sent?.id ?? null, tag: batch.tag, provider: batch.provider, model: batch.model },
    ...{ sent_at: batch.sent?.at ?? batch.intendedAt, cells: batch.items.length, asked: batch.items.length },
  };
  await store.hold.confirm();
  endBatch(
    await noteBatch(batch, { type: 'batch-dropped', why: 'forgotten', at: world.clock.now().toISOString() }),
  );
  return { batches: [told], cancelled: [], forgotten: [batch.tag], failed: [] };
}
