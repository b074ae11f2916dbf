// Whether answers are a simulation's: by who gave them, as their records say, whatever the manifest says of today.
import type { StoreReader } from '../../cache/store.ts';
import { isJsonObject } from '../../core/json.ts';
import type { PartDigests, Plan } from '../../core/task.ts';
import { type Experiment, priceOf, todaysContent } from './experiment.ts';

export type IsSimulated = (input: { readonly parts: PartDigests }) => boolean;

/** Of a record, of its row in the index, and of a task: what it would be answered by. */
export function makeIsSimulated(experiment: Experiment, store: Pick<StoreReader, 'part'>): IsSimulated {
  const today = todaysContent(experiment);
  const known = new Map<string, boolean>();
  const look = ({ engine, variant }: PartDigests): boolean => {
    const who = today(engine) ?? store.part(engine);
    if (who?.type !== 'imported') return who?.type === 'sim';
    // A file has no engine: it names a provider, and ours of that name is the simulation.
    const told = (today(variant) ?? store.part(variant))?.imported;
    return isJsonObject(told) && told.provider === 'sim';
  };
  // Cells come arm by arm: most ask what the one before them asked.
  let last: { readonly engine: string; readonly variant: string; readonly simulated: boolean } | null = null;
  return ({ parts }) => {
    if (last !== null && last.engine === parts.engine && last.variant === parts.variant)
      return last.simulated;
    const name = `${parts.engine} ${parts.variant}`;
    let simulated = known.get(name);
    if (simulated === undefined) {
      simulated = look(parts);
      known.set(name, simulated);
    }
    last = { engine: parts.engine, variant: parts.variant, simulated };
    return simulated;
  };
}

/** Whether all that this plan asks is on this machine, and without a price. */
export function isLocal(experiment: Experiment, { pending }: Plan): boolean {
  const asked = new Set(pending.map(({ variant }) => variant));
  return asked.size > 0 && [...asked].every((name) => priceOf(experiment, name)?.isAssumed === true);
}

/** Whether the simulation played one of the answers that count in a plan's scope. */
export function isPlayed(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'part' | 'history'>;
  readonly plan: Plan;
}): boolean {
  const { store, plan } = input;
  const isSimulated = makeIsSimulated(input.experiment, store);
  // Who answered what counts under a key is in the key.
  return plan.tasks.some(
    (task) =>
      isSimulated(task) && (task.state.kind === 'cached' || store.history.byKey(task.key) !== undefined),
  );
}
