// What the pending tasks will take: from what the same cells took, else from what the variant took, else from what the
// caller counted. Unknown is said to be unknown, never 0.
import type { Digest } from '../core/brand.ts';
import type { Amount, Estimate, InputSource, OutputSource, VariantAmount } from '../core/estimate.ts';
import type { History, VariantUsage } from '../core/history.ts';
import type { Price } from '../core/manifest.ts';
import { isFree } from '../core/price.ts';
import { dearestInput } from '../core/rates.ts';
import type { Plan, Task } from '../core/task.ts';
import { ratesFor } from '../core/usage-cost.ts';

/** What a call of a variant is priced and bounded by. */
export type EstimatedVariant = {
  readonly model: string;
  readonly price: Price | null;
  /** null = the answer may be as long as the model likes. */
  readonly maxOutputTokens: number | null;
  readonly isSimulated: boolean;
  /** This machine answers, and nobody named a price. */
  readonly isLocal?: boolean;
  /** A task may take more calls than one; its answer's limit is then no limit of the task's. */
  readonly mayCallAgain: boolean;
};

export type Evidence = {
  readonly history: Pick<History, 'byCell' | 'usageByVariant'>;
  /** Whether what one engine used says something about the other: a simulation says nothing about a model. */
  readonly isComparable: (engine: Digest, other: Digest) => boolean;
  /** Tokens that were paid for already, of a conversation that goes on; null where it begins. */
  readonly paidOf: (task: Task) => { readonly input: number; readonly output: number } | null;
};

/** Prompts that were counted because no history knows them; `tokens` null = cannot be counted. */
export type Counted = {
  readonly by: 'tokenizer' | 'simulation';
  readonly tokens: number | null;
};

export type EstimateInput = Evidence & {
  readonly variantOf: (variant: string) => EstimatedVariant;
  readonly countedOf: (task: Task) => Counted;
  readonly isSampled: boolean;
};

/** Pending tasks whose prompts no history knows: the caller counts them, which takes time and a library. */
export function tasksToCount(plan: Plan, evidence: Evidence): readonly Task[] {
  const known = makeKnown(evidence);
  return plan.pending.filter((task) => known(task) === null);
}

/** Linear in the number of pending tasks. */
export function estimate(plan: Plan, given: EstimateInput): Estimate {
  const known = makeKnown(given);
  const sums = new Map<string, Sum>();
  const variantOf = onceEach(given.variantOf);
  for (const task of plan.pending) {
    let sum = sums.get(task.variant);
    if (!sum) {
      sum = emptySum();
      sums.set(task.variant, sum);
    }
    addTask(sum, { task, known: known(task), countedOf: given.countedOf, variantOf });
  }
  const names = [...new Set(plan.tasks.map(({ variant }) => variant))].filter((name) => sums.has(name));
  const byVariant = names.map((variant): VariantAmount => {
    const { price, model, isSimulated, isLocal, mayCallAgain } = variantOf(variant);
    return {
      ...priced(sums.get(variant)!, price),
      variant,
      model,
      isSimulated,
      ...(isLocal ? { isLocal } : {}),
      mayCallAgain,
      isPriced: price !== null,
    };
  });
  return { ...totalOf(byVariant), isSampled: given.isSampled, byVariant };
}

/** A variant has as many tasks as it has scenarios times runs. */
function onceEach<Value>(of: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) {
      value = of(name);
      known.set(name, value);
    }
    return value;
  };
}

type Tokens = { readonly by: 'cell' | 'variant'; readonly input: number; readonly output: number };

/** Looks a task up in the history; the variants' means are asked for only when a cell has no record. */
function makeKnown(evidence: Evidence): (task: Task) => Tokens | null {
  const whole = makeWhole(evidence);
  return (task) => {
    const tokens = whole(task);
    const paid = tokens && evidence.paidOf(task);
    if (!paid) return tokens;
    const left = (all: number, done: number): number => Math.max(0, all - done);
    return { ...tokens, input: left(tokens.input, paid.input), output: left(tokens.output, paid.output) };
  };
}

/** Of a task that begins. */
function makeWhole({ history, isComparable }: Omit<Evidence, 'paidOf'>): (task: Task) => Tokens | null {
  let usage: readonly VariantUsage[] | null = null;
  const means = new Map<string, Tokens | null>();
  let last: {
    readonly name: string;
    readonly part: Digest;
    readonly engine: Digest;
    readonly mean: Tokens | null;
  } | null = null;
  return (task) => {
    const before = history.byCell(task);
    // What failed got only so far.
    const cell =
      before?.status === 'completed' && before.inputTokens !== null && before.outputTokens !== null
        ? { by: 'cell' as const, input: before.inputTokens, output: before.outputTokens }
        : null;
    if (before && cell && isComparable(before.parts.engine, task.parts.engine)) return cell;
    const { variant, engine } = task.parts;
    // Tasks of one variant have one mean, whichever they are.
    if (last?.name === task.variant && last.part === variant && last.engine === engine) return last.mean;
    const id = `${engine} ${variant} ${task.variant}`;
    let mean = means.get(id);
    if (mean === undefined) {
      usage ??= history.usageByVariant();
      const there = usage.filter((one) => isComparable(one.engine, engine));
      // Equal content says more than an equal name: the prompt behind the name may have been another.
      mean =
        meanOf(there.filter(({ part }) => part === variant)) ??
        meanOf(there.filter((one) => one.variant === task.variant));
      means.set(id, mean);
    }
    last = { name: task.variant, part: variant, engine, mean };
    return mean;
  };
}

