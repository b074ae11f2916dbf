// Patterns of expectations over texts of models can take longer than the universe has (`^(a+)+$`). V8 lets a script be
// stopped, its regular expressions and whatever it calls included: so what may take long is called by one.
import { createContext, Script } from 'node:vm';
import { CannotJudge } from '../reading/match-result.ts';

/** A pattern that is written well takes milliseconds for a megabyte. */
const LIMIT_MS = 1000;

type Bench = { run: (() => void) | null };

let made: { readonly bench: Bench; readonly script: Script } | null = null;

/** @throws CannotJudge where the time is up. A call costs about 0.2 ms: only for what holds patterns. */
export function withinTime<Value>(work: () => Value, limitMs: number = LIMIT_MS): Value {
  made ??= {
    bench: createContext(Object.assign(Object.create(null), { run: null })) as Bench,
    script: new Script('run()'),
  };
  const { bench, script } = made;
  const box: { value: Value | null } = { value: null };
  bench.run = () => {
    box.value = work();
  };
  try {
    script.runInContext(bench, { timeout: limitMs });
    return box.value as Value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new CannotJudge(
      `a pattern took longer than ${limitMs / 1000} s and was stopped: it backtracks without end on this answer`,
    );
  } finally {
    bench.run = null;
  }
}
