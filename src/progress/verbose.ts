// The reporter of --verbose: beside what a pipe gets, a line for each task and for each attempt that failed. It never redraws: its
// lines are there to be read and searched.
import type { EventLine } from '../core/event.ts';
import { sanitizeLine } from '../core/text.ts';
import { formatAmount, formatCount, formatDuration, formatMoney } from '../text/format.ts';
import { makePlainReporter, type PlainSettings } from './plain.ts';
import type { Reporter } from './reporter.ts';

export function makeVerboseReporter(settings: PlainSettings): Reporter {
  const plain = makePlainReporter(settings);
  return {
    report(event) {
      const line = verboseLine(event);
      if (line !== null) settings.write(`${line}\n`);
      plain.report(event);
    },
    close: () => plain.close(),
  };
}

/** null = the event has no line of its own. */
export function verboseLine(event: EventLine): string | null {
  switch (event.kind) {
    case 'task-finished':
    case 'score-finished': {
      // A task that failed has its line by its last attempt.
      if (event.status === 'failed') return null;
      const { attempts, duration_ms, usage, cost_usd } = event;
      const parts = [
        ...(duration_ms === null ? [] : [formatDuration(duration_ms)]),
        ...(usage === null ? [] : [`${formatCount(usage.total_tokens)} tokens`]),
        ...(cost_usd === null || usage === null ? [] : [formatMoney(cost_usd)]),
        ...(attempts > 1 ? [formatAmount(attempts, 'attempt')] : []),
      ];
      return sanitizeLine(
        `${event.kind === 'task-finished' ? 'done' : 'judged'}: ${who(event)}${tail(parts)}`,
      );
    }
    case 'attempt-failed':
    case 'score-attempt-failed': {
      if (event.decision.kind !== 'retry') return null;
      const { error, attempt, decision } = event;
      const status = error.status === null ? '' : ` (${error.status})`;
      const wait = decision.delay_ms === 0 ? 'at once' : `in ${formatDuration(decision.delay_ms)}`;
      return sanitizeLine(
        `again ${wait}: ${who(event)}: attempt ${attempt}: ${error.kind}${status}: ${excerptOf(error.message)}`,
      );
    }
    case 'lane-cooled':
      return sanitizeLine(`pause: ${event.lane} asked for ${formatDuration(event.for_ms)}`);
    default:
      return null;
  }
}

type OfCell = { readonly variant: string; readonly scenario: string; readonly run: number };

/** As `show` takes it, so that it can be pasted. */
function who(event: OfCell & { readonly scorer?: string }): string {
  const cell = `${event.variant}/${event.scenario}/${event.run}`;
  return event.scorer === undefined ? cell : `${cell} by ${event.scorer}`;
}

function tail(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const MAX_MESSAGE = 300;

function excerptOf(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}
