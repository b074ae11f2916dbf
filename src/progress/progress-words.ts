// The words about a run under way, on a terminal and in a pipe alike: the status, and what must not be missed. Pure.
import type { EventLine } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import { sanitizeLine } from '../core/text.ts';
import { formatAmount, formatCount, formatMoney, formatRate, formatRoughDuration } from '../text/format.ts';
import { agoWords, limitsWords } from '../text/limits-words.ts';
import { finishedOf, type ProgressState, rateOf, remainingMs } from './progress-state.ts';

/** `tool-interface · 0002-20261130T210838Z-7q2m9q2w · shard 2/4`: whose progress it is. */
export function titleOf({ experiment, invocation, shard }: ProgressState): string {
  const parts = [sanitizeLine(experiment), invocation];
  return (shard === null ? parts : [...parts, `shard ${shard}`]).join(' · ');
}

/** `SIMULATION: sim is no model`; null where every provider in scope is real. */
export function simulationNotice(state: ProgressState): string | null {
  if (state.simulated.length === 0) return null;
  const names = state.simulated.map(sanitizeLine).join(', ');
  return `SIMULATION: ${names} ${state.simulated.length === 1 ? 'is no model' : 'are no models'}`;
}

/** `37/60 done`, `60 cached`, `1 failed`, `31/s`, ... the first part counts what runs now, not what was there. */
export function statusParts(state: ProgressState, nowMs: number): readonly string[] {
  const finished = finishedOf(state);
  const rate = rateOf(state, nowMs);
  const remaining = remainingMs(state, nowMs);
  const parts = [`${formatCount(finished)}/${formatCount(state.pending)} done`];
  if (state.cached > 0) parts.push(`${formatCount(state.cached)} cached`);
  if (state.failed > 0) parts.push(`${formatCount(state.failed)} failed`);
  if (state.inFlight > 0) parts.push(`${formatCount(state.inFlight)} in flight`);
  // What comes in batches comes all at once.
  const isOut = state.batches.length > 0;
  if (rate !== null && !isOut) parts.push(formatRate(rate));
  if (state.retries > 0) parts.push(formatAmount(state.retries, 'retry'));
  if (state.completed > 0) parts.push(costWords(state));
  // At the rate so far it will not go on while nobody answers.
  if (isPaused(state, nowMs)) parts.push('waiting for the provider');
  else if (remaining !== null && remaining > 0 && !isOut) parts.push(`ETA ${formatRoughDuration(remaining)}`);
  for (const { batch, items, done, sinceMs } of state.batches.slice(0, MOST_BATCHES)) {
    const since = formatRoughDuration(Math.max(0, nowMs - sinceMs));
    parts.push(`batch ${sanitizeLine(batch)}: ${formatCount(done)} of ${formatCount(items)}, ${since}`);
  }
  const more = state.batches.length - MOST_BATCHES;
  if (more > 0) parts.push(`${formatAmount(more, 'batch')} more`);
  if (state.waiting !== null) {
    const { what, sinceMs } = state.waiting;
    parts.push(`waiting for ${sanitizeLine(what)}, ${formatRoughDuration(Math.max(0, nowMs - sinceMs))}`);
  }
  for (const { lane, untilMs } of state.cooling) {
    if (untilMs > nowMs) {
      parts.push(`lane ${sanitizeLine(lane)}: cooling ${formatRoughDuration(untilMs - nowMs)}`);
    }
  }
  return parts;
}

/** Lines are few. */
const MOST_BATCHES = 3;

function isPaused({ away, cooling, pending, completed, failed }: ProgressState, nowMs: number): boolean {
  if (completed + failed >= pending) return false;
  return away.length > 0 || cooling.some(({ untilMs }) => untilMs > nowMs);
}

export type Message = { readonly severity: 'error' | 'warning' | 'note'; readonly text: string };

/** What stays on the screen: diagnostics, tasks that failed for good, and why a run stops; null for all other events. */
export function messageOf(event: EventLine): Message | null {
  switch (event.kind) {
    case 'diagnostic': {
      const { severity, hint } = event;
      const text = `${severity}: ${event.message}${hint === null ? '' : ` (${hint})`}`;
      return { severity, text: sanitizeLine(text) };
    }
    case 'score-attempt-failed':
    case 'attempt-failed': {
      if (event.decision.kind === 'retry') return null;
      const { variant, scenario, run, attempt, error } = event;
      const scorer = event.kind === 'attempt-failed' ? '' : `${event.scorer}: `;
      const cell = `${scorer}${variant} · ${scenario} · run ${run}`;
      const text =
        event.decision.kind === 'halt'
          ? `stopping: ${describeFailure(error)}`
          : `failed: ${cell}: ${describeFailure(error)} (${formatAmount(attempt, 'attempt')})`;
      return { severity: 'error', text: sanitizeLine(text) };
    }
    case 'lane-suspended': {
      // Once, when it begins: further probes fail for the same reason.
      if (event.probes > 0 || event.is_awaited) return null;
      const text = `warning: ${sanitizeLine(event.lane)} keeps failing and is tried again one call at a time, until it answers (${excerptOf(event.why)})`;
      return { severity: 'warning', text: sanitizeLine(text) };
    }
    case 'lane-resumed': {
      const text = `note: ${sanitizeLine(event.lane)} answers again after ${formatRoughDuration(event.after_ms)}`;
      return { severity: 'note', text };
    }
    case 'lane-given-up': {
      const text = `error: ${sanitizeLine(event.lane)} did not come back in ${formatRoughDuration(event.after_ms)}: its tasks are left (${excerptOf(event.why)})`;
      return { severity: 'error', text: sanitizeLine(text) };
    }
    case 'lane-hinted': {
      const { tasks, lane, age_ms } = event;
      // Answers of this invocation are judged now: it has seen the pace.
      if (event.found_in === event.invocation) return null;
      // What is done within a second asks for no word about it.
      if (tasks !== null && tasks <= (event.requests_per_s ?? event.concurrency ?? 0)) return null;
      const text = `note: ${lane} begins at ${limitsWords(event)}, as found ${agoWords(age_ms)}`;
      return { severity: 'note', text: sanitizeLine(text) };
    }
    case 'batch-sent': {
      const text = `note: ${event.provider} has ${formatAmount(event.items, 'cell')} as batch ${event.batch}: up to a day; Ctrl-C leaves it there, and run picks it up`;
      return { severity: 'note', text: sanitizeLine(text) };
    }
    case 'waiting': {
      const most = formatRoughDuration(event.limit_ms);
      return { severity: 'note', text: sanitizeLine(`note: waiting for ${event.what}, at most ${most}`) };
    }
    case 'budget-reached': {
      const { spent_usd, budget_usd, why } = event;
      const text = why ?? `budget reached: ${formatMoney(spent_usd)} of ${formatMoney(budget_usd)} spent`;
      return { severity: 'warning', text: sanitizeLine(text) };
    }
    default:
      return null;
  }
}

/** A provider's message may be a page of HTML. */
const MAX_MESSAGE = 300;

function describeFailure(error: Pick<Failure, 'kind' | 'status' | 'message'>): string {
  const status = error.status === null ? '' : ` (${error.status})`;
  return `${error.kind}${status}: ${excerptOf(error.message)}`;
}

function excerptOf(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}

function costWords({ costUsd, atLeastUsd }: ProgressState): string {
  if (costUsd !== null) return formatMoney(costUsd);
  return atLeastUsd > 0 ? `≥ ${formatMoney(atLeastUsd)}` : 'price unknown';
}
