// Lanes begin where an earlier invocation left off, and what they find out is kept: at the end, and now and then on the way, so
// that a run that is killed loses at most a minute of it. Nothing of this is needed for a result: what stands in its way is left.
import type { Hold } from '../../cache/store.ts';
import type { Clock } from '../../core/clock.ts';
import { type FoundLimits, fadedHint, foundLimits, isNews, type NewLimits } from '../../core/limit-memory.ts';
import type { Limits, Provider } from '../../core/manifest.ts';
import type { Lane, makeLane, Taken } from '../../run/limits/lanes.ts';
import { accountDigest } from '../open/account-digest.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import { type KeptAccount, keepLimits, keptOf, readLimits } from '../open/limits-file.ts';
import type { World } from '../open/world.ts';

export type LaneHints = Disposable & {
  /** @param tasks that wait for it; null = calls of others, which are known when they come */
  lane(name: string, of: LaneOf): Lane;
  /** Keeps and tells what was found. @returns it, of the accounts that refused something */
  end(): readonly NewLimits[];
};

type LaneOf = {
  readonly limits: Limits;
  readonly provider: Provider | null;
  readonly tasks: () => number | null;
  readonly more: Omit<Parameters<typeof makeLane>[1], 'limits' | 'hint'>;
};

type Watched = {
  readonly lane: Lane;
  readonly account: string;
  /** What it began with; null = nothing was known. */
  readonly begun: FoundLimits | null;
  refused: number;
};

/** Drawing and judging, rounds and stages follow each other on one account: what the one took the next one counts. By the clock that they go by. */
const takenBefore = new WeakMap<Clock, Map<string, Taken>>();

/** Often enough that a kill costs little, seldom enough that nobody notices the write. */
const KEPT_EACH_MS = 60_000;

export function makeLaneHints(input: {
  readonly io: Pick<World, 'clock'>;
  readonly experiment: Pick<Experiment, 'root' | 'redact' | 'stores'>;
  readonly invocation: string;
  readonly hold: Pick<Hold, 'check'>;
  readonly emit: Emit;
  readonly makeLane: typeof makeLane;
}): LaneHints {
  const { io, experiment, invocation, hold } = input;
  const { clock } = io;
  // A store in memory has no file beside it.
  const isKept = experiment.stores.writeUnlocked === null;
  const before = isKept ? readLimits(experiment.root) : [];
  const watched: Watched[] = [];
  let kept = '';
  let cancel = (): void => {};

  /** Where it refused something, or where its lane got further than it began. */
  function found(): readonly { readonly of: Watched; readonly now: FoundLimits }[] {
    return watched.flatMap((of) => {
      const learned = of.lane.learned();
      const now = learned && foundLimits(of.lane.name, learned);
      return now && (of.refused > 0 || isNews(now, of.begun)) ? [{ of, now }] : [];
    });
  }

  function keep(): void {
    const all = found();
    const text = JSON.stringify(all.map(({ now }) => now));
    if (!isKept || all.length === 0 || text === kept) return;
    const found_at = clock.now().toISOString();
    const fresh = all.map(
      ({ of, now }): KeptAccount => ({ account: of.account, ...now, found_at, found_in: invocation }),
    );
    try {
      hold.check();
      keepLimits(experiment.root, fresh);
      kept = text;
    } catch {
      // A disk that is full or a lock that is lost is told by whoever keeps results.
    }
  }

  function keepLater(): void {
    cancel = clock.after(KEPT_EACH_MS, () => {
      keep();
      keepLater();
    });
  }
  if (isKept) keepLater();

  return {
    lane(name, { limits, provider, tasks, more }) {
      const account = accountDigest({ lane: name, provider, redact: experiment.redact });
      const known = keptOf(before, account);
      const ageMs = known === null ? 0 : clock.now().getTime() - Date.parse(known.found_at);
      const hint = known && fadedHint(known, ageMs);
      const takenHere = takenOf(clock, provider);
      const taken = takenHere?.get(account);
      const lane = input.makeLane(name, {
        ...more,
        limits,
        ...(hint ? { hint } : {}),
        ...(taken ? { taken } : {}),
      });
      if (lane.taken) takenHere?.set(account, lane.taken);
      const begun = hint && foundLimits(name, hint);
      const of: Watched = { lane, account, begun, refused: 0 };
      watched.push(of);
      if (known && begun) {
        const { found_at, found_in } = known;
        const age_ms = Math.max(0, Math.round(ageMs));
        input.emit({ kind: 'lane-hinted', ...begun, found_at, found_in, age_ms, tasks: tasks() });
      }
      return {
        ...lane,
        release(ticket, end) {
          if (end.failure?.kind === 'rate-limited') of.refused++;
          return lane.release(ticket, end);
        },
      };
    },
    end() {
      const told = found().flatMap(({ of: { refused }, now }) => (refused > 0 ? [{ ...now, refused }] : []));
      for (const one of told) input.emit({ kind: 'lane-learned', ...one });
      keep();
      return told;
    },
    [Symbol.dispose]() {
      cancel();
      keep();
    },
  };
}

/** null = each simulation that a run starts is another account. */
function takenOf(clock: Clock, provider: Provider | null): Map<string, Taken> | null {
  if (provider?.type === 'sim' && provider.baseUrl === null) return null;
  const known = takenBefore.get(clock) ?? new Map<string, Taken>();
  takenBefore.set(clock, known);
  return known;
}
