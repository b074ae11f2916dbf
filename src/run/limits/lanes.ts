// Lanes: what one provider account allows at once, per minute and in tokens, what it turned out to allow, and when it
// asked for a pause or does not answer. Pure: time is handed in. The only place that limits calls beside an executor's
// capacity.
import type { LimitHint } from '../../core/limit-hint.ts';
import type { Limits } from '../../core/manifest.ts';
import type { Failure, LimitsSeen } from '../../core/outcome.ts';
import { unreachable } from '../../core/result.ts';
import { type Bucket, makeBucket } from './bucket.ts';
import { type CircuitNews, makeCircuit } from './circuit.ts';
import { makeFinder } from './finder.ts';
import { makeLearned } from './observed-limits.ts';
import type { Mark } from './rate.ts';

/** A call's place in its lane. */
export type Ticket = {
  readonly seq: number;
  readonly atMs: number;
  readonly tokens: number;
  /** All requests and tokens that were taken with it. */
  readonly taken: { readonly requests: number; readonly tokens: number };
  /** It finds out whether a failing provider is back. */
  readonly isProbe: boolean;
  /** What was known of the account when it was sent. */
  readonly mark: Mark;
};

export type Admission =
  | { readonly kind: 'go'; readonly ticket: Ticket }
  /** Nothing before this moment of the monotonic clock. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** When one of its calls has ended. */
  | { readonly kind: 'full' };

/** How a call ended, as its lane sees it. */
export type CallEnd = {
  readonly nowMs: number;
  /** null = an answer came. */
  readonly failure: Failure | null;
  /** null = the provider did not say. */
  readonly usedTokens: number | null;
  readonly limits: LimitsSeen | null;
  /** How long the failed call itself will wait. */
  readonly delayMs: number;
  /** From when it really began; left out where that is not known. */
  readonly tookMs?: number | undefined;
  /** Uniform in [0, 1). */
  readonly random: number;
};

export type LaneNews = { readonly kind: 'cooled'; readonly forMs: number } | CircuitNews;

/** What was taken of declared limits in the last minute. null = nothing is declared. */
export type Taken = { readonly requests: Bucket | null; readonly tokens: Bucket | null };

export type Lane = {
  readonly name: string;
  /** Whoever is in it holds no place of the common concurrency. */
  readonly isOpen?: true;
  /** For the next lane of the same account. Only where limits may be declared. */
  readonly taken?: Taken;
  /** Asks for one call; `go` takes the place. */
  admit(nowMs: number, tokens: number): Admission;
  /** Gives the place back; returns what there is to tell. */
  release(ticket: Ticket, end: CallEnd): readonly LaneNews[];
  /** The call was given up by us: its place is free and nothing was learned. */
  forget(ticket: Ticket): void;
  /** A probe should ask something that has not failed before. */
  isProbing(nowMs: number): boolean;
  /** Calls that hold a place of the common concurrency: none, while this provider does not answer. */
  occupied(nowMs: number): number;
  inFlight(): number;
  giveUp(): void;
  /** What to begin with the next time; null = nothing that was not declared has shown. */
  learned(): LimitHint | null;
};

/**
 * A lane whose calls have waited this long, and three times as long as it usually takes, for any answer at all lends
 * their places to other lanes.
 */
const SILENT_MS = 2_000;
const SILENT_TIMES = 3;
/** Weight of the newest answer in the lane's usual time. */
const USUAL_WEIGHT = 0.1;

