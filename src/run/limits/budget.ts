// Money: what this invocation has spent, what the calls under way may still cost, and whether one call more fits. Pure.
//
//   reserve: what the call may cost at most --call--> settle: what it cost
//
// What an arm's answers may cost is what is declared (max_output_tokens), or what was seen where that is more. Of an arm
// whose answers nobody bounds, one call is made with nothing else beside it; then as many as have ended, at what was seen.
import type { CallSize } from '../../core/call-size.ts';
import type { Price } from '../../core/manifest.ts';
import type { Failure, FailureKind, Outcome, Usage } from '../../core/outcome.ts';
import { dearestInput, withoutHour } from '../../core/rates.ts';
import { unreachable } from '../../core/result.ts';
import { ratesFor, type Shares, sharesOf } from '../../core/usage-cost.ts';

/**
 * What a budget has to believe of a call that has ended. `untold`: an answer that does not say what it took; `uncertain`: a
 * failure that may have been charged. Both count as what was reserved for them.
 */
export type Settlement = Shares | 'untold' | 'uncertain' | 'nothing';

/**
 * A failure that came as an error of the server is not charged for; where the answer was on its way or came in pieces, it
 * may have been.
 */
export function settlementOf(outcome: Outcome, price: Price | null): Settlement {
  if (outcome.kind === 'success') return sharesOf(outcome.completion.usage, price) ?? 'untold';
  if (outcome.kind === 'cancelled') return 'uncertain';
  const { failure } = outcome;
  return settlementOfCall({ failure, usage: failure.usage ?? null }, price);
}

/** The same for one call of several. */
export function settlementOfCall(
  { failure, usage }: { readonly failure: Failure | null; readonly usage: Usage | null },
  price: Price | null,
): Settlement {
  // An answer that was none says what it took as well.
  if (failure !== null && usage === null) return isFreeFailure(failure) ? 'nothing' : 'uncertain';
  return sharesOf(usage, price) ?? 'untold';
}

/** Of a failed call: an error of the server is not charged, nor what never reached it. */
export function isFreeFailure({ kind, status, isUnsent, isOfCode, isBegun }: Failure): boolean {
  // The call that failed cost nothing; those before it may have.
  if (isOfCode || isBegun) return false;
  // A gateway's 504, Cloudflare's 524 and nginx's 499: the server behind it may be at work still.
  const isLate = status === 504 || status === 524 || status === 499;
  return isUnsent === true || (!mayBeCharged(kind) && !isLate);
}

/** Whether a failure of this kind may have cost something. */
function mayBeCharged(kind: FailureKind): boolean {
  switch (kind) {
    case 'timeout':
    case 'network':
    case 'invalid-response':
    case 'worker-lost':
    case 'cancelled':
    case 'inputs-changed':
    case 'undeclared-input':
    case 'internal':
    case 'code-failed':
    case 'code-temporary':
    case 'code-timeout':
    case 'broken-output':
    case 'nothing-recorded':
    case 'score-failed':
      return true;
    case 'rate-limited':
    case 'overloaded':
    case 'bad-request':
    case 'context-exceeded':
    case 'unauthorized':
    case 'quota-exhausted':
      return false;
    default:
      return unreachable(kind);
  }
}

/** What one call may cost at most, as far as that is known before it. */
export type CallBound = {
  /** Whose calls tell of one another: one variant, or one judge. */
  readonly arm: string;
  readonly inputUsd: number;
  /** Of the longest answer; null = nobody bounds it. */
  readonly outputUsd: number | null;
  /** What an answer is taken to cost that nobody bounds, while none was seen. */
  readonly guessUsd: number;
};

/** Without a price nothing is paid: a budget is refused where a model's is not known. */
export function boundOf(input: {
  readonly arm: string;
  readonly size: CallSize;
  readonly price: Price | null;
}): CallBound {
  const { arm, size, price } = input;
  if (price === null) return { arm, inputUsd: 0, outputUsd: 0, guessUsd: 0 };
  const rates = ratesFor(size.isForHour ? price : withoutHour(price), size.inputTokens);
  const inputRate = dearestInput(rates);
  const outputUsd = (tokens: number): number => (tokens * rates.output) / 1_000_000;
  return {
    arm,
    inputUsd: (size.inputTokens * inputRate) / 1_000_000,
    // What costs nothing by the token costs nothing at any length.
    outputUsd: size.outputTokens === null && rates.output > 0 ? null : outputUsd(size.outputTokens ?? 0),
    guessUsd: outputUsd(OPEN_ANSWER_TOKENS),
  };
}

/** A long answer, not the longest one: it is used only until an answer was seen. */
const OPEN_ANSWER_TOKENS = 4_096;

/** Money set aside for one call, to be given back with what it cost. */
export type Reservation = { readonly bound: CallBound; readonly usd: number };

export type Reserved =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  /** Not beside the calls under way; when they have ended, perhaps. */
  | { readonly kind: 'wait' }
  | Refused;

/** Nothing is under way, and it does not fit. */
export type Refused = {
  readonly kind: 'refused';
  readonly bound: CallBound;
  /** What it may cost; where nobody bounds it, what it is taken to cost. */
  readonly needsUsd: number;
};

export type Budget = {
  readonly limitUsd: number | null;
  /** Of it `assumedUsd` counts for calls that did not say what they cost. */
  spent(): { readonly usd: number; readonly assumedUsd: number };
  /** What costs nothing always fits. `out`: it was sent before, so it is reserved whether it fits or not, and others wait. */
  reserve(bound: CallBound, of?: 'new' | 'out'): Reserved;
  settle(reservation: Reservation, settlement: Settlement): void;
  /** What was paid beside the calls that it was asked for. */
  charge(usd: number): void;
};

