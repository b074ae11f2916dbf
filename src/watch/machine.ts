// What watch does next: a pure machine. Time is a number that it is given, everything that it wants is an effect.
//
//             saved                 quiet, or too long                 up to date, or not to be run
//   idle -------------> settling -------------------> planning ------------------------------------> idle
//    ^  \                  ^  ^                        |   |  \                                       ^
//    |   `-- retry --------|--|--> planning            |   |   `-- to be asked --> asking --- no -----'
//    |                     |  |                        |   |                        |  |
//    |                     |  '--- saved meanwhile ----'   | to be run              |  | yes
//    |                     |                               v                        |  v
//    |                     |<------ saved meanwhile ---- running <------------------|--'
//    |                     |                               |                        |
//    |                     '-------------------- saved meanwhile (the question is taken back)
//    '------------------------------- ended ---------------'
//
// A run is never cut short by an edit: what is saved meanwhile is one queued plan, however much it is. Leaving ends at
// once where nothing runs; a run is first brought to its end (the signal itself stops it, as in `expgraph run`).

import { unreachable } from '../core/result.ts';

export type Timing = {
  /** Files have to be quiet for so long. */
  readonly quietMs: number;
  /** Files that are never quiet are planned this long after the first of their edits. */
  readonly mostMs: number;
};

/** What was saved since the last plan began. */
export type Edits = {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Distinct files in the order of their first edit, MAX_FILES at most. */
  readonly files: readonly string[];
};

/** More names than these are not shown, so they are not kept. */
export const MAX_FILES = 20;

/** So many rounds in a row may be set off by what was saved while the round before ran. A person who edits during long runs
 * comes to one or two; a task that writes what it is made of would go on for ever, and each round is paid for. */
export const MAX_CHAIN = 3;

/** A round: one plan, and the run that may follow it. */
export type Round = {
  /** What was saved; empty for the first round and for one that a person asked for. */
  readonly files: readonly string[];
  /** Failed tasks are run again. */
  readonly retry: boolean;
};

/** What is remembered for the next round. */
export type Queue = { readonly edits: Edits | null; readonly retry: boolean };

/** `chain`: rounds before this one that were set off by what was saved while the round before ran. */
type InRound = { readonly round: Round; readonly chain: number; readonly queue: Queue };

export type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'settling'; readonly edits: Edits; readonly retry: boolean; readonly chain: number }
  /** `restless`: planned although files were not quiet; what is saved meanwhile does not put the run off. */
  | (InRound & { readonly kind: 'planning'; readonly restless: boolean })
  | (InRound & { readonly kind: 'asking' })
  | (InRound & { readonly kind: 'running'; readonly leaving: boolean })
  | { readonly kind: 'left'; readonly while: 'idle' | 'running' };

export type AfterPlan = 'nothing' | 'ask' | 'run';

export type Event =
  | { readonly kind: 'saved'; readonly file: string; readonly atMs: number }
  | { readonly kind: 'woken'; readonly atMs: number }
  | { readonly kind: 'planned'; readonly verdict: AfterPlan }
  | { readonly kind: 'answered'; readonly yes: boolean }
  /** `ran` false: nothing was started after all. */
  | { readonly kind: 'ended'; readonly ran: boolean }
  /** Enter: what failed or is left is run now. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'leave' };

export type Effect =
  | { readonly kind: 'wake-at'; readonly atMs: number }
  | { readonly kind: 'plan'; readonly round: Round }
  | { readonly kind: 'ask' }
  /** The question is out of date. */
  | { readonly kind: 'take-back' }
  | { readonly kind: 'run' }
  /** Told instead of a run: what runs seems to write what it is made of. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'rest' };

export type Step = { readonly state: State; readonly effects: readonly Effect[] };

const EMPTY: Queue = { edits: null, retry: false };
const RETRY: Round = { files: [], retry: true };

/** The first round is planned at once. */
export function begin(round: Round): Step {
  return plan({ round, chain: 0 });
}

export function step(state: State, event: Event, timing: Timing): Step {
  if (event.kind === 'leave') return leave(state);
  switch (state.kind) {
    case 'idle':
      if (event.kind === 'saved')
        return settle({ edits: added(null, event), retry: false, chain: 0 }, timing);
      return event.kind === 'retry' ? plan({ round: RETRY, chain: 0 }) : stay(state);
    case 'settling':
      return whileSettling(state, event, timing);
    case 'planning':
      return event.kind === 'planned' ? afterPlan(state, event.verdict, timing) : remember(state, event);
    case 'asking':
      return whileAsking(state, event, timing);
    case 'running':
      if (event.kind !== 'ended') return remember(state, event);
      if (state.leaving) return left('running');
      return next({ ...state, chain: state.chain + (event.ran ? 1 : 0) }, timing);
    case 'left':
      return stay(state);
    default:
      return unreachable(state);
  }
}

