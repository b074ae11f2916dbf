// Follows one call to its end: counts it once, and forgets its timer when the client goes away.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { Tokens } from '../player/play.ts';
import type { Fault } from './faults.ts';
import type { Counters } from './stats.ts';

/** Endings that count only when the last byte has been handed over. */
export type WholeEnding = 'answered' | 'huge';

/** Endings that count at once. */
export type Ending =
  | Exclude<Fault, 'error' | 'huge'>
  | 'errors'
  | 'rate_limited'
  | 'unavailable'
  | 'rejected';

export type TrackedCall = {
  readonly end: (ending: Ending) => void;
  readonly answer: (ending: WholeEnding, tokens: Tokens) => void;
  /** Calls back after `ms`, unless the client has gone by then. */
  readonly wait: (ms: number, then: () => void) => void;
};

/** Timers are in whole milliseconds: less is none. */
const SHORTEST_WAIT_MS = 0.5;

export function trackCall(response: ServerResponse, counters: Counters, clock: Clock): TrackedCall {
  let isCounted = false;
  let answered: { readonly ending: WholeEnding; readonly tokens: Tokens } | null = null;
  let cancel: (() => void) | null = null;
  counters.in_flight++;
  counters.peak_in_flight = Math.max(counters.peak_in_flight, counters.in_flight);
  response.on('close', () => {
    counters.in_flight--;
    cancel?.();
    if (isCounted) return;
    if (answered && response.writableFinished) {
      counters[answered.ending]++;
      counters.input_tokens += answered.tokens.inputTokens;
      counters.output_tokens += answered.tokens.outputTokens;
    } else {
      counters.aborted++;
    }
  });
  return {
    end: (ending) => {
      counters[ending]++;
      isCounted = true;
    },
    answer: (ending, tokens) => {
      answered = { ending, tokens };
    },
    wait: (ms, then) => {
      if (ms < SHORTEST_WAIT_MS) then();
      else cancel = clock.after(ms, then);
    },
  };
}