/** @param most calls in flight over all lanes (execution.concurrency): no lane has more. */
export function makeLane(
  name: string,
  settings: {
    readonly limits: Limits;
    readonly most: number;
    /** A server that does not answer has a time limit of its own elsewhere (run/awaited.ts). */
    readonly isPatient?: boolean;
    /** Threads, programs and tests of this machine do its work: there is no account to be approached with care. */
    readonly isLocal?: boolean;
    /** What an earlier invocation found out. */
    readonly hint?: LimitHint;
    /** What a lane before it took of the same account; left out = nothing. */
    readonly taken?: Taken;
  },
): Lane {
  const { limits, most } = settings;
  const declared = limits.concurrency;
  const bucketOf = (most: number | null): Bucket | null => (most === null ? null : makeBucket(most));
  const taken: Taken = settings.taken ?? {
    requests: bucketOf(limits.requestsPerMinute),
    tokens: bucketOf(limits.tokensPerMinute),
  };
  const { requests, tokens } = taken;
  const seen = { requests: makeLearned('requests'), tokens: makeLearned('tokens') };
  const places = Math.min(most, declared ?? most);
  const finder = makeFinder(places, settings.hint);
  if (settings.isLocal) finder.told(null);
  const circuit = settings.isPatient ? makeCircuit(Number.POSITIVE_INFINITY) : makeCircuit();
  const open = new Set<Ticket>();
  let seq = 0;
  let cooledUntilMs = 0;
  let answeredMs = Number.NEGATIVE_INFINITY;
  /** From the start of a call to its answer; 0 before the first. */
  let usualMs = 0;

  /** Returns how much longer than already known the pause will be; 0 = nothing new. */
  function cool(nowMs: number, forMs: number): number {
    const longer = nowMs + forMs - Math.max(cooledUntilMs, nowMs);
    if (longer > 0) cooledUntilMs = nowMs + forMs;
    return Math.max(0, longer);
  }

  function leave(ticket: Ticket, used: number | null): void {
    open.delete(ticket);
    if (used !== null) tokens?.give(ticket.tokens - used, ticket.atMs);
  }

  return {
    name,
    taken,
    admit(nowMs, wanted) {
      const gate = circuit.gate(nowMs);
      if (gate.kind === 'wait') return gate;
      if (gate.kind === 'probing' || gate.kind === 'given-up') return { kind: 'full' };
      if (open.size >= places) return { kind: 'full' };
      const foundMs = finder.readyAt(nowMs, open.size);
      if (foundMs === null) return { kind: 'full' };
      const untilMs = Math.max(
        cooledUntilMs,
        requests?.readyAt(nowMs, 1) ?? 0,
        tokens?.readyAt(nowMs, wanted) ?? 0,
        seen.requests.readyAt(nowMs, 1),
        seen.tokens.readyAt(nowMs, wanted),
        foundMs,
      );
      if (untilMs > nowMs) return { kind: 'wait', untilMs };
      requests?.take(nowMs, 1);
      tokens?.take(nowMs, wanted);
      const mark = finder.sent(nowMs, open.size);
      const counted = { requests: seen.requests.take(1), tokens: seen.tokens.take(wanted) };
      const isProbe = gate.kind === 'probe';
      if (isProbe) circuit.probe();
      const ticket = { seq: seq++, atMs: nowMs, tokens: wanted, taken: counted, isProbe, mark };
      open.add(ticket);
      return { kind: 'go', ticket };
    },
    release(ticket, end) {
      const { nowMs, failure } = end;
      if (end.tookMs !== undefined)
        for (const bucket of [requests, tokens]) bucket?.used(ticket.atMs, nowMs - end.tookMs);
      leave(ticket, end.usedTokens);
      learn(ticket, end.limits);
      const meaning = failure ? meaningOf(failure) : 'answered';
      if (meaning === 'nothing') {
        finder.gone(ticket.mark);
        if (ticket.isProbe) circuit.unclear();
        return [];
      }
      const call = { nowMs, open: open.size };
      if (meaning !== 'too-much') finder.taken(ticket.mark, { ...call, isAnswer: meaning === 'answered' });
      if (meaning === 'answered') {
        answeredMs = nowMs;
        const tookMs = nowMs - ticket.atMs;
        usualMs = usualMs === 0 ? tookMs : usualMs + (tookMs - usualMs) * USUAL_WEIGHT;
        const news = circuit.succeeded(nowMs);
        return news ? [news] : [];
      }
      const news: LaneNews[] = [];
      // An answer that says when to come back is about the whole account, whatever its status was.
      const asked = failure?.retryAfterMs ?? null;
      if (meaning === 'too-much') {
        const { pauseMs, isStuck } = finder.refused(ticket.mark, {
          ...call,
          askedMs: soonest(asked, end.limits),
        });
        if (pauseMs > 0) news.push({ kind: 'cooled', forMs: pauseMs });
        // Who refuses until it is slow enough is well; who refuses whatever is sent is not.
        if (!isStuck) {
          if (ticket.isProbe) circuit.unclear();
          return news;
        }
      } else if (asked !== null && cool(nowMs, asked) > 0) {
        news.push({ kind: 'cooled', forMs: asked });
      }
      const { isProbe } = ticket;
      const turned = circuit.failed({ nowMs, isProbe, atLeastMs: asked ?? 0, random: end.random });
      if (turned) news.push(turned);
      return news;
    },
    forget(ticket) {
      leave(ticket, null);
      finder.gone(ticket.mark);
      if (ticket.isProbe) circuit.unclear();
    },
    isProbing: (nowMs) => circuit.gate(nowMs).kind === 'probe',
    occupied(nowMs) {
      const [oldest] = open;
      if (oldest === undefined) return 0;
      const silentMs = nowMs - Math.max(answeredMs, oldest.atMs);
      return silentMs < Math.max(SILENT_MS, SILENT_TIMES * usualMs) ? open.size : 0;
    },
    inFlight: () => open.size,
    giveUp: () => circuit.giveUp(),
    learned: () => finder.learned(),
  };

  function learn(ticket: Ticket, news: LimitsSeen | null): void {
    const mark = { seq: ticket.seq, atMs: ticket.atMs };
    if (news?.requests) seen.requests.learn(news.requests, { ...mark, taken: ticket.taken.requests });
    if (news?.requests) finder.told(seen.requests.perMs());
    if (news?.tokens) seen.tokens.learn(news.tokens, { ...mark, taken: ticket.taken.tokens });
  }
}

/** Whatever is asked for: by the time that the account's own headers name it is whole again. */
function soonest(askedMs: number | null, seen: LimitsSeen | null): number | null {
  const resets = [seen?.requests?.resetMs, seen?.tokens?.resetMs].filter((ms) => typeof ms === 'number');
  return askedMs === null || resets.length === 0 ? askedMs : Math.min(askedMs, Math.max(...resets));
}

/** What a failure says of the provider's health: nothing, if the fault may be ours or the task's own. */
function meaningOf({ kind, isOfPrompt }: Failure): 'answered' | 'too-much' | 'failing' | 'nothing' {
  // The model had nothing to say; its server did its work.
  if (isOfPrompt) return 'answered';
  switch (kind) {
    case 'rate-limited':
      return 'too-much';
    case 'overloaded':
    case 'network':
    case 'timeout':
    case 'invalid-response':
      return 'failing';
    // It understood the request and refused it.
    case 'bad-request':
    case 'context-exceeded':
      return 'answered';
    case 'unauthorized':
    case 'quota-exhausted':
    case 'worker-lost':
    case 'cancelled':
    case 'internal':
    case 'inputs-changed':
    case 'undeclared-input':
    case 'code-failed':
    case 'code-temporary':
    case 'code-timeout':
    case 'broken-output':
    case 'nothing-recorded':
    case 'score-failed':
      return 'nothing';
    default:
      return unreachable(kind);
  }
}
