// The reporter for pipes and logs: a line now and then, never a control character.

import { formatAmount, formatCount, formatPercent } from '../text/format.ts';
import { makeAlike } from './alike.ts';
import { finishedOf, INITIAL_STATE, type ProgressState, reduce } from './progress-state.ts';
import { simulationNotice, statusParts, titleOf } from './progress-words.ts';
import type { Reporter } from './reporter.ts';

export type PlainSettings = {
  readonly write: (text: string) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
};

/** Seldom enough for a log, often enough to see that it lives. */
const QUIET_MS = 5_000;

export function makePlainReporter({ write, now }: PlainSettings): Reporter {
  const alike = makeAlike();
  let state = INITIAL_STATE;
  let saidMs = 0;
  /** Tenths of the work that were printed as done. */
  let saidTenth = 0;
  let saidFinished = 0;

  function sayStatus(): void {
    saidMs = now();
    saidTenth = tenthOf(state);
    saidFinished = finishedOf(state);
    const [done, ...rest] = statusParts(state, state.lastMs);
    write(`${[`${done} (${formatPercent(saidFinished, state.pending)})`, ...rest].join(' · ')}\n`);
  }

  function sayRest(): void {
    for (const { text } of alike.rest()) write(`${text}\n`);
  }

  return {
    report(event) {
      state = reduce(state, event);
      const message = alike.messageOf(event);
      if (message) write(`${message.text}\n`);
      if (event.kind === 'plan-made') {
        write(planLines(state));
        saidMs = now();
      }
      if (event.kind === 'scores-planned') {
        sayRest();
        write(`${scoreLine(state)}\n`);
        [saidMs, saidTenth, saidFinished] = [now(), 0, 0];
      }
      if (event.kind !== 'task-finished' && event.kind !== 'score-finished') return;
      // Rules are done in a moment: only judges take so long that it is worth a line.
      if (state.isScoring && now() - saidMs < QUIET_MS) return;
      const isFirst = saidFinished === 0;
      if (isFirst || tenthOf(state) > saidTenth || now() - saidMs >= QUIET_MS) sayStatus();
    },
    close() {
      if (finishedOf(state) > saidFinished) sayStatus();
      sayRest();
    },
  };
}

function planLines(state: ProgressState): string {
  const { tasks, pending, cached } = state;
  const counts = `${formatAmount(tasks, 'task')}: ${formatCount(pending)} to run, ${formatCount(cached)} cached`;
  const notice = simulationNotice(state);
  return `${titleOf(state)} · ${counts}\n${notice === null ? '' : `${notice}\n`}`;
}

function scoreLine({ tasks, pending, cached }: ProgressState): string {
  return `${formatAmount(tasks, 'score')}: ${formatCount(pending)} to judge, ${formatCount(cached)} cached`;
}

function tenthOf(state: ProgressState): number {
  return state.pending === 0 ? 10 : Math.floor((finishedOf(state) * 10) / state.pending);
}
