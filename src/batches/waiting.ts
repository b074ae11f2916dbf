// Waits of batches: each ends when nobody waits any more, and no question to a vendor is without a limit.
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/outcome.ts';

export type Waits = {
  /** Nobody waits for answers any more; what is being sent is still noted down. */
  isLeft(): boolean;
  leave(): void;
  /** Ends sooner where everybody leaves. */
  sleep(ms: number): Promise<void>;
  /** Asks with a limit, which begins anew whenever `ask` says that it goes on. `cutOff` ends it as well. */
  within<Value>(ms: number, ask: (signal: AbortSignal, goesOn: () => void) => Promise<Value>): Promise<Value>;
  /** Cuts off what is under way. */
  cutOff(): void;
};

export function makeWaits(clock: Clock): Waits {
  const sleeping = new Set<() => void>();
  const under = new Set<AbortController>();
  let isLeft = false;
  return {
    isLeft: () => isLeft,
    leave() {
      isLeft = true;
      for (const wake of [...sleeping]) wake();
    },
    sleep(ms) {
      if (isLeft) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          cancel();
          sleeping.delete(wake);
          resolve();
        };
        const cancel = clock.after(ms, wake);
        sleeping.add(wake);
      });
    },
    async within(ms, ask) {
      const controller = new AbortController();
      let cancel = (): void => {};
      const goesOn = (): void => {
        cancel();
        cancel = clock.after(ms, () =>
          controller.abort(new DOMException('the vendor did not answer in time', 'TimeoutError')),
        );
      };
      goesOn();
      under.add(controller);
      try {
        return await ask(controller.signal, goesOn);
      } finally {
        cancel();
        under.delete(controller);
      }
    },
    cutOff() {
      for (const controller of under) controller.abort();
    },
  };
}

/** How often a vendor is asked. */
export type Pace = {
  /** Between the first two looks; each wait is half as long again as the one before. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** A batch that was asked for shows in lists after that at the latest. */
  readonly settleMs: number;
  /** After the account said that too much is enqueued. */
  readonly fullMs: number;
};

const USUAL: Pace = { firstMs: 2_000, mostMs: 60_000, settleMs: 20_000, fullMs: 60_000 };
/** A server of this machine has no replicas, and nobody pays for looks. */
const LOCAL: Pace = { firstMs: 100, mostMs: 5_000, settleMs: 1_000, fullMs: 500 };

export function paceOf(isLocal: boolean): Pace {
  return isLocal ? LOCAL : USUAL;
}

export function longer(ms: number, { mostMs }: Pace): number {
  return Math.min(mostMs, ms * 1.5);
}

/** The same question may be answered later. */
export function isPassing({ kind }: Failure): boolean {
  return PASSING.has(kind);
}

/** The loop waits for a server that is not there yet, and counts that for nobody's retry. */
export function isAwaited({ isNobodyThere }: Failure): boolean {
  return isNobodyThere === 'server' || isNobodyThere === 'lookup';
}

const PASSING: ReadonlySet<Failure['kind']> = new Set([
  'rate-limited',
  'overloaded',
  'network',
  'timeout',
  'invalid-response',
]);
