// expgraph merge: results of other stores of this experiment become results of this one.
import { jsonLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { howMerged, mergeStores } from '../../project/share/merge.ts';
import { mergeJson, mergeText } from '../../report/exchange/merge.ts';
import type { Io } from '../io.ts';

export type MergeOptions = {
  readonly file: string;
  readonly others: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

const CODES = { whole: EXIT.complete, 'left-out': EXIT.incomplete, conflict: EXIT.store } as const;

export async function mergeCommand(io: Io, options: MergeOptions): Promise<number> {
  const { file, others, argv, wait = false, dryRun = false, json = false } = options;
  const merged = await mergeStores(io, { file, others, argv, wait, dryRun });
  io.out.write(json ? jsonLine(mergeJson(merged, dryRun)) : mergeText(merged, dryRun));
  return CODES[howMerged(merged)];
}