/** @param spentUsd of the same invocation, before. */
export function makeBudget(limitUsd: number | null, spentUsd = 0): Budget {
  const arms = new Map<string, ArmSpending>();
  let spent = spentUsd;
  let assumed = 0;
  let reserved = 0;
  let underWay = 0;
  /** A call under way of which nothing is known. */
  let probe: Reservation | null = null;

  const armOf = ({ arm: name }: CallBound): ArmSpending => {
    let arm = arms.get(name);
    if (!arm) {
      arm = { ended: 0, open: 0, moreInputUsd: 0, outputs: makeQuantile() };
      arms.set(name, arm);
    }
    return arm;
  };

  return {
    limitUsd,
    spent: () => ({ usd: spent, assumedUsd: assumed }),
    reserve(bound, of = 'new') {
      const take = (usd: number): Reserved => {
        reserved += usd;
        underWay++;
        return { kind: 'reserved', reservation: { bound, usd } };
      };
      if (limitUsd === null || isFree(bound)) {
        return { kind: 'reserved', reservation: { bound, usd: 0 } };
      }
      const arm = armOf(bound);
      const inputUsd = bound.inputUsd + arm.moreInputUsd;
      const needsUsd = inputUsd + outputOf(bound, arm);
      const left = limitUsd - spent - reserved;
      if (of === 'out') {
        if (bound.outputUsd === null) arm.open++;
        return take(needsUsd);
      }
      const isProbe = bound.outputUsd === null && arm.ended === 0;
      const mustWait = isProbe
        ? underWay > 0
        : probe !== null || (bound.outputUsd === null && arm.open >= arm.ended);
      if (mustWait) return { kind: 'wait' };
      // Of a first call only the input is known: it may be made while there is money for that, and for something more.
      const fits = isProbe ? inputUsd < left : left > 0 && needsUsd <= left + limitUsd * TOLERANCE;
      if (!fits) return underWay > 0 ? { kind: 'wait' } : { kind: 'refused', bound, needsUsd };
      const taken = take(isProbe ? Math.min(needsUsd, left) : needsUsd);
      if (bound.outputUsd === null) arm.open++;
      if (isProbe && taken.kind === 'reserved') probe = taken.reservation;
      return taken;
    },
    settle(reservation, settlement) {
      const { bound, usd } = reservation;
      if (limitUsd !== null && !isFree(bound)) {
        underWay--;
        // Sums of floats leave crumbs behind.
        reserved = underWay === 0 ? 0 : reserved - usd;
        if (probe === reservation) probe = null;
        if (bound.outputUsd === null) armOf(bound).open--;
      }
      if (settlement === 'nothing') return;
      if (settlement === 'uncertain' || settlement === 'untold') {
        spent += usd;
        assumed += usd;
        if (settlement === 'untold') armOf(bound).ended++;
        return;
      }
      spent += settlement.inputUsd + settlement.outputUsd;
      if (limitUsd !== null) learn(armOf(bound), bound, settlement);
    },
    charge(usd) {
      spent += usd;
    },
  };
}

/** Sums of floats: what a budget holds to the cent is not refused for the last bit. */
const TOLERANCE = 1e-12;

type ArmSpending = {
  /** Answers. */
  ended: number;
  /** Calls under way whose answers nobody bounds. */
  open: number;
  /** By how much an input went beyond its estimate, at most: pictures, and prompts that a provider adds. */
  moreInputUsd: number;
  readonly outputs: Quantile;
};

function isFree({ inputUsd, outputUsd }: CallBound): boolean {
  return inputUsd === 0 && outputUsd === 0;
}

/** The larger of what is declared and what was seen: a limit that an endpoint does not obey is none. */
function outputOf({ outputUsd, guessUsd }: CallBound, { outputs }: ArmSpending): number {
  const seen = outputs.count();
  if (outputUsd !== null) return Math.max(outputUsd, outputs.p95());
  // The fewer were seen, the further the next one may lie beyond them.
  return seen === 0 ? guessUsd : outputs.p95() * (1 + 1 / seen);
}

function learn(arm: ArmSpending, bound: CallBound, { inputUsd, outputUsd }: Shares): void {
  arm.ended++;
  // A program's input is its own affair: what it took is all of one piece.
  const isOnePiece = bound.inputUsd === 0;
  if (!isOnePiece) arm.moreInputUsd = Math.max(arm.moreInputUsd, inputUsd - bound.inputUsd);
  arm.outputs.add(isOnePiece ? inputUsd + outputUsd : outputUsd);
}

type Quantile = { add(value: number): void; count(): number; p95(): number };

/** Of the newest ones: a provider that changes its mind is followed. */
const REMEMBERED = 400;

/** Nearest rank: of fewer than twenty values p95 is the largest. */
function makeQuantile(): Quantile {
  const newest: number[] = [];
  const sorted: number[] = [];
  let count = 0;
  return {
    count: () => count,
    p95: () => (sorted.length === 0 ? 0 : sorted[Math.ceil(0.95 * sorted.length) - 1]!),
    add(value) {
      if (sorted.length === REMEMBERED) sorted.splice(placeOf(sorted, newest[count % REMEMBERED]!), 1);
      newest[count % REMEMBERED] = value;
      sorted.splice(placeOf(sorted, value), 0, value);
      count++;
    },
  };
}

/** Of the first value that is not smaller. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
