// The reporter of --quiet: what failed for good and why a run stops, nothing else.
import { messageOf } from './progress-words.ts';
import type { Reporter } from './reporter.ts';

export function makeQuietReporter(write: (text: string) => void): Reporter {
  return {
    report(event) {
      const message = messageOf(event);
      if (message?.severity === 'error') write(`${message.text}\n`);
    },
    close: () => {},
  };
}
