// The reporter behind --events: one JSON line for each fact, in order.
import { jsonLine } from '../core/text.ts';
import type { Reporter } from './reporter.ts';

/** Each call of `append` is one whole line with its line end; the caller that opened the file closes it. */
export function makeEventWriter({ append }: { readonly append: (line: string) => void }): Reporter {
  return {
    report(event) {
      append(jsonLine(event));
    },
    close() {},
  };
}
