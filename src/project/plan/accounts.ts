// Which lane a task asks: its provider's, or one of its own where a process does the work and makes calls that are not seen.
import type { Limits, Provider } from '../../core/manifest.ts';
import type { Plan } from '../../core/task.ts';
import type { Kind } from '../../executor/route.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';

/** One lane's account: whose limits hold in it, and who does its work. */
export type LaneAccount = {
  readonly kind: Kind;
  readonly limits: Limits;
  /** Who is asked. */
  readonly provider: Provider;
  /** Its tasks are handed over together: none of them waits for another. */
  readonly isBatch: boolean;
  /** Its work is done here: whoever it asks has a lane of its own, or is not seen. */
  readonly isLocal: boolean;
  /** Its orders go in batches of the vendor: everybody is let in, and nothing is found out about calls. */
  readonly isOpen?: true;
};

/** Lane of what goes in batches of an account, beside that of its calls. */
export function batchLane(provider: string): string {
  return `${provider}, batches`;
}

/** One for each of these lanes. */
export function batchAccount(provider: Provider): LaneAccount {
  return { kind: 'model', limits: NO_LIMITS, provider, isBatch: true, isLocal: true, isOpen: true };
}

/** Tasks that one batch lane may hold. */
export const MAX_BATCHED = 10_000;

/** Threads of own code at one time, where the provider says nothing: each takes some forty megabytes. */
const MAX_THREADS = 32;

export function laneOf({ variants }: Experiment, name: string): string {
  const { variant } = variants.get(name)!;
  switch (variant.harness?.kind) {
    case 'command':
      return `${variant.provider}, processes of ${name}`;
    case 'pytest':
      return 'pytest';
    case 'module':
      return variant.provider === 'none' ? 'own code' : variant.provider;
    case undefined:
      return variant.provider;
  }
}

/** Lane of a call that a harness's own client makes: the account of the manifest's provider, or of whoever is asked. */
export function callLaneOf({ variants }: Experiment, name: string, host: string): string {
  const { provider } = variants.get(name)!.variant;
  return provider === 'none' ? `calls of ${host}` : provider;
}

/** @param lane of a provider, or of a host that no provider of the manifest speaks for */
export function callLimits({ manifest }: Experiment, lane: string): Limits {
  return callProvider({ manifest }, lane)?.limits ?? NO_LIMITS;
}

const NO_LIMITS: Limits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

/** null = no provider of the manifest speaks for it. */
export function callProvider({ manifest }: Pick<Experiment, 'manifest'>, lane: string): Provider | null {
  return (Object.hasOwn(manifest.providers, lane) && manifest.providers[lane]) || null;
}

/** By lane, for every task that is pending. */
export function accountsOf(experiment: Experiment, plan: Plan): ReadonlyMap<string, LaneAccount> {
  const accounts = new Map<string, LaneAccount>();
  for (const name of new Set(plan.pending.map(({ variant }) => variant))) {
    const lane = laneOf(experiment, name);
    const { harness } = experiment.variants.get(name)!.variant;
    const provider = providerOf(experiment, name);
    const { mcp } = experiment.variants.get(name)!.variant;
    // An MCP server is a process of the main thread, where it can be ended whatever happens.
    const kind = harness?.kind ?? (mcp === null ? 'model' : 'command');
    const limits = limitsOf(kind, provider.limits, harness);
    const isLocal = harness !== null && (harness.kind !== 'module' || provider.type === 'none');
    accounts.set(lane, { kind, isBatch: kind === 'pytest', isLocal, limits, provider });
  }
  return accounts;
}

type AnyHarness = Experiment['manifest']['variants'][number]['harness'];

function limitsOf(kind: Kind, limits: Limits, harness: AnyHarness): Limits {
  if (harness?.kind === 'command') {
    const places = harness.processes * (harness.protocol === 'stream' ? harness.inFlight : 1);
    return { ...limits, concurrency: places };
  }
  if (kind === 'pytest') return { concurrency: MAX_BATCHED, requestsPerMinute: null, tokensPerMinute: null };
  if (kind === 'module' && limits.concurrency === null) {
    const shares = harness?.kind === 'module' ? (harness.inFlight ?? 1) : 1;
    return { ...limits, concurrency: Math.max(MAX_THREADS, shares) };
  }
  return limits;
}
