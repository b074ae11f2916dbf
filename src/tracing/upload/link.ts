// A line to the service with patience: waits as it is told, backs off by itself, and stops trying when nothing helps.
//
//   up --busy--> backing off --busy, 3 times--> down (one look each 30 s) --answer--> up
//   any --401, 403, not LangSmith--> stopped      any, while finishing --busy, too often--> stopped
import type { Clock } from '../../core/clock.ts';
import type { Answer, Call, Service } from './service.ts';

export type LinkState = 'up' | 'down' | 'stopped';

export type Taken = Exclude<Answer, { kind: 'busy' | 'unauthorized' | 'stranger' }>;

export type Link = {
  /** An answer that is worth something; null once the link is stopped. */
  call(call: Call): Promise<Taken | null>;
  state(): LinkState;
  /** Why it is not up; null while it is. */
  why(): string | null;
  /** Whoever knows that no more will be taken: what is left waits. */
  stop(reason: string): void;
  /** Where it leads to. */
  readonly apiUrl: string;
  /** Nothing more will be written: from here on it does not wait for long. */
  finish(): void;
};

/** In a row, before the service counts as down. */
const DOWN_AFTER = 3;
const DOWN_MS = 30_000;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 8_000;
/** In a row, before a program that only sends gives up: a closed port tells at once, a struggling service needs time. */
const GIVE_UP = { unreached: 3, reached: 12 } as const;

export function makeLink(input: {
  readonly service: Service;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called when its state or its reason is another one. */
  readonly onChange: () => void;
}): Link {
  const { service, clock, random } = input;
  let failures = 0;
  let why: string | null = null;
  let isStopped = false;
  let isFinishing = false;
  let openAtMs = 0;
  let wakeUp = new Set<() => void>();

  function wait(): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = clock.after(openAtMs - clock.monotonicMs(), () => done());
      const done = (): void => {
        stopTimer();
        wakeUp.delete(done);
        resolve();
      };
      wakeUp.add(done);
    });
  }

  function wakeAll(): void {
    const waiting = wakeUp;
    wakeUp = new Set();
    for (const done of waiting) done();
  }

  function stop(reason: string): void {
    isStopped = true;
    why = reason;
    wakeAll();
    input.onChange();
  }

  function fail(answer: Extract<Answer, { kind: 'busy' }>): void {
    failures++;
    why = answer.why;
    if (isFinishing && failures >= (answer.isReached ? GIVE_UP.reached : GIVE_UP.unreached)) {
      stop(answer.why);
      return;
    }
    const backoff = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + random() / 2);
    const ownMs = failures >= DOWN_AFTER && !isFinishing ? DOWN_MS : backoff;
    openAtMs = Math.max(openAtMs, clock.monotonicMs() + (answer.retryAfterMs ?? ownMs));
    input.onChange();
  }

  return {
    async call(call) {
      for (;;) {
        while (!isStopped && clock.monotonicMs() < openAtMs) await wait();
        if (isStopped) return null;
        const answer = await service.call(call);
        if (answer.kind === 'unauthorized') {
          stop(`the key is refused (${answer.why})`);
          return null;
        }
        if (answer.kind === 'stranger') {
          stop(strangerText(service.apiUrl, answer.why));
          return null;
        }
        if (answer.kind !== 'busy') {
          if (failures > 0 && !isStopped) {
            failures = 0;
            why = null;
            input.onChange();
          }
          return answer;
        }
        fail(answer);
      }
    },
    state: () => (isStopped ? 'stopped' : failures >= DOWN_AFTER ? 'down' : 'up'),
    why: () => why,
    apiUrl: service.apiUrl,
    stop(reason) {
      if (!isStopped) stop(reason);
    },
    finish() {
      if (isFinishing) return;
      isFinishing = true;
      // One more look at once, whatever was waited for: somebody may be waiting for the answer.
      if (failures >= DOWN_AFTER) openAtMs = 0;
      wakeAll();
    },
  };
}

/** A wrong address is the likeliest reason that nothing is taken. */
export function strangerText(apiUrl: string, why: string): string {
  const path = new URL(apiUrl).pathname.replace(/\/+$/, '');
  const hint = path === '' ? `; self-hosted LangSmith has a path: ${apiUrl}/api/v1` : '';
  return `${apiUrl} is not LangSmith's API (${why}): check LANGSMITH_ENDPOINT${hint}`;
}
