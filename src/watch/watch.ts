// The watch itself: the machine with real files, a real clock, and whoever plans, asks and runs.
import type { Clock } from '../core/clock.ts';
import { unreachable } from '../core/result.ts';
import { openFileWatch } from './files.ts';
import { type AfterPlan, begin, type Effect, type Event, type Round, type State, step } from './machine.ts';
import type { Watched } from './watched.ts';

export type { Consent } from './confirm.ts';
export { type Cost, consentFor } from './confirm.ts';
export type { AfterPlan, Round } from './machine.ts';
export { union, type Watched, watchedOf } from './watched.ts';

/** Who does the work. A rejection ends the watch with it. */
export type Worker = {
  /** Plans anew and shows it; says what the plan hangs on, to be watched from now on. */
  plan(round: Round): Promise<Planned>;
  /** Asks about the plan that was made last; aborted when it is out of date. */
  ask(withdrawn: AbortSignal): Promise<'yes' | 'no'>;
  /** Runs the plan that was made last. `isWanted` says false once files were saved since, and then nothing may be started. */
  run(isWanted: () => boolean): Promise<'ran' | 'not started'>;
  /** Told instead of a run that the last rounds set off each other. */
  hold(): void;
  /** Nothing is to be done until a file is saved. */
  rest(): void;
  /** A sentence about the watching itself. */
  trouble(sentence: string): void;
};

export type Planned = {
  readonly verdict: AfterPlan;
  readonly watched: Watched;
  readonly quietMs: number;
};

/** Files that are never quiet are planned after so long: long enough for ten thousand saves to be one plan. */
const MOST_MS = 60_000;

export type Watch = {
  /** What failed, or was left, is run now. */
  retry(): void;
  /** At once, or when the run under way has ended. */
  leave(): void;
  readonly ended: Promise<'idle' | 'running'>;
};

export function startWatch(input: {
  readonly clock: Clock;
  readonly worker: Worker;
  readonly first: Round;
}): Watch {
  const { clock, worker } = input;
  const ended = Promise.withResolvers<'idle' | 'running'>();
  const events: Event[] = [];
  let state: State = { kind: 'idle' };
  let quietMs = 0;
  let question = new AbortController();
  let cancelTimer = (): void => {};
  let isOver = false;
  let isTaking = false;
  const now = (): number => clock.monotonicMs();
  const files = openFileWatch({
    onSaved: (file) => tell({ kind: 'saved', file, atMs: now() }),
    onTrouble: (sentence) => worker.trouble(sentence),
  });

  /** One event after the other: an effect that tells something at once does not come in between. */
  function tell(event: Event): void {
    events.push(event);
    if (isTaking) return;
    isTaking = true;
    for (let next = events.shift(); next && !isOver; next = events.shift()) {
      take(step(state, next, { quietMs, mostMs: MOST_MS }));
    }
    isTaking = false;
  }

  function take(made: { readonly state: State; readonly effects: readonly Effect[] }): void {
    state = made.state;
    for (const effect of made.effects) perform(effect);
    if (state.kind === 'left') finish(state.while);
  }

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'wake-at':
        wakeAt(effect.atMs);
        break;
      case 'plan':
        cancelTimer();
        own(plan(effect.round));
        break;
      case 'ask':
        question = new AbortController();
        own(ask(question.signal));
        break;
      case 'take-back':
        question.abort();
        break;
      case 'run':
        own(worker.run(isWanted).then((how) => tell({ kind: 'ended', ran: how === 'ran' })));
        break;
      case 'hold':
        worker.hold();
        break;
      case 'rest':
        worker.rest();
        break;
      default:
        unreachable(effect);
    }
  }

  function wakeAt(atMs: number): void {
    cancelTimer();
    cancelTimer = clock.after(Math.max(0, atMs - now()), () => tell({ kind: 'woken', atMs: now() }));
  }

  async function plan(round: Round): Promise<void> {
    const sinceMs = clock.now().getTime();
    const planned = await worker.plan(round);
    if (isOver) return;
    quietMs = planned.quietMs;
    await files.renew(planned.watched, sinceMs);
    tell({ kind: 'planned', verdict: planned.verdict });
  }

  async function ask(withdrawn: AbortSignal): Promise<void> {
    const answer = await worker.ask(withdrawn);
    if (!withdrawn.aborted) tell({ kind: 'answered', yes: answer === 'yes' });
  }

  function isWanted(): boolean {
    return state.kind === 'running' && state.queue.edits === null && !state.leaving;
  }

  /** What goes wrong where nobody awaits ends the watch, and is thrown where it is awaited. */
  function own(work: Promise<void>): void {
    work.catch((cause: unknown) => finish(cause instanceof Error ? cause : new Error(String(cause))));
  }

  function finish(how: 'idle' | 'running' | Error): void {
    if (isOver) return;
    isOver = true;
    cancelTimer();
    question.abort();
    files.close().then(
      () => (how instanceof Error ? ended.reject(how) : ended.resolve(how)),
      (cause: unknown) => ended.reject(cause),
    );
  }

  take(begin(input.first));
  return { retry: () => tell({ kind: 'retry' }), leave: () => tell({ kind: 'leave' }), ended: ended.promise };
}
