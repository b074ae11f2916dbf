// Patterns of expectations over texts of models can take longer than the universe has (`^(a+)+$`). V8 lets a script be
// stopped, its regular expressions and whatever it calls included: so what may take long is called by one.
import { createContext, Script } from 'node:vm';
import { CannotJudge } from '../reading/match-result.ts';

/** A pattern that is written well takes milliseconds for a megabyte. */
const LIMIT_MS = 1000;
/**
 * V8 stops by the clock on the wall, and a machine that is busy with others gives a thread a part of it: what was stopped
 * before it had its own time is done again with more of the wall's. A verdict must not hang on who else is at work.
 */
const MORE = 4;
const MOST = 64;

type Bench = { run: (() => void) | null };

let made: { readonly bench: Bench; readonly script: Script } | null = null;

/**
 * @param work has no effects: it may be done more than once
 * @throws CannotJudge where it had its time and is not done. A call costs about 0.2 ms: only for what holds patterns.
 */
export function withinTime<Value>(work: () => Value, limitMs = LIMIT_MS): Value {
  for (let times = 1; ; times *= MORE) {
    const before = process.threadCpuUsage();
    const done = withinWall(work, limitMs * times);
    if (done !== null) return done.value;
    const { user, system } = process.threadCpuUsage(before);
    if ((user + system) / 1000 >= limitMs * ENOUGH || times >= MOST) {
      throw new CannotJudge(
        `a pattern took longer than ${limitMs / 1000} s and was stopped: it backtracks without end on this answer`,
      );
    }
  }
}

/** Two clocks are compared, and one of them counts in steps. */
const ENOUGH = 0.8;

/** @returns null: it was stopped. */
function withinWall<Value>(work: () => Value, timeout: number): { readonly value: Value } | null {
  made ??= {
    bench: createContext(Object.assign(Object.create(null), { run: null })) as Bench,
    script: new Script('run()'),
  };
  const { bench, script } = made;
  let done: { readonly value: Value } | null = null;
  bench.run = () => {
    done = { value: work() };
  };
  try {
    script.runInContext(bench, { timeout });
    return done;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return null;
  } finally {
    bench.run = null;
  }
}
