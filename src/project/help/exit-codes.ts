// What each exit code says. A code without a row does not compile.
import { EXIT } from '../open/command-error.ts';

const ROWS: { readonly [name in keyof typeof EXIT]: string } = {
  complete: 'done: everything in scope is there; of a plan or a report: it was printed',
  incomplete:
    'some tasks failed or are missing; with compare, parity and variants --check: refused, or not so; with merge: something was left out',
  usage: 'the command line or the manifest has a mistake: nothing was started',
  budget: 'budget, --max-new or --deadline reached: what was drawn is kept, run again to go on',
  store:
    'the store is locked by another command (--wait waits), or damaged (expgraph fsck); with merge: a conflict, or damage there',
  withheld:
    'a blind review is open: the work was done and is kept, and nothing is shown by arm (--unblind does, and is logged)',
  gate: 'everything is there, and a gate is broken (gate:, --fail-under)',
  interrupted: 'Ctrl-C, a signal or a closed terminal: what finished is kept',
};

export function exitRows(): readonly { readonly code: number; readonly means: string }[] {
  return Object.entries(EXIT).map(([name, code]) => ({ code, means: ROWS[name as keyof typeof EXIT] }));
}
