// expgraph log: every invocation, newest first; one of them in full.
import type { Withheld } from '../../core/summary.ts';
import { NO_FILTER } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { type LogInput, listInvocations, readInvocation } from '../../project/history/log.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { scopeWords } from '../../project/open/filters.ts';
import { invocationJson } from '../../report/json.ts';
import { logEntryText, logText, whenOf } from '../../report/records/log.ts';
import { type Io, layoutOf } from '../io.ts';

export type LogOptions = LogInput & {
  readonly invocation?: string;
  readonly number?: string;
  readonly reverse?: boolean;
  readonly json?: boolean;
};

/** Two lines each, they fill a screen; a pipe gets all. */
const ON_A_TERMINAL = 20;

export async function logCommand(io: Io, options: LogOptions): Promise<number> {
  const { file, invocation, json } = options;
  const most = limitOf(io, options);
  const nowMs = io.clock.now().getTime();
  const layout = { ...layoutOf(io.out), scope: scopeWords(NO_FILTER, io) };
  if (invocation !== undefined) {
    const full = await readInvocation(io, { file, invocation });
    const { withheld } = full;
    const told = { ...invocationJson(full), ...(withheld ? { withheld } : {}) };
    io.out.write(json ? jsonLine(told) : logEntryText(full, { ...layout, nowMs }));
    return await tellWithheld(io, { withheld, json });
  }
  const { experiment, invocations: all, withheld } = await listInvocations(io, { file });
  const newest = all.slice(Math.max(0, all.length - most));
  const invocations = options.reverse ? newest : newest.toReversed();
  const shown = invocations.map((entry) => ({ entry, when: whenOf(entry, nowMs) }));
  const more = all.length - shown.length;
  const names = all.map((entry) => entry.invocation);
  const told = { experiment, invocations, ...(withheld ? { withheld } : {}) };
  io.out.write(json ? jsonLine(told) : logText(shown, { ...layout, more, names }));
  return await tellWithheld(io, { withheld, json });
}

/** What was left out of a text, and why; a document says it itself. */
async function tellWithheld(
  io: Io,
  { withheld, json }: { readonly withheld: Withheld | undefined; readonly json: boolean | undefined },
): Promise<number> {
  if (!withheld) return EXIT.complete;
  if (json) return EXIT.withheld;
  const { withheldText } = await import('../../report/run/withheld.ts');
  io.out.write(`\n${withheldText(withheld, layoutOf(io.out))}`);
  return EXIT.withheld;
}

function limitOf(io: Io, { number, json }: LogOptions): number {
  if (number === undefined) return io.out.isTerminal && !json ? ON_A_TERMINAL : Number.MAX_SAFE_INTEGER;
  if (!/^[1-9]\d{0,8}$/.test(number)) {
    throw new CommandError(`-n takes a whole number from 1, not ${JSON.stringify(number)}`);
  }
  return Number(number);
}
