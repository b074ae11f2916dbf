// One line of `gate:`, read: what is measured, and what has to be true of it (docs/gates.md has the grammar).

export type GateMeasure = 'pass' | 'score' | 'cost' | 'tokens' | 'latency' | 'answers';

/** How the numbers of many answers become one. `mean` is that of scenarios' means, as `compare` has it. */
export type GateSum = 'mean' | 'total' | 'p50' | 'p95' | 'max';

/** Which answers, and what of them. null and none = all. */
export type GateSubject = {
  readonly measure: GateMeasure;
  readonly sum: GateSum;
  readonly variant: string | null;
  readonly category: string | null;
  readonly tag: string | null;
  /** Whose word counts. */
  readonly scorers: readonly string[];
};

/** What is measured is held against this. */
export type GateReference =
  | { readonly kind: 'variant'; readonly variant: string }
  /** Answers that were imported under a name that the manifest need not have. */
  | { readonly kind: 'imported'; readonly variant: string }
  /** As it was before the newest of the measured answers was drawn. */
  | { readonly kind: 'previous' }
  /** As it was after an invocation or at a date; `text` as `compare --at` takes it. */
  | { readonly kind: 'moment'; readonly text: string }
  /** What another store holds: its folder, absolute, and as it was written. */
  | { readonly kind: 'store'; readonly folder: string; readonly shown: string };

/** `percent`: of what it is held against. */
export type GateMargin = { readonly kind: 'amount' | 'percent'; readonly value: number };

/** `bound`: the interval of 95 % has to hold as a whole, not only what was seen. */
export type GateAt = 'seen' | 'bound';

export type GateSign = '>=' | '<=' | '>' | '<' | '==';

export type GateCondition =
  | { readonly kind: 'number'; readonly sign: GateSign; readonly value: number; readonly at: GateAt }
  | {
      readonly kind: 'no-worse' | 'better';
      readonly than: GateReference;
      readonly by: GateMargin | null;
      readonly at: GateAt;
    };

export type GateLine = {
  /** As the manifest writes it, each arm of a glob by its own name: `variants.applike.pass`. */
  readonly name: string;
  /** The condition as the manifest writes it. */
  readonly wanted: string;
  readonly subject: GateSubject;
  readonly condition: GateCondition;
};

/** `--fail-under 0.9`, beside the manifest's lines. Of some scorers only where they are named. */
export function failUnder(input: {
  readonly share: number;
  readonly written: string;
  readonly scorers: readonly string[];
}): GateLine {
  const { share: value, written, scorers } = input;
  return {
    name: scorers.length === 0 ? 'pass' : `scorers.${scorers.join('+')}.pass`,
    wanted: `>= ${written}`,
    subject: { measure: 'pass', sum: 'mean', variant: null, category: null, tag: null, scorers },
    condition: { kind: 'number', sign: '>=', value, at: 'seen' },
  };
}

/** Whether more of it is better; null = neither. */
export function isMoreBetter(measure: GateMeasure): boolean | null {
  if (measure === 'answers') return null;
  return measure === 'pass' || measure === 'score';
}

/** What a line measures stands at the end of its name. */
export function measureIn(name: string): GateMeasure {
  if (/(?:^|\.)human\.(?!pass$)[^.]+$/.test(name)) return 'score';
  const found = /(?:^|\.)(pass|score|cost|tokens|latency|answers)(?:\.[a-z0-9]+)?$/.exec(name);
  return (found?.[1] ?? 'pass') as GateMeasure;
}
