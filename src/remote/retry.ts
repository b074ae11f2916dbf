// An answer that another attempt may change is asked for again: a few times, later each time, and no longer than a person waits.
import type { Clock } from '../core/clock.ts';
import type { Answer } from './exchange.ts';
import { RemoteError } from './remote.ts';

/** With the first. */
export const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;
/** A store that asks for more is told as it is. */
const LONGEST_WAIT_MS = 10_000;

export type Patience = {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
};

export type Tried = {
  readonly answer: Answer;
  /** An earlier attempt may have been done although its answer never came. */
  readonly isDoubtful: boolean;
};

/** @throws what the last attempt threw. A timeout is final: who waited once waits no four times. */
export async function withRetries(
  { clock, random, signal }: Patience,
  input: {
    readonly attempt: () => Promise<Answer>;
    /** Beside what is passing everywhere: 429 and most of 5xx. */
    readonly isPassing?: (answer: Answer) => boolean;
  },
): Promise<Tried> {
  let isDoubtful = false;
  for (let nth = 1; ; nth++) {
    const waitMs = FIRST_WAIT_MS * 2 ** (nth - 1) * (0.5 + random());
    let asked: number | null = null;
    try {
      const answer = await input.attempt();
      const passes = isPassing(answer) || (input.isPassing?.(answer) ?? false);
      asked = retryAfterMs(answer, clock);
      if (!passes || nth === ATTEMPTS || (asked ?? 0) > LONGEST_WAIT_MS) return { answer, isDoubtful };
      isDoubtful ||= answer.status >= 500;
    } catch (cause) {
      if (!(cause instanceof RemoteError) || cause.kind !== 'network' || nth === ATTEMPTS) throw cause;
      isDoubtful = true;
    }
    await sleep({ clock, signal, ms: Math.max(waitMs, asked ?? 0) });
  }
}

function isPassing({ status }: Answer): boolean {
  return status === 429 || status === 408 || [500, 502, 503, 504].includes(status);
}

/** In seconds or as a date (RFC 9110, 10.2.3); null = not said. */
function retryAfterMs({ headers }: Answer, clock: Clock): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - clock.now().getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function sleep(input: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly ms: number;
}): Promise<void> {
  const { clock, signal, ms } = input;
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