function meanOf(usage: readonly VariantUsage[]): Tokens | null {
  const records = usage.reduce((sum, one) => sum + one.records, 0);
  if (records === 0) return null;
  const mean = (of: (one: VariantUsage) => number): number =>
    usage.reduce((sum, one) => sum + of(one) * one.records, 0) / records;
  return { by: 'variant', input: mean((one) => one.inputTokens), output: mean((one) => one.outputTokens) };
}

/** Tokens that are known, and how many calls add to them nobody knows what. */
type Sum = {
  calls: number;
  input: number;
  output: number;
  /** The longest that the answers without history may be; null = no limit. */
  mostUnknown: number | null;
  readonly sources: {
    readonly input: { [source in InputSource]: number };
    readonly output: { [source in OutputSource]: number };
  };
};

function emptySum(): Sum {
  return {
    calls: 0,
    input: 0,
    output: 0,
    mostUnknown: 0,
    sources: {
      input: { cell: 0, variant: 0, tokenizer: 0, simulation: 0, unknown: 0 },
      output: { cell: 0, variant: 0, unknown: 0 },
    },
  };
}

function addTask(
  sum: Sum,
  {
    task,
    known,
    countedOf,
    variantOf,
  }: { readonly task: Task; readonly known: Tokens | null } & Pick<EstimateInput, 'countedOf' | 'variantOf'>,
): void {
  sum.calls++;
  if (known) {
    sum.input += known.input;
    sum.output += known.output;
    sum.sources.input[known.by]++;
    sum.sources.output[known.by]++;
    return;
  }
  const { by, tokens } = countedOf(task);
  sum.input += tokens ?? 0;
  sum.sources.input[tokens === null ? 'unknown' : by]++;
  sum.sources.output.unknown++;
  const most = variantOf(task.variant).maxOutputTokens;
  sum.mostUnknown = sum.mostUnknown === null || most === null ? null : sum.mostUnknown + most;
}

function priced(sum: Sum, price: Price | null): Amount {
  // Of long calls as far as their mean tells: which of them are longer than a price goes is seen when they end.
  const rates = price && ratesFor(price, sum.input / Math.max(1, sum.calls));
  const usd = (input: number, output: number): number =>
    rates ? (input * rates.input + output * rates.output) / 1_000_000 : 0;
  const mostUsd = (input: number, output: number): number =>
    rates ? (input * dearestInput(rates) + output * rates.output) / 1_000_000 : 0;
  const isInputKnown = sum.sources.input.unknown === 0;
  const isOutputKnown = sum.sources.output.unknown === 0;
  const most = sum.mostUnknown === null ? null : sum.output + sum.mostUnknown;
  const atLeast = usd(sum.input, sum.output);
  // However long the answers are.
  const nothing = price !== null && isFree(price) ? 0 : null;
  return {
    calls: sum.calls,
    inputTokens: isInputKnown ? Math.round(sum.input) : null,
    outputTokens: isOutputKnown ? Math.round(sum.output) : null,
    outputTokensAtMost: most === null ? null : Math.round(most),
    costUsd: price && isInputKnown && isOutputKnown ? tidy(atLeast) : nothing,
    costUsdAtLeast: tidy(atLeast),
    costUsdAtMost: price && isInputKnown && most !== null ? tidy(mostUsd(sum.input, most)) : nothing,
    sources: sum.sources,
  };
}

function totalOf(amounts: readonly Amount[]): Amount {
  const sum = (of: (amount: Amount) => number): number =>
    amounts.reduce((total, amount) => total + of(amount), 0);
  /** One unknown makes the sum unknown. */
  const all = (of: (amount: Amount) => number | null): number | null =>
    amounts.reduce<number | null>((total, amount) => {
      const value = of(amount);
      return total === null || value === null ? null : total + value;
    }, 0);
  const money = (value: number | null): number | null => (value === null ? null : tidy(value));
  const { input, output } = emptySum().sources;
  for (const { sources } of amounts) {
    for (const name of Object.keys(input) as InputSource[]) input[name] += sources.input[name];
    for (const name of Object.keys(output) as OutputSource[]) output[name] += sources.output[name];
  }
  return {
    calls: sum((amount) => amount.calls),
    inputTokens: all((amount) => amount.inputTokens),
    outputTokens: all((amount) => amount.outputTokens),
    outputTokensAtMost: all((amount) => amount.outputTokensAtMost),
    costUsd: money(all((amount) => amount.costUsd)),
    costUsdAtLeast: tidy(sum((amount) => amount.costUsdAtLeast)),
    costUsdAtMost: money(all((amount) => amount.costUsdAtMost)),
    sources: { input, output },
  };
}

/** Sums of floats differ by the order of adding: a tenth of a micro-dollar is exact enough. */
function tidy(usd: number): number {
  return Math.round(usd * 1e7) / 1e7;
}
