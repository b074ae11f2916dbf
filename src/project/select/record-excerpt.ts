// What an answer begins with, for tables that hold two of them side by side.
import type { RecordRow, StoreReader } from '../../cache/store.ts';

/** The text, or the calls where there is no text, or why it failed. */
export function excerptOf(store: Pick<StoreReader, 'read'>, row: RecordRow, chars: number): string {
  if (row.archive !== null) return '(archived)';
  const read = store.read(row);
  if (read.kind === 'err') return '(damaged)';
  const { output, attempts } = read.value;
  if (!output) return beginningOf(attempts.at(-1)?.error?.message ?? '', chars);
  const calls = output.tool_calls.map((call) => `${call.name}(${JSON.stringify(call.arguments)})`).join(' ');
  return beginningOf(calls === '' ? output.text : calls, chars);
}

/** A copy: a slice would hold on to the whole answer, and there may be 100,000 of them. */
function beginningOf(text: string, chars: number): string {
  return JSON.parse(JSON.stringify(text.slice(0, chars))) as string;
}
