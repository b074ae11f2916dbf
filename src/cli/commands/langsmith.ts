// expgraph langsmith: what waits for LangSmith, sending it, experiments of earlier results, feedback.
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { isAllThere, type Pushed } from '../../project/langsmith/push.ts';
import { addFeedback, pushTraces, syncResults } from '../../project/langsmith/send.ts';
import { tracingStatus } from '../../project/langsmith/status.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import { sentLine, syncedText, unsentLines } from '../../report/records/langsmith-sent.ts';
import { langsmithStatusText } from '../../report/records/langsmith-status.ts';
import type { Io } from '../io.ts';

type Options = { readonly file: string; readonly json?: boolean };

export async function langsmithStatusCommand(io: Io, options: Options): Promise<number> {
  const status = tracingStatus(io, await openExperiment(io, options.file));
  const size = { columns: io.out.columns(), colors: io.out.colors };
  io.out.write(options.json ? jsonLine(status) : langsmithStatusText(status, size));
  return 0;
}

export async function langsmithPushCommand(
  io: Io,
  options: Options & {
    readonly invocations: readonly string[];
    readonly shiftTime?: boolean;
    readonly keepTime?: boolean;
    readonly rejected?: boolean;
  },
): Promise<number> {
  const { invocations, shiftTime, keepTime, rejected: again = false } = options;
  if (shiftTime && keepTime)
    throw new CommandError('--shift-time and --keep-time are two answers to one question: give one');
  const age = { kind: shiftTime ? 'shift' : keepTime ? 'send' : 'hold' } as const;
  const experiment = await openExperiment(io, options.file);
  const pushed = await pushTraces(io, { experiment, invocations, age, again });
  return printPushed(io, pushed, options.json ? { ...pushed } : null);
}

export async function langsmithSyncCommand(io: Io, options: Options & FilterOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const result = await syncResults(io, { experiment, filter: makeFilter(options) });
  const { pushed, synced, compare } = result;
  if (options.json) return printPushed(io, pushed, { ...pushed, ...synced, compare });
  io.out.write(syncedText(synced));
  if (synced.missing > 0)
    io.err.write(`expgraph: ${synced.missing} cells have no current result: npx expgraph run\n`);
  if (compare !== null) io.out.write(`compare: ${sanitizeLine(compare)}\n`);
  return printPushed(io, pushed, null);
}

export async function langsmithFeedbackCommand(
  io: Io,
  options: Options & {
    readonly record: string;
    readonly key: string;
    readonly score?: string;
    readonly value?: string;
    readonly comment?: string;
    readonly reviewer?: string;
  },
): Promise<number> {
  const { record, key, value = null, comment = null, reviewer = null } = options;
  const score = scoreOf(options.score);
  if (score === null && value === null && comment === null)
    throw new CommandError('say something: --score, --value or --comment');
  if (key.length > 180) throw new CommandError('--key takes at most 180 characters');
  const experiment = await openExperiment(io, options.file);
  const pushed = await addFeedback(io, { experiment, record, key, score, value, comment, reviewer });
  return printPushed(io, pushed, options.json ? { ...pushed } : null);
}

function scoreOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const score = Number(text);
  if (text.trim() !== '' && Number.isFinite(score)) return score;
  throw new CommandError(`--score takes a number, not ${JSON.stringify(text)}`);
}

function printPushed(io: Io, pushed: Pushed, json: object | null): number {
  io.out.write(json === null ? sentLine(pushed) : jsonLine(json));
  if (isAllThere(pushed)) return 0;
  if (json === null) io.err.write(unsentLines(pushed.problems));
  return 1;
}
