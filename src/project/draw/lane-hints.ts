// Lanes begin where an earlier invocation left off, and what they find out is kept: at the end, and now and then on the way, so
// that a run that is killed loses at most a minute of it. Nothing of this is needed for a result: what stands in its way is left.
import type { Hold } from '../../cache/store.ts';
import { type FoundLimits, fadedHint, foundLimits, isNews } from '../../core/limit-memory.ts';
import type { Limits, Provider } from '../../core/manifest.ts';
import type { Lane, makeLane } from '../../run/limits/lanes.ts';
import { accountDigest } from '../open/account-digest.ts';
import type { Emit } from '../open/emit.ts';
import type { Experiment } from '../open/experiment.ts';
import { type KeptAccount, keepLimits, keptOf, readLimits } from '../open/limits-file.ts';
import type { World } from '../open/world.ts';

export type LaneHints = Disposable & {
  /** As it was given, and heard: who asked for a pause has shown a limit. */
  readonly emit: Emit;
  /** @param tasks that wait for it; null = calls of others, which are known when they come */
  lane(name: string, of: LaneOf): Lane;
  /** Keeps and tells what was found. @returns it, of the accounts that refused something */
  end(): readonly FoundLimits[];
};

type LaneOf = {
  readonly limits: Limits;
  readonly provider: Provider | null;
  readonly tasks: () => number | null;
  readonly more: Omit<Parameters<typeof makeLane>[1], 'limits' | 'hint'>;
};

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
  const watched: { readonly lane: Lane; readonly account: string; readonly begun: FoundLimits | null }[] = [];
  const refused = new Set<string>();
  let kept = '';
  let cancel = (): void => {};
  const emit: Emit = (event) => {
    if (event.kind === 'lane-cooled') refused.add(event.lane);
    input.emit(event);
  };

  function found(): readonly { readonly account: string; readonly found: FoundLimits }[] {
    return watched.flatMap(({ lane, account, begun }) => {
      const learned = lane.learned();
      const now = learned && foundLimits(lane.name, learned);
      return now && (refused.has(lane.name) || isNews(now, begun)) ? [{ account, found: now }] : [];
    });
  }

  function keep(): void {
    const all = found();
    const text = JSON.stringify(all);
    if (!isKept || all.length === 0 || text === kept) return;
    const found_at = clock.now().toISOString();
    const fresh = all.map(
      (one): KeptAccount => ({ account: one.account, ...one.found, found_at, found_in: invocation }),
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
    emit,
    lane(name, { limits, provider, tasks, more }) {
      const account = accountDigest({ lane: name, provider, redact: experiment.redact });
      const known = keptOf(before, account);
      const ageMs = known === null ? 0 : clock.now().getTime() - Date.parse(known.found_at);
      const hint = known && fadedHint(known, ageMs);
      const lane = input.makeLane(name, { ...more, limits, ...(hint ? { hint } : {}) });
      const begun = hint && foundLimits(name, hint);
      watched.push({ lane, account, begun });
      if (known && begun) {
        const { found_at, found_in } = known;
        const age_ms = Math.max(0, Math.round(ageMs));
        input.emit({ kind: 'lane-hinted', ...begun, found_at, found_in, age_ms, tasks: tasks() });
      }
      return lane;
    },
    end() {
      const told = found().flatMap(({ found: one }) => (refused.has(one.lane) ? [one] : []));
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