function stay(state: State): Step {
  return { state, effects: [] };
}

function left(during: 'idle' | 'running'): Step {
  return stay({ kind: 'left', while: during });
}

function leave(state: State): Step {
  switch (state.kind) {
    case 'running':
      return stay({ ...state, leaving: true });
    case 'asking':
      return { ...left('idle'), effects: [{ kind: 'take-back' }] };
    case 'left':
      return stay(state);
    default:
      return left('idle');
  }
}

/** Only what is saved, and the wish to try again, is remembered. */
function remember(state: Extract<State, InRound>, event: Event): Step {
  const { queue } = state;
  if (event.kind === 'retry') return stay({ ...state, queue: { ...queue, retry: true } });
  if (event.kind !== 'saved') return stay(state);
  return stay({ ...state, queue: { ...queue, edits: added(queue.edits, event) } });
}

function added(edits: Edits | null, { file, atMs }: { readonly file: string; readonly atMs: number }): Edits {
  if (edits === null) return { firstMs: atMs, lastMs: atMs, files: [file] };
  const isKnown = edits.files.length >= MAX_FILES || edits.files.includes(file);
  return { ...edits, lastMs: atMs, files: isKnown ? edits.files : [...edits.files, file] };
}

function dueMs({ firstMs, lastMs }: Edits, { quietMs, mostMs }: Timing): number {
  return Math.min(lastMs + quietMs, firstMs + mostMs);
}

type Settling = Extract<State, { kind: 'settling' }>;

function settle(input: Omit<Settling, 'kind'>, timing: Timing): Step {
  return {
    state: { kind: 'settling', ...input },
    effects: [{ kind: 'wake-at', atMs: dueMs(input.edits, timing) }],
  };
}

/** One timer however many edits there are: it is set anew only when it has rung too early. */
function whileSettling(state: Settling, event: Event, timing: Timing): Step {
  const { edits, chain, retry } = state;
  switch (event.kind) {
    case 'saved':
      return stay({ ...state, edits: added(edits, event) });
    case 'retry':
      return plan({ round: { files: edits.files, retry: true }, chain: 0 });
    case 'woken': {
      const atMs = dueMs(edits, timing);
      if (event.atMs < atMs) return { state, effects: [{ kind: 'wake-at', atMs }] };
      const restless = event.atMs < edits.lastMs + timing.quietMs;
      return plan({ round: { files: edits.files, retry }, chain, restless });
    }
    default:
      return stay(state);
  }
}

function plan(input: { readonly round: Round; readonly chain: number; readonly restless?: boolean }): Step {
  const { round, chain, restless = false } = input;
  return {
    state: { kind: 'planning', round, chain, restless, queue: EMPTY },
    effects: [{ kind: 'plan', round }],
  };
}

function afterPlan(state: Extract<State, { kind: 'planning' }>, verdict: AfterPlan, timing: Timing): Step {
  const { round, queue, chain, restless } = state;
  if (queue.edits !== null && !restless) return again(state, timing);
  if (verdict === 'nothing') return next(state, timing);
  if (chain > MAX_CHAIN) {
    const after = next(state, timing);
    return { ...after, effects: [{ kind: 'hold' }, ...after.effects] };
  }
  if (verdict === 'run') return run({ round, queue, chain });
  return { state: { kind: 'asking', round, chain, queue }, effects: [{ kind: 'ask' }] };
}

function whileAsking(state: Extract<State, { kind: 'asking' }>, event: Event, timing: Timing): Step {
  const { round, queue } = state;
  if (event.kind === 'answered') {
    // A person has seen it: the chain begins anew.
    return event.yes ? run({ round, queue, chain: 0 }) : next({ queue, chain: 0 }, timing);
  }
  if (event.kind !== 'saved') return stay(state);
  const edited = { ...state, queue: { ...queue, edits: added(queue.edits, event) } };
  const anew = again(edited, timing);
  return { ...anew, effects: [{ kind: 'take-back' }, ...anew.effects] };
}

/** A plan that is out of date is not run: its round goes on with what was saved since. */
function again({ round, queue, chain }: InRound, timing: Timing): Step {
  const edits = queue.edits!;
  const files = [...new Set([...round.files, ...edits.files])].slice(0, MAX_FILES);
  return settle({ edits: { ...edits, files }, retry: round.retry || queue.retry, chain }, timing);
}

function run(input: InRound): Step {
  return { state: { kind: 'running', ...input, leaving: false }, effects: [{ kind: 'run' }] };
}

/** What was remembered comes first, else there is nothing to do. */
function next({ queue, chain }: Pick<InRound, 'queue' | 'chain'>, timing: Timing): Step {
  const { edits, retry } = queue;
  if (edits !== null) return settle({ edits, retry, chain }, timing);
  if (retry) return plan({ round: RETRY, chain: 0 });
  return { state: { kind: 'idle' }, effects: [{ kind: 'rest' }] };
}
