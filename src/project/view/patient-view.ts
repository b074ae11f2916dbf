// A view of an experiment that may have mistakes to begin with: people edit while they look. Until a save mends it every screen is
// what is wrong; from then on it is an open view like any other.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../../cache/store.ts';
import type { Answer, Refusal, ScreenName } from '../../screens/screen.ts';
import { ManifestError } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { openView, type View, type ViewInput } from './open-view.ts';
import { brokenBy } from './screen-refusal.ts';

export type PatientView = View & {
  /** What is wrong with it now; null = it is open. */
  broken(): Refusal | null;
};

/** @throws CommandError where a save would not mend it: there is no manifest, a filter means nothing */
export async function openPatientView(world: World, input: ViewInput): Promise<PatientView> {
  try {
    return { ...(await openView(world, input)), broken: () => null };
  } catch (cause) {
    if (!isMendable(cause, path.resolve(world.cwd, input.file))) throw cause;
    return waitFor({ world: { ...world, notify: () => {} }, input, cause });
  }
}

/** As `watch` has it: a manifest with mistakes is waited for, one that is not there is not. */
function isMendable(cause: unknown, manifest: string): boolean {
  return cause instanceof StoreError || (cause instanceof ManifestError && existsSync(manifest));
}

/** Reading a manifest anew takes its time: it is done at most so often... */
const AGAIN_MS = 1000;
/** ...and at most so large a part of the time. */
const REST = 4;

function waitFor(of: {
  readonly world: World;
  readonly input: ViewInput;
  readonly cause: unknown;
}): PatientView {
  const { world, input } = of;
  const { clock, cwd } = world;
  const stamp = clock.now().getTime().toString(36);
  let count = 1;
  let refusal = brokenBy(of.cause, cwd);
  let view: View | null = null;
  let trying: Promise<void> | null = null;
  let nextMs = clock.monotonicMs() + AGAIN_MS;
  let cancelTimer: (() => void) | null = null;
  let isClosed = false;
  /** Who listens -> what ends it, once there is something to listen to. */
  const listeners = new Map<(revision: string) => void, (() => void) | null>();

  const revision = (): string => view?.revision() ?? `${stamp}-w${count}`;

  function tryAgain(): Promise<void> {
    trying ??= tryNow().finally(() => {
      trying = null;
    });
    return trying;
  }

  async function tryNow(): Promise<void> {
    const beganMs = clock.monotonicMs();
    try {
      const opened = await openView(world, input);
      if (isClosed) return opened[Symbol.dispose]();
      view = opened;
      for (const listener of listeners.keys()) listeners.set(listener, opened.onChange(listener));
      tell();
    } catch (cause) {
      const next = brokenBy(cause, cwd);
      const isNew = next.message !== refusal.message;
      refusal = next;
      if (isNew) count++;
      if (isNew) tell();
    }
    const endedMs = clock.monotonicMs();
    nextMs = endedMs + Math.max(AGAIN_MS, REST * (endedMs - beganMs));
  }

  function tell(): void {
    for (const listener of [...listeners.keys()]) listener(revision());
  }

  function wait(): void {
    cancelTimer?.();
    cancelTimer = null;
    if (view !== null || isClosed || listeners.size === 0) return;
    cancelTimer = clock.after(Math.max(0, nextMs - clock.monotonicMs()), () => {
      void tryAgain().then(wait);
    });
  }

  return {
    async answer<Name extends ScreenName>(name: Name, query: URLSearchParams): Promise<Answer<Name>> {
      if (view === null && clock.monotonicMs() >= nextMs) await tryAgain();
      return view === null ? { ok: false, refusal } : view.answer(name, query);
    },
    file: async (sha256) => (view === null ? null : view.file(sha256)),
    revision,
    broken: () => (view === null ? refusal : null),
    onChange(listener) {
      listeners.set(listener, view?.onChange(listener) ?? null);
      wait();
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    [Symbol.dispose]() {
      isClosed = true;
      cancelTimer?.();
      listeners.clear();
      view?.[Symbol.dispose]();
    },
  };
}
